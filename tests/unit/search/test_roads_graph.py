import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.geometry import great_circle_m, line_m
from search.roads.courses import Prices, cheapest
from search.roads.graph import Course, Place, RoadGraph, Way
from search.roads.profile import EVERYBODY, Profile
from search.roads.road import NoTurn, Road
from search.roads.turns import TURN_BACK_S
from search.testing import on_map, street

# A block with two dead ends, every side 100 m, at 10 m/s:
#
#           c -- cd -- d
#           |          |
#          bc          de
#           |          |
#  a - ab - b -- be -- e - ef - f
A, B, C, D, E, F = (0, 0), (100, 0), (100, 100), (200, 100), (200, 0), (300, 0)
BLOCK = [
    street("ab", A, B),
    street("bc", B, C),
    street("cd", C, D),
    street("de", D, E),
    street("be", B, E),
    street("ef", E, F),
]


def place(roads: Sequence[Road], road: str, share: float, forward: bool = True) -> Place:
    return Place([r.id for r in roads].index(road), forward, share)


def quickest(graph: RoadGraph, start: Place, end: Place) -> Way | None:
    source, goal = graph.node(start), graph.node(end)
    if source is None or goal is None:
        return None
    if source == goal and end.driven >= start.driven:
        return graph.way(Course((source,), start, end))
    turns = graph.turns
    (left,) = turns.left_to(turns.priced(np.array(turns.seconds)), [goal], math.inf)
    prices = Prices(turns.after, turns.seconds, turns.leads_to)
    nodes = cheapest(prices, source, goal, left.tolist())
    return None if nodes is None else graph.way(Course(tuple(nodes), start, end))


def way_of(
    roads: Sequence[Road], start: tuple[str, float, bool], end: tuple[str, float, bool]
) -> Way | None:
    graph = RoadGraph(roads)
    way = quickest(graph, place(roads, *start), place(roads, *end))
    if way is not None:
        assert len(way.line) >= 2
        assert line_m(way.line) == pytest.approx(way.metres, abs=2)
    return way


@pytest.mark.parametrize(
    ("start", "end", "roads", "metres"),
    [
        (("ab", 0.5, True), ("ab", 0.5, True), ("ab",), 0),  # nothing is driven
        (("ab", 0.2, True), ("ab", 0.7, True), ("ab",), 50),
        (("ab", 0.7, False), ("ab", 0.2, False), ("ab",), 50),
        (("ab", 0.0, True), ("ab", 1.0, True), ("ab",), 100),
        (("ab", 0.5, True), ("ef", 0.5, True), ("ab", "be", "ef"), 200),
        (("ef", 0.5, False), ("ab", 0.5, False), ("ef", "be", "ab"), 200),
        # the dead end behind a: to its end and straight back
        (("ab", 0.5, False), ("ab", 0.9, True), ("ab", "ab"), 140),
        # behind on the same road: round the block, which is quicker than to turn at f
        (("be", 0.7, True), ("be", 0.3, True), ("be", "de", "cd", "bc", "be"), 360),
        # the other way on the same road: to the dead end f and back is the only way without a turn
        (("ef", 0.5, True), ("ef", 0.5, False), ("ef", "ef"), 100),
        # from the end of one road to the start of another nothing of them is driven
        (("ab", 1.0, True), ("ef", 0.0, True), ("be",), 100),
        (("ab", 1.0, True), ("be", 0.0, True), ("be",), 0),
        (("ab", 0.0, False), ("ab", 0.0, True), ("ab",), 0),
    ],
)
def test_the_quickest_way(
    start: tuple[str, float, bool],
    end: tuple[str, float, bool],
    roads: tuple[str, ...],
    metres: float,
) -> None:
    way = way_of(BLOCK, start, end)
    assert way is not None
    assert way.roads == roads
    assert way.metres == pytest.approx(metres, abs=0.5)
    assert way.seconds == pytest.approx(metres / 10, abs=0.05)


