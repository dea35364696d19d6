import numpy as np
import pytest

from lpr.onnx_reader import ReaderShape, reading_of, softmax
from lpr.readings import NOTHING_READ, Reading

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHAPE = ReaderShape("a reader", ALPHABET, 64, 160, 1.0)
SLOTS = 10
BLANK = len(ALPHABET)
CORNERS = np.array([[0.04, 0.05], [0.9, 0.04], [0.95, 0.96], [0.03, 0.95]], np.float32)


def logits_of(*slots: dict[str, float]) -> np.ndarray:
    """Logits whose softmax gives each slot these probabilities; the slots after them are blank."""
    shares = np.full((SLOTS, BLANK + 1), 1e-7, np.float32)
    for index in range(SLOTS):
        slot = slots[index] if index < len(slots) else {"": 1.0}
        for character, p in slot.items():
            shares[index, ALPHABET.index(character) if character else BLANK] = p
    return np.log(shares)


def read(
    *slots: dict[str, float], rows: int = 1, colour: int = 0, temperature: float = 1.0
) -> Reading:
    shape = ReaderShape("a reader", ALPHABET, 64, 160, temperature)
    return reading_of(
        logits_of(*slots),
        np.eye(2, dtype=np.float32)[rows - 1],
        np.eye(4, dtype=np.float32)[colour],
        CORNERS,
        shape,
    )


def sure(text: str) -> list[dict[str, float]]:
    return [{character: 1.0} for character in text]


def test_blank_slots_are_nothing_read() -> None:
    assert read() == NOTHING_READ


def test_a_first_slot_that_is_rather_blank_is_nothing_read() -> None:
    assert read({"": 0.6, "3": 0.4}, *sure("0A12345")) == NOTHING_READ
    assert read({"": 0.4, "3": 0.6}, *sure("0A12345")).text == "30A12345"


def test_where_no_text_is_likelier_than_none_nothing_was_read() -> None:
    assert read({"": 0.45, "1": 0.3, "7": 0.25}) == NOTHING_READ


def test_a_clear_plate_is_read_with_its_rows_and_colour() -> None:
    reading = read(*sure("30A12345"), rows=2, colour=1)
    assert (reading.text, reading.raw) == ("30A12345", "30A12345")
    assert reading.score == pytest.approx(1.0, abs=1e-3)
    assert [slot[0][0] for slot in reading.chars] == list("30A12345")
    assert (reading.rows, reading.colour, reading.kind) == (2, "yellow", None)
    assert reading.model == "a reader"


def test_one_row_of_white_is_a_car() -> None:
    assert read(*sure("30A12345")).kind == "car"


def test_the_grammar_repairs_the_text_and_leaves_what_was_read() -> None:
    reading = read(*sure("30"), {"4": 0.55, "A": 0.45}, *sure("12345"))
    assert (reading.text, reading.raw) == ("30A12345", "30412345")
    assert [text for text, _ in reading.candidates[:2]] == ["30A12345", "30412345"]
    assert reading.chars[2][0] == ("4", pytest.approx(0.55, abs=1e-3))
    assert reading.score == pytest.approx(0.45 / (0.45 + 0.55 / 12), abs=1e-3)


def test_a_character_is_beside_its_own_slot_where_one_between_is_left_out() -> None:
    reading = read(*sure("30A"), {"": 0.9, "8": 0.1}, *sure("1234"))
    assert reading.text == "30A1234"
    assert [slot[0][0] for slot in reading.chars] == list("30A1234")


def test_a_last_character_that_may_be_none_is_weighed() -> None:
    reading = read(*sure("30A1234"), {"5": 0.7, "": 0.3})
    assert reading.candidates[0] == ("30A12345", pytest.approx(0.7, abs=1e-3))
    assert reading.candidates[1] == ("30A1234", pytest.approx(0.3, abs=1e-3))
    assert len(reading.chars) == 8


def test_a_higher_temperature_is_less_sure() -> None:
    slots = (*sure("30A1234"), {"5": 0.9, "6": 0.1})
    assert read(*slots, temperature=2.0).score < read(*slots).score
    assert read(*slots, temperature=2.0).text == "30A12345"


def test_unlikely_characters_are_not_kept_and_few_of_the_others() -> None:
    many = {"8": 0.4, "3": 0.2, "B": 0.15, "9": 0.1, "6": 0.08, "0": 0.069, "5": 0.0005}
    chars = read(many, *sure("0A12345")).chars
    assert [character for character, _ in chars[0]] == ["8", "3", "B", "9", "6"]
    assert [character for character, _ in chars[1]] == ["0"]


@pytest.mark.parametrize(
    ("logits", "shares"),
    [
        ([0.0], [1.0]),
        ([0.0, 0.0], [0.5, 0.5]),
        ([1000.0, 1000.0], [0.5, 0.5]),
        ([-1000.0, 0.0], [0.0, 1.0]),
        ([0.0, float(np.log(3))], [0.25, 0.75]),
    ],
)
def test_softmax_gives_probabilities(logits: list[float], shares: list[float]) -> None:
    assert softmax(np.array(logits, np.float32)).tolist() == pytest.approx(shares)


def test_softmax_is_taken_along_the_last_axis() -> None:
    assert softmax(np.zeros((2, 4), np.float32)).tolist() == [[0.25] * 4] * 2


def test_a_reading_tells_where_the_plate_lies_in_its_crop() -> None:
    corners = read(*sure("30A12345")).corners
    assert corners is not None
    assert np.array(corners) == pytest.approx(CORNERS)
