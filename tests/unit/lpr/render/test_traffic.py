from datetime import UTC, datetime
from itertools import combinations, pairwise
from json import loads

import pytest

from lpr.plates import parse_plate
from lpr.render.city_map import load_city
from lpr.render.scenario import Scale, Scenario, format_truth, make_scenario, shows_plate
from lpr.render.traffic import HEADWAY_S

CITY = load_city()
START = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return make_scenario(Scale(8, 6, 8), seed=4)


def test_the_same_seed_gives_the_same_traffic(scenario: Scenario) -> None:
    assert make_scenario(Scale(8, 6, 8), seed=4) == scenario
    assert make_scenario(Scale(8, 6, 8), seed=5).trips != scenario.trips


def test_cameras_stand_at_the_same_places_whatever_the_traffic(scenario: Scenario) -> None:
    fewer = make_scenario(Scale(4, 2, 0), seed=6)
    assert [c.spot for c in fewer.cameras] == [c.spot for c in scenario.cameras[:4]]


def test_consecutive_roads_meet(scenario: Scenario) -> None:
    ends = {road.id: {road.start, road.end} for road in CITY.roads}
    for trip in scenario.trips:
        assert all(ends[a.road] & ends[b.road] for a, b in pairwise(trip.roads))


def test_times_increase_and_stay_within_the_span(scenario: Scenario) -> None:
    for trip in scenario.trips:
        left = [road.until_s for road in trip.roads]
        passed = [one.at_s for one in trip.passes]
        assert left == sorted(left)
        assert passed == sorted(passed)
        assert 0 <= trip.depart_s <= passed[0]
        assert passed[-1] <= left[-1] <= scenario.scale.seconds


def test_a_camera_is_passed_while_its_road_is_driven(scenario: Scenario) -> None:
    for trip in scenario.trips:
        until = {road.road: road.until_s for road in trip.roads}
        for passed in trip.passes:
            road = CITY.roads[scenario.camera(passed.camera).spot.road]
            assert passed.at_s <= until[road.id]


def test_followed_vehicles_pass_several_cameras(scenario: Scenario) -> None:
    counts = sorted((len(trip.passes) for trip in scenario.trips), reverse=True)
    assert min(counts[:6]) >= 2
    assert counts[0] >= 3


def test_at_one_camera_vehicles_keep_their_distance(scenario: Scenario) -> None:
    for camera in scenario.cameras:
        times = [p.at_s for t in scenario.trips for p in t.passes if p.camera == camera.id]
        assert all(abs(a - b) >= HEADWAY_S for a, b in combinations(times, 2))


def test_plates_differ_and_are_plates(scenario: Scenario) -> None:
    texts = [trip.plate.text for trip in scenario.trips]
    assert len(set(texts)) == len(texts)
    assert all(parse_plate(text) for text in texts)


def test_the_truth_says_who_passed_where_and_when(scenario: Scenario) -> None:
    trip = scenario.trips[0]
    first = loads(format_truth(scenario, START).splitlines()[0])
    assert first["plate"] == trip.plate.text
    assert [p["camera"] for p in first["passes"]] == [p.camera for p in trip.passes]
    assert [r["road"] for r in first["roads"]] == [r.road for r in trip.roads]
    assert first["passes"][0]["at"].startswith("2026-01-31T08:0")


def test_from_the_front_a_motorbike_shows_no_plate(scenario: Scenario) -> None:
    front = next(c for c in scenario.cameras if c.end == "front")
    rear = next(c for c in scenario.cameras if c.end == "rear")
    bike = next(t for t in scenario.trips if t.plate.vehicle == "motorcycle")
    car = next(t for t in scenario.trips if t.plate.vehicle == "car")
    assert [shows_plate(bike, front), shows_plate(bike, rear)] == [False, True]
    assert [shows_plate(car, front), shows_plate(car, rear)] == [True, True]
