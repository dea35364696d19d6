"""Watchlists in the registry; each change of them is written down."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from lpr.times import format_utc
from search.errors import FieldError, ListChangedError, WatchlistError
from search.registry.tables import WatchlistChangeRow, WatchlistEntryRow, WatchlistRow
from search.registry.writing import insert_rows, write_alone
from search.watchlists.changes import Changes, Entries, changes_between
from search.watchlists.entry import Entry, Watchlist
from search.watchlists.history import last_change, last_setting

_LISTS = cast(Table, WatchlistRow.__table__)
_ENTRIES = cast(Table, WatchlistEntryRow.__table__)
_CHANGES = cast(Table, WatchlistChangeRow.__table__)
_MANY = ("cameras", "roles")  # of a list, a line each
_NAMES = tuple(field.name for field in fields(Entry))


def list_watchlists(engine: Engine) -> list[Watchlist]:
    """Every list, by name."""
    with Session(engine) as session:
        rows = session.scalars(select(WatchlistRow).order_by(WatchlistRow.name))
        return [_watchlist(row) for row in rows]


def list_entries(engine: Engine, names: Collection[str] | None = None) -> Entries:
    """The entries of some lists or of all, by list and plate, without those taken off."""
    with engine.connect() as connection:
        return _entries(connection, names)


def entries_changed(engine: Engine, after: int) -> Mapping[tuple[str, str], Entry | None]:
    """What became of the entries that were changed since a change; None: taken off.

    Args:
        engine: of the registry.
        after: id of that change.
    """
    row, kept = WatchlistChangeRow, _ENTRIES.c
    changed = select(row.list, row.plate).where(row.id > after, row.plate != "").distinct()
    with engine.connect() as connection:
        found: dict[tuple[str, str], Entry | None] = dict.fromkeys(connection.execute(changed))
        both = changed.subquery()
        query = select(*(kept[name] for name in _NAMES)).join(
            both, (both.c.list == kept.list) & (both.c.plate == kept.plate)
        )
        for entry in connection.execute(query.where(kept.taken_off_at.is_(None))):
            found[entry.list, entry.plate] = entry_of_row(entry)
    return found


def count_entries(engine: Engine) -> Mapping[str, int]:
    """How many entries each list has, without those taken off."""
    row = WatchlistEntryRow
    query = select(row.list, func.count()).where(row.taken_off_at.is_(None)).group_by(row.list)
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def would_save(engine: Engine, given: Entries, names: Collection[str]) -> tuple[Changes, int]:
    """What `save_entries` would change, and as of which change of the lists that is so."""
    with engine.connect() as connection:
        last = last_change(connection, names)  # first, so that what comes meanwhile is noticed
        return changes_between(_entries(connection, names), given), last


def save_entries(
    engine: Engine,
    given: Entries,
    classes: Mapping[str, str],
    who: str,
    now: datetime,
    last: int | None = None,
) -> Changes:
    """Make lists hold what is given, all or nothing, and write down who changed what.

    Args:
        engine: of the registry.
        given: every entry of the lists that are named, by list and plate.
        classes: of each list; an empty one changes nothing.
        who: for the history.
        now: aware.
        last: as of which change of the lists somebody looked at what would be saved; None where
            nobody did.

    Raises:
        ListChangedError: the lists were changed since: nothing was saved.
    """
    with engine.begin() as connection:
        write_alone(connection, WatchlistRow)
        if last is not None and last_change(connection, classes) != last:
            raise ListChangedError("the lists were changed meanwhile: look again at what is new")
        _save_lists(connection, classes, who, now)
        changes = changes_between(_entries(connection, classes), given)
        _save_changes(connection, changes, _known_keys(connection, classes), who, now)
    return changes


def add_entry(engine: Engine, entry: Entry, who: str, now: datetime) -> None:
    """Put an entry on a list that there is, and write down who did.

    Raises:
        WatchlistError: there is no such list.
        FieldError: its plate stands on the list already.
    """
    with engine.begin() as connection:
        write_alone(connection, WatchlistRow)
        _find_list(connection, entry.list)
        known = connection.execute(_one(entry.list, entry.plate)).first()
        if known is not None and known.taken_off_at is None:
            said = f"{entry.plate} stands in {entry.list} already: take it off before"
            raise FieldError("plate", said)
        kept = () if known is None else ((entry.list, entry.plate),)
        _save_changes(connection, Changes((entry,), (), (), 0), kept, who, now)


def take_off(engine: Engine, name: str, plate: str, who: str, now: datetime) -> None:
    """Take an entry off a list, and write down who did.

    Raises:
        WatchlistError: it does not stand there (any more).
    """
    with engine.begin() as connection:
        write_alone(connection, WatchlistRow)
        known = connection.execute(_one(name, plate)).first()
        if known is None or known.taken_off_at is not None:
            raise WatchlistError(f"{plate} does not stand in {name} (any more)")
        _save_changes(connection, Changes((), (), (entry_of_row(known),), 0), (), who, now)


def shown_setting(engine: Engine, name: str) -> int:
    """As of which change of a list its settings are what somebody sees now."""
    with engine.connect() as connection:
        return last_setting(connection, name)


def set_watchlist(
    engine: Engine,
    name: str,
    values: Mapping[str, Any],
    who: str,
    now: datetime,
    last: int | None = None,
) -> Watchlist:
    """Change a list and write down who did.

    Args:
        engine: of the registry.
        name: of the list.
        values: by field of `Watchlist`; what is not named stays.
        who: for the history.
        now: aware.
        last: as of which change of the list somebody saw its settings; None where nobody did.

    Raises:
        WatchlistError: there is none of that name.
        ListChangedError: its settings were changed since: nothing was saved.
    """
    with engine.begin() as connection:
        write_alone(connection, WatchlistRow)
        if last is not None and last_setting(connection, name) != last:
            raise ListChangedError(f"the settings of {name} were changed meanwhile: look again")
        before = _find_list(connection, name)
        after = replace(before, **values)
        if after != before:
            connection.execute(update(_LISTS).where(_LISTS.c.name == name).values(**_kept(after)))
            connection.execute(insert(_CHANGES), [_list_change(now, who, before, after)])
    return after


def entry_of_row(row: Any) -> Entry:
    """The entry that a row of the registry holds."""
    values = {name: getattr(row, name) for name in _NAMES}
    return Entry(**values | {"areas": tuple(row.areas.split())})


def _find_list(connection: Connection, name: str) -> Watchlist:
    row = connection.execute(select(_LISTS).where(_LISTS.c.name == name)).first()
    if row is None:
        raise WatchlistError(f"there is no list {name!r}: see platetrail watchlists list")
    return _watchlist(row)


def _save_changes(
    connection: Connection,
    changes: Changes,
    kept: Collection[tuple[str, str]],
    who: str,
    now: datetime,
) -> None:
    """Make changes of entries, and write them down; those that are `kept` were taken off before."""
    rows = [_row(entry) for entry in changes.new if (entry.list, entry.plate) not in kept]
    again = [entry for entry in changes.new if (entry.list, entry.plate) in kept]
    if rows:
        insert_rows(connection, _ENTRIES, rows)
    _update(connection, [*again, *(after for _, after in changes.changed)], None)
    _update(connection, changes.gone, now)
    history = [_change(now, who, None, entry) for entry in changes.new]
    history += [_change(now, who, *pair) for pair in changes.changed]
    history += [_change(now, who, entry, None) for entry in changes.gone]
    if history:
        insert_rows(connection, _CHANGES, history)


def _one(name: str, plate: str) -> Select[Any]:
    return select(_ENTRIES).where(_ENTRIES.c.list == name, _ENTRIES.c.plate == plate)


def _save_lists(
    connection: Connection, classes: Mapping[str, str], who: str, now: datetime
) -> None:
    rows = connection.execute(select(_LISTS).where(_LISTS.c.name.in_(classes)))
    known = {row.name: _watchlist(row) for row in rows}
    for name, list_class in classes.items():
        before = known.get(name)
        after = Watchlist(name, list_class)
        if before is None:
            connection.execute(insert(_LISTS), [_kept(after)])
        else:
            after = replace(before, list_class=list_class or before.list_class)
            where = _LISTS.c.name == name
            connection.execute(update(_LISTS).where(where).values(**_kept(after)))
        if after != before:
            connection.execute(insert(_CHANGES), [_list_change(now, who, before, after)])


def _entries(connection: Connection, names: Collection[str] | None) -> Entries:
    query = select(*(_ENTRIES.c[name] for name in _NAMES)).where(_ENTRIES.c.taken_off_at.is_(None))
    if names is not None:
        query = query.where(_ENTRIES.c.list.in_(names))
    query = query.order_by(_ENTRIES.c.list, _ENTRIES.c.plate)
    return {(r.list, r.plate): entry_of_row(r) for r in connection.execute(query)}


def _known_keys(connection: Connection, names: Collection[str]) -> set[tuple[str, str]]:
    query = select(_ENTRIES.c.list, _ENTRIES.c.plate).where(_ENTRIES.c.list.in_(names))
    return {(row[0], row[1]) for row in connection.execute(query)}


def _update(
    connection: Connection, entries: Sequence[Entry], taken_off_at: datetime | None
) -> None:
    if not entries:
        return
    statement = update(_ENTRIES).where(
        _ENTRIES.c.list == bindparam("of_list"), _ENTRIES.c.plate == bindparam("of_plate")
    )
    rows = [
        {"of_list": e.list, "of_plate": e.plate} | _row(e) | {"taken_off_at": taken_off_at}
        for e in entries
    ]
    connection.execute(statement, rows)


def _row(entry: Entry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in _NAMES}
    return values | {"areas": " ".join(entry.areas)}


def _watchlist(row: Any) -> Watchlist:
    values = {field.name: getattr(row, field.name) for field in fields(Watchlist)}
    return Watchlist(**values | {key: tuple(values[key].splitlines()) for key in _MANY})


def _kept(watchlist: Watchlist) -> dict[str, Any]:
    return asdict(watchlist) | {key: "\n".join(getattr(watchlist, key)) for key in _MANY}


def _change(now: datetime, who: str, before: Entry | None, after: Entry | None) -> dict[str, Any]:
    entry = before or after
    assert entry is not None  # a change has one side at least
    sides = {"before": entry_fields(before), "after": entry_fields(after)}
    return {"at": now, "who": who, "list": entry.list, "plate": entry.plate} | sides


def entry_fields(entry: Entry | None) -> dict[str, Any] | None:
    """An entry as the history keeps it."""
    if entry is None:
        return None
    starts = entry.starts and format_utc(entry.starts)
    return _row(entry) | {"until": format_utc(entry.until), "starts": starts}


def _list_change(
    now: datetime, who: str, before: Watchlist | None, after: Watchlist
) -> dict[str, Any]:
    sides = {"before": before and asdict(before), "after": asdict(after)}
    return {"at": now, "who": who, "list": after.name, "plate": ""} | sides
