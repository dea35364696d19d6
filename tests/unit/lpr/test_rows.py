import numpy as np
import pytest

from lpr.rows import cut_rows


def _crop(width: int, rows: tuple[tuple[int, int], ...], height: int = 100) -> np.ndarray:
    """White with black strokes between the given lines."""
    crop = np.full((height, width, 3), 255, np.uint8)
    for top, bottom in rows:
        for x in range(10, width - 10, 12):
            crop[top:bottom, x : x + 4] = 0
    return crop


ONE_ROW = ((15, 85),)
TWO_ROWS = ((8, 46), (54, 92))


@pytest.mark.parametrize(("width", "strokes"), [(420, ONE_ROW), (310, ONE_ROW), (310, TWO_ROWS)])
def test_a_long_crop_is_one_row_whatever_is_in_it(
    width: int, strokes: tuple[tuple[int, int], ...]
) -> None:
    crop = _crop(width, strokes)
    (only,) = cut_rows(crop)
    assert np.array_equal(only, crop)


@pytest.mark.parametrize("width", [136, 200, 249])
def test_a_short_crop_is_cut_where_it_is_quiet_and_both_rows_keep_a_little(width: int) -> None:
    crop = _crop(width, TWO_ROWS)
    upper, lower = cut_rows(crop)
    assert np.array_equal(upper, crop[:52])
    assert np.array_equal(lower, crop[48:])


def test_rows_of_unequal_height_are_not_cut_at_half() -> None:
    upper, lower = cut_rows(_crop(140, ((8, 40), (46, 92))))
    assert len(upper) == 46
    assert len(lower) == 58


def test_between_the_proportions_of_plates_the_middle_decides() -> None:
    assert len(cut_rows(_crop(275, ONE_ROW))) == 1
    assert len(cut_rows(_crop(275, TWO_ROWS))) == 2


def test_a_frame_line_down_the_sides_does_not_hide_where_rows_part() -> None:
    crop = _crop(275, TWO_ROWS)
    crop[:, 2:5] = crop[:, -5:-2] = 0
    assert [len(row) for row in cut_rows(crop)] == [52, 52]


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 9), (8, 1), (8, 8), (9, 24)])
def test_a_crop_of_a_few_pixels_has_no_row_without_pixels(size: tuple[int, int]) -> None:
    rows = cut_rows(np.full((*size, 3), 90, np.uint8))
    assert sum(len(row) for row in rows) == size[0]
    assert min(row.size for row in rows) > 0


def test_an_even_crop_is_cut_at_half() -> None:
    upper, lower = cut_rows(np.full((100, 140, 3), 90, np.uint8))
    assert (len(upper), len(lower)) == (52, 52)


def test_the_crop_is_left_as_it_was() -> None:
    crop = _crop(140, TWO_ROWS)
    before = crop.copy()
    cut_rows(crop)
    assert np.array_equal(crop, before)
