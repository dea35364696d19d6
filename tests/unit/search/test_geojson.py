import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import RoadError
from search.roads.geojson import format_geojson, parse_geojson
from search.roads.profile import EVERYBODY, NOBODY, Profile
from search.roads.road import NoTurn, Road

LINE = [[105.85, 21.03], [105.851, 21.03]]


def a_feature(coordinates: Any = LINE, kind: str = "LineString", **fields: Any) -> dict[str, Any]:
    properties = {"id": "r1", "speed_kmh": 40} | fields
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_the_least_that_a_road_needs() -> None:
    (road,) = parse_geojson(collection(a_feature()))
    assert (road.id, road.speed_kmh, road.oneway, road.name) == ("r1", 40, False, "")
    assert road.points == ((105.85, 21.03), (105.851, 21.03))
    assert road.length_m == pytest.approx(103.8, abs=0.1)
    assert (road.from_node, road.to_node) == ("105.85,21.03", "105.851,21.03")


def test_what_else_is_known_of_a_road() -> None:
    more = {"from": 7, "to": "b", "oneway": True, "length_m": 120, "name": "Phố Huế"}
    (road,) = parse_geojson(collection(a_feature(**more, highway="primary", lanes="2")))
    assert (road.from_node, road.to_node, road.oneway) == ("7", "b", True)
    assert (road.length_m, road.name, road.road_class) == (120, "Phố Huế", "primary")
    assert road.tags == {"lanes": "2"}


def test_turns_that_are_forbidden_come_back_as_they_were() -> None:
    (road,) = parse_geojson(collection(a_feature(length_m=104)))
    cars = frozenset({Profile.CAR, Profile.LORRY})
    ruled = replace(road, no_turns=(NoTurn("b", "r2"), NoTurn("b", "r1", cars)))
    text = format_geojson([ruled])
    assert '"no_turns":[{"via":"b","to":"r2"},{"via":"b","to":"r1","for":["car","lorry"]}]' in text
    assert parse_geojson(text) == [ruled]
    assert "no_turns" not in format_geojson([road])


def test_who_may_drive_comes_back_as_it_was() -> None:
    (road,) = parse_geojson(collection(a_feature(length_m=104, oneway=True)))
    assert (road.driven_by, road.driven_back_by) == (EVERYBODY, NOBODY)
    by, back = frozenset({Profile.CAR, Profile.MOTORCYCLE}), frozenset({Profile.MOTORCYCLE})
    ruled = replace(road, driven_by=by, driven_back_by=back)
    text = format_geojson([ruled])
    assert '"driven_by":["car","motorcycle"],"driven_back_by":["motorcycle"]' in text
    assert parse_geojson(text) == [ruled]
    assert "driven" not in format_geojson([road])


def test_nobody_drives_against_a_road_who_may_not_drive_on_it() -> None:
    fields = {"oneway": True, "driven_by": ["car"], "driven_back_by": ["car", "motorcycle"]}
    (road,) = parse_geojson(collection(a_feature(**fields)))
    assert road.driven_back_by == {"car"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"driven_by": "car"}, "driven_by: expected a list of car, motorcycle, lorry, got 'car'"),
        ({"driven_by": []}, "driven_by: expected one at least"),
        ({"driven_back_by": ["bus"]}, "driven_back_by: expected a list of car, motorcycle, lorry"),
    ],
)
def test_what_names_no_vehicles_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(RoadError, match=said):
        parse_geojson(collection(a_feature(**fields)))


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ("none", "no_turns: expected a list, got 'none'"),
        ([7], 'no_turns: expected {"via": junction, "to": road}, got 7'),
        ([{"via": "b"}], 'no_turns: expected {"via": junction, "to": road}'),
        ([{"via": "b", "to": True}], 'no_turns: expected {"via": junction, "to": road}'),
        (
            [{"via": "b", "to": "r2", "for": ["tank"]}],
            r"no_turns: for: expected a list of car, motorcycle, lorry, got \['tank'\]",
        ),
        ([{"via": "b", "to": "r2", "for": [["car"]]}], "no_turns: for: expected a list"),
    ],
)
def test_what_is_no_turn_is_refused(turns: Any, said: str) -> None:
    with pytest.raises(RoadError, match=said):
        parse_geojson(collection(a_feature(no_turns=turns)))


def test_an_id_may_stand_beside_the_properties_and_be_a_number() -> None:
    feature = a_feature()
    del feature["properties"]["id"]
    (road,) = parse_geojson(collection(feature | {"id": 12}))
    assert road.id == "12"


