import numpy as np
import pytest

from lpr.recognition import SeenPlate
from lpr.testing import a_box, a_reading
from lpr.tracks import LOST_AFTER_S, MOST_LOOKS, Tracker

CROP = np.zeros((25, 100, 3), np.uint8)


def a_plate(
    x: float, text: str = "", score: float = 0.9, y: float = 100.0, width: float = 100.0
) -> SeenPlate:
    return SeenPlate(a_box(x, y, width, width / 4), CROP, a_reading(text, score))


def follow(*frames: list[SeenPlate]) -> Tracker:
    """A tracker that has seen these frames, five in a second."""
    tracker = Tracker()
    for index, plates in enumerate(frames):
        assert tracker.update(plates, index / 5) == []
    return tracker


def texts(tracker: Tracker) -> list[list[str]]:
    return [[look.plate.reading.text for look in track.looks] for track in tracker.open]


def places(tracker: Tracker) -> list[list[float]]:
    return [[sum(look.plate.box.bounds[::2]) / 2 for look in t.looks] for t in tracker.open]


def test_nothing_seen_is_no_track() -> None:
    tracker = follow([], [], [])
    assert tracker.open == ()
    assert tracker.finish() == []


def test_a_plate_that_moves_is_one_track() -> None:
    tracker = follow(*[[a_plate(100 + 80 * i)] for i in range(5)])
    assert places(tracker) == [[100, 180, 260, 340, 420]]
    assert [look.offset for look in tracker.open[0].looks] == [0, 0.2, 0.4, 0.6, 0.8]


def test_two_plates_side_by_side_are_two_tracks() -> None:
    tracker = follow(*[[a_plate(100 + 60 * i), a_plate(400 + 60 * i)] for i in range(3)])
    assert places(tracker) == [[100, 160, 220], [400, 460, 520]]


def test_the_order_in_which_plates_are_found_does_not_matter() -> None:
    left, right = (lambda i: a_plate(100 + 60 * i)), (lambda i: a_plate(400 + 60 * i))
    tracker = follow([left(0), right(0)], [right(1), left(1)], [left(2), right(2)])
    assert places(tracker) == [[100, 160, 220], [400, 460, 520]]


def test_a_plate_that_is_missed_for_some_frames_is_still_the_same() -> None:
    tracker = follow([a_plate(100)], [a_plate(180)], [], [], [a_plate(420)])
    assert places(tracker) == [[100, 180, 420]]


def test_a_plate_far_from_where_it_could_be_is_another_vehicle() -> None:
    tracker = follow([a_plate(100)], [a_plate(900)])
    assert places(tracker) == [[100], [900]]


@pytest.mark.parametrize("width", [45.0, 220.0])
def test_a_plate_of_quite_another_size_is_another_vehicle(width: float) -> None:
    tracker = follow([a_plate(100)], [a_plate(110, width=width)])
    assert [track.number for track in tracker.open] == [1, 2]


@pytest.mark.parametrize("meeting", ["AAAAAAA", ""])
def test_vehicles_that_cross_keep_their_own_tracks(meeting: str) -> None:
    def at(i: int) -> list[SeenPlate]:
        one, other = ("30A11111", "29B22222") if i != 3 else (meeting, meeting)
        return [a_plate(100 + 60 * i, one), a_plate(460 - 60 * i, other)]

    tracker = follow(*[at(i) for i in range(7)])
    assert places(tracker) == [[100 + 60 * i for i in range(7)], [460 - 60 * i for i in range(7)]]


def test_unread_vehicles_that_cross_go_on_as_they_went() -> None:
    def at(i: int) -> list[SeenPlate]:
        plates = [a_plate(100 + 60 * i), a_plate(400 - 60 * i)]  # at 3 each is where the other was
        return plates[::-1] if i == 3 else plates

    tracker = follow(*[at(i) for i in range(6)])
    assert places(tracker) == [[100 + 60 * i for i in range(6)], [400 - 60 * i for i in range(6)]]


def test_of_two_near_plates_the_one_that_reads_the_same_is_taken() -> None:
    tracker = follow(
        [a_plate(100, "30A11111")], [a_plate(110, "29B22222"), a_plate(150, "30A11111")]
    )
    assert texts(tracker) == [["30A11111", "30A11111"], ["29B22222"]]


def test_a_plate_at_the_same_place_after_a_gap_is_another_vehicle() -> None:
    tracker = Tracker()
    assert tracker.update([a_plate(100)], 10.0) == []
    over = tracker.update([a_plate(100)], 10.0 + LOST_AFTER_S + 0.1)
    assert [track.number for track in over] == [1]
    assert [track.number for track in tracker.open] == [2]


def test_a_plate_at_the_same_place_soon_after_is_the_same_vehicle() -> None:
    tracker = Tracker()
    tracker.update([a_plate(100)], 10.0)
    assert tracker.update([a_plate(100)], 10.0 + LOST_AFTER_S) == []
    assert [[look.offset for look in track.looks] for track in tracker.open] == [[10.0, 11.0]]


def test_two_plates_at_quite_the_same_place_are_two_tracks() -> None:
    tracker = follow([a_plate(100), a_plate(100)], [a_plate(100), a_plate(100)])
    assert places(tracker) == [[100, 100], [100, 100]]


def test_finishing_gives_what_is_open_and_leaves_nothing() -> None:
    tracker = follow([a_plate(100), a_plate(500)])
    assert [track.number for track in tracker.finish()] == [1, 2]
    assert tracker.open == ()
    assert tracker.finish() == []


def test_every_tracker_counts_for_itself() -> None:
    numbers = [follow([a_plate(100)]).open[0].number for _ in range(2)]
    assert numbers == [1, 1]


def test_of_a_vehicle_that_stands_for_long_the_surest_looks_are_kept() -> None:
    scores = [0.1, *[0.5] * MOST_LOOKS, 0.9, 0.2, 0.3]
    (track,) = follow(*[[a_plate(100, "30A12345", score)] for score in scores]).open
    kept = [look.plate.reading.score for look in track.looks]
    assert kept == [0.1, *[0.5] * (MOST_LOOKS - 4), 0.9, 0.2, 0.3]
    assert track.looks[0].offset == 0.0
    assert track.last.offset == (len(scores) - 1) / 5
