"""Roads as GeoJSON (RFC 7946): LineStrings with `id`, `speed_kmh` and what else is known.

The properties are those of docs/formats.md.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from search.errors import RoadError
from search.geometry import Point, line_m
from search.roads.road import Road
from search.roads.rules import RULES, format_rules, parse_rules

DIGITS = 6  # of a degree: 11 cm, finer than any map is
ERRORS_SHOWN = 10  # enough to see what is wrong with a file
MAX_SPEED_KMH = 200.0  # no road allows more
_KEYS = (
    frozenset({"id", "speed_kmh", "from", "to", "oneway", "length_m", "name", "highway"}) | RULES
)


def parse_geojson(text: str) -> list[Road]:
    """Read roads, all or none.

    Args:
        text: a FeatureCollection of LineStrings, longitude first. `from` and `to` name the
            junctions; where they are missing, lines that end at the same place meet there.

    Returns:
        Roads in the order of the file.

    Raises:
        RoadError: not GeoJSON, or a feature that is no road; says which and why.
    """
    features = _features(text)
    errors: list[str] = []
    roads: dict[str, Road] = {}
    for number, feature in enumerate(features, 1):
        try:
            road = _road(feature)
            if road.id in roads:
                raise RoadError(f"id {road.id!r} stands in the file already")
            roads[road.id] = road
        except RoadError as error:
            errors.append(f"feature {number}: {error}")
    if errors:
        more = len(errors) - ERRORS_SHOWN
        tail = [f"and {more} more"] if more > 0 else []
        raise RoadError("no road was taken; " + "; ".join(errors[:ERRORS_SHOWN] + tail))
    if not roads:
        raise RoadError("the file holds no LineString: expected roads with id and speed_kmh")
    return _with_junctions(list(roads.values()))


def road_feature(road: Road) -> dict[str, Any]:
    """A road as a Feature; `parse_geojson` reads it back."""
    properties: dict[str, Any] = {
        "id": road.id,
        "speed_kmh": round(road.speed_kmh, 1),
        "from": road.from_node,
        "to": road.to_node,
        "oneway": road.oneway,
        "length_m": round(road.length_m, 1),
        "name": road.name,
        "highway": road.road_class,
    }
    properties |= {key: value for key, value in road.tags.items() if key not in _KEYS}
    properties |= format_rules(road)
    line = [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in road.points]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "LineString", "coordinates": line},
    }


def format_geojson(roads: Iterable[Road]) -> str:
    """Roads as a FeatureCollection, one feature a line."""
    lines = (
        json.dumps(road_feature(road), ensure_ascii=False, separators=(",", ":")) for road in roads
    )
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _features(text: str) -> Sequence[Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RoadError(f"not GeoJSON: {error}") from None
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise RoadError('not GeoJSON: expected {"type": "FeatureCollection", "features": [...]}')
    features = data.get("features")
    if not isinstance(features, list):
        raise RoadError("not GeoJSON: the FeatureCollection has no list of features")
    return features


def _road(feature: Any) -> Road:
    if not isinstance(feature, dict):
        raise RoadError("expected a Feature")
    points = _points(feature.get("geometry"))
    fields = feature.get("properties") or {}
    if not isinstance(fields, dict):
        raise RoadError("properties: expected an object")
    length = _number(fields, "length_m") if fields.get("length_m") is not None else line_m(points)
    if length < 0:
        raise RoadError(f"length_m: expected 0 or more, got {length}")
    speed = _number(fields, "speed_kmh")
    if not 0 < speed <= MAX_SPEED_KMH:
        raise RoadError(
            f"speed_kmh: expected more than 0 and at most {MAX_SPEED_KMH:.0f}, got {speed}"
        )
    return Road(
        id=_identifier(fields if fields.get("id") is not None else feature, "id"),
        points=points,
        from_node="" if fields.get("from") is None else _identifier(fields, "from"),
        to_node="" if fields.get("to") is None else _identifier(fields, "to"),
        length_m=length,
        speed_kmh=speed,
        oneway=_flag(fields.get("oneway")),
        name=_text(fields.get("name")),
        road_class=_text(fields.get("highway")),
        tags={k: v for k, v in fields.items() if k not in _KEYS and isinstance(v, str)},
        **parse_rules(fields),
    )


def _points(geometry: Any) -> tuple[Point, ...]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind != "LineString":
        raise RoadError(f"expected a LineString, got {kind or 'no geometry'}")
    places = geometry.get("coordinates")
    if not isinstance(places, list) or len(places) < 2:
        raise RoadError("coordinates: expected two places or more")
    return tuple(_point(place) for place in places)


def _point(place: Any) -> Point:
    if not isinstance(place, list) or len(place) < 2 or not all(map(_is_number, place[:2])):
        raise RoadError(f"coordinates: expected [longitude, latitude], got {place!r:.40}")
    lon, lat = float(place[0]), float(place[1])
    if abs(lat) > 90 and abs(lon) <= 90:
        raise RoadError(
            f"coordinates: [{lon}, {lat}] is latitude first; GeoJSON has longitude first"
        )
    if abs(lat) > 90 or abs(lon) > 180:
        raise RoadError(f"coordinates: [{lon}, {lat}] is not on the earth")
    return lon, lat


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _number(fields: Mapping[str, Any], key: str) -> float:
    if fields.get(key) is None:
        raise RoadError(f"{key}: is missing")
    if not _is_number(fields[key]):
        raise RoadError(f"{key}: expected a number, got {fields[key]!r:.40}")
    return float(fields[key])


def _identifier(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if value is None:
        raise RoadError(f"{key}: is missing")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RoadError(f"{key}: expected a text or a whole number, got {value!r:.40}")
    text = str(value).strip()
    if not 0 < len(text) <= 64:
        raise RoadError(f"{key}: expected 1 to 64 characters, got {text!r:.40}")
    return text


def _flag(value: Any) -> bool:
    if value not in (None, False, True, 0, 1):
        raise RoadError(f"oneway: expected true or false, got {value!r:.40}")
    return bool(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _with_junctions(roads: Sequence[Road]) -> list[Road]:
    """Give the ends that have no name one by their place, that of a named end there first."""
    named: dict[Point, str] = {}
    for road in roads:
        for node, point in ((road.from_node, road.points[0]), (road.to_node, road.points[-1])):
            if node:
                named.setdefault(_place(point), node)

    def name(node: str, point: Point) -> str:
        place = _place(point)
        return node or named.get(place, f"{place[0]},{place[1]}")

    return [
        replace(
            road,
            from_node=name(road.from_node, road.points[0]),
            to_node=name(road.to_node, road.points[-1]),
        )
        for road in roads
    ]


def _place(point: Point) -> Point:
    return round(point[0], DIGITS), round(point[1], DIGITS)
