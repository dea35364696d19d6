import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.geometry import (
    Point,
    bearing_between,
    foot_on,
    great_circle_m,
    in_box,
    line_m,
    part_of,
    turn_between,
)
from search.testing import HERE, Corner, on_map

# An angle of two streets:
#
#        (100,100)
#            |
#   (0,0)--(100,0)
ANGLE = [on_map(corner) for corner in ((0, 0), (100, 0), (100, 100))]
corners = st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000))


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        (HERE, HERE, 0.0),
        ((105.0, 21.0), (105.0, 22.0), 111_195.1),
        ((105.0, 0.0), (106.0, 0.0), 111_195.1),
        ((105.8412, 21.0245), (106.6297, 10.8231), 1_137_500),  # Hanoi to Ho Chi Minh City
        ((179.5, 0.0), (-179.5, 0.0), 111_195.1),
    ],
)
def test_metres_between_places(a: Point, b: Point, metres: float) -> None:
    assert great_circle_m(a, b) == pytest.approx(metres, rel=1e-3)


def test_a_line_is_as_long_as_its_pieces() -> None:
    assert line_m([]) == 0
    assert line_m([HERE]) == 0
    assert line_m(ANGLE) == pytest.approx(200, abs=0.1)


@pytest.mark.parametrize(
    ("to", "bearing"),
    [
        ((0, 0), 0.0),
        ((0, 50), 0.0),
        ((50, 0), 90.0),
        ((0, -50), 180.0),
        ((-50, 0), 270.0),
        ((50, 50), 45),
    ],
)
def test_the_compass_direction_from_one_place_to_another(to: Corner, bearing: float) -> None:
    assert bearing_between(HERE, on_map(to)) == pytest.approx(bearing, abs=0.01)


@pytest.mark.parametrize(
    ("one", "other", "turn"),
    [(0, 0, 0), (350, 10, 20), (10, 350, 20), (0, 180, 180), (90, 300, 150)],
)
def test_a_turn_is_the_smaller_way_round(one: float, other: float, turn: float) -> None:
    assert turn_between(one, other) == turn


@pytest.mark.parametrize(
    ("place", "distance", "along", "bearing"),
    [
        ((50, 10), 10, 50, 90),  # beside the first street
        ((120, 40), 20, 140, 0),  # beside the second
        ((-30, 40), 50, 0, 90),  # before the start
        ((100, 160), 60, 200, 0),  # beyond the end
    ],
)
def test_the_foot_of_a_place_on_a_line(
    place: Corner, distance: float, along: float, bearing: float
) -> None:
    foot = foot_on(ANGLE, on_map(place))
    assert foot.distance_m == pytest.approx(distance, abs=0.1)
    assert foot.along_m == pytest.approx(along, abs=0.1)
    assert foot.bearing % 360 == pytest.approx(bearing, abs=0.1)


def test_a_line_that_is_one_place_has_its_distance_and_no_direction() -> None:
    for line in ([HERE, HERE], [HERE, HERE, HERE]):
        foot = foot_on(line, on_map((30, 40)))
        assert (foot.along_m, foot.bearing) == (0, 0)
        assert foot.distance_m == pytest.approx(50, abs=0.1)


def test_a_point_that_stands_twice_does_not_change_the_direction() -> None:
    foot = foot_on([ANGLE[0], ANGLE[0], ANGLE[1]], on_map((-10, 10)))
    assert foot.bearing == pytest.approx(90, abs=0.1)


def test_a_box_holds_its_edge() -> None:
    box = (105.0, 20.0, 106.0, 21.0)
    assert in_box((105.0, 21.0), box)
    assert in_box((105.5, 20.5), box)
    assert not in_box((106.1, 20.5), box)
    assert not in_box((105.5, 19.9), box)


@pytest.mark.parametrize(
    ("start", "end", "places"),
    [
        (0, 0, [(0, 0)]),
        (50, 50, [(50, 0)]),
        (20, 80, [(20, 0), (80, 0)]),
        (50, 150, [(50, 0), (100, 0), (100, 50)]),
        (150, 50, [(100, 50), (100, 0), (50, 0)]),
        (200, 200, [(100, 100)]),
        (500, 600, [(100, 100)]),  # beyond the end
    ],
)
def test_the_part_of_a_line_between_two_distances(
    start: float, end: float, places: list[Corner]
) -> None:
    part = part_of(ANGLE, start, end)
    assert len(part) == len(places)
    for point, corner in zip(part, places, strict=True):
        assert great_circle_m(point, on_map(corner)) < 0.2


def test_the_part_of_a_line_without_length_is_its_place() -> None:
    assert part_of([HERE, HERE], 0, 0) == [HERE]


@given(st.lists(corners, min_size=2, max_size=6), st.floats(0, 1), st.floats(0, 1))
def test_a_part_is_as_long_as_its_share(line: list[Corner], start: float, end: float) -> None:
    points = [on_map(corner) for corner in line]
    whole = line_m(points)
    part = part_of(points, start * whole, end * whole)
    assert part
    assert line_m(part) == pytest.approx(abs(end - start) * whole, rel=1e-4, abs=0.05)


@given(st.lists(corners, min_size=2, max_size=6), corners)
def test_the_foot_is_where_the_line_is_nearest(line: list[Corner], place: Corner) -> None:
    points = [on_map(corner) for corner in line]
    foot = foot_on(points, on_map(place))
    there = part_of(points, foot.along_m, foot.along_m)[0]
    # the ground is taken as flat
    tolerance = 1 + foot.distance_m * 0.002 + line_m(points) * 0.0001
    assert great_circle_m(there, on_map(place)) == pytest.approx(foot.distance_m, abs=tolerance)
    assert foot.distance_m <= great_circle_m(points[0], on_map(place)) + tolerance