def test_the_line_of_a_way_follows_the_streets() -> None:
    way = way_of(BLOCK, ("bc", 0.5, True), ("de", 0.5, True))
    assert way is not None
    corners = [(100, 50), C, D, (200, 50)]
    for point, corner in zip(way.line, corners, strict=True):
        assert great_circle_m(point, on_map(corner)) < 0.5


def test_the_quickest_way_is_not_always_the_shortest() -> None:
    slow = [street("be", B, E, kmh=5) if road.id == "be" else road for road in BLOCK]
    way = way_of(slow, ("ab", 0.5, True), ("ef", 0.5, True))
    assert way is not None
    assert way.roads == ("ab", "bc", "cd", "de", "ef")
    assert way.metres == pytest.approx(400, abs=0.5)


def test_a_one_way_road_is_not_driven_against() -> None:
    roads = [street("be", E, B, oneway=True) if road.id == "be" else road for road in BLOCK]
    way = way_of(roads, ("ab", 0.5, True), ("ef", 0.5, True))
    assert way is not None
    assert way.roads == ("ab", "bc", "cd", "de", "ef")
    assert way_of(roads, ("be", 0.5, False), ("ef", 0.5, True)) is None


def test_onto_the_other_carriageway_is_a_turn_back() -> None:
    # two carriageways from b to e, and a way round the block
    roads = [
        *(road for road in BLOCK if road.id not in ("be", "ef")),
        street("be", B, E, oneway=True),
        street("eb", E, B, oneway=True),
    ]
    way = way_of(roads, ("be", 0.5, True), ("eb", 0.5, True))
    assert way is not None
    assert way.roads == ("be", "de", "cd", "bc", "be", "eb") or way.metres > 100
    dead_end = [street("be", B, E, oneway=True), street("eb", E, B, oneway=True)]
    back = way_of(dead_end, ("be", 0.5, True), ("eb", 0.5, True))
    assert back is not None
    assert back.roads == ("be", "eb")


def test_behind_on_a_one_way_ring_one_goes_round() -> None:
    # a triangle that is driven in one direction only
    ring = [
        street("1", (0, 0), (100, 0), oneway=True),
        street("2", (100, 0), (0, 100), oneway=True),
        street("3", (0, 100), (0, 0), oneway=True),
    ]
    way = way_of(ring, ("1", 0.5, True), ("1", 0.25, True))
    assert way is not None
    assert way.roads == ("1", "2", "3", "1")
    assert way.metres == pytest.approx(50 + 141.4 + 100 + 25, abs=1)


def test_behind_on_a_road_that_is_a_ring_itself_one_goes_round() -> None:
    ring = [street("1", (0, 0), (100, 0), (100, 100), (0, 0), oneway=True)]
    way = way_of(ring, ("1", 0.5, True), ("1", 0.25, True))
    assert way is not None
    assert way.roads == ("1", "1")
    assert way.metres == pytest.approx(0.75 * 341.4, abs=1)


def test_out_of_a_one_way_dead_end_there_is_no_way() -> None:
    #  a -- b --> c
    roads = [street("ab", A, B), street("bc", B, C, oneway=True)]
    assert way_of(roads, ("bc", 0.5, True), ("ab", 0.5, False)) is None
    assert way_of(roads, ("bc", 0.5, True), ("bc", 0.2, True)) is None


def test_one_turns_straight_back_where_nothing_else_leads_back() -> None:
    # behind b there is only a one-way road that leads away:  a -- b --> c
    roads = [street("ab", A, B), street("bc", B, C, oneway=True)]
    way = way_of(roads, ("ab", 0.5, True), ("ab", 0.5, False))
    assert way is not None
    assert way.roads == ("ab", "ab")
    assert way.seconds == pytest.approx(10, abs=0.1)


def test_one_turns_straight_back_rather_than_go_round_for_very_long() -> None:
    #  a -- b == c, a ring of 20 km behind b
    far = TURN_BACK_S * 10 * 1.1  # metres
    roads = [street("ab", A, B), street("ring", B, (far / 2, 0), B)]
    way = way_of(roads, ("ab", 0.5, True), ("ab", 0.5, False))
    assert way is not None
    assert way.roads == ("ab", "ab")
    near = [street("ab", A, B), street("ring", B, (far / 4, 0), B)]
    way = way_of(near, ("ab", 0.5, True), ("ab", 0.5, False))
    assert way is not None
    assert way.roads == ("ab", "ring", "ab")


