import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpr.passages import Passage
from lpr.readings import Character
from search.confusing import any_reader, load_confusions
from search.errors import ConfusionsError, TermsError
from search.misreadings import likeliest_misreadings
from search.similar import find_similar
from search.terms import SearchTerms
from search.testing import MemoryStore

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PLATE = "30A12345"


def seen(text: str, second: int = 0, score: float = 0.97, **more: object) -> Passage:
    return Passage("C1", NOON + timedelta(seconds=second), text, score, **more)  # type: ignore[arg-type]


def found(*passages: Passage, limit: int = 100) -> list[tuple[str, str, float]]:
    terms = SearchTerms((PLATE,), limit=limit)
    answer = find_similar(MemoryStore(passages), terms, any_reader())
    assert (answer.partial, answer.is_cut) == (False, False)
    return [(s.passage.text, s.match, s.likelihood) for s in answer.sightings]


def likelihood_of(passage: Passage, *others: Passage) -> float:
    return next(p for text, _, p in found(passage, *others) if text == passage.text)


def test_what_was_read_so_comes_first_then_what_was_misread() -> None:
    exact, alike, unlike = seen(PLATE), seen("38A12345", 1, 0.5), seen("29B99999", 2)
    assert [(text, match) for text, match, _ in found(unlike, alike, exact)] == [
        (PLATE, "exact"),
        ("38A12345", "similar"),
    ]


def test_a_reading_with_the_plate_among_its_candidates_is_more_probably_it() -> None:
    doubted = seen("30A12845", score=0.5, candidates=(("30A12845", 0.5), (PLATE, 0.4)))
    assert likelihood_of(doubted) > likelihood_of(seen("30A12845", score=0.5)) > 0.01


def test_a_text_that_is_often_read_surely_is_a_vehicle_of_its_own() -> None:
    doubted = seen("30A12845", score=0.6, candidates=(("30A12845", 0.6), (PLATE, 0.3)))
    often = [seen("30A12845", second) for second in range(1, 20)]
    assert likelihood_of(doubted) > 3 * likelihood_of(doubted, *often)


def test_a_plate_that_is_often_seen_is_more_often_misread() -> None:
    rival = [seen("30A12845", second) for second in range(20, 25)]
    doubted = seen("30A12845", score=0.6, candidates=(("30A12845", 0.6), (PLATE, 0.1)))
    often = [seen(PLATE, second) for second in range(1, 20)]
    assert likelihood_of(doubted, *rival, *often) > 2 * likelihood_of(doubted, *rival)


def test_a_text_that_no_plate_has_is_more_probably_a_misreading() -> None:
    assert likelihood_of(seen("3OA12345")) > 2 * likelihood_of(seen("80A12345"))


def test_the_least_certain_character_tells_what_was_misread() -> None:
    def characters(unsure: int) -> tuple[Character, ...]:
        sure = [((c, 0.99),) for c in "30A12845"]
        sure[unsure] = (("8" if unsure == 5 else "0", 0.6),)
        return tuple(sure)

    rival = [seen("30A12845", second) for second in range(20, 25)]
    there = seen("30A12845", score=0.6, chars=characters(5))
    elsewhere = seen("30A12845", score=0.6, chars=characters(1))
    assert likelihood_of(there, *rival) > 5 * likelihood_of(elsewhere, *rival)


def test_an_unsure_reading_of_the_plate_may_be_of_a_vehicle_that_is_often_seen() -> None:
    rival = [seen("30A12845", second) for second in range(20, 40)]
    doubted = seen(PLATE, score=0.6, candidates=((PLATE, 0.6), ("30A12845", 0.35)))
    assert likelihood_of(doubted) > 0.6 > 0.1 > likelihood_of(doubted, *rival)


def test_a_misreading_is_found_among_many_vehicles_that_bear_texts_like_it() -> None:
    others = [
        seen(f"30A1{n:04}", second=second)
        for n in range(2000, 3000)
        for second in range(5)
        if n != 2345
    ]
    misread = [seen("38A12345", 1, 0.5), seen("30A12845", 2, 0.5, candidates=((PLATE, 0.3),))]
    texts = [text for text, _, _ in found(seen(PLATE), *misread, *others, limit=10)]
    assert texts[:3] == [PLATE, "30A12845", "38A12345"]


def test_it_is_said_where_more_were_read_alike_than_are_weighed() -> None:
    once = [seen(text, score=0.5) for text in likeliest_misreadings(PLATE, any_reader(), 300)]
    often = [seen(PLATE, second) for second in range(50)]
    answer = find_similar(MemoryStore([*often, *once]), SearchTerms((PLATE,)), any_reader())
    assert answer.is_cut


def test_equally_probable_ones_come_newest_first_then_by_id() -> None:
    alike = [seen("38A12345", second) for second in (3, 1, 2)]
    twin = replace(alike[0], camera="C2")
    terms = SearchTerms((PLATE,), limit=4)
    sightings = find_similar(MemoryStore([*alike, twin]), terms, any_reader()).sightings
    assert [s.passage.at.second for s in sightings] == [3, 3, 2, 1]
    assert sightings[0].id < sightings[1].id


def test_the_limit_keeps_the_most_probable() -> None:
    assert [text for text, _, _ in found(seen("35A12345", 1), seen(PLATE), limit=1)] == [PLATE]


def test_a_part_of_a_plate_has_no_misreadings() -> None:
    with pytest.raises(TermsError, match="whole plate"):
        find_similar(MemoryStore(), SearchTerms(("30A*",)), any_reader())


def test_the_confusions_of_the_models_are_used_and_damaged_ones_refused(tmp_path: Path) -> None:
    assert load_confusions(None).model.startswith("platetrail-reader")
    assert load_confusions(tmp_path) == any_reader()
    (tmp_path / "manifest.toml").write_text("")
    (tmp_path / "confusions.json").write_text(json.dumps({"model": "x", "rows": {"1": {}}}))
    with pytest.raises(ConfusionsError, match="damaged"):
        load_confusions(tmp_path)
