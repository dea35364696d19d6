from dataclasses import replace
from typing import Any

import pytest

from search.cameras import Camera
from search.roads.graph import RoadGraph, Way
from search.roads.profile import EVERYBODY, Profile
from search.roads.road import NoTurn
from search.roads.turns import TURN_BACK_S
from search.testing import camera_at, street
from search.ways import CameraWays

# Two ways from a to f, the upper one a little longer, and a third one that is far too long:
#
#           c -- cd -- d
#           |          |
#  a - ab - b -- be -- e - ef - f
#           |          |
#           g -- gh -- h     1000 m below
B, C, D, E = (200, 0), (200, 60), (800, 60), (800, 0)
G, H = (200, -1000), (800, -1000)
ROADS = [
    street("ab", (0, 0), B, called="Hàng Bài"),
    street("bc", B, C),
    street("cd", C, D, called="Tràng Thi"),
    street("de", D, E),
    street("be", B, E, called="Tràng Tiền"),
    street("bg", B, G),
    street("gh", G, H),
    street("he", H, E),
    street("ef", E, (1000, 0), called="Đinh Lễ"),
]
START = camera_at("C1", (100, 5), 90)
END = camera_at("C2", (900, 5), 90)
BACK = camera_at("C3", (900, 5), 270)
FAR = camera_at("C4", (500, 500), 90)


def driven(*cameras: Camera) -> list[Way]:
    ways = CameraWays(RoadGraph(ROADS), cameras)
    return [ways.way(choice) for choice in ways.between(cameras[0].id, cameras[-1].id)]


def ways_between(*cameras: Camera) -> list[tuple[str, ...]]:
    return [way.roads for way in driven(*cameras)]


def test_without_roads_there_are_no_ways_and_the_straight_distance() -> None:
    ways = CameraWays(RoadGraph([]), [START, END])
    assert ways.between("C1", "C2") == ()
    assert ways.straight("C1", "C2") == pytest.approx(800, abs=1)


def test_a_camera_that_nobody_registered_has_no_ways_and_no_distance() -> None:
    ways = CameraWays(RoadGraph(ROADS), [START])
    assert ways.between("C1", "X9") == ()
    assert ways.between("X9", "C1") == ()
    assert ways.straight("C1", "X9") is None


def test_a_camera_that_fits_no_road_has_no_ways() -> None:
    assert ways_between(START, FAR) == []


def test_ways_come_quickest_first_without_those_that_nobody_takes() -> None:
    assert ways_between(START, END) == [("ab", "be", "ef"), ("ab", "bc", "cd", "de", "ef")]


def test_a_way_has_its_metres_and_its_time() -> None:
    best, other = driven(START, END)
    assert (best.metres, best.seconds) == pytest.approx((800, 80), abs=0.5)
    assert (other.metres, other.seconds) == pytest.approx((920, 92), abs=0.5)


def test_the_way_between_cameras_on_one_road_is_the_road() -> None:
    assert ways_between(camera_at("C1", (20, 0), 90), START) == [("ab",)]


def test_the_way_back_keeps_to_the_headings() -> None:
    # from eastbound to westbound at the same place: on to the dead end behind f, and back
    assert ways_between(END, BACK) == [("ef", "ef")]


def test_cameras_that_read_both_ways_are_joined_by_the_quickest_way() -> None:
    start, end = camera_at("C1", (100, 5)), camera_at("C2", (900, 5))
    assert ways_between(start, end)[0] == ("ab", "be", "ef")
    assert ways_between(end, start)[0] == ("ef", "be", "ab")


def test_cameras_on_junctions_do_not_double_their_ways() -> None:
    start, end = camera_at("C1", B), camera_at("C2", E)
    assert ways_between(start, end) == [("be",), ("bc", "cd", "de")]


def test_a_way_says_the_names_of_its_roads() -> None:
    ways = CameraWays(RoadGraph(ROADS), [START, END])
    _, other = ways.between("C1", "C2")
    assert ways.names(ways.way(other)) == ("Hàng Bài", "", "Tràng Thi", "", "Đinh Lễ")


def test_more_drivers_prefer_the_quicker_way() -> None:
    best, other = CameraWays(RoadGraph(ROADS), [START, END]).between("C1", "C2")
    assert best.share > other.share > 0
    assert best.share + other.share == pytest.approx(1)


def test_a_way_names_the_cameras_that_would_see_the_vehicle() -> None:
    middle = camera_at("C5", (500, 5), 90)
    against = camera_at("C6", (600, 5), 270)
    before = camera_at("C7", (20, 5), 90)
    ways = CameraWays(RoadGraph(ROADS), [START, END, middle, against, before])
    assert [choice.passed for choice in ways.between("C1", "C2")] == [{"C5"}, set()]
    assert [choice.passed for choice in ways.between("C7", "C5")] == [{"C1"}]


MOTORCYCLE, CAR = Profile.MOTORCYCLE, Profile.CAR
UPPER, LOWER = ("ab", "bc", "cd", "de", "ef"), ("ab", "be", "ef")


