"""The watchlists: what each looks for, its entries, and who changed it. For administrators."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from search.errors import WatchlistError
from search.watchlists.finding import STATES, find_entries
from search.watchlists.history import newest_changes
from search.watchlists.keeping import list_entries, take_off
from search.watchlists.reading import format_entries
from web.access import account
from web.forms import PlateForm
from web.looking import look
from web.numbers_typed import typed_number
from web.parts import parts
from web.views.results import download
from web.watchlists.looked_back import Tried, ask_back, tried
from web.watchlists.overview import ListState, look_over_lists

watchlists = Blueprint("watchlists", __name__)
SHOWN = 50  # entries, or changes, on a page


@watchlists.get("/watchlists")
def show() -> str:
    """Every list; no plate is shown."""
    here = parts()
    states = look_over_lists(here.registry, here.clock())
    return render_template("watchlists.html", states=states, is_saved="saved" in request.args)


@watchlists.get("/watchlists/<list:name>")
def one(name: str) -> str:
    """A list, the first of its entries in force, and where a new one was seen before."""
    state, question_id = list_state(name), request.args.get("q")
    return _entries(state, "", tried(question_id, name) if question_id else None)


@watchlists.post("/watchlists/<list:name>")
def find(name: str) -> ResponseReturnValue:
    """Others of its entries; one may be taken off before."""
    plate = request.form.get("off")
    if not plate:
        return _entries(list_state(name), "")
    list_state(name)
    look("listed", {"list": name, "taken off": plate})
    here = parts()
    try:
        take_off(here.registry, name, plate, account().username, here.clock())
    except WatchlistError:
        return _entries(list_state(name), "gone"), 409
    return _entries(list_state(name), "off")


@watchlists.route("/watchlists/<list:name>/test", methods=["GET", "POST"])
def test(name: str) -> ResponseReturnValue:
    """Would this list have alerted in the last 30 days?"""
    state, form, here = list_state(name), PlateForm(), parts()
    if form.is_submitted():
        if not form.validate():
            return render_template("list_test.html", state=state, form=form), 422
        asked = ask_back((form.plate.data or "").strip(), form.texts(), here.clock())
        return redirect(url_for("watchlists.test", name=name, q=asked))
    question_id = request.args.get("q")
    found = tried(question_id, name) if question_id else None
    return render_template(
        "list_test.html", state=state, form=form, tried=found, question_id=question_id
    )


@watchlists.get("/watchlists/<list:name>/history")
def history(name: str) -> str:
    """Who changed the list and its entries, newest first."""
    state, page = list_state(name), max(1, typed_number(request.args.get("page"), 1))
    look("watchlists", {"lists": [name], "history": page})
    changes = newest_changes(parts().registry, name, (page - 1) * SHOWN, SHOWN + 1)
    return render_template(
        "list_history.html",
        state=state,
        changes=changes[:SHOWN],
        page=page,
        has_more=len(changes) > SHOWN,
    )


@watchlists.get("/watchlists/<list:name>/entries.csv")
def export(name: str) -> Response:
    """The entries as CSV, as the import takes them."""
    watchlist = list_state(name).watchlist
    look("export", {"lists": [name], "format": "csv"})
    entries = list_entries(parts().registry, [name]).values()
    text = "\ufeff" + format_entries((entry, watchlist.list_class) for entry in entries)
    return download(text, "text/csv; charset=utf-8", "watchlist.csv", is_partial=False)


def list_state(name: str) -> ListState:
    """The list of that name as it is now, or 404."""
    here = parts()
    states = look_over_lists(here.registry, here.clock())
    found = next((one for one in states if one.watchlist.name == name), None)
    if found is None:
        abort(404)
    return found


def _entries(state: ListState, done: str, new: Tried | None = None) -> str:
    wanted, typed = request.form.get("state"), request.form.get("find", "").strip()[:64]
    which = next((one for one in STATES if one == wanted), STATES[0])
    page, name = max(1, typed_number(request.form.get("page"), 1)), state.watchlist.name
    look("watchlists", {"lists": [name], "state": which, "find": typed, "page": page})
    here, skip = parts(), (page - 1) * SHOWN
    entries, total = find_entries(here.registry, name, which, typed, here.clock(), skip, SHOWN)
    return render_template(
        "watchlist.html",
        state=state,
        entries=entries,
        total=total,
        which=which,
        typed=typed,
        page=page,
        pages=max(1, -(-total // SHOWN)),
        states=STATES,
        done=done,
        tried=new,
        question_id=request.args.get("q"),
    )
