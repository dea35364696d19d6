"""A route as the page's map draws it; pure."""

from collections.abc import Mapping
from typing import Any

from search.cameras import Camera
from search.routes import Route


def trail_fields(route: Route, cameras: Mapping[str, Camera]) -> dict[str, Any]:
    """What the map needs of a route.

    Args:
        route: to draw.
        cameras: all of them, by id.

    Returns:
        `stops` with index, place (null for a camera that nobody registered), and time in
        milliseconds since 1970; `legs` with their guessed `lines` and probabilities, best first.
    """
    return {
        "stops": [
            {
                "place": _place(cameras.get(stop.passage.camera)),
                "time": round(stop.passage.at.timestamp() * 1000),
            }
            for stop in route.stops
        ],
        "legs": [
            {
                "lines": [
                    {
                        "points": [[round(lon, 6), round(lat, 6)] for lon, lat in path.way.line],
                        "probability": round(path.probability, 3),
                    }
                    for path in leg.paths
                ]
            }
            for leg in route.legs
        ],
    }


def _place(camera: Camera | None) -> list[float] | None:
    return None if camera is None else [camera.lon, camera.lat]
