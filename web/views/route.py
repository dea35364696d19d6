"""The route of a plate: map and timeline, files and the evidence pack."""

import re
import tempfile
from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from search.audit import looks_of_question
from search.errors import PackError
from search.pack.contents import Contents
from search.pack.keys import PackKeys
from search.pack.writing import MOST_PACKED, check_size, write_pack
from search.papers.findings import Asked, Findings, Language
from search.papers.formats import FORMATS
from search.routes import find_route, newest_part
from web.access import account
from web.looking import asked, look, stated
from web.parts import parts
from web.questions import Question
from web.remarks import add_remark, list_remarks
from web.sentences import question_sentence
from web.trail import trail_fields
from web.views.results import download
from web.words import chosen_language

route = Blueprint("route", __name__)
SHOWN = 300  # stops on a page, the newest; exports have all
SAID = {"stop": True, "none": False, "": None}
SIGHTING = re.compile(r"[0-9a-f]{32}")
FILES = ("csv", "xlsx", "geojson", "gpx", "kml", "pdf")


@route.get("/q/<question:question_id>/route")
def show(question_id: str) -> ResponseReturnValue:
    """Map and timeline."""
    question = asked(question_id)
    if not question.is_one_plate:
        return render_template("no_route.html", question_id=question_id), 422
    one, found = _one(question), _find(question_id, "route", "page")
    trail = newest_part(found.route, SHOWN)
    return render_template(
        "route.html",
        question=one,
        question_id=question_id,
        sentence=question_sentence(one, found.cameras),
        plate=found.route.plate,
        others=question.texts[1:],
        route=trail,
        left_out=len(found.route.stops) - len(trail.stops),
        cameras=found.cameras,
        metres=trail.metres,
        trips=max(1, trail.trips),
        trail=trail_fields(trail, found.cameras),
        remarks=list_remarks(parts().registry, question_id),
    )


@route.post("/q/<question:question_id>/route")
def remark(question_id: str) -> ResponseReturnValue:
    """Take a stop out, put one in, or take that back; the record stays."""
    said = request.form.get("is", "")
    sighting_id = request.form.get("sighting", "")
    if said not in SAID or not SIGHTING.fullmatch(sighting_id):
        abort(400)
    asked(question_id)
    look("remark", {"question": question_id, "sighting": sighting_id, "is": said})
    here = parts()
    add_remark(
        here.registry, question_id, sighting_id, SAID[said], account().username, here.clock()
    )
    return redirect(url_for("route.show", question_id=question_id))


@route.get(f"/q/<question:question_id>/route.<any({','.join(FILES)}):kind>")
def file(question_id: str, kind: str) -> ResponseReturnValue:
    """The route in a format of its own."""
    found = _find(question_id, "export", kind)
    written, is_partial = FORMATS[kind].write(found), found.route.is_partial
    return download(written, FORMATS[kind].content_type, f"route.{kind}", is_partial)


@route.get("/q/<question:question_id>/evidence.zip")
def pack(question_id: str) -> ResponseReturnValue:
    """The signed evidence pack."""
    found, here = _find(question_id, "export", "pack"), parts()
    try:
        check_size(found.route)
    except PackError:
        return render_template("no_pack.html", question_id=question_id, most=MOST_PACKED), 422
    folder, models_dir = here.settings.data_dir, here.settings.models_dir
    looks = looks_of_question(here.registry, question_id, account().username)
    question = asked(question_id).to_fields()
    key = PackKeys(folder, here.clock).signing_key()
    out = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # the response closes it
    write_pack(Contents(found, question, looks, models_dir), key, out)
    out.seek(0)
    name = "incomplete-evidence.zip" if found.route.is_partial else "evidence.zip"
    return send_file(out, "application/zip", as_attachment=True, download_name=name)


def _find(question_id: str, action: str, kind: str) -> Findings:
    """Write the look down, then work the route out."""
    question = asked(question_id)
    if not question.is_one_plate:
        abort(404)
    one = _one(question)
    look(action, {"question": question_id, **one.to_fields(), "format": kind})
    here, case = parts(), stated()
    cameras, city = here.city.cameras(), here.city.map()
    said = list_remarks(here.registry, question_id)
    remarks = {sighting_id: remark.is_stop for sighting_id, remark in said.items()}
    terms, learnt = one.terms(cameras.values()), here.city.travel_times
    route = find_route(here.store, terms, city.ways, remarks=remarks, learnt=learnt)
    who, at = account().username, here.clock().replace(microsecond=0)
    language: Language = "en" if chosen_language() == "en" else "vi"
    by = Asked(who, case.reason, case.number, at, language)
    return Findings(route, cameras, city.ways.names, city.roads, here.evidence, by)


def _one(question: Question) -> Question:
    """The likeliest meaning of what was typed: two would be two vehicles."""
    return replace(question, texts=question.texts[:1])
