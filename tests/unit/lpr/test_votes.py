from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.readings import NOTHING_READ, Reading
from lpr.testing import a_reading
from lpr.votes import MOST_SURE, VOTED, vote

characters = st.lists(
    st.tuples(st.sampled_from(["", *"03A8B"]), st.floats(0, 1)),
    min_size=1,
    max_size=4,
    unique_by=lambda pair: pair[0],
).map(tuple)
readings = st.builds(
    lambda slots, score: Reading("".join(s[0][0] for s in slots) or "8", "", score, tuple(slots)),
    st.lists(characters, min_size=1, max_size=10),
    st.integers(0, 8).map(lambda eighths: eighths / 8),
)


def with_slot(text: str, index: int, slot: tuple[tuple[str, float], ...], score: float) -> Reading:
    reading = a_reading(text, score)
    return replace(reading, chars=(*reading.chars[:index], slot, *reading.chars[index + 1 :]))


@pytest.mark.parametrize("unread", [[], [NOTHING_READ], [NOTHING_READ, NOTHING_READ]])
def test_a_track_that_nothing_was_read_of_has_an_empty_text(unread: list[Reading]) -> None:
    assert vote(unread) == NOTHING_READ


def test_one_reading_is_its_own_vote() -> None:
    one = a_reading("30A12345", 0.9)
    won = vote([one])
    assert (won.text, won.raw, won.rows, won.colour, won.kind, won.model) == (
        "30A12345",
        "30A12345",
        1,
        "white",
        "car",
        "a fake",
    )
    assert won.score == pytest.approx(0.9)  # it says so itself: no curve
    assert won.candidates[0] == ("30A12345", won.score)


def test_readings_that_agree_are_surer_than_each_of_them() -> None:
    won = vote([a_reading("30A12345", 0.9)] * 3)
    assert won.score == pytest.approx(VOTED.probability(0.9))
    assert won.score > 0.95


def test_the_majority_outvotes_a_single_misreading() -> None:
    looks = [a_reading("30A12345"), a_reading("30A12845"), a_reading("30A12345")]
    won = vote(looks)
    assert won.text == "30A12345"
    assert [text for text, _ in won.candidates[:2]] == ["30A12345", "30A12845"]
    assert dict(won.chars[5])["8"] == pytest.approx(0.9 ** (1 / 8) / 3)


def test_a_sure_reading_weighs_more_than_two_unsure_ones() -> None:
    looks = [a_reading("30A12345", 0.95), a_reading("30A12845", 0.2), a_reading("30A12845", 0.2)]
    assert vote(looks).text == "30A12345"


def test_a_text_that_no_single_look_read_can_win() -> None:
    looks = [
        a_reading("30A12845", 0.6),
        a_reading("80A12345", 0.6),
        a_reading("30B12345", 0.6),
    ]
    assert vote(looks).text == "30A12345"


def test_readings_of_another_length_do_not_shift_the_characters() -> None:
    looks = [a_reading("30A12345", 0.9), a_reading("30A2345", 0.3)]
    won = vote(looks)
    assert (won.text, len(won.chars)) == ("30A12345", 8)
    agree = 9 / (9 + 3 / 7)  # of the odds: the others said otherwise
    assert won.score == pytest.approx(VOTED.probability(0.9 * agree))


def test_a_plate_that_was_seen_clearly_outvotes_more_looks_that_were_not() -> None:
    looks = [a_reading("30A12345", 0.8), *[a_reading("30A12845", 0.7)] * 3]
    assert vote(looks).text == "30A12845"
    assert vote(looks, [1.0, 0.3, 0.3, 0.3]).text == "30A12345"


def test_the_grammar_enters_once_on_the_winner() -> None:
    unclear = (("4", 0.55), ("A", 0.45))
    won = vote([with_slot("30A12345", 2, unclear, 0.9)] * 3)
    assert (won.text, won.raw) == ("30A12345", "30412345")
    assert won.candidates[1][0] == "30412345"


def test_a_foreign_plate_that_is_clearly_read_stays() -> None:
    won = vote([a_reading("BX123ZQ", 0.9), a_reading("BX123ZQ", 0.8)])
    assert (won.text, won.kind) == ("BX123ZQ", None)


def test_no_number_of_looks_makes_a_vote_quite_sure() -> None:
    won = vote([a_reading("30A12345", 1.0)] * 50)
    assert won.score == MOST_SURE
    assert won.candidates[0][1] == MOST_SURE


def test_rows_and_colour_are_those_of_the_best_look_that_said_the_winner() -> None:
    looks = [
        replace(a_reading("30A12345", 0.5, rows=2), colour="yellow"),
        replace(a_reading("30A12345", 0.7, rows=1), colour="blue"),
        replace(a_reading("30A12845", 0.75, rows=2), colour="red"),
    ]
    won = vote(looks)
    assert (won.text, won.rows, won.colour) == ("30A12345", 1, "blue")


def test_a_slot_that_is_left_out_has_no_characters() -> None:
    doubtful = (("", 0.9), ("8", 0.1))
    won = vote([with_slot("30A81234", 3, doubtful, 0.9)] * 2)
    assert won.text == "30A1234"
    assert [slot[0][0] for slot in won.chars] == list("30A1234")


def test_readings_whose_score_is_nothing_are_weighed_equally() -> None:
    won = vote([a_reading("30A12345", 0.0)] * 2)
    assert won.score == pytest.approx(0.0, abs=1e-9)
    assert len(won.chars) == len(won.text)


@given(st.lists(readings, max_size=6))
def test_a_vote_is_always_a_reading(looks: list[Reading]) -> None:
    won = vote(looks)
    assert 0 <= won.score <= MOST_SURE
    assert len(won.chars) == len(won.text)
    assert sum(p for _, p in won.candidates) <= 1 + 1e-9
    assert not won.text or won.candidates[0][0] == won.text


def test_the_order_of_looks_does_not_matter() -> None:
    looks = [a_reading("30A12345", 0.5), a_reading("30A2345", 0.25), a_reading("30A12845", 0.75)]
    assert {vote(some).text for some in permutations(looks)} == {"30A12845"}
