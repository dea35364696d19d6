import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.errors import PlateError
from lpr.plates import (
    Doubt,
    PlateKind,
    check_length,
    doubt_about,
    generate_plate,
    normal_pattern,
    normal_text,
    parse_plate,
    printed_form,
    printed_rows,
    province_of,
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


CAR, CAR_OLD, SPECIAL = PlateKind.CAR, PlateKind.CAR_OLD, PlateKind.SPECIAL
MOTORCYCLE, OLD, STATE = (
    PlateKind.MOTORCYCLE,
    PlateKind.MOTORCYCLE_OLD,
    PlateKind.STATE_MOTORCYCLE,
)
DIPLOMATIC, MILITARY = PlateKind.DIPLOMATIC, PlateKind.MILITARY


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("30A12345", [CAR, OLD]),
        ("29A1234", [CAR_OLD]),
        ("29AA12345", [MOTORCYCLE]),
        ("29GA12345", [MOTORCYCLE]),
        ("29AR12345", [MOTORCYCLE]),
        ("29RA12345", [MOTORCYCLE]),
        ("29B112345", [OLD, STATE]),
        ("29B012345", [OLD]),
        ("29B11234", [CAR, OLD]),
        ("30R12345", [CAR, OLD, SPECIAL]),
        ("30R1234", [CAR_OLD, SPECIAL]),
        ("30RM12345", [MOTORCYCLE, SPECIAL]),
        ("29MD12345", [MOTORCYCLE, SPECIAL]),
        ("29MD112345", [SPECIAL]),
        ("29MK912345", [SPECIAL]),
        ("29MK1234", [SPECIAL]),
        ("29TD12345", [MOTORCYCLE, SPECIAL]),
        ("30LD1234", [SPECIAL]),
        ("30KT12345", [MOTORCYCLE, SPECIAL]),
        ("30DA12345", [MOTORCYCLE, SPECIAL]),
        ("30HC12345", [MOTORCYCLE, SPECIAL]),
        ("80CD1234", [SPECIAL]),
        ("T1234567", [PlateKind.TEMPORARY]),
        ("80441NG02", [DIPLOMATIC]),
        ("80441NG021", [DIPLOMATIC]),
        ("80NG44102", [DIPLOMATIC]),
        ("29441QT02", [DIPLOMATIC]),
        ("29CV44102", [MOTORCYCLE, DIPLOMATIC]),
        ("29441NN102", [DIPLOMATIC]),
        ("TM1234", [MILITARY]),
        ("QB123", [MILITARY]),
        ("13A12345", []),
        ("30I12345", []),
        ("30J12345", []),
        ("30O12345", []),
        ("30Q12345", []),
        ("30W12345", []),
        ("29AG12345", []),
        ("29MD012345", []),
        ("29LD112345", []),
        ("80441AA02", []),
        ("80441NG2", []),
        ("T1312345", []),
        ("TM12345", []),
        ("WM1234", []),
        ("30A123456", [OLD, STATE]),
        ("30A1234567", []),
        ("30A-123.45", []),
        ("30A1234\u0665", []),
    ],
)
def test_a_text_is_every_kind_whose_shape_it_has(text: str, kinds: list[PlateKind]) -> None:
    assert [shape.kind for shape in parse_plate(text)] == kinds


@pytest.mark.parametrize(
    ("text", "series", "country", "number"),
    [
        ("30A12345", "A", "", "12345"),
        ("29AA12345", "AA", "", "12345"),
        ("29B112345", "B1", "", "12345"),
        ("80CD1234", "CD", "", "1234"),
        ("29MD112345", "MD1", "", "12345"),
        ("80441NG02", "NG", "441", "02"),
        ("80NG44102", "NG", "441", "02"),
        ("T1234567", "T", "", "34567"),
        ("TM1234", "TM", "", "1234"),
    ],
)
def test_a_plate_falls_into_its_parts(text: str, series: str, country: str, number: str) -> None:
    shape = parse_plate(text)[0]
    assert (shape.series, shape.country, shape.number) == (series, country, number)


def test_five_digits_after_a_special_series_are_one_number() -> None:
    (shape,) = (s for s in parse_plate("29MD12345") if s.kind is SPECIAL)
    assert (shape.series, shape.number) == ("MD", "12345")


@pytest.mark.parametrize(
    ("code", "before", "name"),
    [
        ("29", "Hà Nội", "Hà Nội"),
        ("40", "Hà Nội", "Hà Nội"),
        ("17", "Thái Bình", "Hưng Yên"),
        ("72", "Bà Rịa – Vũng Tàu", "TP. Hồ Chí Minh"),
        ("80", "Cục CSGT (trung ương)", "Cục CSGT (trung ương)"),
    ],
)
def test_a_code_has_its_province_before_and_after_the_merger(
    code: str, before: str, name: str
) -> None:
    province = province_of(code)
    assert province is not None
    assert (province.code, province.before, province.name) == (code, before, name)
    assert parse_plate(f"{code}A12345")[0].province == province


def test_eighty_one_codes_are_in_use() -> None:
    codes = [f"{number:02}" for number in range(100)]
    unused = [code for code in codes[11:] if province_of(code) is None]
    assert unused == ["13", "42", "44", "45", "46", "87", "91", "96"]
    assert [code for code in ("", *codes[:11], "٢٩") if province_of(code)] == []
    assert {code for code in codes if "Hà Nội" in repr(province_of(code))} == {
        "29",
        "30",
        "31",
        "32",
        "33",
        "40",
    }


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
        ("", "", ("", "")),
        ("30A12345", "30A-123.45", ("30A", "123.45")),
        ("29A1234", "29A-1234", ("29A", "1234")),
        ("29AA12345", "29-AA 123.45", ("29-AA", "123.45")),
        ("29B112345", "29-B1 123.45", ("29-B1", "123.45")),
        ("30LD12345", "30LD-123.45", ("30-LD", "123.45")),
        ("T1234567", "T12-345.67", ("T12", "345.67")),
        ("80441NG02", "80-441-NG-02", ("80-441", "NG-02")),
        ("80NG44102", "80-NG-441-02", ("80-NG", "441-02")),
        ("TM1234", "TM-12-34", ("TM", "12-34")),
        ("QB123", "QB-12-3", ("QB", "12-3")),
        ("30R1234", "30R-1234", ("30R", "1234")),
        ("29MD112345", "29MĐ1-123.45", ("29MĐ1", "123.45")),
        ("29MD12345", "29MĐ-123.45", ("29-MĐ", "123.45")),
        ("29TD12345", "29TĐ-123.45", ("29-TĐ", "123.45")),
        ("29B11234", "29B-112.34", ("29B", "112.34")),
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
        ("30A12345", 2, "white", None),
        ("30A12345", None, "blue", "car"),
        ("30A12345", 1, "red", None),
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
        ("", "", ()),
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


@given(st.text("ABDGIJLOQSTZ0123456789", min_size=6, max_size=10))
def test_a_repair_makes_a_plate_or_nothing_and_says_what_it_changed(raw: str) -> None:
    repair = repair_text(raw)
    assert repair.raw == raw
    pairs = zip(raw, repair.text, strict=True)
    assert repair.changed == tuple(i for i, (a, b) in enumerate(pairs) if a != b)
    assert not repair.changed or parse_plate(repair.text)
    assert repair_text(repair.text).changed == ()


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("", Doubt.TOO_SHORT),
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