def test_round_to_where_one_has_been_a_later_turn_back_counts_as_much_as_one_at_once() -> None:
    #  ring -- a == b -- d, and out of d a one-way road leads away
    roads = [
        street("ab", (100, 0), (0, 0)),
        street("bd", (0, 0), (0, 100)),
        street("away", (0, 100), (0, 200), oneway=True),
        street("ring", (100, 0), (200, 0), (200, 100), (100, 0)),
    ]
    way = way_of(roads, ("ab", 0.5, True), ("ab", 0.25, True))
    assert way is not None
    assert way.roads == ("ab", "ab", "ring", "ab")


def test_roads_without_length_are_driven_through() -> None:
    #  a -- b = b' -- e, where b and b' are one place under two names
    roads = [
        Road("ab", (on_map(A), on_map(B)), "a", "b", 100, 36),
        Road("bb", (on_map(B), on_map(B)), "b", "b'", 0, 36),
        Road("be", (on_map(B), on_map(E)), "b'", "e", 100, 36),
    ]
    way = way_of(roads, ("ab", 0.5, True), ("be", 0.5, True))
    assert way is not None
    assert way.roads == ("ab", "bb", "be")
    assert way.metres == pytest.approx(100, abs=0.1)


def test_a_length_that_the_map_gives_counts_rather_than_that_of_the_line() -> None:
    # the short way over c is drawn long; all the same it is the quickest
    roads = [
        Road("1", (on_map(A), on_map(B)), "a", "b", 100, 36),
        Road("2", (on_map(B), on_map((150, 900)), on_map(E)), "b", "e", 50, 36),
        Road("3", (on_map(B), on_map(E)), "b", "e", 100, 36),
        Road("4", (on_map(E), on_map(F)), "e", "f", 100, 36),
    ]
    way = quickest(RoadGraph(roads), Place(0, True, 0.5), Place(3, True, 0.5))
    assert way is not None
    assert way.roads == ("1", "2", "4")
    assert way.metres == pytest.approx(150)


def test_junctions_without_names_are_known_by_their_place() -> None:
    unnamed = [Road(r.id, r.points, "", "", r.length_m, r.speed_kmh) for r in BLOCK]
    way = way_of(unnamed, ("ab", 0.5, True), ("ef", 0.5, True))
    assert way is not None
    assert way.roads == ("ab", "be", "ef")


def without_turns(*turns: tuple[str, str, str], of: frozenset[Profile] = EVERYBODY) -> list[Road]:
    """The block where turns are forbidden: from a road, at a corner, into a road."""
    return [
        replace(road, no_turns=tuple(NoTurn(v, t, of) for start, v, t in turns if start == road.id))
        for road in BLOCK
    ]


AT_B, AT_E = "100,0", "200,0"


@pytest.mark.parametrize(
    ("roads", "driven"),
    [
        (without_turns(("ab", AT_B, "be")), ("ab", "bc", "cd", "de", "ef")),
        # for some only, or at the other end, or into what is not on the map
        (without_turns(("ab", AT_B, "be"), of=frozenset({Profile.CAR})), ("ab", "be", "ef")),
        (without_turns(("ab", "0,0", "be")), ("ab", "be", "ef")),
        (without_turns(("ab", AT_B, "xy")), ("ab", "be", "ef")),
        # round the block all the same if the turn back is forbidden, too, and one where no other is
        (without_turns(("ab", AT_B, "be"), ("ab", AT_B, "ab")), ("ab", "bc", "cd", "de", "ef")),
        (
            without_turns(("ab", AT_B, "be"), ("ab", AT_B, "ab"), ("ab", AT_B, "bc")),
            ("ab", "be", "ef"),
        ),
    ],
)
def test_turns_that_are_forbidden_to_everybody_are_not_driven(
    roads: list[Road], driven: tuple[str, ...]
) -> None:
    way = way_of(roads, ("ab", 0.5, True), ("ef", 0.5, True))
    assert way is not None
    assert way.roads == driven


