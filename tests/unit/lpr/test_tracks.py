import pytest

from lpr.readings import NOTHING_READ
from lpr.testing import a_box, a_reading
from lpr.tracks import MOST_LOOKS, MOST_TEXTS, STANDS_S, Look, Track


def a_look(x: float, offset: float, text: str = "", score: float = 0.9) -> Look:
    return Look(offset, a_box(x), a_reading(text, score), round(offset * 5))


def a_track(*looks: Look) -> Track:
    track = Track(1)
    for look in looks:
        track.add(look)
    return track


def test_a_track_that_read_nothing_has_no_text() -> None:
    track = a_track(a_look(100, 0.0))
    assert (track.text, track.surest) == ("", NOTHING_READ)


def test_its_text_is_what_its_looks_read_most_surely_together() -> None:
    said = [("30A12845", 0.8), ("30A12345", 0.5), ("30A12345", 0.5)]
    track = a_track(*[a_look(100, i / 5, *say) for i, say in enumerate(said)])
    assert (track.text, track.surest.text) == ("30A12345", "30A12845")
    assert track.weight("30A12345") == pytest.approx(1.0)
    assert track.weight("99Z99999") == 0.0


def test_it_stands_when_it_has_not_moved_for_a_while() -> None:
    track = a_track(*[a_look(100 + 80 * i, i / 5) for i in range(5)])
    assert not track.stands
    for number in range(5, 20):
        track.add(a_look(420 + number % 2, number / 5))
    assert track.stands
    assert track.seen - track.since >= STANDS_S
    track.add(a_look(500, 4.0))
    assert not track.stands


def test_of_a_vehicle_that_stands_for_long_the_surest_looks_are_kept() -> None:
    scores = [0.1, *[0.5] * MOST_LOOKS, 0.9, 0.2, 0.3]
    track = a_track(*[a_look(100, i / 5, "30A12345", s) for i, s in enumerate(scores)])
    kept = [look.reading.score for look in track.looks]
    assert kept == [0.1, *[0.5] * (MOST_LOOKS - 4), 0.9, 0.2, 0.3]
    assert (track.begin, track.last.offset) == (0.0, (len(scores) - 1) / 5)


def test_of_ever_new_texts_the_likeliest_are_kept() -> None:
    track = a_track(a_look(100, 0.0, "30A12345", 0.9))
    for number in range(1, 500):
        track.add(a_look(100, number / 5, f"30A{number:05d}", 0.1))
    assert track.text == "30A12345"
    assert sum(track.weight(f"30A{n:05d}") > 0 for n in range(1, 500)) < MOST_TEXTS


def test_a_plate_that_was_seen_once_is_expected_where_it_was() -> None:
    assert a_track(a_look(100, 0.0)).predicted(0.2) == (100, 100)


def test_a_plate_that_moves_is_expected_farther_on_but_not_for_ever() -> None:
    track = a_track(*[a_look(100 + 60 * i, i / 5) for i in range(3)])
    assert track.predicted(0.6) == (pytest.approx(280), 100)
    assert track.predicted(60.0) == track.predicted(1.4)


def test_two_boxes_at_one_time_foretell_nothing() -> None:
    assert a_track(a_look(100, 0.0), a_look(150, 0.0)).predicted(0.2) == (150, 100)


def test_two_tracks_become_one_in_time_order() -> None:
    first = a_track(*[a_look(100 + 60 * i, i / 5, "30A12345", 0.5) for i in range(3)])
    later = a_track(*[a_look(500 + 60 * i, 2 + i / 5, "30A12345", 0.7) for i in range(3)])
    first.absorb(later)
    assert [look.offset for look in first.looks] == [0.0, 0.2, 0.4, 2.0, 2.2, 2.4]
    assert (first.seen, first.surest.score) == (2.4, 0.7)
    assert first.weight("30A12345") == pytest.approx(3.6)


def test_a_plate_with_two_rows_is_as_large_as_one_with_a_single_row() -> None:
    one, two = a_box(100, width=100, height=25), a_box(100, width=34, height=28)
    sizes = [Look(0.0, box, NOTHING_READ, 1).size for box in (one, two)]
    assert sizes == [100, 56]
