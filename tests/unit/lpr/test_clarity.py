import cv2
import numpy as np
import pytest

from lpr.clarity import LEAST, clarity


def a_crop(height: int, blur: float = 0.0) -> np.ndarray:
    """Black bars on white."""
    crop = np.full((height, 4 * height, 3), 240, np.uint8)
    crop[:, :: max(2, height // 4)] = 20
    return np.asarray(cv2.GaussianBlur(crop, (0, 0), blur), np.uint8) if blur else crop


def test_a_large_sharp_plate_is_quite_clear() -> None:
    assert clarity(a_crop(60), 1) == 1.0


def test_a_small_plate_is_less_clear() -> None:
    assert clarity(a_crop(8), 1) == pytest.approx(0.5)


def test_the_height_of_a_row_counts_not_that_of_the_plate() -> None:
    assert clarity(a_crop(16), 1) == 1.0
    assert clarity(a_crop(16), 2) == pytest.approx(0.5)


def test_a_blurred_plate_is_less_clear_but_never_counts_for_nothing() -> None:
    assert LEAST < clarity(a_crop(60, 2.0), 1) < 0.9
    assert clarity(np.full((60, 240, 3), 99, np.uint8), 1) == LEAST
