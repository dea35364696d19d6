from math import log

import pytest

from tests.judge.figures import FLOOR, Answer, figures, judge
from tests.judge.scenes import Passing, Vehicle

METRES = {"a": 100.0, "b": 200.0, "c": 300.0, "d": 400.0, "e": 500.0}
VEHICLE = Vehicle(
    "29A12345",
    ("a", "b", "c", "d"),
    (Passing("1", 0, False), Passing("2", 2, True), Passing("3", 3, False)),
)


def test_a_route_without_stops_lacks_all_that_was_driven() -> None:
    judged = judge(VEHICLE, Answer((), ()), METRES)
    assert (judged.right_m, judged.wrong_m, judged.lacking_m) == (0.0, 0.0, 1000.0)
    assert (judged.stops, judged.misread, judged.found) == (0, 1, 0)
    got = figures([judged])
    assert (got.f1, got.nll, got.legs, got.foreign) == (0.0, 0.0, 0, 0.0)


def test_the_driven_way_counts_with_the_probability_that_it_was_given() -> None:
    ways = [(("a", "e", "c"), 0.6), (("a", "b", "c"), 0.3)]
    got = figures([judge(VEHICLE, Answer(("1", "2", "3"), (ways, [(("c", "d"), 1.0)])), METRES)])
    assert got.nll == pytest.approx(-(log(0.3) + log(1.0)) / 2)
    assert (got.exact, got.legs) == (0.5, 2)
    # said a, e, c, d; driven a, b, c, d
    assert got.f1 == pytest.approx(2 * 800 / (2 * 800 + 500 + 200))
    assert (got.found, got.foreign) == (1.0, 0.0)


def test_a_way_that_is_not_named_counts_with_the_floor() -> None:
    missing = figures([judge(VEHICLE, Answer(("1", "3"), ([],)), METRES)])
    assert (missing.nll, missing.exact) == (pytest.approx(-log(FLOOR)), 0.0)


def test_stops_of_other_vehicles_are_foreign_and_their_legs_are_wrong_roads() -> None:
    ways = ([(("a", "e"), 0.9)], [(("e", "d"), 0.9)])
    judged = judge(VEHICLE, Answer(("1", "of another", "3"), ways), METRES)
    assert (judged.stops, judged.foreign, judged.driven) == (3, 1, ())
    assert (judged.right_m, judged.wrong_m, judged.lacking_m) == (500.0, 500.0, 500.0)


def test_the_calibration_error_is_the_gap_between_what_was_said_and_what_was_driven() -> None:
    driven, other = [(("a", "b", "c"), 0.75)], [(("a", "e", "c"), 0.75)]
    routes = [judge(VEHICLE, Answer(("1", "2"), (ways,)), METRES) for ways in (driven, other)]
    assert figures(routes).calibration == pytest.approx(0.25)


def test_roads_are_asked_for_between_the_first_and_the_last_shown_passing_only() -> None:
    vehicle = Vehicle("29A12345", ("a", "b", "c"), (Passing("1", 1, False),))
    judged = judge(vehicle, Answer(("1",), ()), METRES)
    assert (judged.right_m, judged.wrong_m, judged.lacking_m) == (0.0, 0.0, 0.0)
