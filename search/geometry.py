"""Distances and directions on the earth, of points as (longitude, latitude) in WGS 84 degrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt

Point = tuple[float, float]
"""Longitude, then latitude, in degrees, as in GeoJSON."""

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

EARTH_RADIUS_M = 6_371_008.8  # mean radius (IUGG)
METRES_A_DEGREE = radians(1) * EARTH_RADIUS_M  # of latitude


@dataclass(frozen=True, slots=True)
class Foot:
    """The place of a line that is nearest to a point.

    Attributes:
        distance_m: from the point to the line.
        along_m: from the start of the line, along it.
        bearing: direction of the line there, compass degrees 0..360.
    """

    distance_m: float
    along_m: float
    bearing: float


def great_circle_m(a: Point, b: Point) -> float:
    """Metres between two points, straight over the ground (haversine)."""
    lat_a, lat_b = radians(a[1]), radians(b[1])
    h = sin((lat_b - lat_a) / 2) ** 2
    h += cos(lat_a) * cos(lat_b) * sin(radians(b[0] - a[0]) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(h)))


def line_m(points: Sequence[Point]) -> float:
    """Metres along a line."""
    return sum(great_circle_m(a, b) for a, b in pairwise(points))


def bearing_between(a: Point, b: Point) -> float:
    """Compass direction from a to b, degrees 0..360; 0 where they are the same."""
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2))
    return degrees(atan2(east, b[1] - a[1])) % 360


def turn_between(one: float, other: float) -> float:
    """Degrees 0..180 between two compass directions."""
    return abs((one - other + 180) % 360 - 180)


def foot_on(line: Sequence[Point], point: Point) -> Foot:
    """The place of a line that is nearest to a point.

    Args:
        line: two points or more.
        point: near the line (within some kilometres: the ground is taken as flat).

    Returns:
        The foot; its bearing is 0 where the whole line is one place.
    """
    east_m = METRES_A_DEGREE * cos(radians(point[1]))
    best = Foot(float("inf"), 0.0, 0.0)
    walked = 0.0
    for a, b in pairwise(line):
        ax, ay = (a[0] - point[0]) * east_m, (a[1] - point[1]) * METRES_A_DEGREE
        bx, by = (b[0] - point[0]) * east_m, (b[1] - point[1]) * METRES_A_DEGREE
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        if square == 0:  # a point that stands twice has no direction
            continue
        length = sqrt(square)
        share = min(1.0, max(0.0, -(ax * dx + ay * dy) / square))
        distance = hypot(ax + share * dx, ay + share * dy)
        if distance < best.distance_m:
            best = Foot(distance, walked + share * length, degrees(atan2(dx, dy)) % 360)
        walked += length
    return best if walked else Foot(great_circle_m(line[0], point), 0.0, 0.0)


def in_box(point: Point, box: Box) -> bool:
    """Whether a point lies inside a box or on its edge."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def part_of(line: Sequence[Point], start_m: float, end_m: float) -> list[Point]:
    """The piece of a line between two distances from its start; turned round if end is first.

    Returns:
        One point or more; one where the piece has no length.
    """
    if end_m < start_m:
        return part_of(line, end_m, start_m)[::-1]
    piece: list[Point] = []
    walked = 0.0
    for a, b in pairwise(line):
        length = great_circle_m(a, b)
        low, high = max(start_m, walked), min(end_m, walked + length)
        if length and low <= high:
            for place in (low, high):
                point = _between(a, b, (place - walked) / length)
                if not piece or piece[-1] != point:
                    piece.append(point)
        walked += length
    # what lies beyond the line by a rounding is its end
    return piece or [line[-1] if walked and start_m > 0 else line[0]]


def _between(a: Point, b: Point, share: float) -> Point:
    if share >= 1:  # the point itself, not one beside it by a rounding
        return b
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
