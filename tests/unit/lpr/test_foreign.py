import pytest

from lpr.foreign import foreign_reading
from lpr.readings import NOTHING_READ, Character, Reading


def _said(text: str, probability: float = 1.0) -> tuple[Character, ...]:
    return tuple(((letter, probability),) for letter in text)


def _read(text: str, rows: int = 1) -> Reading:
    return foreign_reading(_said(text), rows, "some reader")


def test_a_plate_that_is_one_stays_as_it_was_said() -> None:
    reading = foreign_reading(_said("30A12345", 0.99), 1, "some reader")
    assert (reading.text, reading.raw) == ("30A12345", "30A12345")
    assert reading.score == pytest.approx(0.99**8)
    assert reading.candidates == (("30A12345", reading.score),)
    assert reading.chars == _said("30A12345", 0.99)
    assert (reading.rows, reading.colour, reading.kind) == (1, None, "car")
    assert reading.model == "some reader"


def test_a_letter_in_a_digits_place_is_repaired_and_the_raw_text_is_kept() -> None:
    reading = _read("3OA12345")
    assert (reading.text, reading.raw) == ("30A12345", "3OA12345")
    assert [text for text, _ in reading.candidates] == ["30A12345", "3OA12345"]


def test_a_repaired_character_is_not_sure() -> None:
    reading = _read("3OA12345")
    assert reading.score == pytest.approx(0.75)
    assert reading.chars[1] == (("O", pytest.approx(0.8)), ("0", pytest.approx(0.2)))
    assert reading.chars[0] == (("3", 1.0),)


def test_two_repairs_at_once_are_a_candidate_behind_what_was_said() -> None:
    reading = _read("3OA1234S")
    assert (reading.text, reading.raw) == ("3OA1234S", "3OA1234S")
    assert [text for text, _ in reading.candidates][:2] == ["3OA1234S", "30A12345"]


def test_what_was_said_stays_first_even_where_the_look_alike_was_nearly_said() -> None:
    slots = (*_said("3"), (("O", 0.5), ("0", 0.45)), *_said("A12345"))
    reading = foreign_reading(slots, 1, "some reader")
    assert reading.chars == slots
    assert (reading.text, reading.raw) == ("30A12345", "3OA12345")
    assert reading.score > 0.8


def test_a_likely_second_character_makes_a_plate_where_no_repair_does() -> None:
    slots = (*_said("29M"), (("0", 0.7), ("D", 0.3)), *_said("112345"))
    reading = foreign_reading(slots, 2, "some reader")
    assert (reading.text, reading.raw) == ("29MD112345", "29M0112345")


def test_a_foreign_plate_stays_as_it_was_said() -> None:
    reading = _read("BAX4711")
    assert (reading.text, reading.raw, reading.kind) == ("BAX4711", "BAX4711", None)


def test_two_rows_leave_open_which_vehicle_it_is() -> None:
    assert _read("30A12345", rows=1).kind == "car"
    assert _read("30A12345", rows=2).kind is None


@pytest.mark.parametrize("text", ["", "A", "30A1234530A12"])
def test_what_is_too_short_or_too_long_for_a_plate_was_not_read(text: str) -> None:
    assert _read(text) is NOTHING_READ


def test_a_position_that_may_be_empty_is_weighed() -> None:
    reading = foreign_reading((*_said("30A1234"), (("5", 0.7), ("", 0.3))), 1, "some reader")
    assert (reading.text, reading.raw) == ("30A12345", "30A12345")
    assert reading.candidates == (
        ("30A12345", pytest.approx(0.7)),
        ("30A1234", pytest.approx(0.3)),
    )


def test_a_position_that_is_rather_empty_is_not_said_and_moves_no_repair() -> None:
    slots = (*_said("3"), (("", 0.9), ("4", 0.1)), *_said("OA12345"))
    reading = foreign_reading(slots, 1, "some reader")
    assert (reading.text, reading.raw) == ("30A12345", "3OA12345")
    assert [slot[0][0] for slot in reading.chars] == list("3OA12345")
    assert len(reading.chars) == len(reading.text)


def test_positions_that_are_all_empty_are_nothing_read() -> None:
    assert foreign_reading(((("", 1.0),),) * 9, 1, "some reader") is NOTHING_READ
