from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from search.health.usual import CHANCE, count_hours, is_few, poisson_at_most, usual
from search.testing import MemoryStore

NOW = datetime(2026, 1, 31, 12, 20, 5, tzinfo=UTC)
ELEVEN = datetime(2026, 1, 31, 11, tzinfo=UTC)


def passed(camera: str, count: int, weeks: int = 0, minute: int = 0) -> list[Passage]:
    at = ELEVEN - timedelta(weeks=weeks) + timedelta(minutes=minute)
    return [Passage(camera, at, "", 0.5, track=f"{minute}-{i}") for i in range(count)]


def test_the_last_full_hour_is_held_against_the_same_hour_of_four_weeks() -> None:
    counts = {0: 7, 1: 40, 2: 20, 3: 30, 4: 50, 5: 900}
    store = MemoryStore([p for weeks, count in counts.items() for p in passed("A", count, weeks)])
    store.add(passed("A", 100, minute=60) + passed("A", 100, minute=-1) + passed("B", 1))
    hours = count_hours(store, NOW)
    assert (hours.start, hours.end) == (ELEVEN, ELEVEN + timedelta(hours=1))
    assert (hours.count("A"), hours.usual("A")) == (7, 35.0)
    assert (hours.count("B"), hours.usual("B")) == (1, None)
    assert (hours.count("C"), hours.usual("C")) == (0, None)


@pytest.mark.parametrize(
    ("former", "expected"),
    [
        ([], None),
        ([0, 0, 0, 0], None),
        ([30, 0, 0, 0], None),
        ([30, 0, 20, 0], 25.0),
        ([30, 10, 20, 0], 20.0),
        ([900, 10, 20, 30], 25.0),
    ],
)
def test_weeks_without_passages_say_nothing_of_what_is_usual(
    former: list[int], expected: float | None
) -> None:
    assert usual(former) == expected


@pytest.mark.parametrize(
    ("count", "expected", "few"),
    [
        (0, None, False),
        (0, 0.5, False),
        (0, 9.0, False),
        (0, 10.0, True),
        (1, 10.0, False),
        (1, 12.0, True),
        (2, 12.0, False),
        (5, 20.0, True),
        (6, 20.0, False),
        (7, 24.0, True),
        (8, 24.0, False),
        (99, 300.0, True),
        (100, 300.0, False),
        (3000, 10_000.0, True),
        (3334, 10_000.0, False),
    ],
)
def test_an_hour_is_unusual_below_a_third_and_never_by_chance(
    count: int, expected: float | None, few: bool
) -> None:
    assert is_few(count, expected) is few


def test_a_quiet_hour_cries_wolf_at_most_once_in_ten_thousand() -> None:
    for expected in range(1, 60):
        called = [count for count in range(expected) if is_few(count, float(expected))]
        if called:
            assert poisson_at_most(max(called), expected) < CHANCE


def test_the_chance_of_few_is_that_of_a_poisson_process() -> None:
    assert poisson_at_most(0, 2.0) == pytest.approx(0.1353353)
    assert poisson_at_most(3, 12.0) == pytest.approx(0.00229179)
