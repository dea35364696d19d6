"""`SightingStore` on SQLite."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

from lpr.closing import Closing
from lpr.passage_lines import parse_passage
from lpr.passages import Passage, format_passage
from search.errors import StoreError
from search.matching import Question
from search.reports import betters
from search.sightings import Sighting
from search.sqlite import ageing, queries, schema
from search.store import Added, Page, TextCounts
from search.terms import Cursor, SearchTerms

BUSY_S = 30.0  # how long a writer waits for another one


class _Connection(sqlite3.Connection):
    """One that can be referred to without being kept open."""


class SqliteStore(Closing):
    """Keeps sightings in one file; see `search.store.SightingStore`.

    Each thread has a connection of its own, as long as it lives; readers never wait for writers.

    Args:
        path: of the file; made with its folder if it is missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.local()
        self._open: WeakSet[_Connection] = WeakSet()
        self._adding = threading.Lock()  # fairer than waiting for the file
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            schema.prepare(self._connection, str(path))

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: _Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = _Connection(
                self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA synchronous = FULL")  # confirmed is on the disk
            self._threads.connection = connection
            self._open.add(connection)
        return connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"sighting store {self._path}: {error}") from error

    def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
        """Keep passages, all or none; a known one changes only by a report that betters it."""
        with self._told(), self._adding:
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                new = sum(_add(connection, passage) for passage in passages)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
        return Added(new, len(passages) - new)

    def find(self, terms: SearchTerms) -> Page:
        """Answer a question."""
        query = queries.find(terms)
        with self._told():
            rows = self._connection.execute(query.sql, query.parameters).fetchall()
        question = Question(terms)
        found = tuple(question.answer(parse_passage(row[0])) for row in rows)
        if len(found) <= terms.limit:
            return Page(found)
        last = rows[terms.limit - 1]
        return Page(found[: terms.limit], Cursor(queries.from_microseconds(last[1]), last[2]))

    def get(self, sighting_id: str) -> Sighting | None:
        """One sighting by its id."""
        with self._told():
            row = self._connection.execute(
                "SELECT line FROM sightings WHERE id = ?", (sighting_id,)
            ).fetchone()
        if row is None:
            return None
        passage = parse_passage(row[0])
        return Sighting(passage.id, passage, likelihood=passage.score)

    def latest(self) -> Mapping[str, datetime]:
        """The newest `at` of each camera; one step in the index for each of them."""
        with self._told():
            rows = self._connection.execute(queries.LATEST).fetchall()
        return {camera: queries.from_microseconds(at) for camera, at in rows}

    def count_by_camera(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """How many sightings each camera has in a span; read from the index alone."""
        span = (queries.microseconds(start), queries.microseconds(end))
        with self._told():
            rows = self._connection.execute(queries.COUNT_BY_CAMERA, span).fetchall()
        return {camera: count for camera, count in rows if count}

    def count_by_text(self, terms: SearchTerms) -> TextCounts:
        """How many sightings were read as each text."""
        query = queries.count_by_text(replace(terms, after=None))
        with self._told():
            rows = self._connection.execute(query.sql, query.parameters).fetchall()
        return TextCounts(dict(rows))

    def count(self) -> int:
        """How many sightings are kept."""
        with self._told():
            row = self._connection.execute("SELECT count(*) FROM sightings").fetchone()
        return int(row[0])

    def drop_before(self, time: datetime) -> int:
        """Drop all sightings of before a time, some at once, so that writers wait for none long."""
        with self._told():
            return ageing.drop_before(self._connection, queries.microseconds(time))

    def close(self) -> None:
        """Close the connections of every thread."""
        for connection in list(self._open):
            connection.close()


def _add(connection: sqlite3.Connection, passage: Passage) -> bool:
    """Keep one report; whether its passage is new."""
    at, name = queries.microseconds(passage.at), passage.id
    inserted = connection.execute(
        "INSERT OR IGNORE INTO sightings (id, at, camera, text, reversed, line)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (name, at, passage.camera, passage.text, passage.text[::-1], format_passage(passage)),
    ).rowcount
    if not inserted:
        _better(connection, passage)
        return False
    _add_candidates(connection, passage)
    return True


def _better(connection: sqlite3.Connection, passage: Passage) -> None:
    """Put a report in place of the one that is kept, if it says more."""
    if passage.until is None:
        return
    line = connection.execute("SELECT line FROM sightings WHERE id = ?", (passage.id,)).fetchone()
    kept = parse_passage(line[0])
    if not betters(passage, kept):
        return
    at = queries.microseconds(passage.at)
    connection.executemany(
        "DELETE FROM candidates WHERE text = ? AND at = ? AND id = ?",
        [(text, at, passage.id) for text, _ in kept.candidates],
    )
    connection.execute(
        "UPDATE sightings SET text = ?, reversed = ?, line = ? WHERE id = ?",
        (passage.text, passage.text[::-1], format_passage(passage), passage.id),
    )
    _add_candidates(connection, passage)


def _add_candidates(connection: sqlite3.Connection, passage: Passage) -> None:
    at = queries.microseconds(passage.at)
    connection.executemany(
        "INSERT OR IGNORE INTO candidates (text, at, id) VALUES (?, ?, ?)",
        [(text, at, passage.id) for text, _ in passage.candidates if text != passage.text],
    )
