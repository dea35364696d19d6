"""The search page: one box for a plate."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lpr.plates import parse_plate, printed_rows
from search.terms import is_pattern
from web.access import account
from web.forms import SearchForm
from web.parts import parts
from web.questions import Question, save_question
from web.sentences import doubt_words, plate_words, question_sentence

search = Blueprint("search", __name__)


@search.get("/")
def form() -> ResponseReturnValue:
    """Show the empty box."""
    return _page(_offered(SearchForm()))


@search.post("/search")
def ask() -> ResponseReturnValue:
    """Keep the question and go to its address, in which no plate stands."""
    form = _offered(SearchForm())
    if not form.validate():
        return _page(form), 422
    return redirect(url_for("results.show", question_id=keep(form.asked(parts().clock()))))


@search.get("/search")
def again() -> ResponseReturnValue:
    """Somebody reloads after an error."""
    return redirect(url_for("search.form"))


@search.post("/preview")
def preview() -> ResponseReturnValue:
    """What would be searched: plates to draw, a sentence, a doubt."""
    form = _offered(SearchForm())
    if not form.validate():
        return {"plates": [], "sentence": "", "doubt": "", "also": ""}
    question = form.asked(parts().clock())
    first, *others = question.texts
    return {
        "plates": _drawn(first),
        "sentence": question_sentence(question, parts().city.cameras()),
        "doubt": doubt_words(first),
        "also": plate_words(tuple(others)) if others else "",
    }


def keep(question: Question) -> str:
    """Keep a question of whoever asks; its id."""
    here = parts()
    return save_question(here.registry, question, account().id, g.case.id, here.clock())


def _offered(form: SearchForm) -> SearchForm:
    form.offer(list(parts().city.cameras().values()))
    return form


def _page(form: SearchForm) -> str:
    return render_template("search.html", form=form, is_fresh=request.method == "GET")


def _drawn(text: str) -> list[dict[str, object]]:
    """Each way in which a plate may be drawn: its rows and its colour."""
    if is_pattern(text):
        return [{"rows": [text], "colour": "white"}]
    shapes = parse_plate(text)
    counts = sorted({rows for shape in shapes for rows in shape.rows}) or [1]
    colour = "red" if shapes and shapes[0].colours == ("red",) else "white"
    return [{"rows": list(printed_rows(text, rows)), "colour": colour} for rows in counts]
