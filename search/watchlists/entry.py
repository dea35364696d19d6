"""An entry of a watchlist, and the list that it stands in; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from search.matching import matches

CLONES = "clones"  # no list that anybody keeps: plates that are on two vehicles
SEVERITIES = ("low", "medium", "high")
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Entry:
    """A plate that is looked for.

    Attributes:
        list: the name of its list.
        plate: normal form, or a pattern with `?` and `*`; with `list` what it is known by.
        reason, case, note: as given.
        starts, until: when it counts, aware UTC; None for at once.
        areas: kinds of area of cameras that it is looked for at; empty for all.
        hours: of the day in Hanoi, such as `22:00-05:00`; empty for all.
        min_likelihood: 0 to 1, that a sighting must have.
        colour, kind: what the sighting must agree with where it knows them; empty for any.
    """

    list: str
    plate: str
    reason: str
    until: datetime
    case: str = ""
    starts: datetime | None = None
    areas: tuple[str, ...] = ()
    hours: str = ""
    min_likelihood: float = 0.0
    colour: str = ""
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A list.

    Attributes:
        name: for people, and what entries call it.
        list_class: what it is for, such as `stolen`; empty if nobody said.
        owner: who answers for it.
        severity: one of `SEVERITIES`.
        candidates, similar: whether candidates and similar readings count, beside what was read.
        allow: whether it names those that are allowed: others alert.
        cameras: ids of those at which only they are allowed; other lists hold everywhere.
        roles: of accounts that see its alerts on the pages; empty for all.
    """

    name: str
    list_class: str = ""
    owner: str = ""
    severity: str = "medium"
    candidates: bool = True
    similar: bool = True
    allow: bool = False
    cameras: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def hits(entries: Iterable[Entry], text: str, at: datetime) -> list[tuple[Entry, str]]:
    """The entries that a text fulfils at a time, and whether as `exact` or `pattern`.

    Args:
        entries: in any order.
        text: normal form, as it was read.
        at: aware.
    """
    return [
        (entry, "exact" if entry.plate == text else "pattern")
        for entry in entries
        if counts_at(entry, at) and matches(text, entry.plate)
    ]


def counts_at(entry: Entry, at: datetime) -> bool:
    """Whether an entry has begun and is not over."""
    return (entry.starts is None or entry.starts <= at) and at < entry.until
