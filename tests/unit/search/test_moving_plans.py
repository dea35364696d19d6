from dataclasses import replace
from typing import Any

import pytest

from search.condition import Month
from search.elastic import mapping
from search.elastic.examining import faults_of
from search.elastic.lifecycle import Index
from search.elastic.names import IndexName, parse_index
from search.elastic.planning import Move, has_other_settings, plan

MONTH = Month("2026-01", 10, 1000, 1, 1, "green")
SETTINGS = {
    "number_of_shards": "1",
    "codec": "best_compression",
    "sort": {"field": ["at", "tie"], "order": ["desc", "asc"]},
    "max_result_window": "10001",
    "number_of_replicas": "2",
    "uuid": "a",
}


def index(name: str, uuid: str, is_searched: bool = True, copied: Any = None) -> Index:
    parsed = parse_index("hanoi", f"hanoi-{name}")
    assert parsed is not None
    meta = {"made_by": mapping.MADE_BY, "version": parsed.version}
    if copied:
        meta["copied"] = {"uuid": copied[0], "up_to": copied[1]}
    return Index(parsed, uuid, is_searched, meta, SETTINGS)


def everything(_: Index) -> bool:
    return True


def nothing(_: Index) -> bool:
    return False


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hanoi-2026-01-v1", IndexName("hanoi", "2026-01", 1)),
        ("hanoi-2026-01-v2-r13", IndexName("hanoi", "2026-01", 2, 13)),
        ("hanoi-east-2026-01-v1", None),
        ("hanoi-2026-01", None),
        ("hanoi2026-01-v1", None),
        ("2026-01-v1", None),
    ],
)
def test_only_our_own_names_are_read(text: str, read: IndexName | None) -> None:
    assert parse_index("hanoi", text) == read
    assert read is None or str(read) == text


def test_the_next_name_is_of_the_new_mapping_or_counts_on() -> None:
    name = IndexName("hanoi", "2026-01", 1)
    assert [str(name.next(2)), str(name.next(1)), str(name.next(1).next(1))] == [
        "hanoi-2026-01-v2",
        "hanoi-2026-01-v1-r2",
        "hanoi-2026-01-v1-r3",
    ]


def test_without_indices_there_is_nothing_to_do() -> None:
    done = plan([], everything)
    assert (done.moves, done.ended, done.useless) == ((), (), ())


def test_months_are_moved_that_are_wanted_and_those_that_were_begun() -> None:
    january, february = index("2026-01-v2", "a"), index("2026-02-v2", "b")
    begun = index("2026-02-v2-r2", "c", is_searched=False, copied=("b", 500))
    assert plan([january, february, begun], nothing).moves == (
        Move(february, begun.name, 500, True),
    )
    wanted = plan([january, february, begun], everything).moves
    assert [(str(move.new), move.up_to) for move in wanted] == [
        ("hanoi-2026-01-v2-r2", -1),
        ("hanoi-2026-02-v2-r2", 500),
    ]


def test_a_move_that_only_lacks_its_end_is_ended() -> None:
    old = index("2026-01-v2-r2", "a", is_searched=False, copied=("gone", 3))
    new = index("2026-01-v2-r3", "b", copied=("a", 700))
    done = plan([old, new], nothing)
    assert (done.moves, done.ended, done.useless) == ((), (Move(old, new.name, 700, True),), ())


@pytest.mark.parametrize("source", ["gone", "a"])
def test_a_copy_goes_whose_source_is_gone_or_that_has_an_old_mapping(source: str) -> None:
    january = index("2026-01-v0", "a")
    copy = index("2026-01-v0-r2", "b", is_searched=False, copied=(source, 9))
    assert plan([january, copy], nothing).useless == (copy,)


def test_an_index_that_somebody_put_there_is_left_alone() -> None:
    brought = index("2026-01-v2", "a", is_searched=False)
    done = plan([brought, index("2026-02-v2", "b")], nothing)
    assert (done.moves, done.ended, done.useless) == ((), (), ())


def test_settings_are_other_ones_whatever_the_number_of_copies() -> None:
    made_today = index("2026-01-v2", "a")
    assert not has_other_settings(made_today)
    assert has_other_settings(replace(made_today, settings={**SETTINGS, "codec": "default"}))
    assert has_other_settings(replace(made_today, settings={"number_of_shards": "1"}))


def test_a_month_that_lacks_nothing_has_no_fault() -> None:
    assert faults_of([]) == faults_of([MONTH]) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"health": "yellow"}, "yellow: nothing is lost, but copies of 2026-01 are lacking"),
        ({"health": "red"}, "red: sightings of 2026-01 cannot be reached"),
        ({"blocks": ("read_only_allow_delete",)}, "its disk is full"),
        ({"blocks": ("write",)}, "2026-01: a month takes nothing"),
        ({"blocks": ("read_only",)}, "somebody has set index.blocks.read_only"),
    ],
)
def test_each_fault_is_said_once_with_what_to_do(change: dict[str, Any], said: str) -> None:
    (fault,) = faults_of([replace(MONTH, **change), replace(MONTH, name="2026-02")])
    assert fault.startswith(said)
