from dataclasses import replace

import pytest

from search.roads.graph import RoadGraph
from search.roads.profile import Profile
from search.roads.road import Road
from search.roads.snapping import Misfit, Snapper, snap
from search.testing import Corner, camera_at, on_map, street

# A street with two carriageways, 15 m from each other, and a two-way street across:
#
#                n
#                |
#   w2 <-------- | --------- e2      y = 15
#   w1 --------- m --------> e1      y = 0
#                |
#                s
EAST = street("east", (-200, 0), (0, 0), oneway=True)
ON = street("on", (0, 0), (200, 0), oneway=True)
WEST = street("west", (200, 15), (-200, 15), oneway=True)
NORTH = street("north", (0, 0), (0, 200))
SOUTH = street("south", (0, -200), (0, 0))
CROSS = [EAST, ON, WEST, NORTH, SOUTH]


def seen(roads: list[Road], corner: Corner, heading: float | None) -> list[tuple[str, bool, float]]:
    """Roads with direction and share, as a camera sees them."""
    graph = RoadGraph(roads)
    fit = Snapper(graph).fit(camera_at("C1", corner, heading))
    return [(graph.roads[p.road].id, p.forward, round(p.share, 2)) for p in fit.places]


@pytest.mark.parametrize(
    ("roads", "corner", "heading", "reason"),
    [
        ([], (0, 0), None, Misfit.FAR),
        (CROSS, (0, 500), None, Misfit.FAR),
        (CROSS, (-100, -81), 90, Misfit.FAR),
        (CROSS, (-150, 0), 0, Misfit.HEADING),
        ([EAST], (-100, 0), 270, Misfit.HEADING),  # one-way the other way
        ([EAST], (-100, 0), 141, Misfit.HEADING),
    ],
)
def test_a_camera_that_fits_no_road_has_the_reason(
    roads: list[Road], corner: Corner, heading: float | None, reason: Misfit
) -> None:
    fit = Snapper(RoadGraph(roads)).fit(camera_at("C1", corner, heading))
    assert (fit.seen, fit.misfit) == ((), reason)


@pytest.mark.parametrize(
    ("corner", "heading", "expected"),
    [
        ((-100, 5), 90, ("east", True, 0.5)),
        ((-100, 5), 270, ("west", True, 0.75)),  # not the nearest, but it fits
        ((-100, 5), 49, ("east", True, 0.5)),  # a rounded heading
        ((5, 100), 0, ("north", True, 0.5)),
        ((5, 100), 180, ("north", False, 0.5)),
        ((5, 100), 359, ("north", True, 0.5)),
        ((10, 6), 0, ("north", True, 0.03)),  # the street across, though another is nearer
    ],
)
def test_a_camera_sees_the_nearest_road_that_fits_its_heading(
    corner: Corner, heading: float, expected: tuple[str, bool, float]
) -> None:
    assert seen(CROSS, corner, heading) == [expected]


def test_a_camera_without_heading_sees_both_ways_of_a_road() -> None:
    assert seen(CROSS, (5, 100), None) == [("north", True, 0.5), ("north", False, 0.5)]


def test_a_camera_without_heading_sees_both_carriageways() -> None:
    assert seen(CROSS, (-100, 2), None) == [("east", True, 0.5), ("west", True, 0.75)]


def test_a_camera_beside_a_junction_does_not_see_the_street_across() -> None:
    assert seen(CROSS, (-12, -1), None) == [("east", True, 0.94), ("west", True, 0.53)]


def test_a_camera_on_a_junction_sees_every_road_there() -> None:
    names = [name for name, _, _ in seen([NORTH, SOUTH], (0, 0), None)]
    assert names == ["north", "north", "south", "south"]


def test_a_road_without_length_is_not_seen() -> None:
    spot = Road("spot", (on_map((0, 0)),) * 2, "a", "b", 0, 36)
    assert seen([spot], (0, 1), None) == []
    assert seen([spot, EAST], (-10, 1), 90) == [("east", True, 0.95)]


def test_what_is_seen_has_its_distance_and_direction() -> None:
    graph = RoadGraph(CROSS)
    (one,) = Snapper(graph).fit(camera_at("C1", (-100, 5), 270)).seen
    assert one.distance_m == pytest.approx(10, abs=0.1)
    assert one.bearing == pytest.approx(270, abs=0.1)


def test_a_camera_is_rather_there_for_those_who_drive_in_the_direction_of_a_one_way_road() -> None:
    alley = replace(EAST, driven_back_by=frozenset({Profile.MOTORCYCLE}))
    assert seen([alley], (-100, 5), 270) == [("east", False, 0.5)]
    assert seen([alley], (-100, 5), None) == [("east", True, 0.5), ("east", False, 0.5)]
    assert seen([alley, WEST], (-100, 2), 270) == [("west", True, 0.75)]


def test_every_camera_is_snapped_by_its_id() -> None:
    cameras = [camera_at("C1", (-100, 5), 90), camera_at("C2", (0, 900))]
    fits = snap(RoadGraph(CROSS), cameras)
    assert {name: fit.misfit for name, fit in fits.items()} == {"C1": None, "C2": Misfit.FAR}
    assert snap(RoadGraph(CROSS), []) == {}
