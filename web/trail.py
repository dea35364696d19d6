"""A route as the page's map draws it; pure."""

from collections.abc import Mapping
from typing import Any

from search.cameras import Camera
from search.routes import Route

LEAST_DRAWN = 0.05  # probability of a further way


def trail_fields(route: Route, cameras: Mapping[str, Camera]) -> dict[str, Any]:
    """What the map needs of a route.

    Args:
        route: to draw.
        cameras: all of them, by id.

    Returns:
        `stops` with place (null for a camera that nobody registered), time in milliseconds since
        1970, and whether the plate was `read` there; `legs` with their guessed `lines` and
        probabilities, best first, the unlikely ones left out.
    """
    return {
        "stops": [
            {
                "place": _place(cameras.get(stop.passage.camera)),
                "time": round(stop.passage.at.timestamp() * 1000),
                "read": stop.match == "exact",
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
                    for index, path in enumerate(leg.paths)
                    if index == 0 or path.probability >= LEAST_DRAWN
                ]
            }
            for leg in route.legs
        ],
    }


def _place(camera: Camera | None) -> list[float] | None:
    return None if camera is None else [camera.lon, camera.lat]
