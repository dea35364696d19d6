from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.legs import LEAST, OTHER, OTHER_SLOW, SHOWN, WELL_KNOWN, Leg, judge, legs_of, weigh
from search.roads.graph import Course, Place, Way
from search.testing import HERE
from search.travel_times.estimate import TravelTime, Usual, at_limits
from search.ways import Choice

NOON = datetime(2026, 1, 31, 5, tzinfo=UTC)


def a_way(*roads: str, metres: float = 1000.0, seconds: float = 100.0) -> Way:
    return Way(roads, metres, seconds, (HERE, HERE))


class Known:
    """Ways that are the same between all cameras, each preferred by as many drivers.

    Args:
        ways: quickest first.
        straight: metres between all cameras.
        passed: cameras on the first way.
    """

    def __init__(
        self,
        ways: Sequence[Way],
        straight: float | None = 800,
        passed: frozenset[str] = frozenset(),
    ) -> None:
        self._ways, self._straight, self._passed = ways, straight, passed

    def between(self, start: str, end: str, most: int) -> Sequence[Choice]:
        here = Place(0, True, 0.0)
        return [
            Choice(
                Course((i,), here, here),
                way.seconds,
                1 / len(self._ways),
                frozenset() if i else self._passed,
            )
            for i, way in enumerate(self._ways)
        ]

    def way(self, choice: Choice) -> Way:
        return self._ways[choice.course.nodes[0]]

    def straight(self, start: str, end: str) -> float | None:
        return self._straight


def never_missing(camera: str, start: datetime, end: datetime) -> float:
    return 0.1


def leg_after(seconds: float, *ways: Way, cameras: str = "AB", straight: float | None = 800) -> Leg:
    stops = [(cameras[0], NOON), (cameras[1], NOON + timedelta(seconds=seconds))]
    (leg,) = legs_of(stops, Known(ways, straight), never_missing)
    return leg


@pytest.mark.parametrize("stops", [[], [("A", NOON)]])
def test_fewer_than_two_stops_have_no_leg(stops: Sequence[tuple[str, datetime]]) -> None:
    assert legs_of(stops, Known([], None), never_missing) == ()


def test_leg_i_joins_stop_i_to_the_next() -> None:
    stops = [(camera, NOON + timedelta(minutes=i)) for i, camera in enumerate("ABC")]
    legs = legs_of(stops, Known([], None), never_missing)
    assert [(leg.start, leg.end, leg.seconds) for leg in legs] == [(0, 1, 60), (1, 2, 60)]


@pytest.mark.parametrize(
    ("seconds", "metres", "way_seconds", "verdict"),
    [
        (0, 0, 0, "ordinary"),
        (0, 50, 5, "ordinary"),  # the clocks of two cameras may differ
        (0, 100, 10, "fast"),
        (100, 1000, 100, "ordinary"),
        (60, 1000, 100, "ordinary"),
        (50, 1000, 100, "fast"),
        (20, 1000, 100, "fast"),  # 144 km/h with what the clocks may differ
        (15, 1000, 100, "impossible"),
        (0, 1000, 100, "impossible"),
        (60, 20_000, 1600, "impossible"),
        (15, 1000, 45, "fast"),  # 180 km/h where 80 are allowed: one may, on a good road
        (390, 1000, 100, "ordinary"),  # a rush hour and two red lights
        (391, 1000, 100, "slow"),
        (110, 60, 10, "ordinary"),  # a red light on a short way
        (1590, 1000, 100, "slow"),
        (1591, 1000, 100, "gap"),
    ],
)
def test_the_verdict_is_common_sense(
    seconds: float, metres: float, way_seconds: float, verdict: str
) -> None:
    assert judge(seconds, metres, way_seconds, at_limits(way_seconds)) == verdict


def test_what_is_slow_depends_on_what_is_usual_at_that_hour() -> None:
    def verdict(seconds: float, usual: Usual) -> str:
        return judge(seconds, 1000, 100, usual)

    jam, free = Usual(500, 0.2, 50), Usual(110, 0.05, 50)
    assert (verdict(900, jam), verdict(900, at_limits(100))) == ("ordinary", "slow")
    assert (verdict(300, free), verdict(300, at_limits(100))) == ("slow", "ordinary")
    assert verdict(30, jam) == "fast"  # whatever others do


def test_a_leg_says_what_is_usual_once_enough_is_learnt() -> None:
    def usual_s(legs: int) -> float | None:
        known = [TravelTime(legs, log(300), 0.1)]
        stops = [("A", NOON), ("B", NOON + timedelta(seconds=310))]
        (leg,) = legs_of(stops, Known([a_way("1")], 800), never_missing, lambda *_: known)
        return leg.usual_s

    assert usual_s(WELL_KNOWN - 1) is None
    assert usual_s(200) == pytest.approx(300, rel=0.03)


