"""A route as CSV and as GeoJSON; what is inferred says so."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from lpr.times import format_utc
from search.cameras import Camera
from search.legs import Leg
from search.routes import Route
from search.sightings import Sighting
from web.exports import guarded
from web.formats import camera_name, format_at

COLUMNS = (
    "stop",
    "camera",
    "camera_name",
    "lat",
    "lon",
    "at",
    "at_hanoi",
    "text",
    "score",
    "leg_seconds",
    "leg_metres",
    "leg_kmh",
    "leg_verdict",
)


def route_to_csv(route: Route, cameras: Mapping[str, Camera]) -> str:
    """One line for each stop, with the leg that leads on from it."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for index, stop in enumerate(route.stops):
        camera = cameras.get(stop.passage.camera)
        leg = route.legs[index] if index < len(route.legs) else None
        writer.writerow(
            [
                index + 1,
                guarded(stop.passage.camera),
                guarded(camera_name(cameras, stop.passage.camera)),
                camera.lat if camera else "",
                camera.lon if camera else "",
                format_utc(stop.passage.at),
                format_at(stop.passage.at),
                stop.passage.text,
                round(stop.passage.score, 4),
                *(_leg_fields(leg).values() if leg else ("",) * 4),
            ]
        )
    return out.getvalue()


def route_to_geojson(route: Route, cameras: Mapping[str, Camera]) -> str:
    """Stops as points, guessed ways as lines with `inferred` true and their probability."""
    stops = [
        _feature("Point", [camera.lon, camera.lat], _stop_fields(index, stop, camera))
        for index, stop in enumerate(route.stops)
        if (camera := cameras.get(stop.passage.camera)) is not None
    ]
    ways = [
        _feature(
            "LineString",
            [[round(lon, 6), round(lat, 6)] for lon, lat in path.way.line],
            {
                "leg": leg.start + 1,
                "inferred": True,
                "probability": round(path.probability, 3),
                **_leg_fields(leg),
            },
        )
        for leg in route.legs
        for path in leg.paths
    ]
    collection = {"type": "FeatureCollection", "features": stops + ways}
    return json.dumps(collection, ensure_ascii=False)


def _stop_fields(index: int, stop: Sighting, camera: Camera) -> dict[str, Any]:
    return {
        "stop": index + 1,
        "inferred": False,
        "camera": camera.id,
        "name": camera.name,
        "at": format_utc(stop.passage.at),
        "text": stop.passage.text,
        "score": round(stop.passage.score, 4),
    }


def _leg_fields(leg: Leg) -> dict[str, Any]:
    return {
        "seconds": round(leg.seconds, 1),
        "metres": None if leg.metres is None else round(leg.metres),
        "kmh": None if leg.kmh is None else round(leg.kmh, 1),
        "verdict": leg.verdict,
    }


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
