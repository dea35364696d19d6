from dataclasses import replace

import numpy as np
import pytest

from lpr.boxes import PlateBox
from lpr.overlaps import best_of_each, bounds_of, overlaps, without
from lpr.testing import a_box


def scored(box: PlateBox, score: float) -> PlateBox:
    return replace(box, score=score)


def test_no_boxes_overlap_with_none() -> None:
    assert bounds_of([]).shape == (0, 4)
    assert overlaps(bounds_of([a_box(100)])[0], bounds_of([])).shape == (0,)
    assert best_of_each([]) == []
    assert without([], [a_box(100)]) == []


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (a_box(300), 0.0),
        (a_box(100), 1.0),
        (a_box(150), 1 / 3),  # half of each
        (a_box(100, width=20, height=5), 1.0),  # lies in it
    ],
)
def test_the_share_is_of_the_union_and_whole_where_one_lies_in_the_other(
    other: PlateBox, share: float
) -> None:
    (found,) = overlaps(bounds_of([a_box(100)])[0], bounds_of([other]))
    assert found == pytest.approx(np.float32(share))


def test_of_each_plate_the_best_box_is_left_the_surest_plate_first() -> None:
    one, other = scored(a_box(100), 0.6), scored(a_box(400), 0.8)
    worse = [scored(a_box(104), 0.5), scored(a_box(396), 0.7)]
    assert best_of_each([one, *worse, other]) == [other, one]


def test_a_box_that_is_a_point_stays_once() -> None:
    point = a_box(100, width=0, height=0)
    assert best_of_each([point]) == [point]


def test_a_box_of_a_known_plate_is_left_out() -> None:
    near, far = scored(a_box(104), 0.2), scored(a_box(300), 0.1)
    assert without([near, far], [a_box(100)]) == [far]
    assert without([near, far], []) == [near, far]
