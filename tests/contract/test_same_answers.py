"""Every store is asked the same generated questions: the answers are the same, order included.

`SEED=8 QUESTIONS=20000 pytest tests/contract/test_same_answers.py` asks others, and more.
"""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from lpr.passages import Passage
from search.confusing import any_reader
from search.opening import open_store
from search.sightings import Sighting
from search.similar import find_similar
from search.store import Page, SightingStore
from search.terms import MAX_LIMIT, SearchTerms
from search.testing import MemoryStore
from tests.contract.test_sighting_store import empty_store
from tests.elasticsearch import Server, versions_that_run
from tests.questions import questions, reports

SEED = int(os.environ.get("SEED", "1"))
QUESTIONS = int(os.environ.get("QUESTIONS", "2000"))
PASSAGES = 2500
BATCH = 700  # reports
SIMILAR = 40  # plates of which misreadings are sought
LOOKED_OVER = 10  # of so many questions one is also answered by a look at every passage


def pages(store: SightingStore, terms: SearchTerms) -> Iterator[Page]:
    while True:
        page = store.find(terms)
        yield page
        if page.next is None:
            return
        terms = replace(terms, after=page.next)


def fill(store: SightingStore, given: Sequence[Passage]) -> None:
    rest = iter(given)
    while batch := list(islice(rest, BATCH)):
        store.add(batch)


@pytest.fixture(scope="module")
def given() -> list[Passage]:
    return reports(random.Random(SEED), PASSAGES)


@pytest.fixture(scope="module")
def asked(given: list[Passage]) -> list[SearchTerms]:
    return list(questions(random.Random(SEED), QUESTIONS, given))


@pytest.fixture(scope="module")
def sqlite(
    given: list[Passage], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SightingStore]:
    with open_store(f"sqlite:///{tmp_path_factory.mktemp('questions')}/sightings.db") as store:
        fill(store, given)
        yield store


@pytest.fixture(scope="module")
def answers(sqlite: SightingStore, asked: list[SearchTerms]) -> list[list[Page]]:
    return [list(pages(sqlite, terms)) for terms in asked]


def test_the_questions_are_worth_asking(
    given: list[Passage], answers: list[list[Page]], sqlite: SightingStore
) -> None:
    found = [s for paged in answers for page in paged for s in page.sightings]
    assert {s.match for s in found} == {"exact", "pattern", "candidate"}
    assert sum(len(paged) > 2 for paged in answers) > len(answers) / 20
    assert sum(not paged[0].sightings for paged in answers) < len(answers) / 2
    moments = [s.passage.at for s in sqlite.find(SearchTerms(("*",), limit=MAX_LIMIT)).sightings]
    assert len(set(moments)) < PASSAGES / 10
    assert sqlite.count() == len({passage.id for passage in given})


def test_sqlite_finds_what_a_look_at_every_passage_finds(
    given: list[Passage], asked: list[SearchTerms], answers: list[list[Page]]
) -> None:
    memory = MemoryStore(given)
    for number in range(0, len(asked), LOOKED_OVER):
        whole = memory.find(replace(asked[number], limit=MAX_LIMIT)).sightings
        limit = asked[number].limit
        parts = [whole[i : i + limit] for i in range(0, len(whole), limit)] or [()]
        same(number, asked[number], [page.sightings for page in answers[number]], parts)


@pytest.mark.parametrize("version", versions_that_run())
def test_elasticsearch_answers_as_sqlite_does(
    given: list[Passage],
    asked: list[SearchTerms],
    answers: list[list[Page]],
    sqlite: SightingStore,
    server: Callable[[str], Server],
    version: str,
    tmp_path: Path,
) -> None:
    with empty_store(version, tmp_path, server) as store:
        fill(store, given)
        for number, terms in enumerate(asked):
            found = list(pages(store, terms))
            expected = answers[number]
            same(number, terms, [p.sightings for p in found], [p.sightings for p in expected])
            assert [p.next for p in found] == [p.next for p in expected]
            assert not any(p.partial for p in found)
        for plate in sorted({passage.text for passage in given if passage.text})[:SIMILAR]:
            terms = SearchTerms((plate,))
            ours = find_similar(store, terms, any_reader())
            same(0, terms, [ours.sightings], [find_similar(sqlite, terms, any_reader()).sightings])
            assert (ours.partial, ours.is_cut) == (False, False)


Parts = Sequence[tuple[Sighting, ...]]


def same(number: int, terms: SearchTerms, found: Parts, expected: Parts) -> None:
    """Says where two answers are not the same, and not all of both."""
    if list(found) == list(expected):
        return
    one = [s for part in found for s in part]
    other = [s for part in expected for s in part]
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    place = min(len(one), len(other)) if place is None else place
    pytest.fail(
        f"seed {SEED}, question {number}, {terms}: pages of {[len(p) for p in found]} in place of "
        f"{[len(p) for p in expected]}; at {place}:\n{one[place : place + 1]}\nin place of\n"
        f"{other[place : place + 1]}"
    )
