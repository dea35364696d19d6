"""What is old goes, in every store, and nothing else."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from lpr.passages import Passage
from lpr.spool import picture_path
from search.elastic.access import Access
from search.errors import EvidenceAwayError
from search.evidence import FolderEvidence
from search.opening import open_store
from search.retention import LIST, Gone, count_before, let_go
from search.store import AgeingStore
from search.terms import SearchTerms
from search.testing import MemoryStore
from tests.elasticsearch import Server, versions_that_run

LIMIT = datetime(2026, 1, 15, 12, tzinfo=UTC)
LONG_AGO = LIMIT.timestamp() - 3600
ONE_NODE = Access(replicas=0, timeout_s=60)


@pytest.fixture(params=["memory", "sqlite", *versions_that_run()])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, server: Callable[[str], Server]
) -> Iterator[AgeingStore]:
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "sqlite":
        with open_store(f"sqlite:///{tmp_path}/sightings.db") as opened:
            yield opened
    else:
        name, url = f"t{uuid4().hex}", server(request.param).url
        with open_store(f"{url}/{name}", ONE_NODE) as opened:
            yield opened
        with Elasticsearch(url) as client:
            client.indices.delete(index=f"{name}*")


@pytest.fixture
def evidence(tmp_path: Path) -> FolderEvidence:
    return FolderEvidence(tmp_path / "evidence")


def seen(days: float, **more: str) -> Passage:
    """A passage some days after the limit."""
    at = LIMIT + timedelta(days=days)
    text = f"30A{abs(round(days * 10)):05}"
    candidates = ((text, 0.9), ("29B11111", 0.1))
    return Passage("C001", at, text, 0.9, candidates=candidates, **more)


def picture(content: str) -> bytes:
    return b"\xff\xd8" + content.encode()


def name_of(content: str) -> str:
    return sha256(picture(content)).hexdigest()


def days_left(store: AgeingStore) -> list[float]:
    found = store.find(SearchTerms(("*",))).sightings
    return [(s.passage.at - LIMIT) / timedelta(days=1) for s in found]


def test_sightings_of_before_the_limit_go_and_may_come_again(store: AgeingStore) -> None:
    store.add([seen(days) for days in (-400, -50, -2, -0.001, 0, 1, 30)])
    assert count_before(store, LIMIT) == 4
    assert store.drop_before(LIMIT) == 4
    assert days_left(store) == [30, 1, 0]
    assert len(store.find(SearchTerms(("29B11111",), candidates=True)).sightings) == 3
    assert (store.drop_before(LIMIT), store.count()) == (0, 3)
    assert store.add([seen(-50), seen(1)]).new == 1


def test_an_empty_store_lets_nothing_go(store: AgeingStore) -> None:
    assert (count_before(store, LIMIT), store.drop_before(LIMIT)) == (0, 0)


def test_pictures_go_with_the_last_sighting_that_names_them(
    store: AgeingStore, evidence: FolderEvidence, tmp_path: Path
) -> None:
    for content in ("old frame", "old crop", "shared", "new", "replaced", "waiting"):
        evidence.put(picture(content))
    for content in ("replaced", "shared", "new"):  # "new" was kept early, since clocks differ
        file = picture_path(tmp_path / "evidence", name_of(content))
        os.utime(file, (LONG_AGO, LONG_AGO))
    old = seen(-3, frame=name_of("old frame"), crop=name_of("old crop"))
    other = seen(-2, frame=name_of("shared"), clip=name_of("gone before") + ".mp4")
    new = seen(2, frame=name_of("shared"), crop=name_of("new"))
    store.add([old, other, new])
    assert let_go(store, evidence, LIMIT, tmp_path) == Gone(2, 3)
    left = {c: evidence.has(name_of(c)) for c in ("old frame", "old crop", "replaced")}
    assert left == dict.fromkeys(left, False)
    assert all(evidence.has(name_of(content)) for content in ("shared", "new", "waiting"))
    assert not (tmp_path / LIST).exists()


class CutOff(FolderEvidence):
    """Evidence whose disk goes away after a while."""

    left = 2

    def remove(self, name: str) -> bool:
        if not self.left:
            raise EvidenceAwayError("away")
        self.left -= 1
        return super().remove(name)


def test_what_was_cut_off_is_taken_up_again(
    store: AgeingStore, evidence: FolderEvidence, tmp_path: Path
) -> None:
    contents = [f"picture {number}" for number in range(10)]
    store.add([seen(-1 - n, frame=evidence.put(picture(c))) for n, c in enumerate(contents)])
    with pytest.raises(EvidenceAwayError):
        let_go(store, CutOff(tmp_path / "evidence"), LIMIT, tmp_path)
    assert store.count() == 0
    assert sum(evidence.has(name_of(content)) for content in contents) == 8
    kept = replace(seen(5), frame=name_of(contents[0]))
    evidence.put(picture(contents[0]))
    store.add([kept])  # a sighting that comes meanwhile keeps its picture
    gone = let_go(store, evidence, LIMIT, tmp_path)
    assert gone.sightings == 0
    assert [evidence.has(name_of(content)) for content in contents] == [True] + [False] * 9


def test_what_is_dropped_from_a_file_stands_in_it_no_more(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/sightings.db") as store:
        store.add([seen(-2, raw="SECRETOLD"), seen(2, raw="SECRETNEW")])
        assert store.drop_before(LIMIT) == 1
    content = b"".join(file.read_bytes() for file in tmp_path.glob("sightings.db*"))
    assert (b"SECRETOLD" in content, b"SECRETNEW" in content) == (False, True)
