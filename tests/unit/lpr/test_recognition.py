from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from lpr.boxes import Corners, Frame, PlateBox
from lpr.readings import Reading
from lpr.recognition import Recogniser
from lpr.testing import SameReader, Script, a_box, a_reading, scripted

FRAME = np.zeros((200, 400, 3), np.uint8)


def test_a_frame_without_plates_is_not_read() -> None:
    assert scripted([[]]).plates(FRAME) == []


def test_every_box_has_its_own_crop_and_reading() -> None:
    frame = FRAME.copy()
    frame[:, 200:] = 250
    seen = [(a_box(80), a_reading("30A12345")), (a_box(320), a_reading("29B11111"))]
    one, other = scripted([seen]).plates(frame)
    assert (one.box, other.box) == (a_box(80), a_box(320))
    assert (one.reading.text, other.reading.text) == ("30A12345", "29B11111")
    assert (one.crop.mean(), other.crop.mean()) == (0, 250)


def test_a_picture_that_is_one_plate_is_read_whole() -> None:
    reader = SameReader(a_reading("30A12345"))
    seen = Recogniser(Script([]), reader).crop(FRAME)
    assert seen.reading.text == "30A12345"
    assert [crop.shape for crop in reader.crops] == [(200, 400, 3)]
    assert seen.box == PlateBox(((0.0, 0.0), (400.0, 0.0), (400.0, 200.0), (0.0, 200.0)), 1.0)


def test_bounds_are_the_upright_box_around_the_corners() -> None:
    box = PlateBox(((10.0, 5.0), (50.0, 0.0), (52.0, 12.0), (9.0, 18.0)), 0.9)
    assert box.bounds == (9.0, 0.0, 52.0, 18.0)


LEFT_HALF: Corners = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


class InOrder:
    """`Reader` that says what was written down, crop after crop.

    Attributes:
        crops: everything that it was given, in order.
    """

    def __init__(self, *readings: Reading) -> None:
        self._readings = list(readings)
        self.crops: list[Frame] = []

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        self.crops += crops
        return [self._readings.pop(0) for _ in crops]


def test_an_unsure_plate_is_cut_otherwise_and_read_again() -> None:
    unsure = replace(a_reading("30A12845", 0.6), corners=LEFT_HALF)
    more = [a_reading("30A12345", score) for score in (0.7, 0.7, 0.97, 0.7, 0.7)]
    reader = InOrder(unsure, *more)
    frame = FRAME.copy()
    frame[:, :200] = 250
    seen = Recogniser(Script([]), reader).crop(frame)
    assert seen.reading.text == "30A12345"
    assert seen.reading.score == pytest.approx((4 * 0.7 + 0.97) / 6)
    assert [crop.shape[:2] for crop in reader.crops[:3]] == [(200, 400), (184, 368), (232, 464)]
    assert reader.crops[0].mean() == 125
    assert seen.crop.mean() > 230  # the bright half with its margin


def test_two_unsure_plates_have_their_own_looks() -> None:
    unsure = [replace(a_reading(text, 0.6), corners=LEFT_HALF) for text in ("30A12345", "29B11111")]
    more = [a_reading("30A12346", 0.9)] * 5 + [a_reading("29B11112", 0.9)] * 5
    boxes = [(a_box(80), unsure[0]), (a_box(320), unsure[1])]
    seen = Recogniser(Script([boxes]), InOrder(*unsure, *more)).plates(FRAME)
    assert [plate.reading.text for plate in seen] == ["30A12346", "29B11112"]


def test_a_plate_that_was_read_surely_is_looked_at_once() -> None:
    reader = InOrder(replace(a_reading("30A12345", 0.99), corners=LEFT_HALF))
    Recogniser(Script([]), reader).crop(FRAME)
    assert len(reader.crops) == 1


def test_an_unsure_plate_whose_corners_nobody_saw_is_looked_at_once() -> None:
    reader = InOrder(a_reading("30A12345", 0.6))
    Recogniser(Script([]), reader).crop(FRAME)
    assert len(reader.crops) == 1
