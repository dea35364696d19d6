from collections.abc import Mapping, Sequence
from math import exp, log

import pytest

from search.stops import Unsure, believed, elsewhere, passing
from search.ways import Step

MINUTE = Step(60.0, 0)
ALONE = log(elsewhere(20))


def test_a_vehicle_comes_when_it_is_expected() -> None:
    densities = [passing(MINUTE, seconds, 100) for seconds in (20, 40, 78, 160, 600)]
    assert max(densities) == densities[2]
    assert densities[1] > densities[0]
    assert densities[3] > densities[4]


def test_no_vehicle_is_far_too_fast() -> None:
    assert passing(Step(600.0, 0), 60, 100) < -30
    assert passing(MINUTE, 0, 100) < -30


def test_cameras_that_saw_nothing_speak_against_it() -> None:
    assert passing(Step(60.0, 2), 78, 100) < passing(MINUTE, 78, 100) - 3


def test_much_later_and_without_a_way_it_may_come_from_anywhere() -> None:
    assert passing(MINUTE, 7000, 100) == pytest.approx(passing(None, 7000, 100), abs=0.01)


def test_densities_make_no_more_than_one() -> None:
    assert sum(exp(passing(MINUTE, second, 100)) for second in range(1, 7200)) < 0.6


def judged(
    sure: Sequence[int], odds: Mapping[int, float], at: Sequence[float]
) -> Mapping[int, float]:
    """Cameras along one road, a minute of driving from one sighting to the next."""

    def follows(before: int, after: int) -> float:
        return passing(Step(60.0 * (after - before), 0), at[after] - at[before], 20)

    return believed(sure, [Unsure(i, odd) for i, odd in odds.items()], follows, ALONE)


def test_what_fits_between_two_sure_stops_is_believed() -> None:
    found = judged([0, 2], {1: log(1e4)}, [0, 78, 156])
    assert found[1] > 0.9


def test_what_does_not_fit_is_not() -> None:
    assert judged([0, 2], {1: log(1e4)}, [0, 3, 156]) == {}
    assert judged([0, 2], {1: log(1e-3)}, [0, 78, 156]) == {}


def test_unsure_ones_support_each_other() -> None:
    # alone the second would have to be very early; with the first it is on its way
    times = [0.0, 78.0, 156.0, 234.0]
    together = judged([0], {1: log(1e4), 2: log(1e4), 3: log(1e4)}, times)
    assert set(together) == {1, 2, 3}


def test_without_a_sure_one_it_takes_two_that_fit() -> None:
    assert judged([], {0: log(1e4)}, [0.0]) == {}
    assert set(judged([], {0: log(1e5), 1: log(1e5)}, [0.0, 78.0])) == {0, 1}
    assert judged([], {0: log(1e5), 1: log(1e5)}, [0.0, 5.0]) == {}


def test_of_two_that_exclude_each_other_the_likelier_one_is_believed() -> None:
    def follows(before: int, after: int) -> float:
        if {before, after} == {1, 2}:  # two cameras far from each other, a second apart
            return -40.0
        return passing(Step(60.0, 0), 78, 20)

    found = believed([0, 3], [Unsure(1, log(1e5)), Unsure(2, log(1e6))], follows, ALONE)
    assert set(found) == {2}
    assert 0.5 < found[2] < 0.99


def test_of_very_many_only_the_likeliest_are_judged() -> None:
    count = 200
    at = [78.0 * i for i in range(count + 2)]
    odds = {i: log(1e4) + i / 1000 for i in range(1, count + 1)}
    assert len(judged([0, count + 1], odds, at)) <= 30
