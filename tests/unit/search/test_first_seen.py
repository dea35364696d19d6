import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from lpr.passages import Passage
from search.audit import list_looks
from search.cameras import save_cameras
from search.confusing import any_reader
from search.errors import TermsError
from search.first_seen import Newcomer, find_newcomers
from search.first_seen_cli import LIKELY
from search.opening import open_store
from search.registry.opening import open_registry
from search.store import Page
from search.terms import SearchTerms
from search.testing import MemoryStore, Shell, camera_at
from tests.judge.newcomers import CAMERAS, MONTH, NEWCOMERS, START, WARD, judged, ward

END = START + timedelta(days=1)
WARDS = 20
RESIDENT, STRANGER = "30A12345", "29C67890"


def seen(text: str, at: datetime, score: float = 0.97, camera: str = "C1") -> Passage:
    return Passage(camera, at, text, score, ((text, score),), track=f"{text} {at}")


def new_in(store: MemoryStore, before: timedelta = MONTH) -> list[Newcomer]:
    return find_newcomers(store, WARD, before, any_reader())


def test_who_was_there_before_or_came_later_or_elsewhere_is_not_new() -> None:
    store = MemoryStore(
        [
            seen(RESIDENT, START - timedelta(days=29)),
            seen(RESIDENT, START),
            seen(STRANGER, START + timedelta(hours=3), camera="C2"),
            seen(STRANGER, START + timedelta(hours=2)),
            seen(STRANGER, START - timedelta(days=31)),
            seen(STRANGER, START - timedelta(days=1), camera="C9"),
            seen("51F11111", END),
            seen("51F22222", START, camera="C9"),
        ]
    )
    (new,) = new_in(store)
    assert (new.text, new.like, new.likelihood) == (STRANGER, "", 0.0)
    assert [p.at.hour for p in new.seen] == [2, 3]
    assert {one.text for one in new_in(store, timedelta(days=28))} == {RESIDENT, STRANGER}


def test_only_plates_that_were_read_surely_once_at_least_are_new() -> None:
    store = MemoryStore([seen("30A11111", START, 0.7), seen("", START)])
    store.add([seen(STRANGER, START, 0.4), seen(STRANGER, START + timedelta(hours=1), 0.9)])
    assert [(one.text, len(one.seen)) for one in new_in(store)] == [(STRANGER, 2)]


def test_a_reading_like_a_vehicle_that_is_always_there_is_told_to_be_that_one() -> None:
    always = [seen(RESIDENT, START - timedelta(days=day)) for day in range(1, 29)]
    misread = Passage("C1", START, "30A12845", 0.85, (("30A12845", 0.85), (RESIDENT, 0.12)))
    (new,) = new_in(MemoryStore([*always, misread]))
    assert (new.text, new.like) == ("30A12845", RESIDENT)
    assert new.likelihood > 0.9
    again = [seen("30A12845", START + timedelta(hours=hour)) for hour in range(1, 4)]
    (new,) = new_in(MemoryStore([*always, misread, *again]))
    assert new.likelihood < LIKELY


def test_a_misread_newcomer_is_told_to_be_the_newcomer() -> None:
    often = [seen(STRANGER, START + timedelta(hours=hour)) for hour in range(1, 9)]
    misread = Passage("C1", START, "29C67830", 0.82, (("29C67830", 0.82), (STRANGER, 0.15)))
    first, second = new_in(MemoryStore([*often, misread]))
    assert (first.text, first.like, first.likelihood > LIKELY) == ("29C67830", STRANGER, True)
    assert (second.text, second.likelihood < LIKELY) == (STRANGER, True)


def test_the_newcomers_of_made_wards_are_found_and_misread_residents_left_out() -> None:
    counts: Counter[tuple[str, bool]] = Counter()
    for seed in range(WARDS):
        passages, newcomers = ward(random.Random(seed))
        counts += judged(MemoryStore(passages), newcomers)
    assert counts["newcomer", True] > 0.95 * NEWCOMERS * WARDS
    assert counts["newcomer", False] < 0.01 * NEWCOMERS * WARDS
    assert counts["resident misread", False] > 4 * counts["resident misread", True] > 0


