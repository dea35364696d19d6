"""A route as JSON, CSV and GeoJSON; what is inferred says so."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lpr.passages import passage_to_fields
from lpr.times import format_utc
from search.cameras import Camera, camera_name
from search.legs import Leg, Path
from search.local_time import format_at
from search.roads.graph import Way
from search.routes import Route
from search.sightings import Sighting
from search.spreadsheets import INCOMPLETE, guarded

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
    "match",
    "likelihood",
    "leg_seconds",
    "leg_metres",
    "leg_kmh",
    "leg_verdict",
    "leg_parked",
    "inferred_way",
    "inferred_roads",
    "inferred_probability",
)
Names = Callable[[Way], Sequence[str]]
"""The names of a way's roads in driving order, empty for unnamed ones."""
_STOP_KEYS = ("camera", "at", "text", "score")


def route_to_json(route: Route) -> str:
    """One line, in the shape of docs/formats.md; `paths` are guesses, best first.

    A leg has `parked` true where a new trip begins after it, `straight` true where its metres are
    as the crow flies, and `usual`, the seconds that it takes as a rule at this hour of the week,
    where that is known; a route has `incomplete` true where stops may be lacking.
    """
    fields: dict[str, Any] = {
        "plate": route.plate,
        "from": format_utc(route.start) if route.start else None,
        "to": format_utc(route.end) if route.end else None,
        "stops": [_answer_fields(stop, route) for stop in route.stops],
        "legs": [_whole_leg_fields(leg) for leg in route.legs],
        "doubtful": [_answer_fields(sighting, route) for sighting in route.doubtful],
    }
    return json.dumps(_marked(fields, route), ensure_ascii=False)


def route_to_csv(route: Route, cameras: Mapping[str, Camera], names: Names) -> str:
    """One line for each stop, with the leg that leads on from it and its likeliest way.

    Args:
        route: to write down.
        cameras: all of them, by id.
        names: of the roads of a way.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    if route.is_partial:
        writer.writerow([INCOMPLETE])
    for index, stop in enumerate(route.stops):
        camera = cameras.get(stop.passage.camera)
        leg = route.legs[index] if index < len(route.legs) else None
        cells = [
            index + 1,
            guarded(stop.passage.camera),
            guarded(camera_name(cameras, stop.passage.camera)),
            camera.lat if camera else "",
            camera.lon if camera else "",
            format_utc(stop.passage.at),
            format_at(stop.passage.at),
            stop.passage.text,
            round(stop.passage.score, 4),
            "by hand" if stop.id in route.by_hand else stop.match,
            round(stop.likelihood, 4),
            *(_leg_cells(leg, names) if leg else ()),
        ]
        writer.writerow(cells + [""] * (len(COLUMNS) - len(cells)))
    return out.getvalue()


def route_to_geojson(route: Route, cameras: Mapping[str, Camera]) -> str:
    """Stops as points, guessed ways as lines with `inferred` true and their probability.

    A stop has `leg_` keys for the leg that leads on from it.
    """
    stops = [
        _feature("Point", [camera.lon, camera.lat], _stop_fields(index, route, camera))
        for index, stop in enumerate(route.stops)
        if (camera := cameras.get(stop.passage.camera)) is not None
    ]
    ways = [
        _feature("LineString", _coordinates(path), _way_fields(leg, path))
        for leg in route.legs
        for path in leg.paths
    ]
    collection = _marked({"type": "FeatureCollection", "features": stops + ways}, route)
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def way_words(names: Sequence[str]) -> str:
    """The names of roads in driving order, in one line; those without a name are left out."""
    named = [name for name in names if name]
    changes = [name for i, name in enumerate(named) if i == 0 or name != named[i - 1]]
    return " > ".join(changes) or "roads without a name"


def _marked(fields: dict[str, Any], route: Route) -> dict[str, Any]:
    return fields | {"incomplete": True} if route.is_partial else fields


def _answer_fields(sighting: Sighting, route: Route) -> dict[str, Any]:
    fields = passage_to_fields(sighting.passage)
    return {
        **{key: fields[key] for key in _STOP_KEYS},
        "match": sighting.match,
        "likelihood": round(sighting.likelihood, 4),
        **_by_hand(sighting, route),
    }


def _by_hand(sighting: Sighting, route: Route) -> dict[str, Any]:
    return {"by_hand": True} if sighting.id in route.by_hand else {}


def _whole_leg_fields(leg: Leg) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "from": leg.start,
        "to": leg.end,
        "seconds": round(leg.seconds, 3),
        "metres": None if leg.metres is None else round(leg.metres, 1),
        "kmh": None if leg.kmh is None else round(leg.kmh, 1),
        "verdict": leg.verdict,
        "paths": [
            {
                "roads": list(path.way.roads),
                "metres": round(path.way.metres, 1),
                "probability": round(path.probability, 4),
            }
            for path in leg.paths
        ],
    }
    marks = {"parked": leg.is_trip_break, "straight": leg.is_straight}
    usual = {} if leg.usual_s is None else {"usual": round(leg.usual_s, 1)}
    return fields | {mark: True for mark, is_set in marks.items() if is_set} | usual


def _stop_fields(index: int, route: Route, camera: Camera) -> dict[str, Any]:
    stop = route.stops[index]
    leg = _leg_fields(route.legs[index]) if index < len(route.legs) else {}
    return {
        "stop": index + 1,
        "inferred": False,
        "camera": camera.id,
        "name": camera.name,
        "at": format_utc(stop.passage.at),
        "text": stop.passage.text,
        "score": round(stop.passage.score, 4),
        "match": stop.match,
        "likelihood": round(stop.likelihood, 4),
        **_by_hand(stop, route),
        **{f"leg_{key}": value for key, value in leg.items()},
    }


def _way_fields(leg: Leg, path: Path) -> dict[str, Any]:
    return {
        "leg": leg.start + 1,
        "inferred": True,
        "probability": round(path.probability, 3),
        "roads": list(path.way.roads),
        "metres": round(path.way.metres),
        "seconds": round(leg.seconds, 1),
        "verdict": leg.verdict,
    }


def _leg_fields(leg: Leg) -> dict[str, Any]:
    return {
        "seconds": round(leg.seconds, 1),
        "metres": None if leg.metres is None else round(leg.metres),
        "kmh": None if leg.kmh is None else round(leg.kmh, 1),
        "verdict": leg.verdict,
        "parked": leg.is_trip_break,
    }


def _leg_cells(leg: Leg, names: Names) -> list[Any]:
    cells = [*(_leg_fields(leg) | {"parked": str(leg.is_trip_break).lower()}).values()]
    if not leg.paths:
        return cells
    best = leg.paths[0]
    way = guarded(way_words(names(best.way)))
    return [*cells, way, guarded(" ".join(best.way.roads)), round(best.probability, 3)]


def _coordinates(path: Path) -> list[list[float]]:
    return [[round(lon, 6), round(lat, 6)] for lon, lat in path.way.line]


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
