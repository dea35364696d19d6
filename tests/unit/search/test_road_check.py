from dataclasses import replace

import pytest

from search.roads.checking import RoadFindings, check_roads, junction_count, kilometres
from search.roads.graph import RoadGraph
from search.roads.profile import Profile
from search.roads.road import NoTurn, Road
from search.testing import on_map, street

#  a -- b -- c ---> d          x -- y
#       |
#       e (one way out, one way in to f: nothing leads back)
AB = street("ab", (0, 0), (100, 0))
BC = street("bc", (100, 0), (200, 0))
CD = street("cd", (200, 0), (300, 0), oneway=True)
XY = street("xy", (0, 900), (50, 900))


def found(*roads: Road) -> RoadFindings:
    return check_roads(RoadGraph(roads))


def test_a_map_without_roads_has_nothing_to_tell() -> None:
    assert found() == RoadFindings((), (), (), (), ())
    assert (junction_count([]), kilometres([])) == (0, 0)


def test_a_map_on_which_nothing_comes_back_has_no_mainland_and_is_an_island() -> None:
    on = street("de", (300, 0), (500, 0), oneway=True)
    assert found(CD, on) == RoadFindings((), ((on, CD),), (), (), ())


def test_what_the_mainland_does_not_meet_are_islands_longest_first() -> None:
    longer = street("zz", (50, 900), (200, 900), oneway=True)
    spot = street("uv", (0, 2000), (60, 2000))
    findings = found(spot, XY, AB, longer, BC)
    assert findings.mainland == (AB, BC)
    assert findings.islands == ((longer, XY), (spot,))
    assert (findings.no_way_in, findings.no_way_out) == ((), ())


def test_a_one_way_ring_is_a_part() -> None:
    ring = Road("ring", AB.points, "a", "a", 100, 36, oneway=True)
    assert found(ring, CD).mainland == (ring,)


def test_a_one_way_road_that_nothing_leads_on_from_has_no_way_out() -> None:
    on = street("de", (300, 0), (500, 0))  # nor what lies behind it
    findings = found(AB, BC, CD, on, street("wide", (0, 0), (-500, 0)))
    assert (findings.no_way_out, findings.no_way_in) == ((on, CD), ())
    assert findings.islands == ()
    back = street("back", (300, 0), (0, 0), oneway=True)
    assert found(AB, BC, CD, back) == RoadFindings((AB, BC, CD, back), (), (), (), ())


def test_a_one_way_road_that_nothing_leads_to_has_no_way_in() -> None:
    to = street("dc", (300, 0), (200, 0), oneway=True)
    findings = found(AB, BC, to)
    assert (findings.no_way_in, findings.no_way_out, findings.mainland) == ((to,), (), (AB, BC))


def test_a_road_that_nobody_may_turn_into_has_no_way_in() -> None:
    banned = replace(AB, no_turns=(NoTurn(BC.from_node, "bc"),))
    branch = street("be", (100, 0), (100, -50))
    findings = found(banned, replace(BC, oneway=True), branch)
    assert findings.no_way_out == (replace(BC, oneway=True),)
    branch_too = replace(branch, no_turns=(NoTurn(BC.from_node, "bc"),))
    findings = found(banned, replace(BC, oneway=True), branch_too)
    assert findings.islands == ((replace(BC, oneway=True),),)


def test_a_road_that_some_leave_against_its_direction_has_a_way_out() -> None:
    alley = replace(CD, driven_back_by=frozenset({Profile.MOTORCYCLE}))
    assert found(AB, BC, alley) == RoadFindings((AB, BC, alley), (), (), (), ())


def test_a_two_way_dead_end_can_be_left() -> None:
    assert found(AB, BC) == RoadFindings((AB, BC), (), (), (), ())


def test_roads_without_length_are_found() -> None:
    spot = Road("spot", (on_map((0, 0)),) * 2, "a", "b", 5, 36)
    given_none = Road("none", AB.points, "a", "b", 0, 36)
    assert found(AB, spot, given_none).without_length == (spot, given_none)


def test_a_map_is_counted() -> None:
    assert junction_count([AB, BC, CD, XY]) == 6
    assert kilometres([AB, BC, CD, XY]) == pytest.approx(0.35, abs=0.001)
