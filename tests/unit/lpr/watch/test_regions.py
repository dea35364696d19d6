import pytest

from lpr.testing import a_box
from lpr.watch.regions import Polygon, Zone

LEFT: Polygon = ((0, 0), (0.5, 0), (0.5, 1), (0, 1))
TOP: Polygon = ((0, 0), (1, 0), (1, 0.5), (0, 0.5))
EDGE: Polygon = ((0, 0), (1, 0), (0, 1))


@pytest.mark.parametrize(
    ("zone", "rows"),
    [
        (Zone(), ["1111", "1111"]),
        (Zone((LEFT,)), ["1100", "1100"]),
        (Zone((), (TOP,)), ["0000", "1111"]),
        (Zone((LEFT,), (TOP,)), ["0000", "1100"]),
        (Zone((LEFT, TOP)), ["1111", "1100"]),
    ],
)
def test_a_zone_is_its_regions_without_its_masks(zone: Zone, rows: list[str]) -> None:
    mask = zone.mask(4, 2)
    assert ["".join("1" if cell else "0" for cell in row) for row in mask] == rows


def test_a_mask_has_the_area_of_its_polygon() -> None:
    assert Zone((EDGE,)).mask(160, 90).mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("zone", "x", "y", "is_in"),
    [
        (Zone(), 1900.0, 10.0, True),
        (Zone((LEFT,)), 900.0, 500.0, True),
        (Zone((LEFT,)), 1000.0, 500.0, False),
        (Zone((LEFT,), (TOP,)), 900.0, 500.0, False),
        (Zone((LEFT,), (TOP,)), 900.0, 600.0, True),
        (Zone((EDGE,)), 480.0, 270.0, True),
        (Zone((EDGE,)), 1440.0, 810.0, False),
    ],
)
def test_a_plate_counts_where_its_middle_is(zone: Zone, x: float, y: float, is_in: bool) -> None:
    assert zone.holds(a_box(x, y), 1920, 1080) is is_in
