"""The route of a plate: map and timeline, CSV and GeoJSON."""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from search.cameras import Camera
from search.route_formats import route_to_csv, route_to_geojson
from search.routes import Route, find_route
from search.ways import CameraWays
from web.looking import asked, look
from web.parts import parts
from web.questions import Question
from web.sentences import question_sentence
from web.trail import trail_fields
from web.views.results import download

route = Blueprint("route", __name__)
SHOWN = 300  # stops on a page, the newest; exports have all


@dataclass(frozen=True, slots=True)
class Found:
    """A route with what its pages need.

    Attributes:
        question: the one plate that was asked for.
        route: its sightings and legs.
        cameras: all of them, by id.
        ways: between them.
    """

    question: Question
    route: Route
    cameras: dict[str, Camera]
    ways: CameraWays


@route.get("/q/<question:question_id>/route")
def show(question_id: str) -> ResponseReturnValue:
    """Map and timeline."""
    question = asked(question_id)
    if not question.is_one_plate:
        return render_template("no_route.html", question_id=question_id), 422
    found = _find(question_id, "route", "page")
    trail = _newest(found.route)
    return render_template(
        "route.html",
        question=found.question,
        question_id=question_id,
        sentence=question_sentence(found.question, found.cameras),
        plate=found.route.plate,
        others=question.texts[1:],
        route=trail,
        left_out=len(found.route.stops) - len(trail.stops),
        cameras=found.cameras,
        metres=trail.metres,
        trips=max(1, trail.trips),
        trail=trail_fields(trail, found.cameras),
    )


@route.get("/q/<question:question_id>/route.csv")
def csv(question_id: str) -> ResponseReturnValue:
    """Stops and legs as CSV."""
    found = _find(question_id, "export", "csv")
    text = route_to_csv(found.route, found.cameras, found.ways.names)
    return download(text, "text/csv; charset=utf-8", "route.csv", found.route.is_partial)


@route.get("/q/<question:question_id>/route.geojson")
def geojson(question_id: str) -> ResponseReturnValue:
    """Stops and guessed ways as GeoJSON."""
    found = _find(question_id, "export", "geojson")
    text = route_to_geojson(found.route, found.cameras)
    return download(text, "application/geo+json", "route.geojson", found.route.is_partial)


def _find(question_id: str, action: str, kind: str) -> Found:
    """Write the look down, then work the route out."""
    question = asked(question_id)
    if not question.is_one_plate:
        abort(404)
    one = replace(question, texts=question.texts[:1])  # two meanings would be two vehicles
    look(action, {"question": question_id, **one.to_fields(), "format": kind})
    here = parts()
    cameras = here.city.cameras()
    terms, ways = one.terms(cameras.values()), here.city.map().ways
    return Found(one, find_route(here.store, terms, ways), cameras, ways)


def _newest(whole: Route) -> Route:
    """The end of a route that is too long for a page."""
    first = max(0, len(whole.stops) - SHOWN)
    legs = tuple(
        replace(leg, start=leg.start - first, end=leg.end - first) for leg in whole.legs[first:]
    )
    return replace(whole, stops=whole.stops[first:], legs=legs)
