import pytest

from lpr.seen_once import once_each, shared
from lpr.testing import a_box
from lpr.testing import a_seen_plate as a_plate


def test_nothing_seen_stays_nothing() -> None:
    assert once_each([]) == []


def test_of_a_plate_seen_whole_and_in_part_the_surer_reading_stays() -> None:
    whole, part = a_plate(100, "30A12345", 0.9), a_plate(120, "A12345", 0.4, width=60)
    other = a_plate(300, "29B16789", 0.3)
    assert once_each([part, whole, other]) == [whole, other]


def test_plates_that_touch_are_two() -> None:
    plates = [a_plate(100, "30A12345"), a_plate(170, "29B16789")]
    assert once_each(plates) == plates


def test_the_share_is_of_the_smaller_box() -> None:
    assert shared(a_box(100), a_box(100, width=50)) == 1.0
    assert shared(a_box(100), a_box(150)) == pytest.approx(0.5)
    assert shared(a_box(100), a_box(400)) == 0.0
    assert shared(a_box(100, width=0), a_box(100)) == 0.0
