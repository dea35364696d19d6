"""Changing a watchlist: its settings, and a new entry."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from search.errors import FieldError, ListChangedError
from search.watchlists.keeping import add_entry, set_watchlist, shown_setting
from search.watchlists.reading import entry_of
from search.watchlists.setting import check_settings
from web.access import account
from web.looking import look
from web.numbers_typed import typed_number
from web.parts import parts
from web.views.watchlists import list_state
from web.watchlists.forms import EntryForm, SettingsForm
from web.watchlists.looked_back import ask_back

changing_lists = Blueprint("changing_lists", __name__)


@changing_lists.route("/watchlists/<list:name>/settings", methods=["GET", "POST"])
def settings(name: str) -> ResponseReturnValue:
    """What `platetrail watchlists set` changes."""
    form, here = SettingsForm(), parts()
    cameras = here.city.cameras()
    form.offer(list(cameras.values()))
    if not form.is_submitted():
        return _settings(name, form, is_fresh=True)
    list_state(name)  # or 404
    values = form.values()
    look("listed", {"list": name, "set": values})
    try:
        check_settings(values, cameras)
        who, last = account().username, typed_number(form.last.data, 0)
        set_watchlist(here.registry, name, values, who, here.clock(), last)
    except FieldError as error:
        form.blame(error)
        return _settings(name, form), 422
    except ListChangedError:
        return _settings(name, form, is_fresh=True, is_stale=True), 409
    return redirect(url_for("watchlists.one", name=name))


def _settings(name: str, form: SettingsForm, is_fresh: bool = False, is_stale: bool = False) -> str:
    last = shown_setting(parts().registry, name)  # first, so that what comes meanwhile is noticed
    state = list_state(name)
    if is_fresh:
        form.show(state.watchlist, last)
    return render_template("list_settings.html", state=state, form=form, is_stale=is_stale)


@changing_lists.route("/watchlists/<list:name>/new", methods=["GET", "POST"])
def add(name: str) -> ResponseReturnValue:
    """A new entry; the list's page then says where it was seen before."""
    state, form, here = list_state(name), EntryForm(), parts()
    form.offer()
    if not form.is_submitted():
        return render_template("list_entry.html", state=state, form=form)
    try:
        entry = entry_of(form.cells(name))
        if entry.until <= here.clock():
            raise FieldError("until", "it is over already")
        look("listed", {"list": name, "added": entry.plate})
        add_entry(here.registry, entry, account().username, here.clock())
    except FieldError as error:
        form.blame(error)
        return render_template("list_entry.html", state=state, form=form), 422
    question_id = ask_back(entry.plate, (entry.plate,), here.clock())
    return redirect(url_for("watchlists.one", name=name, q=question_id))
