import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.errors import PlateError
from lpr.plates import (
    Doubt,
    PlateKind,
    check_length,
    choose,
    doubt_about,
    generate_plate,
    normal_pattern,
    normal_text,
    parse_plate,
    printed_form,
    printed_rows,
    repair_text,
    typed_texts,
    vehicle_kind,
)

generated = st.builds(
    lambda seed, kind: generate_plate(random.Random(seed), kind),
    st.integers(0, 2**32),
    st.sampled_from(list(PlateKind)),
)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("", ""),
        ("30A-123.45", "30A12345"),
        ("30a 12345", "30A12345"),
        ("29-mđ1 123.45", "29MD112345"),
        ("３０Ａ１２３４５", "30A12345"),
        ("30A\u0301", "30A"),
    ],
)
def test_normal_form_has_only_letters_and_digits(typed: str, normal: str) -> None:
    assert normal_text(typed) == normal


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normal_text(normal_text(text)) == normal_text(text)
    assert normal_pattern(normal_pattern(text)) == normal_pattern(text)


@given(st.text())
def test_no_text_stops_the_grammar(text: str) -> None:
    assert typed_texts(text)[-1] == normal_pattern(text)
    doubt_about(normal_text(text))
    repair_text(normal_text(text))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("29Â12345", ("29AA12345", "29A612345", "29A12345")),
        ("30Á2345", ("30A12345", "30A2345")),
        ("29MĐ12345", ("29MD12345",)),
        ("30Á*", ("30A1*", "30AS*", "30A*")),
        ("30A12345", ("30A12345",)),
    ],
)
def test_what_a_vietnamese_keyboard_swallowed_is_given_back(
    typed: str, meant: tuple[str, ...]
) -> None:
    assert typed_texts(typed) == meant


@given(generated)
def test_every_generated_plate_is_recognised_as_its_kind(plate) -> None:
    shapes = [s for s in parse_plate(plate.text) if s.kind is plate.kind]
    assert shapes
    assert plate.vehicle in shapes[0].vehicles
    assert plate.colour in shapes[0].colours
    assert len(plate.printed_rows) in shapes[0].rows


@given(generated)
def test_no_repair_touches_a_valid_plate(plate) -> None:
    assert repair_text(plate.text).changed == ()
    assert repair_text(plate.text).text == plate.text


@given(generated)
def test_the_printed_form_is_the_same_plate(plate) -> None:
    assert normal_text(printed_form(plate.text)) == plate.text
    assert normal_text("".join(plate.printed_rows)) == plate.text


@pytest.mark.parametrize(
    ("text", "printed", "rows"),
    [
        ("30A12345", "30A-123.45", ("30A", "123.45")),
        ("29A1234", "29A-1234", ("29A", "1234")),
        ("29AA12345", "29-AA 123.45", ("29-AA", "123.45")),
        ("29B112345", "29-B1 123.45", ("29-B1", "123.45")),
        ("30LD12345", "30LD-123.45", ("30-LD", "123.45")),
        ("T1234567", "T12-345.67", ("T12", "345.67")),
        ("80441NG02", "80-441-NG-02", ("80-441", "NG-02")),
        ("80NG44102", "80-NG-441-02", ("80-NG", "441-02")),
        ("TM1234", "TM-12-34", ("TM", "12-34")),
        ("XYZ", "XYZ", ("X", "YZ")),
    ],
)
def test_plates_are_printed_as_on_the_road(text: str, printed: str, rows: tuple[str, ...]) -> None:
    assert printed_form(text) == printed
    assert printed_rows(text, 2) == rows


@pytest.mark.parametrize(
    ("text", "rows", "colour", "kind"),
    [
        ("", None, None, None),
        ("30A12345", 1, "white", "car"),
        ("30A112345", 2, "white", "motorcycle"),
        ("29AA12345", 2, "white", "motorcycle"),
        ("30LD12345", 2, "white", None),
        ("TM1234", 1, "red", "car"),
        ("TM123", 2, "red", "motorcycle"),
    ],
)
def test_the_vehicle_is_named_only_where_one_is_left(text, rows, colour, kind) -> None:
    assert vehicle_kind(text, rows, colour) == kind


@pytest.mark.parametrize(
    ("raw", "text", "changed"),
    [
        ("3OA12345", "30A12345", (1,)),
        ("30412345", "30A12345", (2,)),
        ("3OA1Z345", "30A12345", (1, 4)),
        ("30R12345", "30R12345", ()),
        ("HELLO", "HELLO", ()),
        ("12345678", "12345678", ()),
    ],
)
def test_repair_changes_only_what_position_decides(raw, text, changed) -> None:
    repair = repair_text(raw)
    assert (repair.text, repair.raw, repair.changed) == (text, raw, changed)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("30A12345", None),
        ("13A12345", Doubt.PROVINCE),
        ("30O12345", Doubt.LETTER),
        ("30", Doubt.TOO_SHORT),
        ("30A12345678", Doubt.TOO_LONG),
        ("AAAAAAAA", Doubt.SHAPE),
    ],
)
def test_a_text_that_cannot_be_a_plate_has_a_reason(text: str, doubt: Doubt | None) -> None:
    assert doubt_about(text) is doubt


@pytest.mark.parametrize("text", ["", "A", "A" * 13])
def test_two_to_twelve_letters_can_be_asked_for(text: str) -> None:
    with pytest.raises(PlateError, match="2 to 12"):
        check_length(text)
    check_length("*")
    check_length("30?")


def _sure(text: str, p: float = 0.97):
    return tuple(((c, p), ("?", 0.0)) for c in text)


@pytest.mark.parametrize(
    "text", ["30R12345", "29MD112345", "30MK12345", "30LD12345", "80441NG02", "30RM12345", "TM1234"]
)
def test_special_series_are_kept_as_they_were_read(text: str) -> None:
    assert choose(_sure(text))[0][0] == text


def test_a_foreign_plate_that_is_clearly_read_stays() -> None:
    text, p = choose(_sure("BX123ZQ"))[0]
    assert text == "BX123ZQ"
    assert p == pytest.approx(0.97**7, abs=0.01)


def test_the_grammar_decides_between_nearly_equal_characters() -> None:
    slots = [((c, 1.0),) for c in "30"] + [(("4", 0.55), ("A", 0.45))]
    slots += [((c, 1.0),) for c in "12345"] + [(("", 1.0),)]
    best, second = choose(slots)[:2]
    assert best[0] == "30A12345"
    assert second[0] == "30412345"
    assert best[1] == pytest.approx(0.45 / (0.45 + 0.55 / 12))


@given(generated, st.floats(0.5, 1.0))
def test_candidates_are_probabilities(plate, p: float) -> None:
    candidates = choose([((c, p), ("8", (1 - p) / 2)) for c in plate.text])
    assert sum(q for _, q in candidates) <= 1 + 1e-9
    assert [q for _, q in candidates] == sorted((q for _, q in candidates), reverse=True)
