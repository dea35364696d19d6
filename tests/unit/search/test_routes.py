from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from search.errors import StoreError
from search.roads.graph import RoadGraph
from search.routes import MOST_STOPS, Route, find_route
from search.store import Page
from search.terms import SearchTerms
from search.testing import MemoryStore, camera_at, street
from search.ways import CameraWays

NOON = datetime(2026, 1, 31, 5, tzinfo=UTC)
ASKED = "30A12345"
# C1 --- C2 --- C3, 500 m and 50 s from each other
ROADS = [street("west", (0, 0), (500, 0)), street("east", (500, 0), (1100, 0))]
CAMERAS = [camera_at("C1", (50, 3)), camera_at("C2", (550, 3)), camera_at("C3", (1050, 3))]


def passed(camera: str, second: float, text: str = ASKED, **more: object) -> Passage:
    at = NOON + timedelta(seconds=second)
    fields = {"score": 0.9, "candidates": ((text, 0.9),), **more}
    return Passage(camera, at, text, **fields)  # type: ignore[arg-type]  # of any kind


def route_of(*passages: Passage, roads: bool = True, **terms: datetime) -> Route:
    ways = CameraWays(RoadGraph(ROADS if roads else []), CAMERAS)
    return find_route(MemoryStore(passages), SearchTerms((ASKED,), **terms), ways)


def test_a_vehicle_that_nobody_saw_has_an_empty_route() -> None:
    route = route_of()
    assert (route.stops, route.legs, route.doubtful) == ((), (), ())
    assert (route.metres, route.trips, route.is_cut) == (0, 0, False)


def test_stops_come_oldest_first_with_the_legs_between_them() -> None:
    route = route_of(passed("C3", 120), passed("C1", 0), passed("C2", 60))
    assert [stop.passage.camera for stop in route.stops] == ["C1", "C2", "C3"]
    assert [(leg.start, leg.end, leg.seconds) for leg in route.legs] == [(0, 1, 60), (1, 2, 60)]
    assert [leg.paths[0].way.roads for leg in route.legs] == [("west", "east"), ("east",)]
    assert route.metres == pytest.approx(1000, abs=1)


def test_a_route_of_a_part_of_the_sightings_is_refused() -> None:
    class Half(MemoryStore):
        def find(self, terms: SearchTerms) -> Page:
            return replace(super().find(terms), partial=True)

    with pytest.raises(StoreError, match="try again, or take a shorter span"):
        find_route(Half([passed("C1", 0)]), SearchTerms((ASKED,)), CameraWays(RoadGraph([]), []))


def test_a_single_stop_has_no_leg() -> None:
    route = route_of(passed("C1", 0))
    assert (len(route.stops), route.legs, route.trips) == (1, (), 1)


def test_only_the_span_that_was_asked_for_counts() -> None:
    passages = [passed("C1", 0), passed("C2", 60), passed("C3", 120)]
    start, end = NOON + timedelta(seconds=60), NOON + timedelta(seconds=120)
    route = route_of(*passages, start=start, end=end)
    assert [stop.passage.camera for stop in route.stops] == ["C2"]
    assert (route.start, route.end) == (start, end)


def test_a_reading_that_is_rather_wrong_than_right_is_no_stop() -> None:
    route = route_of(passed("C1", 0, score=0.49), passed("C2", 60, score=0.5))
    assert [stop.passage.camera for stop in route.stops] == ["C2"]
    assert [(s.passage.camera, s.match) for s in route.doubtful] == [("C1", "exact")]


def test_readings_that_only_might_be_the_plate_are_doubtful() -> None:
    misread = passed("C2", 60, "30A12346", candidates=(("30A12346", 0.6), (ASKED, 0.3)))
    route = route_of(passed("C1", 0), misread, passed("C3", 120), passed("C2", 90, "29B99999"))
    assert [stop.passage.camera for stop in route.stops] == ["C1", "C3"]
    assert [(s.passage.text, s.match, s.likelihood) for s in route.doubtful] == [
        ("30A12346", "candidate", 0.3)
    ]


def test_a_parked_vehicle_sets_out_again() -> None:
    route = route_of(passed("C1", 0), passed("C2", 60), passed("C2", 9000), passed("C1", 9060))
    assert [leg.is_trip_break for leg in route.legs] == [False, True, False]
    assert route.trips == 2


def test_an_impossible_leg_adds_no_metres() -> None:
    route = route_of(passed("C1", 0), passed("C3", 1))
    assert route.legs[0].verdict == "impossible"
    assert route.metres == 0


def test_without_roads_legs_are_gaps_as_the_crow_flies() -> None:
    (leg,) = route_of(passed("C1", 0), passed("C3", 120), roads=False).legs
    assert (leg.verdict, leg.is_straight, leg.paths) == ("gap", True, ())
    assert leg.metres == pytest.approx(1000, abs=1)


def test_two_cameras_in_the_same_millisecond_have_a_leg_without_speed() -> None:
    (leg,) = route_of(passed("C1", 0), passed("C3", 0)).legs
    assert (leg.seconds, leg.kmh, leg.verdict) == (0, None, "impossible")


def test_of_too_many_sightings_the_newest_are_the_route() -> None:
    cameras = ("C1", "C2", "C3", "C2")
    route = route_of(*(passed(cameras[i % 4], 60 * i) for i in range(MOST_STOPS + 5)))
    assert (len(route.stops), len(route.legs), route.is_cut) == (MOST_STOPS, MOST_STOPS - 1, True)
    assert route.stops[0].passage.at == NOON + timedelta(minutes=5)
    assert {leg.verdict for leg in route.legs} == {"ordinary"}
