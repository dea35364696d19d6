from dataclasses import replace

import pytest

from lpr.looking_again import together, wants_more_looks
from lpr.readings import NOTHING_READ, Candidate, Reading
from lpr.testing import a_reading

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def said(*candidates: Candidate) -> Reading:
    return replace(a_reading(*candidates[0]), candidates=candidates)


def test_one_look_says_what_it_says() -> None:
    look = said(("30A12345", 0.7), ("30A12845", 0.2))
    assert together([look]) == (0, look)


def test_the_text_that_all_looks_hold_likeliest_wins_and_the_surest_look_at_it_is_kept() -> None:
    looks = [
        said(("30A12845", 0.6), ("30A12345", 0.3)),
        said(("30A12345", 0.5), ("30A12845", 0.4)),
        said(("30A12345", 0.9), ("30A12346", 0.1)),
    ]
    best, reading = together(looks)
    assert best == 2
    assert reading.text == "30A12345"
    assert reading.score == pytest.approx(1.7 / 3)
    assert reading.candidates[0] == (reading.text, reading.score)
    assert reading.candidates[1] == ("30A12845", pytest.approx(1.0 / 3))


def test_looks_in_which_nothing_was_read_count_against_the_text() -> None:
    best, reading = together([said(("30A12345", 0.8)), NOTHING_READ, NOTHING_READ])
    assert (best, reading.text) == (0, "30A12345")
    assert reading.score == pytest.approx(0.8 / 3)


def test_nothing_read_in_any_look_stays_nothing() -> None:
    assert together([NOTHING_READ, NOTHING_READ]) == (0, NOTHING_READ)


def test_no_candidate_that_nobody_read_stands_before_the_text() -> None:
    looks = [
        said(("30A12845", 0.45), ("30A12345", 0.44)),
        said(("30A12645", 0.5), ("30A12345", 0.4)),
    ]
    _, reading = together(looks)
    assert reading.text == "30A12645"
    assert reading.candidates[1] == ("30A12345", reading.score)


@pytest.mark.parametrize(
    ("reading", "wanted"),
    [
        (NOTHING_READ, False),
        (a_reading("30A12345", 0.5), False),  # its reader saw no corners
        (replace(a_reading("30A12345", 0.94), corners=WHOLE), True),
        (replace(a_reading("30A12345", 0.95), corners=WHOLE), False),
    ],
)
def test_only_an_unsure_plate_whose_corners_were_seen_is_looked_at_again(reading, wanted) -> None:
    assert wants_more_looks(reading) is wanted