def test_a_leg_has_its_distance_its_speed_and_its_likeliest_way() -> None:
    best, other = a_way("1", "2"), a_way("1", "3", metres=1100, seconds=106)
    leg = leg_after(120, best, other)
    assert (leg.verdict, leg.metres) == ("ordinary", 1000)
    assert leg.kmh == pytest.approx(30)
    assert [path.way.roads for path in leg.paths] == [("1", "2"), ("1", "3")]
    assert leg.paths[0].probability == pytest.approx(leg.paths[1].probability)


def test_a_parked_vehicle_begins_a_new_trip_and_has_no_ways() -> None:
    leg = leg_after(2 * 3600 + 1, a_way("1"))
    assert (leg.is_trip_break, leg.verdict, leg.paths) == (True, "gap", ())
    assert not leg_after(2 * 3600 - 1, a_way("1")).is_trip_break


@pytest.mark.parametrize(("seconds", "verdict"), [(1800, "gap"), (5, "impossible")])
def test_where_no_way_can_be_guessed_there_is_none(seconds: float, verdict: str) -> None:
    leg = leg_after(seconds, a_way("1"))
    assert (leg.verdict, leg.paths) == (verdict, ())


def test_where_no_way_is_known_the_distance_is_as_the_crow_flies() -> None:
    leg = leg_after(100)
    assert (leg.verdict, leg.metres, leg.is_straight, leg.paths) == ("gap", 800, True, ())
    assert leg.kmh == pytest.approx(28.8)
    assert leg_after(5).verdict == "impossible"


def test_a_camera_without_a_place_has_no_distance() -> None:
    leg = leg_after(100, straight=None)
    assert (leg.verdict, leg.metres, leg.kmh, leg.is_straight) == ("gap", None, None, False)


@pytest.mark.parametrize(
    ("seconds", "verdict", "is_break"),
    [(0, "ordinary", False), (60, "ordinary", False), (600, "gap", False), (9000, "gap", True)],
)
def test_the_same_camera_again(seconds: float, verdict: str, is_break: bool) -> None:
    leg = leg_after(seconds, a_way("1"), cameras="AA")
    assert (leg.verdict, leg.is_trip_break, leg.metres, leg.paths) == (verdict, is_break, 0, ())


def test_two_sightings_in_the_same_millisecond_have_no_speed() -> None:
    leg = leg_after(0, a_way("1"))
    assert (leg.seconds, leg.kmh, leg.verdict) == (0, None, "impossible")
    assert leg_after(0, a_way("1", metres=50, seconds=5)).verdict == "ordinary"


def test_a_slow_vehicle_rather_went_another_way() -> None:
    assert leg_after(120, a_way("1")).paths[0].probability == pytest.approx(1 - OTHER)
    assert leg_after(900, a_way("1")).paths[0].probability == pytest.approx(1 - OTHER_SLOW)


def test_a_way_past_a_camera_that_saw_nothing_is_rarely_the_one() -> None:
    ways = [a_way("1", "2"), a_way("1", "3", metres=1100)]
    stops = [("A", NOON), ("B", NOON + timedelta(seconds=120))]
    (leg,) = legs_of(stops, Known(ways, passed=frozenset("C")), never_missing)
    assert [path.way.roads for path in leg.paths] == [("1", "3"), ("1", "2")]
    assert leg.metres == 1100
    assert leg.paths[0].probability > 0.9
    (unknown,) = legs_of(stops, Known(ways, passed=frozenset("C")), lambda *_: 1.0)  # it was down
    assert unknown.paths[0].probability == pytest.approx(unknown.paths[1].probability)


_MISSES = st.lists(st.floats(0.01, 1), max_size=3)


@given(st.lists(st.tuples(st.floats(0.001, 1), _MISSES), min_size=1, max_size=20))
def test_probabilities_leave_room_for_a_way_that_is_not_among_them(
    ways: list[tuple[float, list[float]]],
) -> None:
    weighed = weigh(*zip(*ways, strict=True))
    chances = [probability for _, probability in weighed]
    assert 1 <= len(weighed) <= SHOWN
    assert sum(chances) <= 1 - OTHER + 1e-9
    assert len(ways) > SHOWN or sum(chances) >= 1 - OTHER - LEAST * len(ways)
    assert chances == sorted(chances, reverse=True)
