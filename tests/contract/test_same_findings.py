"""What is looked for among many sightings is the same in every store."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from lpr.passage_lines import parse_passage
from lpr.passages import Passage, format_passage
from search.confusing import any_reader
from search.first_seen import Newcomer, find_newcomers
from search.regular.finding import Regular, find_regular
from search.roads.graph import RoadGraph
from search.store import SightingStore
from search.terms import SearchTerms
from search.testing import MemoryStore
from search.ways import CameraWays
from tests.contract.test_sighting_store import REAL, empty_store
from tests.elasticsearch import Server
from tests.judge.habits import DAYS, WAY, at, commuter
from tests.judge.newcomers import MONTH, NEWCOMERS, WARD, ward

COMMUTER = "30A12345"


def regular(store: SightingStore) -> Regular:
    terms = SearchTerms((COMMUTER,), at(DAYS[0], 0), at(DAYS[-1], 1440))
    return find_regular(store, terms, CameraWays(RoadGraph(()), ()))


def newcomers(store: SightingStore) -> list[Newcomer]:
    return find_newcomers(store, WARD, MONTH, any_reader())


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    trips = commuter(random.Random(1), range(5), 0.9, 5)
    driven = [
        Passage(passed.camera, passed.at, COMMUTER, 0.95, track=str(passed.at))
        for trip in trips
        for passed in trip
    ]
    whole = (*driven, *ward(random.Random(1))[0])
    return [parse_passage(format_passage(passage)) for passage in whole]  # as stores keep them


@pytest.mark.parametrize("kind", REAL)
def test_habits_and_newcomers_are_the_same_in_every_store(
    kind: str, tmp_path: Path, server: Callable[[str], Server], passages: list[Passage]
) -> None:
    memory = MemoryStore(passages)
    with empty_store(kind, tmp_path, server) as store:
        store.add(passages)
        found = regular(store)
        assert found == regular(memory)
        assert {habit.camera for habit in found.habits} <= set(WAY)
        assert [habit.kind for habit in found.habits] == ["Monday to Friday"] * 2
        assert newcomers(store) == newcomers(memory)
        assert len(newcomers(store)) >= NEWCOMERS
