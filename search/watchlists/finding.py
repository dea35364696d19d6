"""The entries of a watchlist page by page, and what its entries in force look for together."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Engine, and_, case, func, or_, select
from sqlalchemy.orm import Session

from lpr.plates import normal_pattern
from search.plain_text import one_line
from search.registry.tables import WatchlistEntryRow as Row
from search.watchlists.entry import Entry
from search.watchlists.keeping import entry_of_row

State = Literal["in force", "to come", "over", "taken off"]
STATES: tuple[State, ...] = ("in force", "to come", "over", "taken off")


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is kept, and when it was taken off if it was."""

    entry: Entry
    taken_off_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookedFor:
    """What the entries of a list in force look for.

    Attributes:
        least, most: smallest and largest `min_likelihood` among them.
        areas: kinds of area that some of them name.
        hours: spans of the day that some of them name.
        is_everywhere, is_always: whether some of them name no area, or no hours.
    """

    least: float
    most: float
    areas: tuple[str, ...]
    hours: tuple[str, ...]
    is_everywhere: bool
    is_always: bool


def count_states(engine: Engine, now: datetime) -> Mapping[str, Counter[State]]:
    """How many entries of each list are in which state."""
    counts = [func.count(case((_is_in(state, now), 1))) for state in STATES]
    with engine.connect() as connection:
        rows = connection.execute(select(Row.list, *counts).group_by(Row.list))
        return {row[0]: Counter(dict(zip(STATES, row[1:], strict=True))) for row in rows}


def looked_for(engine: Engine, now: datetime) -> Mapping[str, LookedFor]:
    """What each list that has entries in force looks for."""
    least, most = func.min(Row.min_likelihood), func.max(Row.min_likelihood)
    query = select(Row.list, Row.areas, Row.hours, least, most).where(_is_in("in force", now))
    found: dict[str, list[tuple[str, str, float, float]]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.group_by(Row.list, Row.areas, Row.hours)):
            found.setdefault(row[0], []).append((row[1], row[2], row[3], row[4]))
    return {
        name: LookedFor(
            min(low for _, _, low, _ in rows),
            max(high for _, _, _, high in rows),
            tuple(sorted({area for areas, *_ in rows for area in areas.split()})),
            tuple(sorted({hours for _, hours, *_ in rows if hours})),
            any(not areas for areas, *_ in rows),
            any(not hours for _, hours, *_ in rows),
        )
        for name, rows in found.items()
    }


def find_entries(
    engine: Engine, name: str, state: State, typed: str, now: datetime, skip: int, limit: int
) -> tuple[list[KeptEntry], int]:
    """Some of the entries of a list, by plate, and how many there are in all.

    Args:
        engine: of the registry.
        name: of the list.
        state: that they are in.
        typed: a part of their plate or case; empty for all.
        now: aware.
        skip: how many of them come before.
        limit: how many are given at most.
    """
    wanted = and_(Row.list == name, _is_in(state, now), _holds(typed))
    query = select(Row).where(wanted).order_by(Row.plate).offset(skip).limit(limit)
    with Session(engine) as session:
        total = session.scalar(select(func.count()).select_from(Row).where(wanted)) or 0
        rows = session.scalars(query)
        return [KeptEntry(entry_of_row(row), row.taken_off_at) for row in rows], total


def _is_in(state: State, now: datetime) -> ColumnElement[bool]:
    stands, begun = Row.taken_off_at.is_(None), or_(Row.starts.is_(None), Row.starts <= now)
    return {
        "in force": and_(stands, begun, Row.until > now),
        "to come": and_(stands, Row.starts > now),
        "over": and_(stands, begun, Row.until <= now),
        "taken off": Row.taken_off_at.is_not(None),
    }[state]


def _holds(typed: str) -> ColumnElement[bool]:
    text = " ".join(one_line(typed).split())
    plate = normal_pattern(text)
    of_plate = [Row.plate.contains(plate, autoescape=True)] if plate else []
    return or_(*of_plate, func.lower(Row.case).contains(text.lower(), autoescape=True))
