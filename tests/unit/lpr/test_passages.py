import json
import re
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.errors import PassageError
from lpr.passage_lines import parse_passage, passage_from_fields, read_key_by_key
from lpr.passages import Passage, format_passage, is_camera_id, passage_to_fields

AT = datetime(2026, 1, 31, 8, 15, 4, 200_000, tzinfo=UTC)
LEAST = {"camera": "C012", "at": "2026-01-31T08:15:04.200Z", "text": "30A12345", "score": 0.97}
NAME = "0123456789abcdef" * 4

shares = st.integers(0, 10_000).map(lambda n: n / 10_000)
plates = st.text("ABCDEFGHKLMNPRSTUVXYZ0123456789", max_size=10)
printable = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
names = st.text("0123456789abcdef", min_size=64, max_size=64)
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
passages = st.builds(
    Passage,
    camera=printable.filter(bool),
    at=times,
    text=plates,
    score=shares,
    candidates=st.lists(st.tuples(plates, shares), max_size=4).map(tuple),
    track=st.none() | printable,
    until=st.none() | times,
    raw=st.none() | plates,
    chars=st.lists(
        st.lists(st.tuples(st.sampled_from(["", *"A8"]), shares), max_size=2).map(tuple), max_size=9
    ).map(tuple),
    rows=st.sampled_from([None, 1, 2]),
    colour=st.sampled_from([None, "white", "yellow", "blue", "red"]),
    kind=st.sampled_from([None, "car", "motorcycle"]),
    frame=st.none() | names,
    crop=st.none() | names,
    model=st.none() | printable,
    direction=st.sampled_from([None, "towards", "away"]),
    clip=st.none() | names.map(lambda name: f"{name}.mp4"),
)


def line(**changed: object) -> str:
    """A line with the least that is needed and what is changed of it; None takes a key away."""
    fields = {k: v for k, v in (LEAST | changed).items() if v is not None}
    return json.dumps(fields)


def test_the_least_line_is_a_passage() -> None:
    assert parse_passage(line()) == Passage(
        "C012", AT, "30A12345", 0.97, at_given="2026-01-31T08:15:04.200Z"
    )


def test_everything_that_may_be_known_is_read() -> None:
    more = {
        "candidates": [["30A12345", 0.91], ["30A12346", 0.04]],
        "track": 7,
        "until": "2026-01-31T15:15:06+07:00",
        "raw": "3OA12345",
        "chars": [[["3", 0.99], ["8", 0.01]], [["0", 1]]],
        "rows": 2,
        "colour": "white",
        "kind": "car",
        "frame": NAME,
        "crop": NAME[::-1],
        "model": "platetrail-reader-1",
        "direction": "towards",
        "clip": f"{NAME}.mp4",
    }
    assert parse_passage(line(**more)) == Passage(
        camera="C012",
        at=AT,
        text="30A12345",
        score=0.97,
        candidates=(("30A12345", 0.91), ("30A12346", 0.04)),
        at_given="2026-01-31T08:15:04.200Z",
        track="7",
        until=datetime(2026, 1, 31, 8, 15, 6, tzinfo=UTC),
        raw="3OA12345",
        chars=((("3", 0.99), ("8", 0.01)), (("0", 1.0),)),
        rows=2,
        colour="white",
        kind="car",
        frame=NAME,
        crop=NAME[::-1],
        model="platetrail-reader-1",
        direction="towards",
        clip=f"{NAME}.mp4",
    )


@given(passages)
def test_a_passage_comes_back_from_its_line(passage: Passage) -> None:
    text = format_passage(passage)
    assert "\n" not in text
    back = parse_passage(text)
    assert replace(back, at_given="") == passage
    assert back.id == passage.id
    assert format_passage(back) == text


def test_what_is_not_known_is_left_out_of_the_line() -> None:
    fields = passage_to_fields(Passage("C012", AT, "", 0.0))
    assert fields == LEAST | {"text": "", "score": 0.0, "candidates": []}


def test_a_key_that_is_not_known_is_passed_over() -> None:
    assert parse_passage(line(lane=3)) == parse_passage(line())


def test_a_passage_that_was_seen_and_not_read_has_an_empty_text() -> None:
    assert parse_passage(line(text="", score=0)).text == ""


def test_the_id_is_made_from_camera_time_as_given_and_track() -> None:
    one = parse_passage(line(track="7"))
    assert len(one.id) == 32
    assert parse_passage(line(track=7, text="29B11111", score=0.1)).id == one.id
    others = [
        line(track="8"),
        line(track="7", camera="C013"),
        line(track="7", at="2026-01-31T08:15:04.201Z"),
        line(track="7", at="2026-01-31T15:15:04.200+07:00"),
        line(track=None),
    ]
    assert len({one.id, *(parse_passage(other).id for other in others)}) == 6


def test_without_a_track_the_id_is_made_from_the_text() -> None:
    assert parse_passage(line(score=0.1)).id == parse_passage(line()).id
    assert parse_passage(line(text="29B11111")).id != parse_passage(line()).id


