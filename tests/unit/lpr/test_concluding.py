import pytest

from lpr.concluding import conclude, is_told_early
from lpr.testing import a_box, a_reading
from lpr.tracks import Look, Track


def a_track(*said: tuple[str, float], step: float = 60.0) -> Track:
    """One look in 0.2 s, so many pixels apart."""
    track = Track(1)
    for index, (text, score) in enumerate(said):
        track.add(Look(index / 5, a_box(100 + step * index), a_reading(text, score), index))
    return track


def text_of(track: Track) -> str | None:
    reading = conclude(track)
    return None if reading is None else reading.text


@pytest.mark.parametrize(
    ("text", "score", "step", "concluded"),
    [
        ("30A12345", 0.4, 60.0, "30A12345"),
        ("30A12345", 0.03, 60.0, ""),  # hardly right: it was seen, not read
        ("30A12345", 0.4, 0.0, None),
        ("30A12345", 0.7, 0.0, "30A12345"),
        ("21352253", 0.8, 0.0, None),  # a telephone number
        ("21352253", 0.95, 0.0, "21352253"),
        ("TAXI", 0.8, 60.0, None),  # on a roof
        ("TAX1", 0.8, 60.0, None),
        ("PHAM", 0.99, 0.0, None),  # of a shop
        ("", 0.0, 60.0, ""),
        ("", 0.0, 0.0, None),
    ],
)
def test_what_a_track_is_concluded_to_be(
    text: str, score: float, step: float, concluded: str | None
) -> None:
    assert text_of(a_track(*[(text, score)] * 5, step=step)) == concluded


def test_what_was_seen_once_must_have_been_read_surely() -> None:
    assert text_of(a_track(("30A12345", 0.5))) is None
    assert text_of(a_track(("30A12345", 0.7))) == "30A12345"


def test_two_looks_that_agree_and_one_of_them_sure_are_enough_to_tell() -> None:
    assert not is_told_early(a_track(("30A12345", 0.95)), 0.0)
    assert is_told_early(a_track(("30A12345", 0.95), ("30A12345", 0.3)), 0.2)
    assert not is_told_early(a_track(("30A12345", 0.95), ("30A12845", 0.3)), 0.2)


def test_unsure_looks_are_told_some_time_after_the_first_of_them() -> None:
    track = a_track(("", 0.0), ("", 0.0), ("30A12345", 0.65), ("30A12845", 0.65))
    assert not is_told_early(track, 1.0)
    assert is_told_early(track, 1.21)
    assert not is_told_early(a_track(("30A12345", 0.3), ("30A12345", 0.3)), 60.0)
