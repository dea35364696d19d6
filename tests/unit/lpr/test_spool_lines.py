import json
import subprocess
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.errors import PassageError
from lpr.passages import Passage, format_passage
from lpr.spool.lines import SpoolLine, format_line, parse_line

AT = datetime(2026, 1, 31, 8, 15, 4, 200_000, tzinfo=UTC)
FRAME, CROP, CLIP = "a" * 64, "b" * 64, "c" * 64 + ".mp4"
PASSAGE = Passage("Cầu Giấy", AT, "30A12345", 0.9, at_given="2026-01-31T08:15:04.200Z", frame=FRAME)
LINE = SpoolLine(PASSAGE, AT)


def test_a_line_comes_back_as_it_was() -> None:
    assert parse_line(format_line(LINE).decode()) == LINE


def test_a_line_is_a_passage_for_whoever_does_not_know_the_checksum() -> None:
    fields = json.loads(format_line(LINE))
    assert list(fields)[-2:] == ["spooled", "sum"]
    assert fields["camera"] == "Cầu Giấy"


def test_ordinary_tools_find_the_checksum() -> None:
    command = r"""sed 's/, "sum": .*//' | tr -d '\n' | sha256sum | cut -c 1-16"""
    said = subprocess.run(
        command, shell=True, input=format_line(LINE), capture_output=True, check=True
    )
    assert said.stdout.decode().strip() == json.loads(format_line(LINE))["sum"]


def test_a_line_that_was_made_elsewhere_needs_no_checksum() -> None:
    assert parse_line(format_passage(PASSAGE)) == SpoolLine(PASSAGE)


@given(st.integers(0, len(format_line(LINE)) - 2), st.integers(1, 255))
def test_a_changed_byte_is_never_taken_for_what_was_written(place: int, change: int) -> None:
    content = bytearray(format_line(LINE))
    content[place] ^= change
    try:
        read = parse_line(content.decode("utf-8", "backslashreplace"))
    except PassageError:
        return
    assert read == LINE  # a space in place of a space that JSON does not mind


@given(st.integers(0, len(format_line(LINE)) - 2))
def test_half_a_line_is_never_taken_for_a_whole_one(length: int) -> None:
    with pytest.raises(PassageError):
        parse_line(format_line(LINE)[:length].decode("utf-8", "ignore"))


def test_pictures_that_are_gone_are_no_longer_looked_for() -> None:
    passage = Passage("C1", AT, "30A12345", 0.9, frame=FRAME, crop=CROP, clip=CLIP)
    assert SpoolLine(passage).pictures == (FRAME, CROP, CLIP)
    line = parse_line(format_line(SpoolLine(passage, AT, (FRAME, CLIP))).decode())
    assert (line.gone, line.pictures) == ((FRAME, CLIP), (CROP,))


@pytest.mark.parametrize("gone", ["x", 5, [5]])
def test_what_is_no_list_of_names_is_refused(gone: object) -> None:
    fields = json.loads(format_passage(PASSAGE)) | {"gone": gone}
    if isinstance(gone, str):
        assert parse_line(json.dumps(fields)).gone == ()
        return
    with pytest.raises(PassageError, match="gone"):
        parse_line(json.dumps(fields))
