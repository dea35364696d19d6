import random
from datetime import UTC, datetime
from math import exp, log

import pytest

from search.travel_times.estimate import (
    BEFOREHAND,
    TravelTime,
    Usual,
    at_limits,
    expected,
    first_leg,
    hour_of_week,
)


def learnt(*seconds: float) -> TravelTime:
    known = first_leg(seconds[0])
    for one in seconds[1:]:
        known = known.with_leg(one)
    return known


def legs(middle: float, spread: float, count: int, elsewhere: float = 0.0) -> list[float]:
    """Legs of a made road, of which some went elsewhere first."""
    dice = random.Random(1)
    took = [middle * exp(dice.gauss(0.0, spread)) for _ in range(count)]
    return [one * dice.uniform(3, 9) if dice.random() < elsewhere else one for one in took]


@pytest.mark.parametrize("spread", [0.1, 0.4])
def test_the_middle_and_the_spread_of_many_legs_are_found(spread: float) -> None:
    known = learnt(*legs(300.0, spread, 400))
    assert exp(known.middle) == pytest.approx(300.0, rel=spread / 4)
    assert known.spread == pytest.approx(spread, rel=0.25)


def test_those_that_went_elsewhere_first_count_little() -> None:
    known = learnt(*legs(300.0, 0.15, 400, elsewhere=0.15))
    assert exp(known.middle) == pytest.approx(300.0, rel=0.1)
    assert known.spread < 0.35


def test_a_first_leg_that_went_elsewhere_is_got_over() -> None:
    assert exp(learnt(1500.0, *legs(300.0, 0.15, 60)).middle) == pytest.approx(300.0, rel=0.1)


def test_a_road_that_has_become_slower_is_learnt_anew() -> None:
    assert exp(learnt(*legs(200, 0.1, 2000), *legs(400, 0.1, 600)).middle) > 380


def test_the_limits_count_until_enough_is_learnt() -> None:
    limits = at_limits(100.0)
    assert (limits.seconds, limits.legs) == (130.0, 0)
    assert expected(limits, ()) == Usual(pytest.approx(130.0), pytest.approx(limits.spread))
    one, many = (expected(limits, [TravelTime(n, log(260.0), 0.1)]) for n in (1, 100))
    assert 130 < one.seconds < 160 < 250 < many.seconds < 260
    assert limits.spread > one.spread > many.spread > 0.1
    half = expected(limits, [TravelTime(int(BEFOREHAND), log(260.0), 0.1)])
    assert half.seconds == pytest.approx((130 * 260) ** 0.5)


def test_the_hour_counts_beside_all_hours() -> None:
    all_hours, rush = TravelTime(500, log(200.0), 0.2), TravelTime(45, log(600.0), 0.2)
    assert expected(at_limits(100.0), [all_hours]).seconds < 201
    assert 500 < expected(at_limits(100.0), [all_hours, rush]).seconds < 600


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        (datetime(2026, 1, 25, 17, tzinfo=UTC), 0),  # midnight on Monday in Hanoi
        (datetime(2026, 1, 25, 16, 59, 59, tzinfo=UTC), 167),
        (datetime(2026, 1, 26, 10, 30, tzinfo=UTC), 17),
    ],
)
def test_hours_are_counted_from_monday_in_hanoi(at: datetime, hour: int) -> None:
    assert hour_of_week(at) == hour