def test_a_turn_that_two_rules_forbid_to_all_together_is_not_driven() -> None:
    turns = [NoTurn(AT_B, "be", frozenset({profile})) for profile in Profile]
    roads = [replace(road, no_turns=tuple(turns if road.id == "ab" else ())) for road in BLOCK]
    way = way_of(roads, ("ab", 0.5, True), ("ef", 0.5, True))
    assert way is not None
    assert way.roads == ("ab", "bc", "cd", "de", "ef")


NODES = [(x * 100.0, y * 100.0) for x in range(3) for y in range(3)]
SIDES = [(a, b) for a in NODES for b in NODES if a < b and math.dist(a, b) == 100]


@st.composite
def maps(draw: st.DrawFn, oneway: bool = True) -> list[Road]:
    """Some of the streets of a grid of four blocks, with speeds of their own."""
    sides = draw(st.lists(st.sampled_from(SIDES), min_size=1, unique=True))
    return [
        street(
            str(i),
            *(side if draw(st.booleans()) else side[::-1]),
            kmh=draw(st.sampled_from([7.0, 13.0, 29.0, 61.0])),
            oneway=oneway and draw(st.booleans()),
        )
        for i, side in enumerate(sides)
    ]


@st.composite
def drives(draw: st.DrawFn, oneway: bool = True) -> tuple[list[Road], Place, Place]:
    roads = draw(maps(oneway))

    def somewhere() -> Place:
        road = draw(st.integers(0, len(roads) - 1))
        forward = roads[road].oneway or draw(st.booleans())
        return Place(road, forward, draw(st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0])))

    return roads, somewhere(), somewhere()


def by_trying_everything(roads: list[Road], start: Place, end: Place) -> float | None:
    """Seconds of the quickest way, turns straight back counted, by the simplest of means."""
    whole = {
        (i, forward): road.seconds
        for i, road in enumerate(roads)
        for forward in ((True,) if road.oneway else (True, False))
    }
    leave = {way: roads[way[0]].junction(way[1]) for way in whole}
    enter = {way: roads[way[0]].junction(not way[1]) for way in whole}

    def turns(way: tuple[int, bool]) -> list[tuple[tuple[int, bool], float]]:
        after = [other for other in whole if enter[other] == leave[way]]
        back = (way[0], not way[1])
        others = [other for other in after if other != back]
        return [(o, TURN_BACK_S if o == back and others else 0.0) for o in after]

    first, last = (start.road, start.forward), (end.road, end.forward)
    if first == last and end.driven >= start.driven:
        return (end.driven - start.driven) * whole[first]
    costs = dict(turns(first))  # until a road is entered
    for _ in whole:
        for way, cost in list(costs.items()):
            for other, extra in turns(way):
                later = cost + whole[way] + extra
                costs[other] = min(costs.get(other, math.inf), later)
    if last not in costs:
        return None
    return (1 - start.driven) * whole[first] + costs[last] + end.driven * whole[last]


@settings(deadline=None)
@given(drives())
def test_no_way_is_quicker(drive: tuple[list[Road], Place, Place]) -> None:
    roads, start, end = drive
    way = quickest(RoadGraph(roads), start, end)
    expected = by_trying_everything(roads, start, end)
    if expected is None:
        assert way is None
    else:
        assert way is not None
        assert way.seconds == pytest.approx(expected % TURN_BACK_S, abs=0.5)


@settings(deadline=None)
@given(drives(oneway=False))
def test_on_two_way_roads_the_way_back_is_as_long(drive: tuple[list[Road], Place, Place]) -> None:
    roads, start, end = drive
    graph = RoadGraph(roads)
    way = quickest(graph, start, end)
    back = quickest(
        graph,
        Place(end.road, not end.forward, end.share),
        Place(start.road, not start.forward, start.share),
    )
    assert (way is None) == (back is None)
    if way and back:
        assert back.seconds == pytest.approx(way.seconds, abs=0.5)
