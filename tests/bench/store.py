"""How quickly passages are kept in SQLite, and found again.

Each function returns rows: name, value, unit, and the target (None: only to be known).
"""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles

from lpr.passages import Passage, format_passage
from lpr.spool.segments import Line, read_lines
from search.evidence import FolderEvidence
from search.ingest import Ingest, Source, ingest_lines
from search.opening import open_store
from search.store import SightingStore
from search.terms import SearchTerms
from tests.bench.memory import memory_mb

Row = tuple[str, float, str, float | None]

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS, CAMERAS, PLATES = 30, 300, 200_000
SERIES = [f"{code}{letter}" for code in (29, 30) for letter in "ABEFGHKLM"]
QUESTIONS = 200  # of each kind
PLACES = 8  # characters of a plate


def passages(count: int, seed: int = 1) -> Iterator[Passage]:
    """Made-up traffic in time order: 200,000 plates, 70 % of them in 18 series."""
    dice = random.Random(seed)
    plates = [_plate(dice) for _ in range(PLATES)]
    for number in range(count):
        text = dice.choice(plates)
        place = dice.randrange(3, PLACES)
        other = text[:place] + dice.choice("0123456789") + text[place + 1 :]
        yield Passage(
            camera=f"C{dice.randrange(CAMERAS):03}",
            at=START + timedelta(days=DAYS) * number / count,
            text=text,
            score=0.97,
            candidates=((text, 0.91), (other, 0.04), (text[:-1], 0.01)),
            track=str(number),
            raw=text,
            chars=tuple(((c, 0.98), ("8", 0.01)) for c in text),
            rows=2,
            colour="white",
            model="reader-1",
        )


def ingest_rows(folder: Path, count: int = 100_000) -> list[Row]:
    """Ingest of a file into an empty store: seconds, and memory gained after the first fifth."""
    source = folder / "passages.ndjson"
    with source.open("w") as file:
        file.writelines(format_passage(passage) + "\n" for passage in passages(count))
    memory: list[float] = []

    def watched(lines: Iterator[Line]) -> Iterator[Line]:
        for line in lines:
            if line.number in (count // 5, count):
                memory.append(memory_mb())
            yield line

    with open_store(f"sqlite:///{folder / 'sightings.db'}") as store, source.open("rb") as file:
        way = Ingest(store, FolderEvidence(folder), print, print, lambda: START + 2 * _days())
        start = time.perf_counter()
        counts = ingest_lines(watched(read_lines(file)), Source("bench"), way)
        seconds = time.perf_counter() - start
        size = sum(path.stat().st_size for path in folder.glob("sightings.db*"))
    assert counts.new == count, counts
    return [
        (f"ingest of {count:,} passages into SQLite", seconds, "s", 60.0),
        ("memory gained from a fifth of them to all", memory[1] - memory[0], "MB", 20.0),
        ("on disk for each sighting", size / count, "bytes", None),
    ]


def find_rows(folder: Path, count: int = 1_000_000) -> list[Row]:
    """Questions among a million sightings; the store is kept in the folder for the next run."""
    with open_store(f"sqlite:///{folder / f'{count}.db'}") as store:
        if store.count() < count:
            rest = passages(count)
            while batch := list(islice(rest, 20_000)):
                store.add(batch)
        return question_rows(store)


def question_rows(store: SightingStore) -> list[Row]:
    """Questions to a store that holds `passages`."""
    return [row for kind, asked in _questions() for row in _timed(store, kind, asked)]


def _questions() -> Iterator[tuple[str, list[SearchTerms]]]:
    dice = random.Random(2)
    plates = [p.text for p in islice(passages(10 * QUESTIONS), 0, None, 10)]
    hours = [START + _days() * dice.random() for _ in plates]
    near = timedelta(minutes=10)
    yield "one plate", [SearchTerms((p,)) for p in plates]
    yield "one plate, candidates too", [SearchTerms((p,), candidates=True) for p in plates]
    yield (
        "one plate in an hour",
        [
            SearchTerms((p,), start=at, end=at + near * 6)
            for p, at in zip(plates, hours, strict=True)
        ],
    )
    yield "prefix of 6", [SearchTerms((p[:6] + "*",)) for p in plates]
    yield "prefix of 3", [SearchTerms((p[:3] + "*",)) for p in plates]
    yield "suffix of 5", [SearchTerms(("*" + p[-5:],)) for p in plates]
    yield "suffix of 2", [SearchTerms(("*" + p[-2:],)) for p in plates]
    yield "one inner ?", [SearchTerms((p[:4] + "?" + p[5:],)) for p in plates]
    yield "? at the third place", [SearchTerms((p[:2] + "?" + p[3:],)) for p in plates]
    yield "*12* (often seen)", [SearchTerms((f"*{p[4:6]}*",)) for p in plates]
    yield "*1234* (seldom seen)", [SearchTerms((f"*{p[3:7]}*",)) for p in plates[:20]]
    yield (
        "*2345, candidates too",
        [SearchTerms(("*" + p[-4:],), candidates=True) for p in plates[:20]],
    )
    yield (
        "a camera in ten minutes",
        [
            SearchTerms(("*",), start=at, end=at + near, cameras=frozenset({f"C{i % CAMERAS:03}"}))
            for i, at in enumerate(hours)
        ],
    )
    yield "everything, the newest", [SearchTerms(("*",))] * QUESTIONS


def _timed(store: SightingStore, kind: str, asked: list[SearchTerms]) -> list[Row]:
    took = []
    for terms in asked:
        start = time.perf_counter()
        store.find(terms)
        took.append(1000 * (time.perf_counter() - start))
    cuts = quantiles(took, n=20)
    target = 20.0 if kind == "one plate" else None
    return [(f"{kind}, p50", cuts[9], "ms", None), (f"{kind}, p95", cuts[18], "ms", target)]


def _plate(dice: random.Random) -> str:
    common = dice.random() < 0.7
    series = dice.choice(SERIES) if common else f"{dice.randrange(11, 100)}{dice.choice('ABCDEF')}"
    return f"{series}{dice.randrange(100_000):05}"


def _days() -> timedelta:
    return timedelta(days=DAYS)
