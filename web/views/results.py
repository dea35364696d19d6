"""Answers to a question, on a page, as CSV and as JSON."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from search.cameras import Camera
from search.store import Page
from web.answers import (
    SIMILAR,
    all_answers,
    exact_page,
    format_cursor,
    newest_of,
    parse_cursor,
    possible_page,
    similar_page,
)
from web.exports import sightings_csv, sightings_json
from web.looking import asked, look
from web.parts import parts
from web.sentences import question_sentence

results = Blueprint("results", __name__)
NOTHING = Page(())


@results.get("/q/<question:question_id>")
def show(question_id: str) -> ResponseReturnValue:
    """A page of answers: exact ones, then possible ones under a line that says so."""
    question = asked(question_id)
    after = parse_cursor(request.args.get("after", ""))
    possible_after = parse_cursor(request.args.get("possible", ""))
    action = "passings" if question.is_everything else "search"
    look(action, {"question": question_id, **question.to_fields(), "page": request.args.to_dict()})
    here = parts()
    cameras = here.city.cameras()
    terms, store = question.terms(cameras.values()), here.store
    exact = NOTHING if possible_after else exact_page(store, terms, after)
    possible, is_cut = NOTHING, False
    if question.candidates and not after:
        if question.is_one_plate:
            similar = similar_page(store, terms, here.confusions)
            possible = Page(similar.sightings[:SIMILAR], partial=similar.partial)
            is_cut = similar.is_cut or len(similar.sightings) > SIMILAR
        else:
            possible = possible_page(store, terms, possible_after)
    is_partial = exact.partial or possible.partial
    is_empty = not (exact.sightings or possible.sightings or after or possible_after)
    return render_template(
        "pictures.html" if question.is_everything else "results.html",
        question=question,
        question_id=question_id,
        sentence=question_sentence(question, cameras),
        cameras=cameras,
        exact=exact,
        possible=possible,
        is_cut=is_cut,
        next_exact=format_cursor(exact.next),
        next_possible=format_cursor(possible.next),
        is_first=not (after or possible_after),
        is_empty=is_empty,
        is_partial=is_partial,
        searched=question.searched(cameras.values()) if is_empty else (),
        latest=newest_of(store) if is_empty and not is_partial else None,
    )


@results.get("/q/<question:question_id>.csv")
def csv(question_id: str) -> ResponseReturnValue:
    """The answers as CSV."""
    answers, cameras = _exported(question_id, "csv")
    text = sightings_csv(answers, cameras)
    return download(text, "text/csv; charset=utf-8", "sightings.csv", answers.partial)


@results.get("/q/<question:question_id>.json")
def json(question_id: str) -> ResponseReturnValue:
    """The answers as JSON."""
    answers, cameras = _exported(question_id, "json")
    text = sightings_json(answers, cameras)
    return download(text, "application/json", "sightings.json", answers.partial)


def download(content: str | bytes, content_type: str, name: str, is_partial: bool) -> Response:
    """A content as a file; its name says, too, that it is not whole."""
    response = Response(content, content_type=content_type)
    if is_partial:
        name = f"incomplete-{name}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _exported(question_id: str, kind: str) -> tuple[Page, dict[str, Camera]]:
    question = asked(question_id)
    look("export", {"question": question_id, **question.to_fields(), "format": kind})
    here = parts()
    cameras = here.city.cameras()
    terms = question.terms(cameras.values())
    return all_answers(here.store, terms, here.confusions), cameras