class Counting(MemoryStore):
    """Counts questions, and how much is asked for at once."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__(passages)
        self.asked: list[SearchTerms] = []

    def find(self, terms: SearchTerms) -> Page:
        self.asked.append(terms)
        return super().find(terms)


def test_a_bus_that_passes_all_day_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.first_seen.TEXTS", 200)
    bus = [seen(RESIDENT, START - timedelta(minutes=n)) for n in range(2000)]
    store = Counting([*bus, seen(RESIDENT, START), seen(STRANGER, START)])
    assert [one.text for one in new_in(store)] == [STRANGER]
    assert len(store.asked) < 10
    assert max(len(terms.texts) for terms in store.asked) <= 200


def test_what_is_too_much_to_look_through_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore([seen(f"30A1000{n}", START) for n in range(6)])
    monkeypatch.setattr("search.first_seen.MOST_NEW", 5)
    with pytest.raises(TermsError, match="6 vehicles are new, and at most 5"):
        new_in(store)
    monkeypatch.setattr("search.first_seen.MOST", 5)
    with pytest.raises(TermsError, match="more than 5 sightings are in the span"):
        new_in(store)


def test_an_open_span_has_no_time_before_it() -> None:
    with pytest.raises(TermsError, match="name its start and its end"):
        find_newcomers(MemoryStore(), SearchTerms(("*",)), MONTH, any_reader())


@pytest.fixture
def city(shell: Shell) -> Shell:
    registry = open_registry(shell.settings.registry)
    save_cameras(registry, [camera_at(name, (0, 0)) for name in (*CAMERAS, "C3")])
    registry.dispose()
    known = [seen(RESIDENT, START - timedelta(days=day, hours=-1)) for day in range(1, 11)]
    misread = Passage("C2", START, "30A12845", 0.85, (("30A12845", 0.85), (RESIDENT, 0.12)))
    with open_store(shell.settings.sightings) as store:
        store.add([*known, misread, seen(STRANGER, START, camera="C2"), seen(RESIDENT, START)])
    return shell


def first_seen(city: Shell, *options: str) -> Any:
    span = ("--from", START.isoformat(), "--to", END.isoformat())
    return city.run("first-seen", *span, "--reason", "case 9", *options)


def test_the_command_prints_lines_and_says_since_when_there_are_data(city: Shell) -> None:
    result = first_seen(city, "--ward", "Hoàn Kiếm")
    assert result.exit_code == 0, result.output
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "text": STRANGER,
            "camera": "C2",
            "at": "2026-11-01T00:00:00.000Z",
            "score": 0.97,
            "sightings": 1,
            "cameras": ["C2"],
        }
    ]
    assert "C1: at work on 10 of 30 days before, since 22/10/2026" in result.stderr
    assert "C2: at work on 0 of 30 days before\n" in result.stderr
    assert "1 plate left out" in result.stderr
    doubtful = first_seen(city, "--ward", "Hoàn Kiếm", "--doubtful").stdout.splitlines()
    assert [json.loads(line).get("like") for line in doubtful] == [None, RESIDENT]


def test_the_command_says_what_cannot_be_asked(city: Shell) -> None:
    assert "name a --ward or a --camera" in first_seen(city).stderr
    assert "no camera stands in ward 'Nowhere'" in first_seen(city, "--ward", "Nowhere").stderr
    told = first_seen(city, "--camera", "C2").stderr
    assert "no camera there saw anything in the 30 days before" in told


def test_the_look_is_written_down_with_its_cameras(city: Shell) -> None:
    first_seen(city, "--camera", "C1", "--before", "7")
    registry = open_registry(city.settings.registry)
    (look,) = list_looks(registry)
    registry.dispose()
    assert (look.action, look.reason) == ("first seen", "case 9")
    assert (look.details["cameras"], look.details["before"]) == (["C1"], 7)
