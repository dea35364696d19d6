import pytest

from search.roads.checking import check_roads, junction_count, kilometres
from search.roads.road import Road
from search.testing import on_map, street

#  a -- b -- c ---> d          x -- y
#       |
#       e (one way out, one way in to f: nothing leads back)
AB = street("ab", (0, 0), (100, 0))
BC = street("bc", (100, 0), (200, 0))
CD = street("cd", (200, 0), (300, 0), oneway=True)
XY = street("xy", (0, 900), (50, 900))


def test_a_map_without_roads_has_nothing_to_tell() -> None:
    findings = check_roads([])
    assert (findings.parts, findings.dead_ends, findings.without_length) == ((), (), ())
    assert findings.mainland == frozenset()
    assert (junction_count([]), kilometres([])) == (0, 0)


def test_parts_come_longest_first_and_all_but_the_first_are_islands() -> None:
    findings = check_roads([XY, AB, BC])
    assert findings.parts == ((AB, BC), (XY,))
    assert findings.mainland == {"ab", "bc"}


def test_a_one_way_road_that_nothing_leads_on_from_is_a_dead_end() -> None:
    findings = check_roads([AB, BC, CD])
    assert findings.dead_ends == (CD,)
    assert findings.parts == ((AB, BC),)
    back = street("back", (300, 0), (0, 0), oneway=True)
    assert check_roads([AB, BC, CD, back]).dead_ends == ()


def test_a_two_way_dead_end_can_be_left() -> None:
    assert check_roads([AB, BC]).dead_ends == ()


def test_roads_without_length_are_found() -> None:
    spot = Road("spot", (on_map((0, 0)),) * 2, "a", "b", 5, 36)
    given_none = Road("none", AB.points, "a", "b", 0, 36)
    assert check_roads([AB, spot, given_none]).without_length == (spot, given_none)


def test_a_map_is_counted() -> None:
    assert junction_count([AB, BC, CD, XY]) == 6
    assert kilometres([AB, BC, CD, XY]) == pytest.approx(0.35, abs=0.001)
