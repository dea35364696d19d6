"""How quickly the pages answer while 500 sightings a second are taken in."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from elasticsearch import Elasticsearch

from lpr.spool import SpoolWriter
from lpr.spool.lines import SpoolLine
from search.elastic.lifecycle import month_of, write_alias
from search.terms import SearchTerms
from tests.bench.city_questions import AIMS_MS
from tests.bench.city_year import sightings
from tests.bench.store import Row
from tests.bench.timing import middle_and_most
from tests.city import City
from tests.officer import Officer

RATE = 500  # sightings a second
TICK_S = 0.1
TIMES = 2  # as long as the store alone may take
TYPED = tuple(kind for kind in AIMS_MS if kind != "one edit")  # what the pages can be asked


def page_rows(server: str, url: str, asked: Mapping[str, Sequence[SearchTerms]]) -> list[Row]:
    """Every question asked by an officer over HTTP, twice; the first round does not count.

    Args:
        server: its URL.
        url: of the store, of a year that has passed; what is written meanwhile is taken out again.
        asked: questions by their kind.
    """
    rows: list[Row] = []
    with (
        TemporaryDirectory(prefix="platetrail-bench-") as folder,
        _city(folder, server, url) as city,
    ):
        officer = city.visitor("officer")
        with _writing(city.spool):
            for kind in TYPED:
                _asked(officer, asked[kind])
                p50, p95 = middle_and_most(_asked(officer, asked[kind]))
                rows.append((f"pages, {kind}, p50", p50, "ms", None))
                rows.append((f"pages, {kind}, p95", p95, "ms", TIMES * AIMS_MS[kind]))
            rows.append(("sightings that wait to be taken in", city.waiting(), "", None))
    return rows


@contextmanager
def _city(folder: str, server: str, url: str) -> Iterator[City]:
    """An installation on the store, until the block ends."""
    name = url.rsplit("/", 1)[1]
    try:
        with City(Path(folder), server, 0, 2.0) as city:
            city.variables["PLATETRAIL_SIGHTINGS_URL"] = url
            city.start_run()
            yield city
    finally:
        with Elasticsearch(server, request_timeout=60) as client:
            written = write_alias(name, month_of(datetime.now(UTC)))
            client.indices.delete(index=f"{written}-v*")


@contextmanager
def _writing(spool: Path) -> Iterator[None]:
    """Cameras report, until the block ends."""
    ended = Event()
    thread = Thread(target=_write, args=(spool, ended.wait))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _write(spool: Path, wait: Callable[[float], bool]) -> None:
    made = chain.from_iterable(sightings(part, 1_000_000) for part in count())
    began, written = time.monotonic(), 0
    with SpoolWriter(spool) as writer:
        while not wait(TICK_S):
            due = int(RATE * (time.monotonic() - began)) - written
            now = datetime.now(UTC)
            seen_now = partial(replace, at=now, until=now, frame=None, crop=None)
            passages = [
                seen_now(passage, track=f"now-{written + number}")
                for number, passage in enumerate(islice(made, due))
            ]
            writer.append_all([SpoolLine(passage) for passage in passages])
            written += due


def _asked(officer: Officer, asked: Sequence[SearchTerms]) -> list[float]:
    """Milliseconds until each answer is there, from the sending of the form."""
    took = []
    for terms in asked:
        answer = officer.fill("/", "/search", plate=terms.texts[0], span="all")
        assert answer.status == 200, answer
        took.append(1000 * answer.seconds)
    return took
