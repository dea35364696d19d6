"""Where a place of the earth lies on a sheet; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians

from search.geometry import METRES_A_DEGREE, Box, Point

MARGIN = 0.08  # of the map, around what it shows
LEAST_M = 400.0  # that a map shows from side to side: one stop alone has its surroundings


@dataclass(frozen=True, slots=True)
class Projection:
    """Flat, the north at the top.

    Attributes:
        middle: of the map.
        size: width and height of the sheet, in points of 1/72 inch.
        metres: on the ground, of one point.
    """

    middle: Point
    size: tuple[float, float]
    metres: float

    def on_sheet(self, place: Point) -> tuple[float, float]:
        """Points from the lower left corner."""
        east = (place[0] - self.middle[0]) * METRES_A_DEGREE * cos(radians(self.middle[1]))
        north = (place[1] - self.middle[1]) * METRES_A_DEGREE
        width, height = self.size
        return width / 2 + east / self.metres, height / 2 + north / self.metres

    @property
    def box(self) -> Box:
        """What the sheet shows."""
        north = self.size[1] * self.metres / METRES_A_DEGREE / 2
        east = self.size[0] * self.metres / METRES_A_DEGREE / 2 / cos(radians(self.middle[1]))
        lon, lat = self.middle
        return lon - east, lat - north, lon + east, lat + north


def projection_of(places: Sequence[Point], size: tuple[float, float]) -> Projection:
    """The one that shows all places with a margin around them.

    Args:
        places: one or more.
        size: of the sheet, in points.
    """
    lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
    middle = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    wide = (max(lons) - min(lons)) * METRES_A_DEGREE * cos(radians(middle[1]))
    high = (max(lats) - min(lats)) * METRES_A_DEGREE
    inner = 1 - 2 * MARGIN
    metres = max(max(wide, LEAST_M) / size[0], max(high, LEAST_M) / size[1]) / inner
    return Projection(middle, size, metres)


def round_length(most: float) -> float:
    """The longest of 1, 2, 5, 10, 20, ... that is not longer."""
    power = 10.0 ** floor(log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)
