"""One sighting, and its pictures."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from search.errors import EvidenceError
from search.sightings import Sighting
from web.answers import Neighbours, neighbours
from web.looking import asked, look, was_shown
from web.parts import parts

sightings = Blueprint("sightings", __name__)
DEPTH = 3  # likeliest characters shown of each position


@sightings.get("/sightings/<sighting:sighting_id>")
def show(sighting_id: str) -> ResponseReturnValue:
    """A sighting with its crop and its frame; `?q=` is the question that it answers."""
    question_id = request.args.get("q", "")
    question = asked(question_id) if question_id else None
    look("sighting", {"sighting": sighting_id, "question": question_id or None})
    here = parts()
    sighting = _sighting(sighting_id)
    cameras = here.city.cameras()
    beside = Neighbours(None, None)
    if question:
        terms = question.terms(cameras.values())
        beside = neighbours(here.store(), terms, sighting, here.clock())
    passage = sighting.passage
    return render_template(
        "sighting.html",
        sighting=sighting,
        passage=passage,
        camera=cameras.get(passage.camera),
        cameras=cameras,
        question=question,
        question_id=question_id,
        beside=beside,
        depth=min(DEPTH, max((len(slot) for slot in passage.chars), default=0)),
        asked=question.texts[0] if question else None,
    )


@sightings.get("/sightings/<sighting:sighting_id>/<any(crop,frame):which>.jpg")
def picture(sighting_id: str, which: str) -> ResponseReturnValue:
    """Crop or frame, never by the name of a file."""
    if which == "frame" or not was_shown(sighting_id, request.args.get("shown", "")):
        look("picture", {"sighting": sighting_id, "picture": which})
    passage = _sighting(sighting_id).passage
    name = passage.crop if which == "crop" else passage.frame
    if name is None:
        abort(404)
    try:
        return Response(parts().evidence.get(name), content_type="image/jpeg")
    except EvidenceError:
        abort(404)


def _sighting(sighting_id: str) -> Sighting:
    sighting = parts().store().get(sighting_id)
    if sighting is None:
        abort(404)
    return sighting
