import pytest

from lpr.direction import direction_of
from lpr.readings import NOTHING_READ
from lpr.testing import a_box
from lpr.tracks import Look


def looks(*boxes: tuple[float, float, float]) -> list[Look]:
    """By y, width and height."""
    return [
        Look(i / 5, a_box(100, y, width, height), NOTHING_READ, i)
        for i, (y, width, height) in enumerate(boxes)
    ]


@pytest.mark.parametrize(
    ("boxes", "direction"),
    [
        ([(100, 100, 25)], None),
        ([(100, 100, 25), (100, 120, 30)], "towards"),
        ([(100, 120, 30), (100, 100, 25)], "away"),
        ([(100, 100, 25), (160, 100, 25)], "towards"),
        ([(160, 100, 25), (100, 100, 25)], "away"),
        ([(100, 100, 25), (110, 102, 26)], None),
        ([(100, 60, 15), *[(300, 120, 30)] * 50], "towards"),  # it came and stood
    ],
)
def test_a_plate_that_grows_or_moves_down_comes_towards_the_camera(
    boxes: list[tuple[float, float, float]], direction: str | None
) -> None:
    assert direction_of(looks(*boxes)) == direction
