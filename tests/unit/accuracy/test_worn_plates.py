import random

import numpy as np

from lpr.plates import parse_plate
from tests.accuracy.worn_plates import draw_worn_plate


def test_worn_plates_are_crops_of_vietnamese_plates_in_one_row_or_two() -> None:
    chance, rng = random.Random(1), np.random.default_rng(1)
    plates = [draw_worn_plate(chance, rng) for _ in range(40)]
    assert {plate.rows for plate in plates} == {1, 2}
    assert all(parse_plate(plate.text) for plate in plates)
    for plate in plates:
        height, width, channels = plate.crop.shape
        assert (channels, plate.crop.dtype) == (3, np.uint8)
        assert 14 <= height <= 153
        assert (width / height > 2.5) == (plate.rows == 1)
