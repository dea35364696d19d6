import pytest

from lpr.recognition import SeenPlate
from lpr.testing import a_seen_plate as a_plate
from lpr.tracker import (
    COVERED_S,
    JOIN_S,
    LOST_AFTER_LOOKS,
    MOST_OPEN,
    Tracker,
    alike,
    overlap,
)
from lpr.tracks import Track


def follow(*frames: list[SeenPlate]) -> Tracker:
    """A tracker that has seen these frames, five in a second."""
    tracker = Tracker()
    for index, plates in enumerate(frames):
        look(tracker, plates, index / 5)
    return tracker


def look(tracker: Tracker, plates: list[SeenPlate], offset: float) -> list[Track]:
    return tracker.update(plates, [1.0] * len(plates), offset)


def texts(tracker: Tracker) -> list[list[str]]:
    return [[look.reading.text for look in track.looks] for track in tracker.open]


def places(tracker: Tracker) -> list[list[float]]:
    return [[sum(look.box.bounds[::2]) / 2 for look in t.looks] for t in tracker.open]


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
        score = 0.9 if i != 3 else 0.3
        return [a_plate(100 + 60 * i, one, score), a_plate(460 - 60 * i, other, score)]

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


@pytest.mark.parametrize("missed", [1, 2, 3])
def test_three_missed_frames_do_not_end_a_track(missed: int) -> None:
    tracker = follow(*[[a_plate(100 + 80 * i)] for i in range(3)], *[[]] * missed)
    assert len(tracker.open) == 1
    look(tracker, [a_plate(100 + 80 * (3 + missed))], (3 + missed) / 5)
    assert [len(track.looks) for track in tracker.tracks] == [4]


def test_a_vehicle_that_drives_away_is_found_where_perspective_puts_it() -> None:
    def at(i: int) -> SeenPlate:
        width = 900 / (9 + 2 * i)  # its distance grows evenly
        return a_plate(500 + 2 * width, y=100 + 5 * width, width=width)

    (track,) = follow(*[[at(i)] for i in range(4)]).tracks
    middle = track.predicted(7 / 5)
    expected = 900 / (9 + 2 * 7)
    assert middle == (
        pytest.approx(500 + 2 * expected, abs=8),
        pytest.approx(100 + 5 * expected, abs=20),
    )


def test_two_motorbikes_that_cross_close_together_keep_their_own_tracks() -> None:
    def at(i: int) -> list[SeenPlate]:
        left, right = 300 + 22 * i, 432 - 22 * i  # they meet at 3
        one, other = ("29H112345", "29X967890") if i != 3 else ("", "")
        return [
            a_plate(left, one, y=300 - 20 * i, width=34, height=28),
            a_plate(right, other, y=310 - 20 * i, width=32, height=26),
        ]

    tracker = follow(*[at(i) for i in range(7)])
    assert texts(tracker) == [
        ["29H112345"] * 3 + [""] + ["29H112345"] * 3,
        ["29X967890"] * 3 + [""] + ["29X967890"] * 3,
    ]


def test_a_vehicle_that_is_out_of_view_is_lost_and_over_when_it_cannot_come_back() -> None:
    tracker = follow([a_plate(100)], [a_plate(180)], *[[]] * 7)
    assert (len(tracker.open), len(tracker.tracks)) == (0, 1)
    assert tracker.over() == []
    look(tracker, [], 0.2 + JOIN_S + 0.1)
    assert [track.number for track in tracker.over()] == [1]
    assert tracker.tracks == ()


def test_rare_looks_do_not_end_a_track() -> None:
    tracker = Tracker()
    look(tracker, [a_plate(100)], 0.0)
    for number in range(1, LOST_AFTER_LOOKS + 1):
        look(tracker, [], 2.0 * number)
        assert len(tracker.open) == 1
    look(tracker, [], 2.0 * LOST_AFTER_LOOKS + 2)
    assert tracker.open == ()


def test_readings_that_are_both_sure_and_quite_unlike_are_never_one_vehicles() -> None:
    tracker = follow([a_plate(100, "30A12345")], [a_plate(102, "29B98766")])
    assert texts(tracker) == [["30A12345"], ["29B98766"]]


def test_one_that_reads_the_same_is_found_farther_away() -> None:
    assert len(follow([a_plate(100, "30A12345")], [a_plate(550, "30A12345")]).tracks) == 1
    assert len(follow([a_plate(100, "30A12345")], [a_plate(550, "")]).tracks) == 2


def test_one_that_was_lost_is_found_again_by_its_text() -> None:
    tracker = follow([a_plate(100, "30A12345")], *[[]] * 8)
    assert [t.number for t in look(tracker, [a_plate(900, "30A12345")], JOIN_S - 1)] == [1]
    assert [t.number for t in look(tracker, [a_plate(400, "")], JOIN_S - 1)] == [2]


def test_one_that_stood_and_was_covered_is_found_again_at_its_place() -> None:
    tracker = follow(*[[a_plate(100, "30A12345", 0.5)]] * 10)
    for offset in range(2, 200):
        look(tracker, [], float(offset))
    assert tracker.over() == []
    assert [t.number for t in look(tracker, [a_plate(105, "30A12845", 0.4)], COVERED_S - 1)] == [1]
    assert [t.number for t in look(tracker, [a_plate(900, "30F55555", 0.4)], COVERED_S)] == [2]


def test_while_nothing_moves_what_was_seen_last_stays_in_view() -> None:
    tracker = follow([a_plate(100), a_plate(500)], [a_plate(100)])
    for number in range(2, 1000):
        tracker.hold(number / 5)
    assert [track.number for track in tracker.open] == [1]
    assert tracker.open[0].seen == 999 / 5
    assert [track.number for track in tracker.over()] == [2]


def test_of_too_many_tracks_those_seen_longest_ago_are_over() -> None:
    tracker = follow([a_plate(200 * i) for i in range(MOST_OPEN)])
    new = look(tracker, [a_plate(200 * i, y=900) for i in range(10)], 0.5)
    assert len(tracker.over()) == 10
    assert len(tracker.tracks) == MOST_OPEN
    assert all(track in tracker.tracks for track in new)


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


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("", "", 0.5),
        ("30A12345", "", 0.5),
        ("30A12345", "30A12345", 1.0),
        ("30A12345", "30A12845", 7 / 8),
        ("30A12345", "A12345", 1.0),  # a part of it is covered
        ("30A12345", "12845", 4 / 5),
        ("30A12345", "45", 0.0),  # too little to tell
        ("30A12345", "29B67890", 0.0),
    ],
)
def test_how_alike_two_texts_are(one: str, other: str, share: float) -> None:
    assert alike(one, other) == alike(other, one) == pytest.approx(share)


def test_boxes_overlap_by_the_share_of_what_both_cover() -> None:
    one, half, apart = (a_plate(x).box for x in (100, 150, 300))
    assert overlap(one, one) == 1.0
    assert overlap(one, half) == pytest.approx(1 / 3)
    assert overlap(one, apart) == 0.0
