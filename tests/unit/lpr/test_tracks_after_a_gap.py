import numpy as np

from lpr.boxes import PlateBox
from lpr.readings import NOTHING_READ
from lpr.recognition import SeenPlate
from lpr.tracks import LOST_AFTER_S, Tracker


def _plate() -> SeenPlate:
    corners = ((100.0, 100.0), (200.0, 100.0), (200.0, 130.0), (100.0, 130.0))
    return SeenPlate(PlateBox(corners, 0.9), np.zeros((30, 100, 3), np.uint8), NOTHING_READ)


def test_a_plate_at_the_same_place_after_a_gap_is_another_vehicle() -> None:
    tracker = Tracker()
    assert tracker.update([_plate()], 10.0) == []
    over = tracker.update([_plate()], 10.0 + LOST_AFTER_S + 0.1)
    assert [track.number for track in over] == [1]
    assert [track.number for track in tracker.open] == [2]


def test_a_plate_at_the_same_place_soon_after_is_the_same_vehicle() -> None:
    tracker = Tracker()
    tracker.update([_plate()], 10.0)
    assert tracker.update([_plate()], 10.2) == []
    assert [[look.offset for look in track.looks] for track in tracker.open] == [[10.0, 10.2]]
