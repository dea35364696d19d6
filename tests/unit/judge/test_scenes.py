import random
from collections import Counter
from pathlib import Path

from lpr.passage_lines import parse_passage
from search.cameras import parse_cameras
from search.roads.geojson import parse_geojson
from search.roads.graph import RoadGraph
from search.roads.snapping import snap
from search.testing import street
from tests.judge.cities import directed, roads_of_net
from tests.judge.plates import draw_plates, read_right, read_wrong
from tests.judge.scenes import Faults, Passing, make_scene
from tests.judge.sumo import Drive, read_driven

CITY = tuple(directed([street("ab", (0, 0), (300, 0)), street("bc", (300, 0), (600, 0))]))
THERE = Drive(("ab", "bc"), (0.0, 30.0), (30.0, 60.0))
BACK = Drive(("-bc", "-ab"), (100.0, 130.0), (130.0, 160.0))


def test_a_two_way_road_is_two_directed_ones_with_ends_changed() -> None:
    there, back = CITY[:2]
    assert (there.id, back.id, back.oneway) == ("ab", "-ab", True)
    assert (back.from_node, back.to_node) == (there.to_node, there.from_node)
    assert back.points == there.points[::-1]


def test_a_scene_without_faults_shows_every_vehicle_at_every_camera(tmp_path: Path) -> None:
    faults = Faults(missed=0.0, misread=0.0, down=0.0, clock_s=0.0)
    scene = make_scene(CITY, [THERE, BACK], 4, faults, 1, tmp_path)
    first, second = scene.vehicles
    assert first.passings == (Passing("0-0", 0, False), Passing("0-1", 1, False))
    assert second.roads == BACK.roads
    passages = [parse_passage(line) for line in scene.passages.read_text("utf-8").splitlines()]
    assert [p.text for p in passages] == 2 * [first.plate] + 2 * [second.plate]
    graph = RoadGraph(parse_geojson(scene.roads.read_text("utf-8")))
    seen = snap(graph, parse_cameras(scene.cameras.read_text("utf-8")))
    driven = [graph.roads[seen[p.camera].places[0].road].id for p in passages]
    assert driven == ["ab", "bc", "-bc", "-ab"]


def test_what_is_missed_is_in_no_file_and_no_truth(tmp_path: Path) -> None:
    scene = make_scene(CITY, [THERE], 4, Faults(missed=1.0), 1, tmp_path)
    assert scene.vehicles[0].passings == ()
    assert scene.passages.read_text("utf-8") == ""


def test_a_misread_passing_shows_one_other_character(tmp_path: Path) -> None:
    faults = Faults(missed=0.0, misread=1.0, down=0.0)
    scene = make_scene(CITY, [THERE], 4, faults, 1, tmp_path)
    (vehicle,) = scene.vehicles
    assert all(passing.is_misread for passing in vehicle.passings)
    for line in scene.passages.read_text("utf-8").splitlines():
        text = parse_passage(line).text
        assert sum(a != b for a, b in zip(text, vehicle.plate, strict=True)) == 1


def test_a_tenth_of_the_plates_is_one_digit_from_another_one() -> None:
    plates = draw_plates(2000, 0.1, random.Random(1))
    assert len(set(plates)) == 2000
    holes = Counter(plate[:i] + "?" + plate[i + 1 :] for plate in plates for i in range(3, 8))
    alike = [p for p in plates if any(holes[p[:i] + "?" + p[i + 1 :]] > 1 for i in range(3, 8))]
    assert 0.1 < len(alike) / 2000 < 0.25  # each with the one that it is like


def test_a_reading_names_its_text_first_and_its_probabilities_make_one_at_most() -> None:
    chance = random.Random(1)
    for read_once in 500 * [read_right, read_wrong]:
        read = read_once("30A12345", chance)
        assert read.candidates[0] == (read.text, read.score)
        assert sum(p for _, p in read.candidates) <= 1


def test_a_vehicle_that_was_lifted_over_a_junction_is_not_driven(tmp_path: Path) -> None:
    file = tmp_path / "driven.xml"
    file.write_text(
        '<routes><vehicle id="0" depart="5.00"><route edges="a b" exitTimes="9.00 12.00"/>'
        '</vehicle><vehicle id="1" depart="6.00"><route edges="a b" exitTimes="-1 20.00"/>'
        "</vehicle></routes>"
    )
    assert list(read_driven(file)) == [Drive(("a", "b"), (5.0, 9.0), (9.0, 12.0))]


def test_the_roads_of_a_net_are_its_edges_without_those_inside_junctions(tmp_path: Path) -> None:
    file = tmp_path / "net.xml"
    file.write_text(
        '<net><edge id=":0" function="internal"><lane shape="0,0 1,0" speed="5"/></edge>'
        '<edge id="a" from="0" to="1"><lane shape="0,0 0,100" speed="10"/></edge></net>'
    )
    (road,) = roads_of_net(file)
    assert (road.id, road.from_node, road.to_node, road.oneway) == ("a", "0", "1", True)
    assert (round(road.length_m), road.speed_kmh) == (100, 36.0)
