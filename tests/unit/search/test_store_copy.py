"""Copying between stores without a server; tests/contract has Elasticsearch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lpr.passages import Passage
from search.copying import Copied, copy_sightings, everything
from search.errors import PartialStoreError, StoreError
from search.opening import open_store
from search.settings import StoreSettings
from search.store import Added, Page
from search.store_copy_cli import copy
from search.terms import SearchTerms
from search.testing import MemoryStore

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
FIRST = Passage("C1", NOON, "30A12345", 0.9, at_given="2026-01-31T19:00:00+07:00", track="7")
FINAL = replace(FIRST, text="30A12346", until=NOON + timedelta(seconds=3), frame="a" * 64)


def seen(minute: int, camera: str = "C1") -> Passage:
    return Passage(camera, NOON + timedelta(minutes=minute), "30A12345", 0.9)


class Watched(MemoryStore):
    """Notes what it is given; the batch of a number cannot be kept."""

    def __init__(self, passages: Sequence[Passage] = (), fails_at: int | None = None) -> None:
        super().__init__(passages)
        self.given: list[int] = []
        self.fails_at = fails_at

    def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
        if not hasattr(self, "given"):
            return super().add(passages)
        if len(self.given) == self.fails_at:
            raise StoreError("away")
        if passages:
            self.given.append(len(passages))
        return super().add(passages)


class Ill(MemoryStore):
    """A part of it never answers."""

    def find(self, terms: SearchTerms) -> Page:
        return replace(super().find(terms), partial=True)


def nothing(more: int) -> None:
    pass


def by_threes(**span: datetime) -> SearchTerms:
    return replace(everything(**span), limit=3)


def passages_of(store: MemoryStore) -> list[Passage]:
    return [s.passage for s in store.find(SearchTerms(("*",), limit=10_000)).sightings]


def run(folder: Path, *arguments: str) -> Result:
    settings = StoreSettings(data_dir=folder / "data")
    return CliRunner().invoke(copy, arguments, obj=settings)


def test_every_sighting_comes_through_as_it_is() -> None:
    source = MemoryStore([FIRST, FINAL, *map(seen, range(10)), seen(3, "C2")])
    target = MemoryStore()
    told: list[int] = []
    copied = copy_sightings(source, target, by_threes(), told.append)
    assert passages_of(target) == passages_of(source)
    assert target.get(FIRST.id).passage == FINAL  # type: ignore[union-attr]  # None fails as well
    assert copied == Copied({"C1": 11, "C2": 1}, new=12, bettered=0)
    assert told == [3, 3, 3, 3]


def test_what_was_copied_before_is_not_written_again_and_what_came_meanwhile_is() -> None:
    source = MemoryStore([FIRST, *map(seen, range(1, 10))])
    target = Watched(fails_at=2)
    with pytest.raises(StoreError, match="away"):
        copy_sightings(source, target, by_threes(), nothing)
    assert target.count() == 6
    target.fails_at = None
    source.add([FINAL, seen(5, "late"), seen(99)])
    copied = copy_sightings(source, target, by_threes(), nothing)
    assert (copied.new, copied.bettered) == (6, 0)
    assert passages_of(target) == passages_of(source)
    assert sum(target.given) == 12


def test_the_report_that_says_more_stays_wherever_it_is() -> None:
    target = MemoryStore([FIRST])
    copied = copy_sightings(MemoryStore([FINAL]), target, everything(), nothing)
    assert (copied.new, copied.bettered) == (0, 1)
    target = Watched([FINAL])
    copy_sightings(MemoryStore([FIRST]), target, everything(), nothing)
    assert passages_of(target) == [FINAL]
    assert target.given == []


def test_what_the_target_has_beside_it_stays() -> None:
    target = MemoryStore([seen(minute, "other") for minute in range(10)])
    copy_sightings(MemoryStore([seen(5)]), target, everything(), nothing)
    assert target.count() == 11


def test_only_the_span_is_copied() -> None:
    target = MemoryStore()
    span = {"start": NOON + timedelta(minutes=2), "end": NOON + timedelta(minutes=5)}
    copy_sightings(MemoryStore([seen(m) for m in range(10)]), target, by_threes(**span), nothing)
    assert [p.at.minute for p in passages_of(target)] == [4, 3, 2]


def test_the_last_moment_of_all_is_copied_too() -> None:
    last = replace(seen(0), at=datetime.max.replace(tzinfo=UTC))
    target = MemoryStore()
    copy_sightings(MemoryStore([last]), target, everything(), nothing)
    assert passages_of(target) == [last]


@pytest.mark.parametrize(("source", "target"), [(Ill, MemoryStore), (MemoryStore, Ill)])
def test_a_part_that_does_not_answer_ends_the_copy(
    source: type[MemoryStore], target: type[MemoryStore]
) -> None:
    with pytest.raises(PartialStoreError, match="platetrail store status"):
        copy_sightings(source([seen(0)]), target(), everything(), nothing)


def test_the_command_says_what_was_copied_and_the_second_time_that_it_is_there(
    tmp_path: Path,
) -> None:
    source, target = (f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "other"))
    with open_store(source) as store:
        store.add([FIRST, *map(seen, range(1, 5))])
    first, second = (run(tmp_path, source, target) for _ in range(2))
    assert first.output == ("5 sightings gone over: 5 new, 0 known by a report that said less\n")
    assert second.output == ("5 sightings gone over: 0 new, 0 known by a report that said less\n")
    assert (first.exit_code, second.exit_code) == (0, 0)
    with open_store(source) as before, open_store(target) as after:
        assert before.find(everything()) == after.find(everything())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("sqlite:///{}/none.db", "FROM: there is no file"),
        ("sqlite:///{}/empty.db", "FROM: there are no sightings in"),
        ("ftp://elsewhere", "expected sqlite:///PATH"),
    ],
)
def test_a_mistyped_source_is_said_and_nothing_is_made(
    tmp_path: Path, source: str, said: str
) -> None:
    open_store(f"sqlite:///{tmp_path}/empty.db").close()
    result = run(tmp_path, source.format(tmp_path), f"sqlite:///{tmp_path}/other.db")
    assert (result.exit_code, said in result.output) == (1, True)
    assert not (tmp_path / "none.db").exists()
    assert not (tmp_path / "other.db").exists()
