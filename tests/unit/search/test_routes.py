from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from lpr.passages import Passage
from search.roads.graph import RoadGraph
from search.roads.profile import Profile
from search.route_formats import route_to_csv, route_to_geojson, route_to_json
from search.route_table import route_to_table
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


def test_a_route_of_a_part_of_the_sightings_says_so_in_every_form() -> None:
    class Half(MemoryStore):
        def find(self, terms: SearchTerms) -> Page:
            return replace(super().find(terms), partial=True)

    nowhere = CameraWays(RoadGraph([]), [])
    seen = [passed("C1", 0), passed("C2", 5)]
    half, whole = (
        find_route(store(seen), SearchTerms((ASKED,)), nowhere) for store in (Half, MemoryStore)
    )
    assert (half.stops, half.is_partial, whole.is_partial) == (whole.stops, True, False)
    for write in (
        route_to_json,
        partial(route_to_csv, cameras={}, names=nowhere.names),
        partial(route_to_geojson, cameras={}),
        partial(route_to_table, cameras={}, names=nowhere.names),
    ):
        assert "incomplete" in write(half).lower()
        assert "incomplete" not in write(whole).lower()
    nothing = find_route(Half([]), SearchTerms((ASKED,)), nowhere)
    assert "nobody saw it" not in route_to_table(nothing, {}, nowhere.names)


@pytest.mark.parametrize(
    ("kinds", "by", "asked"),
    [
        ((None, None), ["long", "short"], None),  # of three profiles one may take the short way
        (("motorcycle", None), ["short", "long"], None),
        (("car", "car"), ["long"], None),
        (("car", "motorcycle"), ["long", "short"], None),  # nobody knows
        (("tractor", "tractor"), ["long", "short"], None),
        (("motorcycle", "motorcycle"), ["long"], Profile.LORRY),
    ],
)
def test_a_vehicle_is_guessed_on_ways_that_its_kind_may_drive(
    kinds: tuple[str | None, str | None], by: list[str], asked: Profile | None
) -> None:
    roads = [
        ROADS[0],
        replace(street("short", (500, 0), (700, 0)), driven_by=frozenset({Profile.MOTORCYCLE})),
        street("long", (500, 0), (600, 60), (700, 0)),
        street("end", (700, 0), (1100, 0)),
    ]
    ways = CameraWays(RoadGraph(roads), [CAMERAS[0], CAMERAS[2]])
    seen = [passed("C1", 0, kind=kinds[0]), passed("C3", 120, kind=kinds[1])]
    route = find_route(MemoryStore(seen), SearchTerms((ASKED,)), ways, asked)
    assert [path.way.roads for path in route.legs[0].paths] == [("west", b, "end") for b in by]


def test_a_single_stop_has_no_leg() -> None:
    route = route_of(passed("C1", 0))
    assert (len(route.stops), route.legs, route.trips) == (1, (), 1)


def test_only_the_span_that_was_asked_for_counts() -> None:
    passages = [passed("C1", 0), passed("C2", 60), passed("C3", 120)]
    start, end = NOON + timedelta(seconds=60), NOON + timedelta(seconds=120)
    route = route_of(*passages, start=start, end=end)
    assert [stop.passage.camera for stop in route.stops] == ["C2"]
    assert (route.start, route.end) == (start, end)


def test_a_vehicle_that_was_never_surely_read_has_unsure_stops_where_they_support_each_other() -> (
    None
):
    route = route_of(passed("C1", 0, score=0.49), passed("C2", 60, score=0.4))
    assert [s.passage.camera for s in route.stops] == ["C1", "C2"]
    assert all(0.5 < s.likelihood < 1 for s in route.stops)
    assert route.doubtful == ()


def test_a_vehicle_that_was_never_surely_read_has_no_stops_where_they_do_not() -> None:
    route = route_of(passed("C1", 0, score=0.49), passed("C2", 4, score=0.4))
    assert route.stops == ()
    assert [(s.passage.camera, s.match) for s in route.doubtful] == [
        ("C1", "exact"),
        ("C2", "exact"),
    ]


@pytest.mark.parametrize(("second", "is_stop"), [(60, True), (4, False)])
def test_a_reading_that_is_rather_wrong_than_right_is_a_stop_where_time_and_place_fit(
    second: float, is_stop: bool
) -> None:
    route = route_of(passed("C1", 0), passed("C2", second, score=0.49))
    assert [s.passage.camera for s in route.stops] == ["C1", "C2"][: 1 + is_stop]
    assert [s.passage.camera for s in route.doubtful] == ["C2"][is_stop:]


def test_a_misread_passage_between_two_sure_ones_is_a_stop_and_says_how_it_was_read() -> None:
    misread = passed("C2", 60, "30A12346", candidates=(("30A12346", 0.6), (ASKED, 0.3)))
    route = route_of(passed("C1", 0), misread, passed("C3", 120), passed("C2", 90, "29B99999"))
    assert [stop.passage.camera for stop in route.stops] == ["C1", "C2", "C3"]
    stop = route.stops[1]
    assert (stop.passage.text, stop.match) == ("30A12346", "candidate")
    assert 0.9 < stop.likelihood < 1
    assert route.doubtful == ()


def test_a_misreading_that_does_not_name_the_plate_is_found_as_well() -> None:
    misread = passed("C2", 60, "30A12346", candidates=(("30A12346", 0.6),))
    route = route_of(passed("C1", 0), misread, passed("C3", 120))
    assert [(s.passage.camera, s.match) for s in route.stops] == [
        ("C1", "exact"),
        ("C2", "similar"),
        ("C3", "exact"),
    ]


def test_a_misreading_that_would_need_wings_is_doubtful() -> None:
    misread = passed("C2", 4, "30A12346", candidates=(("30A12346", 0.6), (ASKED, 0.3)))
    route = route_of(passed("C1", 0), misread, passed("C3", 120))
    assert [stop.passage.camera for stop in route.stops] == ["C1", "C3"]
    assert [(s.passage.text, s.match, s.likelihood) for s in route.doubtful] == [
        ("30A12346", "candidate", 0.3)
    ]


def test_another_vehicle_with_a_plate_that_looks_alike_is_no_stop() -> None:
    other = [passed(f"C{i}", 60 * i + 2, "30A12346") for i in (1, 2, 3)]
    ours = [passed("C1", 60), passed("C3", 180)]
    route = route_of(*ours, *other)
    assert [stop.passage.text for stop in route.stops] == [ASKED, ASKED]
    assert route.doubtful == ()


def test_a_plate_that_was_read_surely_is_not_taken_for_one_that_looks_like_it() -> None:
    other = passed("C2", 60, "30A12346", score=0.97, candidates=(("30A12346", 0.97),))
    traffic = [passed("C2", 5 * i, f"29B{10000 + 7 * i}") for i in range(200)]
    assert [s.passage.text for s in route_of(passed("C1", 0), other, *traffic).stops] == [ASKED]


@pytest.mark.parametrize("is_seen", [True, False])
def test_an_unsure_reading_is_of_the_vehicle_that_it_names_as_well_if_that_passes_then(
    is_seen: bool,
) -> None:
    other = [passed(f"C{i}", 9000 + 60 * i, "30A12346") for i in (1, 3)] if is_seen else []
    unsure = passed("C2", 9122, score=0.6, candidates=((ASKED, 0.6), ("30A12346", 0.3)))
    route = route_of(passed("C1", 0), unsure, *other)
    assert [s.passage.camera for s in route.stops] == ["C1", "C2"][: 2 - is_seen]


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
