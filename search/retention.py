"""Lets old sightings go, with their pictures.

A picture goes if a sighting that goes names it, or if it was kept before the limit and no sighting
names it any more, such as that of a report that was bettered; but never one that a sighting names
which stays. The names stand in a list on the disk before anything is deleted: whoever is cut off
begins again, and deletes what is left.
"""

import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from lpr.closing import Closing
from search.copying import everything
from search.evidence import EvidenceStore
from search.pages import whole_pages
from search.store import AgeingStore, SightingStore

LIST = "going.db"  # in the data folder
EVER = datetime(1, 1, 1, tzinfo=UTC)
AT_ONCE = 1_000  # names of one transaction


@dataclass(frozen=True, slots=True)
class Gone:
    """How much was deleted."""

    sightings: int
    pictures: int


def limit_of(now: datetime, months: int) -> datetime:
    """The time that sightings are seen at or after, if they stay: the same of an earlier day.

    Args:
        now: aware UTC.
        months: that they stay.
    """
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def count_before(store: SightingStore, limit: datetime) -> int:
    """How many sightings are to go."""
    return sum(store.count_by_camera(EVER, limit).values())


def let_go(store: AgeingStore, evidence: EvidenceStore, limit: datetime, data: Path) -> Gone:
    """Delete what is older than a limit.

    All sightings are looked at once.

    Args:
        store: to delete sightings from.
        evidence: to delete pictures from.
        limit: what was seen before it goes.
        data: folder that the list of pictures is kept in meanwhile.

    Raises:
        StoreError, EvidenceError: not all could be deleted; do it again.
    """
    with GoingPictures(data / LIST) as going:
        going.add(named_pictures(store, EVER, limit))
        going.add(evidence.kept_before(limit))
        going.spare(named_pictures(store, limit, None))
        sightings = store.drop_before(limit)
        removed = going.remove_from(evidence)
    (data / LIST).unlink()
    return Gone(sightings, removed)


def named_pictures(store: SightingStore, start: datetime, end: datetime | None) -> Iterator[str]:
    """Names of the pictures and clips that sightings of a span name, some more than once."""
    for page in whole_pages(store, everything(start, end)):
        for passage in (sighting.passage for sighting in page):
            yield from (n for n in (passage.frame, passage.crop, passage.clip) if n)


class GoingPictures(Closing):
    """Names of pictures that are to go, in a file.

    Args:
        file: made if it is missing; what an earlier run left in it counts as well.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file)
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS going (name TEXT PRIMARY KEY) WITHOUT ROWID"
        )

    def add(self, names: Iterable[str]) -> None:
        """Let pictures go."""
        self._each("INSERT OR IGNORE INTO going (name) VALUES (?)", names)

    def spare(self, names: Iterable[str]) -> None:
        """Let pictures stay."""
        self._each("DELETE FROM going WHERE name = ?", names)

    def remove_from(self, evidence: EvidenceStore) -> int:
        """Remove them from a store; how many were there."""
        removed = 0
        while names := self._some():
            removed += sum(evidence.remove(name) for name in names)
            self.spare(names)
        return removed

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _some(self) -> list[str]:
        rows = self._connection.execute("SELECT name FROM going LIMIT ?", (AT_ONCE,))
        return [row[0] for row in rows]

    def _each(self, statement: str, names: Iterable[str]) -> None:
        rest = iter(names)
        while some := list(islice(rest, AT_ONCE)):
            with self._connection:
                self._connection.executemany(statement, [(name,) for name in some])
