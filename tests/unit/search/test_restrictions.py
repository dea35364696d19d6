from collections.abc import Mapping

import pytest

from search.roads.profile import EVERYBODY, Profile
from search.roads.restrictions import (
    LeftOut,
    Member,
    Restriction,
    forbid,
    parse_restriction,
)
from search.roads.road import NoTurn, Road
from search.testing import on_map

FROM_1_TO_2: tuple[Member, ...] = (("from", "w", 1), ("via", "n", 9), ("to", "w", 2))
BUT_CYCLES = EVERYBODY - {Profile.MOTORCYCLE}
CARS = frozenset({Profile.CAR})


def parsed(*members: Member, **tags: str) -> Restriction | LeftOut | None:
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    return parse_restriction({"type": "restriction"} | named, members or FROM_1_TO_2)


def road(name: str, start: str, end: str, oneway: bool = False) -> Road:
    return Road(name, (on_map((0, 0)), on_map((100, 0))), start, end, 100, 36, oneway)


def turns(roads: list[Road], *restrictions: Restriction) -> Mapping[str, tuple[NoTurn, ...]]:
    return {r.id: r.no_turns for r in forbid(roads, restrictions)[0] if r.no_turns}


def restriction(start: int, end: int, is_only: bool = False) -> Restriction:
    return Restriction((start,), 9, (end,), is_only, EVERYBODY)


def test_what_is_no_restriction_says_nothing() -> None:
    assert parse_restriction({}, ()) is None
    assert parse_restriction({"type": "multipolygon"}, FROM_1_TO_2) is None


@pytest.mark.parametrize(
    ("tags", "is_only", "profiles"),
    [
        ({"restriction": "no_left_turn"}, False, EVERYBODY),
        ({"restriction": "no_u_turn"}, False, EVERYBODY),
        ({"restriction": "only_straight_on"}, True, EVERYBODY),
        ({"restriction": "no_left_turn", "except": "psv; motorcycle"}, False, BUT_CYCLES),
        ({"restriction": "no_left_turn", "except": "bicycle"}, False, EVERYBODY),
        ({"restriction__motorcar": "no_left_turn"}, False, CARS),
        ({"restriction__hgv": "only_straight_on"}, True, {Profile.LORRY}),
        (
            {"restriction__motor_vehicle": "no_u_turn", "except": "hgv"},
            False,
            EVERYBODY - {"lorry"},
        ),
    ],
)
def test_whom_a_restriction_holds_for(
    tags: Mapping[str, str], is_only: bool, profiles: frozenset[Profile]
) -> None:
    assert parsed(**tags) == Restriction((1,), 9, (2,), is_only, profiles)


def test_what_concerns_none_of_our_vehicles_says_nothing() -> None:
    assert parsed(restriction__bus="no_left_turn") is None
    assert parsed(restriction="no_left_turn", **{"except": "motor_vehicle"}) is None


def test_several_ways_may_lead_to_where_nobody_may_turn() -> None:
    members = (*FROM_1_TO_2, ("from", "w", 3))
    assert parsed(*members, restriction="no_entry") == Restriction(
        (1, 3), 9, (2,), False, EVERYBODY
    )


VIA = ("via", "n", 9)


@pytest.mark.parametrize(
    ("members", "tags", "why"),
    [
        ((("via", "w", 4), *FROM_1_TO_2[::2]), {"restriction": "no_u_turn"}, "via a way"),
        (FROM_1_TO_2, {"restriction__conditional": "no_left_turn @ (07:00-09:00)"}, "at certain"),
        (FROM_1_TO_2, {"restriction": "no_left_turn", "hour_on": "07:00"}, "at certain times"),
        (FROM_1_TO_2, {}, "not understood"),
        (FROM_1_TO_2, {"restriction": "give_way"}, "not understood"),
        (FROM_1_TO_2[:2], {"restriction": "no_left_turn"}, "not understood"),
        ((VIA, *FROM_1_TO_2), {"restriction": "no_left_turn"}, "not understood"),
        ((*FROM_1_TO_2, ("to", "w", 3)), {"restriction": "only_right_turn"}, "not understood"),
        (
            FROM_1_TO_2,
            {"restriction__motorcar": "no_left_turn", "restriction__hgv": "only_left_turn"},
            "not understood",
        ),
    ],
)
def test_what_is_left_out_says_why(
    members: tuple[Member, ...], tags: Mapping[str, str], why: str
) -> None:
    left_out = parsed(*members, **tags)
    assert isinstance(left_out, LeftOut)
    assert left_out.startswith(why)


#           3
#           |
#   1 ----- 9 ----- 2     each a way with one piece, but 4, which goes on below 9
#           |
#           4
CROSS = [
    road("1-0", "a", "9"),
    road("2-0", "9", "b"),
    road("3-0", "9", "c"),
    road("4-0", "9", "d"),
]


def test_a_turn_is_forbidden_on_the_road_that_leads_to_it() -> None:
    assert turns(CROSS, restriction(1, 2)) == {"1-0": (NoTurn("9", "2-0"),)}
    assert turns(CROSS, restriction(2, 1)) == {"2-0": (NoTurn("9", "1-0"),)}
    assert turns(CROSS, restriction(1, 1)) == {"1-0": (NoTurn("9", "1-0"),)}


def test_only_one_turn_forbids_all_others_and_the_way_back() -> None:
    assert turns(CROSS, restriction(1, 2, is_only=True)) == {
        "1-0": (NoTurn("9", "1-0"), NoTurn("9", "3-0"), NoTurn("9", "4-0"))
    }


def test_the_only_way_on_forbids_nothing_and_is_not_left_out() -> None:
    roads = [road("1-0", "a", "9", oneway=True), road("2-0", "9", "b", oneway=True)]
    assert forbid(roads, [restriction(1, 2, is_only=True)]) == (roads, {})


def test_the_same_turn_twice_is_forbidden_once() -> None:
    assert turns(CROSS, restriction(1, 2), restriction(1, 2)) == {"1-0": (NoTurn("9", "2-0"),)}


@pytest.mark.parametrize(
    "roads",
    [
        [],
        CROSS[:1],
        [*CROSS, road("2-1", "e", "9")],  # way 2 goes on: which piece is meant is not clear
        [*CROSS, road("1-1", "9", "e")],
        [road("1-0", "9", "a", oneway=True), *CROSS[1:]],  # nothing comes from way 1
    ],
)
def test_a_restriction_whose_ways_do_not_meet_clearly_is_counted(roads: list[Road]) -> None:
    found, left_out = forbid(roads, [restriction(1, 2)])
    assert (found, left_out) == (roads, {LeftOut.ELSEWHERE: 1})


def test_a_way_that_goes_on_is_clear_where_one_piece_leads_there() -> None:
    roads = [road("1-0", "a", "9", oneway=True), road("1-1", "9", "e", oneway=True), *CROSS[1:]]
    assert turns(roads, restriction(1, 2)) == {"1-0": (NoTurn("9", "2-0"),)}
