import numpy as np
import pytest

from lpr.letterbox import GREY, letterbox, original_points


@pytest.mark.parametrize(
    ("original", "size", "inner", "offset"),
    [
        ((1, 1), (64, 64), (64, 64), (0, 0)),
        ((1280, 720), (640, 640), (640, 360), (0, 140)),
        ((720, 1280), (640, 640), (360, 640), (140, 0)),
        ((100, 50), (128, 64), (128, 64), (0, 0)),
        ((90, 30), (60, 25), (60, 20), (0, 2)),
        ((4000, 1), (64, 64), (64, 1), (0, 31)),
    ],
)
def test_a_picture_lies_in_the_middle_of_grey(
    original: tuple[int, int],
    size: tuple[int, int],
    inner: tuple[int, int],
    offset: tuple[int, int],
) -> None:
    boxed = letterbox(np.zeros((original[1], original[0], 3), np.uint8), size)
    assert boxed.offset == offset
    assert boxed.scale == (inner[0] / original[0], inner[1] / original[1])
    expected = np.full((size[1], size[0], 3), GREY)
    expected[offset[1] : offset[1] + inner[1], offset[0] : offset[0] + inner[0]] = 0
    assert (boxed.picture == expected).all()


def test_points_go_back_to_where_they_were() -> None:
    boxed = letterbox(np.zeros((720, 1280, 3), np.uint8), (640, 640))
    points = np.array([[[0, 140], [640, 500], [320, 320]]], np.float32)
    assert original_points(points, boxed).tolist() == [[[0, 0], [1280, 720], [640, 360]]]
