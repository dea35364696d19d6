import numpy as np
import pytest

from lpr.ctc import ALPHABET, NOTHING, characters_of, places_of

CLASSES = ("blank", "0", "O", "o", "D", "Đ", "-", "京", " ")
PLACES = places_of(CLASSES)


def _columns(*columns: dict[str, float]) -> np.ndarray:
    """Probabilities of each column; what is missing to 1 is blank."""
    given = np.zeros((len(columns), len(CLASSES)), np.float32)
    for row, column in zip(given, columns, strict=True):
        for character, probability in column.items():
            row[CLASSES.index(character)] = probability
        row[0] = 1 - row.sum()
    return given


def test_classes_have_the_place_of_their_normal_form() -> None:
    letters = [ALPHABET[p] if p != NOTHING else "" for p in PLACES]
    assert letters == ["", "0", "O", "O", "D", "D", "", "", ""]


def test_an_empty_line_has_no_characters() -> None:
    assert characters_of(_columns({}, {}, {}), PLACES) == ()


def test_a_class_that_is_repeated_is_one_character_and_a_blank_parts_two() -> None:
    said = characters_of(_columns({"0": 0.6}, {"0": 0.9}, {}, {"0": 0.8}), PLACES)
    assert [[letter for letter, _ in character] for character in said] == [["0"], ["0"]]
    assert [character[0][1] for character in said] == pytest.approx([0.9, 0.8])


def test_dashes_and_foreign_signs_part_characters_and_are_none() -> None:
    said = characters_of(_columns({"D": 1}, {"-": 0.9}, {"D": 1}, {"京": 1}, {"0": 1}), PLACES)
    assert "".join(character[0][0] for character in said) == "DD0"


def test_small_letters_count_for_their_capital() -> None:
    (character,) = characters_of(_columns({"0": 0.4, "O": 0.3, "o": 0.25}), PLACES)
    assert dict(character) == pytest.approx({"O": 0.55, "0": 0.4})
    assert character[0][0] == "O"


def test_the_chance_that_there_is_no_character_is_left_out() -> None:
    (character,) = characters_of(_columns({"D": 0.7, "-": 0.2}), PLACES)
    assert [letter for letter, _ in character] == ["D"]
    assert character[0][1] == pytest.approx(0.7)


def test_what_is_hardly_likely_is_not_kept() -> None:
    (character,) = characters_of(_columns({"D": 0.99, "0": 0.0005}), PLACES)
    assert [letter for letter, _ in character] == ["D"]