def test_lines_that_end_at_one_place_meet_there() -> None:
    on = [LINE[1], [105.852, 21.03]]
    named = a_feature(id="r1", to="b")
    unnamed = a_feature(on, id="r2")
    first, second = parse_geojson(collection(named, unnamed))
    assert (first.to_node, second.from_node) == ("b", "b")


def test_a_height_is_left_out_and_a_ring_and_a_line_without_length_are_roads() -> None:
    high = a_feature([[105.85, 21.03, 8.5], [105.851, 21.03, 9]], id="high")
    ring = a_feature([*LINE, [105.851, 21.031], LINE[0]], id="ring")
    spot = a_feature([LINE[0], LINE[0]], id="spot")
    roads = parse_geojson(collection(high, ring, spot))
    assert roads[0].points == ((105.85, 21.03), (105.851, 21.03))
    assert roads[1].from_node == roads[1].to_node
    assert roads[2].length_m == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not GeoJSON"),
        ("{", "not GeoJSON"),
        ("[" * 100_000, "not GeoJSON"),
        ("[]", 'expected {"type": "FeatureCollection"'),
        ('{"type": "Feature"}', 'expected {"type": "FeatureCollection"'),
        ('{"type": "FeatureCollection"}', "has no list of features"),
        (collection(), "holds no LineString"),
        (collection(3), "feature 1: expected a Feature"),
        (collection({}), "feature 1: expected a LineString, got no geometry"),
        (collection(a_feature(kind="Point")), "expected a LineString, got Point"),
        (collection(a_feature([])), "expected two places or more"),
        (collection(a_feature([LINE[0]])), "expected two places or more"),
        (collection(a_feature([LINE[0], ["a", 1]])), "expected [longitude, latitude]"),
        (collection(a_feature([[21.03, 105.85], [21.03, 105.86]])), "is latitude first"),
        (collection(a_feature([[590_000, 2_300_000]] * 2)), "is not on the earth"),
        (collection(a_feature(id=None)), "feature 1: id: is missing"),
        (collection(a_feature(id="")), "id: expected 1 to 64 characters"),
        (collection(a_feature(id=1.5)), "id: expected a text or a whole number"),
        (collection(a_feature(), a_feature()), "feature 2: id 'r1' stands in the file already"),
        (collection(a_feature(speed_kmh=None)), "speed_kmh: is missing"),
        (collection(a_feature(speed_kmh="fast")), "speed_kmh: expected a number"),
        (collection(a_feature(speed_kmh=0)), "speed_kmh: expected more than 0"),
        (collection(a_feature(speed_kmh=900)), "at most 200"),
        (collection(a_feature(length_m=-1)), "length_m: expected 0 or more"),
        (collection(a_feature(length_m=float("nan"))), "length_m: expected a number"),
        (collection(a_feature(oneway="yes")), "oneway: expected true or false"),
    ],
)
def test_what_is_no_road_map_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(RoadError) as refusal:
        parse_geojson(text)
    assert said in str(refusal.value)


def test_of_many_errors_the_first_are_told() -> None:
    with pytest.raises(RoadError) as refusal:
        parse_geojson(collection(*[a_feature(id=None)] * 30))
    assert "feature 10: id: is missing; and 20 more" in str(refusal.value)


def test_no_roads_are_an_empty_collection() -> None:
    assert json.loads(format_geojson([])) == {"type": "FeatureCollection", "features": []}


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ids = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
degrees = st.integers(-1_000_000, 1_000_000).map(lambda n: n / 1_000_000)
points = st.tuples(degrees.map(lambda d: 105 + d), degrees.map(lambda d: 21 + d)).map(
    lambda p: (round(p[0], 6), round(p[1], 6))
)
roads = st.builds(
    Road,
    id=ids,
    points=st.lists(points, min_size=2, max_size=5).map(tuple),
    from_node=ids,
    to_node=ids,
    length_m=st.integers(0, 100_000).map(lambda n: n / 10),
    speed_kmh=st.integers(1, 2000).map(lambda n: n / 10),
    oneway=st.booleans(),
    name=names,
    road_class=names,
    tags=st.dictionaries(st.sampled_from(["lanes", "bridge", "layer"]), names),
)


@settings(deadline=None)
@given(st.lists(roads, min_size=1, max_size=5, unique_by=lambda road: road.id))
def test_what_is_written_is_read_back(given_roads: list[Road]) -> None:
    assert parse_geojson(format_geojson(given_roads)) == given_roads