def ways_of(profile: Profile | None, *cameras: Camera, **rules: Any) -> list[tuple[str, ...]]:
    """Ways between the first and the last camera where road be has rules."""
    roads = [replace(road, **rules) if road.id == "be" else road for road in ROADS]
    ways = CameraWays(RoadGraph(roads), cameras)
    of_profile = ways.of(profile)
    assert ways.of(profile) is of_profile  # made once
    assert of_profile.of(None) is ways
    found = of_profile.between(cameras[0].id, cameras[-1].id)
    return [ways.way(choice).roads for choice in found]


def test_ways_are_those_that_a_vehicle_may_drive() -> None:
    for_cars = {"driven_by": frozenset({CAR})}
    assert ways_of(CAR, START, END, **for_cars) == [LOWER, UPPER]
    assert ways_of(MOTORCYCLE, START, END, **for_cars) == [UPPER]
    assert ways_of(None, START, END, **for_cars) == [LOWER, UPPER]


def test_where_nobody_knows_the_profile_drivers_of_each_are_asked() -> None:
    kinds = {"be": frozenset({MOTORCYCLE})}
    roads = [replace(r, driven_by=kinds.get(r.id, EVERYBODY)) for r in ROADS]
    ways = CameraWays(RoadGraph(roads), [START, END])
    quicker, other = ways.between("C1", "C2")
    alone = CameraWays(RoadGraph(ROADS), [START, END]).between("C1", "C2")[0]
    assert quicker.share == pytest.approx(alone.share / 3, abs=0.001)
    assert quicker.share + other.share == pytest.approx(1)
    assert ways.of(MOTORCYCLE).between("C1", "C2")[0].share == pytest.approx(alone.share)


def test_some_drive_against_a_one_way_road() -> None:
    back_by = {"oneway": True, "driven_back_by": frozenset({MOTORCYCLE})}
    start, end = BACK, camera_at("C4", (100, 5), 270)
    assert ways_of(MOTORCYCLE, start, end, **back_by) == [LOWER[::-1], UPPER[::-1]]
    assert ways_of(CAR, start, end, **back_by) == [UPPER[::-1]]
    assert ways_of(None, start, end, **back_by) == [LOWER[::-1], UPPER[::-1]]
    assert ways_of(CAR, START, END, **back_by) == [LOWER, UPPER]


def test_turns_are_forbidden_to_some() -> None:
    ruled = {"no_turns": (NoTurn(ROADS[-1].from_node, "ef", frozenset({CAR})),)}
    assert ways_of(CAR, START, END, **ruled) == [UPPER]
    assert ways_of(MOTORCYCLE, START, END, **ruled) == [LOWER, UPPER]
    assert ways_of(None, START, END, **ruled) == [LOWER, UPPER]


def test_where_a_vehicle_may_not_be_ways_are_those_of_any() -> None:
    middle = camera_at("C5", (500, 5), 90)
    for_cars = {"driven_by": frozenset({CAR})}
    assert ways_of(MOTORCYCLE, START, middle, **for_cars) == [("ab", "be")]
    assert ways_of(MOTORCYCLE, middle, END, **for_cars) == [("be", "ef")]


def test_from_a_road_for_some_onto_one_for_others_there_is_no_way() -> None:
    kinds = {"ab": frozenset({CAR}), "be": frozenset({MOTORCYCLE})}
    roads = [replace(r, driven_by=kinds.get(r.id, EVERYBODY)) for r in ROADS if r.id in LOWER]
    ways = CameraWays(RoadGraph(roads), [START, END])
    assert ways.between("C1", "C2") == ()
    assert ways.step("C1", "C2") is None


def test_at_an_end_for_its_profile_a_vehicle_turns_back_at_once() -> None:
    # behind e there is nothing for cars; for motorcycles it is no end
    kinds = {"ef": frozenset({MOTORCYCLE})}
    both = [replace(r, driven_by=kinds.get(r.id, EVERYBODY)) for r in ROADS if r.id in LOWER[1:]]
    turns = RoadGraph(both).turns
    there, back = turns.nodes[0, True], turns.nodes[0, False]
    assert dict(turns.after[there])[back] == TURN_BACK_S
    assert turns.of(CAR).after[there] == [(back, 0.0)]


def test_a_map_without_rules_is_the_same_for_all() -> None:
    ways = CameraWays(RoadGraph(ROADS), [START, END])
    assert ways.of(CAR) is ways


def test_a_step_takes_the_way_that_few_cameras_watch() -> None:
    ways = CameraWays(RoadGraph(ROADS), [START, END])
    step = ways.step("C1", "C2")
    assert step is not None
    assert (round(step.seconds), step.passed) == (80, 0)
    watched = CameraWays(RoadGraph(ROADS), [START, END, camera_at("C5", (500, 5), 90)])
    around = watched.step("C1", "C2")
    assert around is not None
    assert (round(around.seconds), around.passed) == (92, 0)
    assert ways.step("C1", "X9") is None
