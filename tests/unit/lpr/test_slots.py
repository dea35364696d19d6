import numpy as np
import pytest

from lpr.ctc import places_of
from lpr.slots import slot_characters

CLASSES = ("0", "O", "o", "D", "-", "blank")


def said(*slots: dict[str, float]) -> list[list[tuple[str, float]]]:
    """Characters of slots, each with its probability to a hundredth."""
    given = np.array([[slot.get(name, 0.0) for name in CLASSES] for slot in slots], np.float32)
    found = slot_characters(given.reshape(-1, len(CLASSES)), places_of(CLASSES))
    return [[(name, round(p, 2)) for name, p in slot] for slot in found]


def test_no_slots_have_no_characters() -> None:
    assert said() == []


def test_a_slot_is_a_character_with_its_alternatives() -> None:
    assert said({"0": 0.7, "D": 0.3}) == [[("0", 0.7), ("D", 0.3)]]


def test_small_and_capital_letters_are_one_character() -> None:
    assert said({"O": 0.4, "o": 0.35, "0": 0.25}) == [[("O", 0.75), ("0", 0.25)]]


@pytest.mark.parametrize("nothing", ["blank", "-"])
def test_a_slot_that_surely_holds_nothing_is_left_out(nothing: str) -> None:
    assert said({nothing: 1.0}, {"D": 1.0}, {nothing: 1.0}) == [[("D", 1.0)]]


def test_nothing_is_one_of_the_characters_where_it_may_be() -> None:
    assert said({"0": 0.7, "blank": 0.2, "-": 0.1})[0] == [("0", 0.7), ("", 0.3)]
    assert said({"0": 0.3, "blank": 0.7})[0] == [("", 0.7), ("0", 0.3)]
