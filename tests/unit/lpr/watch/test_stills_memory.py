from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpr.passages import Passage
from lpr.times import format_utc
from lpr.watch.messages import Kept
from lpr.watch.stills_memory import Mark, StillsMemory, memory_path

A, B, C = Mark(1, 11), Mark(2, 22), Mark(3, 33)
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SEEN = Passage("C1", NOON, "30A12345", 0.9, at_given=format_utc(NOON), track="1", until=NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stills" / "C1.ndjson"


def some_given(path: Path) -> StillsMemory:
    memory = StillsMemory(path)
    assert [memory.give("a", A), memory.give("b", B), memory.give("c", C)] == [1, 2, 3]
    return memory


def test_each_camera_has_a_file_of_its_own_whatever_it_is_called() -> None:
    assert memory_path(Path("stills"), "C 12", "ndjson") == Path("stills/C 12.ndjson")
    assert memory_path(Path("stills"), "../a/b", "ndjson") == Path("stills/..%2Fa%2Fb.ndjson")
    long = {memory_path(Path("stills"), f"{number}" + 60 * "ố", "ndjson").name for number in (1, 2)}
    assert {len(name) for name in long} == {64 + len(".ndjson")}
    assert len(long) == 2


def test_nothing_is_known_before_the_first_still(path: Path) -> None:
    memory = StillsMemory(path)
    assert (memory.given, memory.earlier, memory.rank("a", A)) == ({}, (), 0)
    assert not path.exists()


def test_what_is_kept_is_done_with_and_the_rest_comes_in_its_order(path: Path) -> None:
    memory = some_given(path)
    memory.keep(Kept(1, (SEEN,)))
    again = StillsMemory(path)
    assert (again.given, again.earlier) == ({"a": A}, (SEEN,))
    assert [again.rank("c", C), again.rank("b", B), again.rank("new", A)] == [1, 0, 2]


def test_what_is_given_again_after_a_restart_can_be_kept(path: Path) -> None:
    some_given(path)
    memory = StillsMemory(path)
    memory.give("a", A)
    memory.give("c", C)  # b has gone
    memory.keep(Kept(1))
    assert StillsMemory(path).given == {"a": A}
    memory.keep(Kept(2))
    assert set(StillsMemory(path).given) == {"a", "b", "c"}


def test_nothing_is_kept_that_was_not_given_yet(path: Path) -> None:
    some_given(path)
    memory = StillsMemory(path)
    memory.give("a", A)
    memory.keep(Kept(7))
    assert StillsMemory(path).given == {"a": A}


def test_another_file_of_the_same_name_is_another_still(path: Path) -> None:
    memory = some_given(path)
    memory.keep(Kept(3))
    memory.give("a", C)
    assert StillsMemory(path).given["a"] == A
    memory.keep(Kept(4))
    assert StillsMemory(path).given["a"] == C


@pytest.mark.parametrize("cut", range(1, 80, 7))
def test_a_line_that_a_crash_cut_off_is_passed_over_and_the_next_stands_alone(
    path: Path, cut: int
) -> None:
    memory = some_given(path)
    memory.keep(Kept(2))
    path.write_bytes(path.read_bytes()[:-cut])
    memory = StillsMemory(path)
    known = dict(memory.given)
    assert known in ({}, {"a": A, "b": B})  # never one that was not kept
    memory.refuse("d", A)
    assert StillsMemory(path).given == {**known, "d": A}


def test_what_is_no_line_of_it_is_passed_over(path: Path) -> None:
    some_given(path).keep(Kept(1))
    kept_of_another = '{"kept": ["z", 1, 1], "earlier": []}'
    path.write_text(path.read_text() + f'{kept_of_another}\n{{}}\n["x"]\n7\nnull\n[[1], 2, 3]\n')
    assert StillsMemory(path).given == {"a": A}


def test_the_file_is_written_anew_without_what_is_gone(path: Path) -> None:
    memory = some_given(path)
    memory.keep(Kept(2, (SEEN,)))
    memory.forget_but({"b": B, "c": C})
    assert memory.given == {"b": B, "c": C}
    assert len(path.read_text().splitlines()) == 3
    again = StillsMemory(path)
    assert (again.given, again.earlier, again.rank("c", C)) == ({"b": B}, (SEEN,), 0)
    memory.keep(Kept(3))
    assert StillsMemory(path).given == {"b": B, "c": C}


def test_a_folder_without_any_file_makes_nothing_forgotten(path: Path) -> None:
    memory = some_given(path)
    memory.keep(Kept(3))
    memory.forget_but({})
    assert set(StillsMemory(path).given) == {"a", "b", "c"}


def test_where_nothing_can_be_written_it_goes_on_and_says_so(path: Path) -> None:
    memory = StillsMemory(path)
    path.mkdir(parents=True)  # where the file should be
    assert memory.give("a", A) == 1
    memory.forget_but({"a": A})
    assert memory.trouble.startswith(f"{path} cannot be written: ")
    path.rmdir()
    memory.keep(Kept(1))
    assert memory.trouble == ""
    assert StillsMemory(path).given == {}
