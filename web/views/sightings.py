"""One sighting, its pictures and its clip."""

from io import BytesIO

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from lpr.passages import Passage
from search.errors import EvidenceAwayError, EvidenceError
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
        beside = neighbours(here.store, terms, sighting, here.clock())
    passage = sighting.passage
    return render_template(
        "sighting.html",
        sighting=sighting,
        passage=passage,
        has_clip=_has_clip(passage),
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
    return Response(_evidence(name), content_type="image/jpeg")


@sightings.get("/sightings/<sighting:sighting_id>/clip.mp4")
def clip(sighting_id: str) -> Response:
    """The clip, or the part of it that is asked for; each part is a look of its own."""
    look("clip", {"sighting": sighting_id})
    content = BytesIO(_evidence(_sighting(sighting_id).passage.clip))
    return send_file(content, mimetype="video/mp4", conditional=True)


def _evidence(name: str | None) -> bytes:
    if name is None:
        abort(404)
    try:
        return parts().evidence.get(name)
    except EvidenceAwayError:
        raise
    except EvidenceError:
        abort(404)


def _has_clip(passage: Passage) -> bool:
    try:
        return passage.clip is not None and parts().evidence.has(passage.clip)
    except EvidenceError:
        return False


def _sighting(sighting_id: str) -> Sighting:
    sighting = parts().store.get(sighting_id)
    if sighting is None:
        abort(404)
    return sighting
