"""How a sighting store is: whether it is well, and how much is in it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lpr.spool import SpoolState
from lpr.times import format_utc


@dataclass(frozen=True, slots=True)
class Month:
    """The sightings of a month.

    Attributes:
        name: of the month, such as `2026-01`.
        sightings: how many.
        bytes: on the disks of all nodes.
        mapping: version of it.
        copies: further ones of each sighting that are asked for.
        health: green, yellow (copies are lacking) or red (sightings cannot be reached).
        blocks: what is not allowed, as Elasticsearch calls it.
    """

    name: str
    sightings: int
    bytes: int
    mapping: int
    copies: int
    health: str
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node of Elasticsearch and the bytes of its disk."""

    name: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Condition:
    """How a store is.

    Attributes:
        engine: SQLite or Elasticsearch.
        place: where it is.
        faults: what is wrong with it, in sentences; empty: it is well.
        hints: what there is to do and does no harm yet.
        sightings, bytes: how much is in it; None: nobody knows.
        newest: time of the newest sighting; None: there is none, or nobody knows.
        months, nodes: of Elasticsearch; no nodes where the user may not see them.
    """

    engine: str
    place: str
    faults: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    sightings: int | None = None
    bytes: int | None = None
    newest: datetime | None = None
    months: Sequence[Month] = ()
    nodes: Sequence[Node] = ()

    def to_fields(self, spool: SpoolState) -> dict[str, Any]:
        """As JSON has it, with the spool of this machine."""
        return {
            "engine": self.engine,
            "place": self.place,
            "well": not self.faults,
            "faults": list(self.faults),
            "hints": list(self.hints),
            "sightings": self.sightings,
            "bytes": self.bytes,
            "newest": None if self.newest is None else format_utc(self.newest),
            "months": [asdict(month) for month in self.months],
            "nodes": [asdict(node) for node in self.nodes],
            "spool": spool.to_fields(),
        }


def describe(condition: Condition, spool: SpoolState, now: datetime) -> list[str]:
    """The same in lines for a person; pure."""
    lines = [f"{condition.engine}: {condition.place}"]
    lines += [f"ILL: {fault}" for fault in condition.faults] or ["well"]
    lines += [f"to do: {hint}" for hint in condition.hints]
    lines += [
        f"node {node.name}: {_size(node.free)} of {_size(node.total)} free"
        for node in condition.nodes
    ]
    lines += [_month(month) for month in condition.months]
    if condition.sightings is not None and condition.bytes is not None:
        lines.append(f"in all: {condition.sightings:,} sightings, {_size(condition.bytes)}")
    if condition.newest is not None:
        lines.append(f"newest sighting: {_since(condition.newest, now)}")
    return [*lines, _spool(spool, now)]


def _month(month: Month) -> str:
    told = f"{month.name}: {month.sightings:,} sightings, {_size(month.bytes)}, mapping "
    told += f"{month.mapping}, {month.copies} further copies, {month.health}"
    return told + "".join(f", {block}" for block in month.blocks)


def _spool(spool: SpoolState, now: datetime) -> str:
    if not spool.waiting:
        return "spool of this machine: nothing waits"
    since = "" if spool.oldest is None else f", the oldest since {_since(spool.oldest, now)}"
    return f"spool of this machine: {spool.waiting:,} passages wait{since}"


def _since(time: datetime, now: datetime) -> str:
    seconds = round((now - time).total_seconds())
    if seconds < 0:
        return f"{format_utc(time)} (in the future)"
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{format_utc(time)} ({seconds // length} {unit} ago)"
    return f"{format_utc(time)} ({seconds} seconds ago)"


def _size(count: int) -> str:
    for unit, length in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if count >= length:
            return f"{count / length:,.1f} {unit}"
    return f"{count / 1000:,.1f} kB"
