"""Watchlists from a file: looked at first, then saved, all or nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from search.errors import ListChangedError, WatchlistError
from search.watchlists.changes import Changes
from search.watchlists.feeding import MOST_GONE
from search.watchlists.keeping import (
    count_entries,
    entry_fields,
    list_watchlists,
    save_entries,
    would_save,
)
from search.watchlists.reading import Given, entries_of
from web.access import account
from web.looking import look
from web.numbers_typed import typed_number
from web.parts import parts
from web.watchlists.tables_apart import table_apart
from web.watchlists.uploads import FOLDER, KEPT_S, MOST_BYTES, Uploads

list_import = Blueprint("list_import", __name__)
SHOWN = 200  # lines of one sort; the file has more


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list that a file names.

    Attributes:
        name: as the file writes it.
        is_new: whether there is none of that name yet.
        before, after: its class.
        count: entries that it has now.
        gone: how many of them the file lacks.
    """

    name: str
    is_new: bool
    before: str
    after: str
    count: int
    gone: int

    @property
    def loses_much(self) -> bool:
        """Whether so many entries would go that the file is rather half of what it should be."""
        return self.gone > MOST_GONE * self.count


@list_import.get("/import/watchlists")
def form() -> str:
    """Choose a file."""
    _uploads().sweep()
    return _form("")


@list_import.post("/import/watchlists")
def preview() -> ResponseReturnValue:
    """What the file would change; nothing is saved."""
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content:
        return _form("none"), 422
    try:
        given = entries_of(table_apart(content))
    except WatchlistError as error:
        return _form("damaged", str(error)), 422
    uploads = _uploads()
    uploads.sweep()
    return _preview(given, uploads.put(content), is_stale=False)


@list_import.post("/import/watchlists/save")
def save() -> ResponseReturnValue:
    """Save what was looked at, if nothing was changed since."""
    name, last = request.form.get("upload", ""), typed_number(request.form.get("last"), -1)
    uploads, here = _uploads(), parts()
    content = uploads.get(name)
    if content is None:
        return _form("over"), 409
    try:
        given = entries_of(table_apart(content))
    except WatchlistError as error:  # on a machine that has too much to do by now
        return _form("damaged", str(error)), 422
    if given.wrong:
        return _preview(given, name, is_stale=False), 422
    look("listed", {"lists": sorted(given.classes), "import": name})
    try:
        who, now = account().username, here.clock()
        save_entries(here.registry, given.entries, given.classes, who, now, last)
    except ListChangedError:
        return _preview(given, name, is_stale=True), 409
    uploads.drop(name)
    return redirect(url_for("watchlists.show", saved=1))


@list_import.get("/import/watchlists/save")
def again() -> ResponseReturnValue:
    """Somebody reloads after an error."""
    return redirect(url_for("list_import.form"))


def _preview(given: Given, upload: str, is_stale: bool) -> str:
    look("watchlists", {"lists": sorted(given.classes), "import": upload})
    changes, last = would_save(parts().registry, given.entries, given.classes)
    return render_template(
        "list_preview.html",
        given=given,
        lists=_named(given, changes),
        changes=changes,
        changed=[(e, entry_fields(b), entry_fields(e)) for b, e in changes.changed[:SHOWN]],
        upload=upload,
        last=last,
        is_stale=is_stale,
        shown=SHOWN,
    )


def _named(given: Given, changes: Changes) -> Sequence[NamedList]:
    registry = parts().registry
    known = {one.name: one.list_class for one in list_watchlists(registry)}
    counts, gone = count_entries(registry), Counter(entry.list for entry in changes.gone)
    return [
        NamedList(
            name,
            name not in known,
            known.get(name, ""),
            list_class or known.get(name, ""),
            counts.get(name, 0),
            gone[name],
        )
        for name, list_class in sorted(given.classes.items())
    ]


def _form(trouble: str, said: str = "") -> str:
    most, minutes = MOST_BYTES // 1_000_000, round(KEPT_S / 60)
    return render_template(
        "list_import.html", trouble=trouble, said=said, most=most, minutes=minutes
    )


def _uploads() -> Uploads:
    return Uploads(parts().settings.data_dir / FOLDER)
