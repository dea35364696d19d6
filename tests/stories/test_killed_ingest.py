import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_NB, LOCK_SH, flock
from hashlib import sha256
from pathlib import Path

from lpr.passages import Passage, format_passage
from lpr.spool import PICTURES, SpoolWriter, spool_state, write_picture
from search.drain import LOCK
from search.evidence import FolderEvidence
from search.opening import open_store
from search.settings import StoreSettings
from search.sightings import Sighting
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms

INGEST = (
    "from search.cli import ingest; from search.settings import StoreSettings as S; ingest(obj=S())"
)
START = datetime(2026, 1, 31, tzinfo=UTC)
SEGMENTS, PASSAGES, KILLS = 3, 16_000, 10  # passages in each segment


def picture(number: int) -> bytes:
    return f"picture {number // 40 % 200}".encode()  # a picture may show several vehicles


def passages(segment: int) -> Iterator[Passage]:
    for number in range(PASSAGES):
        shown = number % 40 == 0
        yield Passage(
            camera=f"C{segment}",
            at=START + timedelta(seconds=number),
            text=f"30A{number:05}",
            score=0.9,
            track=str(number),
            candidates=((f"30A{number:05}", 0.9), (f"30B{number:05}", 0.05)),
            frame=sha256(picture(number)).hexdigest() if shown else None,
        )


def fill(spool: Path) -> None:
    for number in range(200):
        write_picture(spool / PICTURES, picture(40 * number))
    for segment in range(SEGMENTS):
        with (spool / f"passages-2026013{segment}-1.ndjson").open("w") as file:
            file.writelines(format_passage(passage) + "\n" for passage in passages(segment))


def ingest(data: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PLATETRAIL_DATA_DIR": str(data)}
    return subprocess.Popen(
        [sys.executable, "-c", INGEST], env=environment, stderr=subprocess.PIPE, text=True
    )


def wait(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Whether it is still at work after that time."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def drains(spool: Path) -> bool:
    with (spool / LOCK).open("ab") as file:
        try:
            flock(file, LOCK_SH | LOCK_NB)
        except BlockingIOError:
            return True
    return False


def everything(store: SightingStore) -> Iterator[Sighting]:
    page = store.find(terms := SearchTerms(("*",), limit=MAX_LIMIT))
    yield from page.sightings
    while page.next:
        page = store.find(replace(terms, after=page.next))
        yield from page.sightings


def test_an_ingest_killed_at_ten_moments_keeps_every_passage_once(tmp_path: Path) -> None:
    settings = StoreSettings(data_dir=tmp_path)
    fill(settings.spool_dir)
    moments = random.Random(4)
    late = Passage("C9", START, "29B11111", 0.9)
    with SpoolWriter(settings.spool_dir) as camera:
        for kill in range(KILLS):
            process = ingest(tmp_path)
            while kill % 4 and not drains(settings.spool_dir) and wait(process, 0.005):
                pass  # most are killed at work, the others while they start
            wait(process, moments.uniform(0.0, 1.0))
            process.kill()
            process.communicate()
        camera.append(late)
    last = ingest(tmp_path)
    said = last.communicate()[1]

    assert last.returncode == 0, said
    expected = {p.id: p for s in range(SEGMENTS) for p in passages(s)} | {late.id: late}
    evidence = FolderEvidence(settings.evidence_dir)
    with open_store(settings.sightings) as store:
        assert store.count() == len(expected)
        for sighting in everything(store):
            passage = expected.pop(sighting.id)
            assert (sighting.passage.text, sighting.passage.at) == (passage.text, passage.at)
            if sighting.passage.frame:
                assert evidence.get(sighting.passage.frame).startswith(b"picture ")
    assert not expected
    assert spool_state(settings.spool_dir).waiting == 0
    assert list((settings.spool_dir / PICTURES).rglob("*.jpg")) == []
