from collections.abc import Sequence
from dataclasses import replace

import numpy as np

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


def test_an_unsure_plate_is_read_again_where_the_reader_saw_it() -> None:
    unsure = replace(a_reading("30A12845", 0.6), corners=LEFT_HALF)
    reader = InOrder(unsure, a_reading("30A12345", 0.97))
    frame = FRAME.copy()
    frame[:, :200] = 250
    seen = Recogniser(Script([]), reader).crop(frame)
    assert seen.reading.text == "30A12345"
    assert reader.crops[0].mean() == 125
    assert seen.crop.mean() > 230  # the bright half with its margin


def test_a_second_look_that_is_less_sure_changes_nothing() -> None:
    unsure = replace(a_reading("30A12345", 0.6), corners=LEFT_HALF)
    reader = InOrder(unsure, a_reading("30A12845", 0.5))
    assert Recogniser(Script([]), reader).crop(FRAME).reading == unsure


def test_a_plate_that_was_read_surely_is_looked_at_once() -> None:
    reader = InOrder(replace(a_reading("30A12345", 0.99), corners=LEFT_HALF))
    Recogniser(Script([]), reader).crop(FRAME)
    assert len(reader.crops) == 1


def test_an_unsure_plate_whose_corners_nobody_saw_is_looked_at_once() -> None:
    reader = InOrder(a_reading("30A12345", 0.6))
    Recogniser(Script([]), reader).crop(FRAME)
    assert len(reader.crops) == 1
