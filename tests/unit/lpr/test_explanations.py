from dataclasses import replace

import numpy as np
import pytest

from lpr.explanations import (
    LEAST_SCORE,
    Explanation,
    dropped_boxes,
    in_digits,
    summary,
    verdict,
)
from lpr.recognition import SeenPlate
from lpr.testing import a_box, a_reading

FRAME = np.zeros((200, 400, 3), np.uint8)
CROP = np.zeros((25, 100, 3), np.uint8)


def a_plate(text: str = "", box_score: float = 0.9, score: float = 0.97) -> SeenPlate:
    return SeenPlate(replace(a_box(100), score=box_score), CROP, a_reading(text, score))


def explained(*kept: SeenPlate, **more: object) -> Explanation:
    return replace(Explanation("street.jpg", FRAME, kept, min_score=0.5), **more)


@pytest.mark.parametrize(
    ("share", "digits"),
    [
        (0.0, "0"),
        (0.0004, "<0.001"),
        (0.001, "0.001"),
        (0.31, "0.31"),
        (0.4999, "0.499"),
        (0.57, "0.57"),
        (0.9999, "0.999"),
        (1.0, "1"),
    ],
)
def test_a_score_is_never_written_as_more_than_it_is(share: float, digits: str) -> None:
    assert in_digits(share) == digits


def test_no_boxes_are_none_dropped() -> None:
    assert dropped_boxes([], [], 0.5) == []


def test_dropped_is_what_is_below_the_threshold_and_no_kept_plate() -> None:
    kept = a_box(100)
    again, weak = replace(a_box(102), score=0.4), replace(a_box(300), score=0.31)
    at_it, faint = replace(a_box(600), score=0.5), replace(a_box(900), score=LEAST_SCORE - 0.001)
    assert dropped_boxes([kept, at_it, again, weak, faint], [kept], 0.5) == [weak]


def test_a_plate_that_was_read_says_how_sure_it_is() -> None:
    assert verdict(a_plate("30A12345"), None) == "Read as 30A12345 with a probability of 0.97."


def test_a_plate_that_was_not_read_was_found_at_least() -> None:
    assert verdict(a_plate(), None) == "Found, but nothing could be read."


def test_a_dropped_box_names_the_threshold_and_what_it_would_have_said() -> None:
    assert verdict(a_plate("30A12345", 0.31, 0.2), 0.5) == (
        "A box with score 0.31 was dropped: detector_min_score is 0.5. "
        "30A12345 would have been read with a probability of 0.2."
    )
    assert verdict(a_plate("", 0.31), 0.5) == (
        "A box with score 0.31 was dropped: detector_min_score is 0.5. Nothing could be read in it."
    )


def test_a_picture_without_a_box_says_how_near_it_came() -> None:
    assert summary(explained(surest=0.0123)) == [
        "No box at all: the surest cell had a score of 0.012, and detector_min_score is 0.5."
    ]
    assert summary(explained()) == ["No box at all: no cell of the detector saw anything."]


def test_a_picture_counts_what_was_found_read_and_dropped() -> None:
    weak = (a_plate(box_score=0.4), a_plate(box_score=0.1))
    assert summary(explained(a_plate("30A12345"), a_plate())) == ["2 boxes found, 1 of them read."]
    assert summary(explained(dropped=weak[:1], surest=0.4)) == [
        "No box was kept.",
        "1 box was dropped, with a score of 0.4: detector_min_score is 0.5.",
    ]
    assert summary(explained(a_plate("30A12345"), dropped=weak, more=9)) == [
        "1 box found, 1 of them read.",
        "11 boxes were dropped, the surest with a score of 0.4: detector_min_score is 0.5. "
        "The surest 2 are shown.",
    ]


def test_a_picture_that_is_one_plate_was_not_looked_for_plates() -> None:
    assert summary(explained(a_plate("30A12345"), min_score=None)) == [
        "The picture was taken for one plate: no detector looked at it."
    ]
