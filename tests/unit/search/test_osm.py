from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from search.errors import RoadError
from search.roads.osm import is_drivable, read_osm, speed_kmh
from search.roads.profile import NOBODY
from search.roads.road import NoTurn, Road

# Nodes 1 to 6 of a cross, 0.001 degrees (about 104 and 111 m) apart; 9 lies outside the extract:
#
#          4
#          |
#   1 ---- 2 ---- 3 ---- 9
#          |
#          5
PLACES = {1: (105.80, 21.0), 2: (105.801, 21.0), 3: (105.802, 21.0)}
PLACES |= {4: (105.801, 21.001), 5: (105.801, 20.999), 6: (105.803, 21.0)}


Member = tuple[str, str, int]


def extract(
    folder: Path,
    *ways: tuple[list[int], Mapping[str, str]],
    relations: Sequence[tuple[Mapping[str, str], Sequence[Member]]] = (),
) -> Path:
    """An OSM XML file; ways are numbered from 100 on, relations from 1."""
    lines = ['<?xml version="1.0"?><osm version="0.6">']
    lines += [f'<node id="{n}" lon="{lon}" lat="{lat}"/>' for n, (lon, lat) in PLACES.items()]
    for number, (nodes, tags) in enumerate(ways, 100):
        lines.append(f'<way id="{number}">')
        lines += [f'<nd ref="{node}"/>' for node in nodes]
        lines += [f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()]
        lines.append("</way>")
    for number, (tags, members) in enumerate(relations, 1):
        lines.append(f'<relation id="{number}">')
        lines += [f'<member type="{t}" ref="{ref}" role="{r}"/>' for r, t, ref in members]
        lines += [f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()]
        lines.append("</relation>")
    file = folder / "map.osm"
    file.write_text("\n".join([*lines, "</osm>"]), "utf-8")
    return file


def roads_of(file: Path) -> list[Road]:
    return read_osm(file).roads


def shape(road: Road) -> tuple[str, str, str, bool]:
    return road.id, road.from_node, road.to_node, road.oneway


def test_an_extract_without_roads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RoadError, match="holds no drivable road"):
        read_osm(extract(tmp_path))
    with pytest.raises(RoadError, match="holds no drivable road"):
        roads_of(extract(tmp_path, ([1, 2], {"highway": "footway"})))


@pytest.mark.parametrize("content", ["", "no XML", "<osm><node", "\x00\x01"])
def test_what_is_no_extract_is_refused(tmp_path: Path, content: str) -> None:
    for name in ("map.osm", "map.osm.pbf"):
        file = tmp_path / name
        file.write_text(content)
        with pytest.raises(RoadError):
            read_osm(file)


def test_ways_are_cut_at_their_junctions(tmp_path: Path) -> None:
    street = {"highway": "secondary", "name": "Phố Huế", "maxspeed": "40", "lanes": "2"}
    roads = roads_of(extract(tmp_path, ([1, 2, 3], street), ([4, 2, 5], {"highway": "tertiary"})))
    assert [shape(road) for road in roads] == [
        ("100-0", "1", "2", False),
        ("100-1", "2", "3", False),
        ("101-0", "4", "2", False),
        ("101-1", "2", "5", False),
    ]
    first = roads[0]
    assert (first.name, first.speed_kmh, first.road_class) == ("Phố Huế", 40, "secondary")
    assert first.tags == {"maxspeed": "40", "lanes": "2"}
    assert first.points == (PLACES[1], PLACES[2])
    assert first.length_m == pytest.approx(103.8, abs=0.1)


def test_a_way_that_is_met_by_none_stays_whole(tmp_path: Path) -> None:
    (road,) = roads_of(extract(tmp_path, ([1, 2, 3], {"highway": "primary"})))
    assert shape(road) == ("100-0", "1", "3", False)
    assert len(road.points) == 3


def test_a_way_against_its_drawing_is_turned_round(tmp_path: Path) -> None:
    tags = {"highway": "primary", "oneway": "-1"}
    (road,) = roads_of(extract(tmp_path, ([1, 2, 3], tags)))
    assert shape(road) == ("100-0", "3", "1", True)
    assert road.points[0] == PLACES[3]


