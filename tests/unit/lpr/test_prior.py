import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.plates import PlateKind, aligned, choose, generate_plate
from lpr.readings import Character

generated = st.builds(
    lambda seed, kind: generate_plate(random.Random(seed), kind).text,
    st.integers(0, 2**32),
    st.sampled_from(list(PlateKind)),
)
slots_drawn = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["", *"03A8B"]), st.floats(0.01, 1)),
        min_size=1,
        max_size=3,
        unique_by=lambda pair: pair[0],
    ).map(tuple),
    max_size=9,
)


def sure(text: str, p: float = 0.97) -> tuple[Character, ...]:
    return tuple(((character, p),) for character in text)


def test_no_slots_are_the_empty_text() -> None:
    assert choose([]) == (("", 1.0),)


@pytest.mark.parametrize(
    "text",
    [
        "30R12345",
        "29MD112345",
        "30MK12345",
        "30LD12345",
        "80441NG02",
        "30RM12345",
        "TM1234",
        "QB123",
    ],
)
def test_special_series_are_kept_as_they_were_read(text: str) -> None:
    assert choose(sure(text))[0][0] == text


def test_a_foreign_plate_that_is_clearly_read_stays() -> None:
    text, p = choose(sure("BX123ZQ"))[0]
    assert text == "BX123ZQ"
    assert p == pytest.approx(0.97**7, abs=0.01)


def test_a_clear_character_outweighs_the_grammar() -> None:
    slots = (*sure("30", 1.0), (("4", 0.95), ("A", 0.05)), *sure("12345", 1.0))
    assert choose(slots)[0][0] == "30412345"


def test_the_grammar_decides_between_nearly_equal_characters() -> None:
    slots = (*sure("30", 1.0), (("4", 0.55), ("A", 0.45)), *sure("12345", 1.0), (("", 1.0),))
    best, second = choose(slots)[:2]
    assert best == ("30A12345", pytest.approx(0.45 / (0.45 + 0.55 / 12)))
    assert second == ("30412345", pytest.approx(0.55 / 12 / (0.45 + 0.55 / 12)))


@pytest.mark.parametrize(
    ("said", "likeliest"),
    [
        ("OKL1235", "OKL1235"),
        ("PJJI456", "PJJ1456"),
        ("0ZL2318", "OZL2318"),
        ("ZA834C0", "ZA834CO"),
    ],
)
def test_letters_and_digits_stand_as_other_countries_have_them(said: str, likeliest: str) -> None:
    alike = {"I": "1", "1": "I", "0": "O", "O": "0"}
    slots = [((c, 0.6), (alike[c], 0.4)) if c in alike else ((c, 1.0),) for c in said]
    assert choose(slots)[0][0] == likeliest


def test_a_clear_foreign_character_stays_where_no_country_has_it() -> None:
    slots = (*sure("OKL", 1.0), (("I", 0.9), ("1", 0.1)), *sure("235", 1.0))
    assert choose(slots)[0][0] == "OKLI235"


def test_between_two_plates_the_characters_alone_decide() -> None:
    slots = (*sure("30", 1.0), (("B", 0.6), ("E", 0.4)), *sure("12345", 1.0))
    assert choose(slots) == (
        ("30B12345", pytest.approx(0.6)),
        ("30E12345", pytest.approx(0.4)),
    )


def test_what_no_slot_names_is_left_for_other_texts() -> None:
    ((text, p),) = choose(sure("30A12345", 0.9))
    assert (text, p) == ("30A12345", pytest.approx(0.9**8))


def test_no_more_candidates_are_given_than_are_wanted() -> None:
    slots = [(("3", 0.6), ("8", 0.4))] * 8
    assert len(choose(slots, kept=3)) == 3
    assert len(choose(slots)) == 10


def test_of_equally_likely_texts_the_order_is_always_the_same() -> None:
    slots = (*sure("30", 1.0), (("E", 0.5), ("B", 0.5)), *sure("12345", 1.0))
    assert [text for text, _ in choose(slots)] == ["30B12345", "30E12345"]


@given(generated, st.floats(0.5, 1.0))
def test_candidates_are_probabilities_best_first(text: str, p: float) -> None:
    candidates = choose([((c, p), ("8", (1 - p) / 2)) for c in text])
    assert sum(q for _, q in candidates) <= 1 + 1e-9
    assert [q for _, q in candidates] == sorted((q for _, q in candidates), reverse=True)


@given(generated)
def test_a_plate_that_is_read_for_sure_stays_for_sure(text: str) -> None:
    assert choose(sure(text, 1.0)) == ((text, pytest.approx(1.0)),)


@pytest.mark.parametrize(
    ("slots", "text", "kept"),
    [
        ((), "", []),
        (sure("30A"), "30A", [0, 1, 2]),
        ((*sure("30A"), (("", 1.0),), (("", 1.0),)), "30A", [0, 1, 2]),
        ((*sure("3"), (("", 0.9), ("8", 0.1)), *sure("0A")), "30A", [0, 2, 3]),
        (((("1", 0.9), ("", 0.1)), (("1", 0.2), ("", 0.8))), "1", [0]),
        (((("1", 0.2), ("", 0.8)), (("1", 0.9), ("", 0.1))), "1", [1]),
    ],
)
def test_the_characters_of_a_text_stand_in_its_likeliest_slots(
    slots: tuple[Character, ...], text: str, kept: list[int]
) -> None:
    assert aligned(slots, text) == tuple(slots[index] for index in kept)


@given(slots_drawn)
def test_every_candidate_has_a_slot_for_each_character(slots: list[Character]) -> None:
    for text, _ in choose(slots):
        taken = aligned(slots, text)
        assert [letter in dict(slot) for letter, slot in zip(text, taken, strict=True)] == [
            True
        ] * len(text)


def test_characters_that_are_drawn_alike_tell_less_apart_than_others() -> None:
    # 9AA9999 is rare, AAA9999 is common; 0 and O are drawn alike, B and 8 are not
    unclear = (("0", 0.78), ("O", 0.22))
    assert choose((unclear, *sure("ZL2318", 1.0)))[0][0] == "OZL2318"
    clear = (("0", 0.95), ("O", 0.05))
    assert choose((clear, *sure("ZL2318", 1.0)))[0][0] == "0ZL2318"
    other = (("8", 0.78), ("B", 0.22))
    assert choose((other, *sure("ZL2318", 1.0)))[0][0] == "8ZL2318"


def test_a_vietnamese_plate_is_as_likely_as_before_where_nothing_is_drawn_alike() -> None:
    slots = (*sure("51A", 1.0), (("3", 0.9), ("8", 0.1)), *sure("0000", 1.0))
    assert choose(slots)[0] == ("51A30000", pytest.approx(0.9))