def test_the_same_time_without_its_text_has_the_same_id() -> None:
    hanoi = AT.astimezone(timezone(timedelta(hours=7)))
    assert Passage("C012", hanoi, "30A12345", 0.9).id == parse_passage(line()).id


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("", "not JSON: "),
        ("{", "not JSON: "),
        ("[" * 100_000, "not JSON: "),
        ("1" * 5000, "not JSON: "),
        ("[]", 'expected a JSON object such as {"camera": ..., "at": ...}'),
        ("null", 'expected a JSON object such as {"camera": ..., "at": ...}'),
        ("{}", "camera: is missing"),
        (line(camera=""), "camera: expected an id of 1 to 64 printable characters"),
        (line(camera="C" * 65), "camera: expected an id of 1 to 64 printable characters"),
        (line(camera="C\n1"), "camera: expected an id of 1 to 64 printable characters"),
        (line(camera=12), "camera: expected str, got 12"),
        (line(at=None), "at: is missing"),
        (line(at=1769847304), "at: expected str, got 1769847304"),
        (line(at="yesterday"), "at: 'yesterday' is not a time"),
        (line(at="2026-01-31T08:15:04"), "at: '2026-01-31T08:15:04' has no offset"),
        (line(at="0001-01-01T00:00:00+07:00"), "at: '0001-01-01T00:00:00+07:00' is outside"),
        (line(text=None), "text: is missing"),
        (line(text="30A-123.45"), "text: expected A-Z and 0-9, at most 16, got '30A-123.45'"),
        (line(text="30a12345"), "text: expected A-Z and 0-9, at most 16, got '30a12345'"),
        (line(text="A" * 17), "text: expected A-Z and 0-9, at most 16, got 'AAAAAAAAAAAAAAAAA'"),
        (line(score=None), "score: expected a probability from 0 to 1, got None"),
        (line(score=1.01), "score: expected a probability from 0 to 1, got 1.01"),
        (line(score=-0.1), "score: expected a probability from 0 to 1, got -0.1"),
        (line(score=True), "score: expected a probability from 0 to 1, got True"),
        (line(score="0.9"), "score: expected a probability from 0 to 1, got '0.9'"),
        (line(score=float("nan")), "score: expected a probability from 0 to 1, got nan"),
        (line(score=float("inf")), "score: expected a probability from 0 to 1, got inf"),
        (line(candidates="30A12345"), "candidates: expected a list, got '30A12345'"),
        (line(candidates=[["30A12345"]]), "candidates: expected pairs of text and probability"),
        (line(candidates=[[30, 0.9]]), "candidates: expected pairs of text and probability"),
        (line(candidates=[["30A12345", 2]]), "candidates: expected a probability from 0 to 1"),
        (line(candidates=["3A"]), "candidates: expected pairs of text and probability"),
        (line(candidates=[{"30A12345": 1, "x": 0.9}]), "candidates: expected pairs of text"),
        (line(chars={"3": 1}), "chars: expected a list, got {'3': 1}"),
        (line(chars=[["3", 0.9]]), "chars: expected pairs of text and probability, got '3'"),
        (line(track=1.5), "track: expected a text or a number, got 1.5"),
        (line(track=True), "track: expected a text or a number, got True"),
        (line(track="\ud800"), "track: expected a text or a number, got '\\ud800'"),
        (line(until="later"), "until: 'later' is not a time"),
        (line(raw=5), "raw: expected str, got 5"),
        (line(rows=3), "rows: expected 1 or 2, got 3"),
        (line(rows=True), "rows: expected 1 or 2, got True"),
        (line(rows="2"), "rows: expected 1 or 2, got '2'"),
        (line(colour=["white"]), "colour: expected str, got ['white']"),
        (line(kind=1), "kind: expected str, got 1"),
        (line(frame="photo.jpg"), "frame: expected a SHA-256 in 64 hexadecimal digits"),
        (line(frame="../" * 20 + "etc"), "frame: expected a SHA-256 in 64 hexadecimal digits"),
        (line(crop=NAME.upper()), "crop: expected a SHA-256 in 64 hexadecimal digits"),
        (line(clip=NAME), "clip: expected a SHA-256 in 64 hexadecimal digits and .mp4"),
        (line(clip=f"{NAME}.mp4x"), "clip: expected a SHA-256 in 64 hexadecimal digits and .mp4"),
        (line(model=1), "model: expected str, got 1"),
        (line(direction="north"), "direction: expected towards or away, got 'north'"),
        (line(direction=["away"]), "direction: expected towards or away, got ['away']"),
    ],
)
def test_a_bad_line_says_what_is_wrong(bad: str, said: str) -> None:
    with pytest.raises(PassageError) as refused:
        parse_passage(bad)
    assert str(refused.value).startswith(said)
    str(refused.value).encode()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists))
def test_no_value_of_any_key_stops_the_reading_of_lines(value: object) -> None:
    for key in (*LEAST, "candidates", "track", "until", "raw", "chars", "rows", "frame", "model"):
        try:
            passage = parse_passage(json.dumps(LEAST | {key: value}))
        except PassageError:
            continue
        format_passage(passage).encode()


@given(
    passages.map(passage_to_fields),
    st.dictionaries(
        st.sampled_from([field.name for field in fields_of(Passage)]),
        st.sampled_from(
            [
                None,
                True,
                0,
                1,
                2.0,
                -0.5,
                float("nan"),
                "",
                "1",
                "\n",
                "é",
                "\ud800",
                [],
                [["A", 1]],
            ]
        ),
    ),
)
def test_a_line_is_read_in_one_pass_as_it_is_key_by_key(
    fields: dict[str, object], changed: dict[str, object]
) -> None:
    fields |= changed
    try:
        expected = read_key_by_key(fields)
    except PassageError as error:
        with pytest.raises(PassageError, match=re.escape(str(error))):
            passage_from_fields(fields)
    else:
        assert passage_from_fields(fields) == expected


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("", False), ("C012", True), ("Hàng Bài 3", True), ("C" * 64, True), ("C" * 65, False)],
)
def test_a_camera_has_an_id_of_one_to_64_characters(text: str, is_one: bool) -> None:
    assert is_camera_id(text) is is_one
