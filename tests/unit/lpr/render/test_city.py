import random

import pytest

from lpr.render.cameras import choose_cameras, format_csv
from lpr.render.city_map import CityMap, CityRoad, Spot, load_city

CITY = load_city()


def _road(name: str, start: str, end: str, *, oneway: bool = False, speed: float = 36) -> CityRoad:
    return CityRoad(
        name, ((0.0, 0.0), (0.0, 0.0009)), start, end, 100, speed, oneway, name, "primary"
    )


def test_the_quickest_way_is_by_time() -> None:
    city = CityMap(
        (
            _road("in", "a", "b"),
            _road("slow", "b", "c", speed=10),
            _road("fast1", "b", "d", speed=60),
            _road("fast2", "d", "c", speed=60),
            _road("out", "c", "e"),
        )
    )
    seconds = [road.seconds for road in city.roads]
    way = city.quickest((0, True), [(4, True)], seconds)[4, True]
    assert [city.roads[road].id for road, _ in way] == ["in", "fast1", "fast2", "out"]


def test_a_one_way_road_is_driven_one_way() -> None:
    city = CityMap(
        (_road("in", "a", "b"), _road("one", "c", "b", oneway=True), _road("x", "c", "d"))
    )
    assert city.quickest((0, True), [(2, True)], [1.0, 1.0, 1.0]) == {}
    assert (2, False) in city.turns
    assert (1, False) not in city.turns


def test_nobody_turns_straight_back_but_at_a_dead_end() -> None:
    city = CityMap((_road("one", "a", "b"), _road("two", "b", "c")))
    assert city.following[0, True] == ((1, True),)
    assert city.following[1, True] == ((1, False),)


def test_a_place_halfway_lies_in_the_middle_with_its_bearing() -> None:
    road = CityRoad(
        "r", ((105.0, 21.0), (105.001, 21.0)), "a", "b", 104.0, 40, False, "r", "primary"
    )
    (lon, lat), heading = CityMap((road,)).place(Spot(0, False, 26.0))
    assert (lon, lat) == pytest.approx((105.00075, 21.0))
    assert heading == pytest.approx(270)


def test_cameras_stand_on_named_roads_and_apart() -> None:
    cameras = choose_cameras(CITY, 8, random.Random(3))
    assert [c.id for c in cameras] == [f"C00{i}" for i in range(1, 9)]
    assert len({c.spot.road for c in cameras}) == 8
    assert all(CITY.roads[c.spot.road].name for c in cameras)
    assert {c.area for c in cameras} <= {"route", "residential", "key"}
    assert {c.end for c in cameras} == {"front", "rear"}


def test_the_same_chance_gives_the_same_cameras() -> None:
    assert choose_cameras(CITY, 5, random.Random(9)) == choose_cameras(CITY, 5, random.Random(9))


def test_the_list_of_cameras_has_the_columns_of_the_contract() -> None:
    lines = format_csv(choose_cameras(CITY, 2, random.Random(3))).splitlines()
    assert lines[0] == "id,name,lat,lon,heading,area,ward,district"
    assert len(lines) == 3
    assert " - hướng " in lines[1]
