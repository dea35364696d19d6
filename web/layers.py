"""Roads and cameras as the layers of the map; pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from search.cameras import Camera
from search.roads.road import Road

MOST_ROADS = 30_000  # of a layer; a browser draws so many without a pause
Bounds = tuple[float, float, float, float]
"""West, south, east, north in WGS 84 degrees."""

_WIDTHS = {
    "motorway": 4,
    "trunk": 4,
    "primary": 3,
    "secondary": 3,
    "tertiary": 2,
}
_LEAST = 1  # of a road of any other class


def road_layer(roads: Sequence[Road], bounds: Bounds | None) -> dict[str, Any]:
    """Roads as GeoJSON, the widest first.

    Args:
        roads: of the map.
        bounds: only roads that have a point in it; None for all.

    Returns:
        A FeatureCollection of lines with `name` and `width` (1 to 4); with more than MOST_ROADS the
        narrowest are left out.
    """
    inside = [road for road in roads if bounds is None or _touches(road, bounds)]
    widest = sorted(inside, key=lambda road: -_width(road))[:MOST_ROADS]
    return _collection(
        {
            "type": "Feature",
            "properties": {"name": road.name, "width": _width(road)},
            "geometry": {
                "type": "LineString",
                "coordinates": [[round(lon, 5), round(lat, 5)] for lon, lat in road.points],
            },
        }
        for road in widest
    )


def camera_layer(cameras: Iterable[Camera]) -> dict[str, Any]:
    """Cameras as GeoJSON points with `id`, `name` and `ward`."""
    return _collection(
        {
            "type": "Feature",
            "properties": {"id": c.id, "name": c.name or c.id, "ward": c.ward},
            "geometry": {"type": "Point", "coordinates": [c.lon, c.lat]},
        }
        for c in cameras
    )


def _width(road: Road) -> int:
    return _WIDTHS.get(road.road_class.removesuffix("_link"), _LEAST)


def _touches(road: Road, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return any(west <= lon <= east and south <= lat <= north for lon, lat in road.points)


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