def test_a_way_that_leaves_the_extract_and_comes_back_has_pieces_of_different_ids(
    tmp_path: Path,
) -> None:
    roads = roads_of(extract(tmp_path, ([1, 2, 9, 3, 6], {"highway": "primary"})))
    assert [shape(road) for road in roads] == [
        ("100-0", "1", "2", False),
        ("100-1", "3", "6", False),
    ]


def test_a_ring_is_a_road_from_a_junction_to_itself(tmp_path: Path) -> None:
    tags = {"highway": "tertiary", "junction": "roundabout"}
    (road,) = roads_of(extract(tmp_path, ([2, 3, 4, 2], tags)))
    assert shape(road) == ("100-0", "2", "2", True)


def test_a_node_that_stands_twice_makes_no_road_without_length(tmp_path: Path) -> None:
    roads = roads_of(extract(tmp_path, ([1, 2, 2, 3], {"highway": "primary"})))
    assert [(road.from_node, road.to_node) for road in roads] == [("1", "2"), ("2", "3")]


def test_a_road_says_who_may_drive_on_it_and_who_against_it(tmp_path: Path) -> None:
    alley = {"highway": "residential", "oneway": "-1", "oneway:motorcycle": "no", "hgv": "no"}
    motorway = {"highway": "motorway", "oneway:motorcycle": "no"}
    first, second = roads_of(extract(tmp_path, ([1, 2], alley), ([2, 3], motorway)))
    assert (first.from_node, first.oneway) == ("2", True)
    assert (first.driven_by, first.driven_back_by) == ({"car", "motorcycle"}, {"motorcycle"})
    assert first.tags == {"hgv": "no", "oneway:motorcycle": "no"}
    assert (second.driven_by, second.driven_back_by) == ({"car", "lorry"}, NOBODY)


STREET = {"highway": "primary"}
CROSS = (([1, 2], STREET), ([2, 3], STREET), ([4, 2], STREET), ([5, 2], STREET))
LEFT = ("from", "way", 100), ("via", "node", 2), ("to", "way", 102)


def test_turn_restrictions_are_turns_that_are_forbidden(tmp_path: Path) -> None:
    no_left = {"type": "restriction", "restriction": "no_left_turn"}
    over_a_way = ("from", "way", 100), ("via", "way", 101), ("to", "way", 102)
    elsewhere = ("from", "way", 100), ("via", "node", 9), ("to", "way", 102)
    relations = [(no_left, LEFT), (no_left, over_a_way), (no_left, elsewhere)]
    given = read_osm(extract(tmp_path, *CROSS, relations=relations))
    assert {road.id: road.no_turns for road in given.roads if road.no_turns} == {
        "100-0": (NoTurn("2", "102-0"),)
    }
    assert given.left_out == {"via a way": 1, "whose ways do not meet on this map": 1}


@pytest.mark.parametrize(
    ("tags", "drivable"),
    [
        ({}, False),
        ({"highway": "primary"}, True),
        ({"highway": "motorway_link"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "pedestrian"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "private", "motor_vehicle": "yes"}, True),
        ({"highway": "residential", "motor_vehicle": "no", "motorcycle": "yes"}, True),
        ({"highway": "residential", "motorcar": "no", "motorcycle": "no"}, False),
        ({"highway": "residential", "motorcar": "no", "motorcycle": "no", "hgv": "yes"}, True),
        ({"highway": "service", "service": "parking_aisle"}, False),
        ({"highway": "service", "service": "alley"}, True),
        ({"highway": "service", "area": "yes"}, False),
    ],
)
def test_where_one_may_drive(tags: Mapping[str, str], drivable: bool) -> None:
    assert is_drivable(tags) is drivable


@pytest.mark.parametrize(
    ("maxspeed", "kmh"),
    [
        ("", 50),
        ("60", 60),
        ("60 km/h", 60),
        ("30 mph", 48.28032),
        ("0", 50),
        ("400", 50),  # mistyped
        ("walk", 50),
    ],
)
def test_the_limit_that_is_given_or_else_that_of_the_class(maxspeed: str, kmh: float) -> None:
    assert speed_kmh({"highway": "primary", "maxspeed": maxspeed}) == pytest.approx(kmh)
