import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from lpr.passages import Passage
from lpr.spool import picture_path, write_picture
from lpr.spool.segments import LONGEST_LINE, Line, read_lines
from search.evidence import FolderEvidence
from search.ingest import (
    CHANGED,
    Counts,
    Ingest,
    Refusal,
    Source,
    append_refusals,
    ingest_lines,
)
from search.store import Added
from search.terms import SearchTerms
from search.testing import MemoryStore

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
JPEG = b"\xff\xd8 a picture \xff\xd9"
NAME = sha256(JPEG).hexdigest()


def a_line(text: str = "30A12345", **more: object) -> bytes:
    fields = {"camera": "C1", "at": "2026-01-31T08:15:04.200Z", "text": text, "score": 0.9}
    return json.dumps(fields | more).encode() + b"\n"


class Desk:
    """Everything an ingest needs, and what it was told."""

    def __init__(self, folder: Path) -> None:
        self.store = MemoryStore()
        self.evidence = FolderEvidence(folder / "evidence")
        self.refused: list[Refusal] = []
        self.warned: list[str] = []

    def take(self, content: bytes, source: Source = Source("a file")) -> Counts:  # noqa: B008 - frozen
        way = Ingest(
            self.store, self.evidence, self.refused.extend, self.warned.append, lambda: NOW
        )
        return ingest_lines(read_lines(io.BytesIO(content)), source, way)

    def texts(self) -> list[str]:
        return sorted(s.passage.text for s in self.store.find(SearchTerms(("*",))).sightings)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_nothing_gives_nothing(desk: Desk) -> None:
    assert desk.take(b"") == Counts()


def test_passages_are_counted_as_new_and_then_as_known(desk: Desk) -> None:
    content = a_line("30A12345") + a_line("29B11111")
    assert desk.take(content) == Counts(new=2)
    assert desk.take(content) == Counts(known=2)
    assert desk.texts() == ["29B11111", "30A12345"]


def test_a_last_line_without_its_end_is_a_line(desk: Desk) -> None:
    assert desk.take(a_line().rstrip()) == Counts(new=1)


def test_blank_lines_and_a_byte_order_mark_do_no_harm(desk: Desk) -> None:
    assert desk.take(b"\xef\xbb\xbf" + a_line() + b"\n  \r\n") == Counts(new=1)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{nonsense\n", "not JSON"),
        (b"[1, 2]\n", "expected a JSON object"),
        (b"\xff\xfe\x00\n", "not UTF-8"),
        (b"[" * 20_000 + b"\n", "not JSON"),
        (b'"' + b"x" * 3 * LONGEST_LINE + b'"\n', "longer than"),
        (a_line(text="30a-12"), "text: expected A-Z and 0-9"),
        (a_line(score=1.5), "score: expected a probability"),
        (a_line(at="yesterday"), "is not a time"),
        (a_line(at="2026-01-31T08:15:04"), "has no offset"),
        (a_line(at="0001-01-01T00:00:00+07:00"), "outside the years"),
        (a_line(at="1970-01-01T00:00:00Z"), "before 2000"),
        (a_line(at="2026-02-01T12:00:01Z"), "in the future"),
        (a_line(track="\ud800"), "track: expected"),
        (a_line(raw="\ud800"), "surrogate"),
        (a_line(frame="../../etc/passwd"), "frame: expected a SHA-256"),
    ],
)
def test_a_bad_line_is_set_aside_with_its_number_and_the_rest_goes_in(
    desk: Desk, bad: bytes, reason: str
) -> None:
    assert desk.take(a_line("30A11111") + bad + a_line("30A22222")) == Counts(2, 0, 1)
    assert desk.texts() == ["30A11111", "30A22222"]
    assert [(r.source, r.line) for r in desk.refused] == [("a file", 2)]
    assert reason in desk.refused[0].reason


def test_a_passage_of_up_to_a_day_ahead_is_taken(desk: Desk) -> None:
    assert desk.take(a_line(at="2026-02-01T12:00:00Z")) == Counts(new=1)


def test_refused_lines_can_be_read_again(tmp_path: Path) -> None:
    file = tmp_path / "data" / "refused.ndjson"
    append_refusals(file, [Refusal("a", 1, "why", "Đ")])
    append_refusals(file, [Refusal("b", 7, "why not", "\\xff")])
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"source": "a", "line": 1, "reason": "why", "content": "Đ"},
        {"source": "b", "line": 7, "reason": "why not", "content": "\\xff"},
    ]


def test_pictures_are_kept_before_their_sightings(tmp_path: Path) -> None:
    class Asking(MemoryStore):
        def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
            assert all(desk.evidence.get(p.crop or "") == JPEG for p in passages)
            return super().add(passages)

    desk = Desk(tmp_path)
    desk.store = Asking()
    write_picture(tmp_path / "pictures", JPEG)
    assert desk.take(a_line(crop=NAME), Source("a file", tmp_path / "pictures")) == Counts(new=1)
    assert picture_path(tmp_path / "pictures", NAME).exists()


def test_a_clip_is_kept_as_a_picture_is(desk: Desk, tmp_path: Path) -> None:
    name = write_picture(tmp_path, b"\0\0\0\x20ftypisom a clip")
    assert desk.take(a_line(clip=name), Source("a file", tmp_path)) == Counts(new=1)
    assert desk.evidence.get(name).startswith(b"\0\0\0\x20ftyp")
    assert desk.warned == []


def test_a_missing_picture_is_warned_of_and_the_passage_kept(desk: Desk, tmp_path: Path) -> None:
    assert desk.take(a_line(frame=NAME), Source("a file", tmp_path)) == Counts(new=1)
    assert desk.warned == [f"a file: picture {NAME} cannot be read: No such file or directory"]


def test_a_picture_that_is_not_what_its_name_says_is_not_kept(desk: Desk, tmp_path: Path) -> None:
    path = picture_path(tmp_path, NAME)
    path.parent.mkdir()
    path.write_bytes(b"something else")
    assert desk.take(a_line(frame=NAME), Source("a file", tmp_path)) == Counts(new=1)
    assert not desk.evidence.has(NAME)
    assert "not what its name says" in desk.warned[0]
    assert desk.refused == [Refusal("a file", 0, CHANGED, NAME)]


def test_a_picture_that_is_kept_already_needs_no_folder(desk: Desk) -> None:
    desk.evidence.put(JPEG)
    desk.take(a_line(frame=NAME))
    assert desk.warned == []


def test_lines_know_where_they_end() -> None:
    lines = list(read_lines(io.BytesIO(b"a\nbc\nd"), number=5, offset=100))
    assert lines == [Line(6, b"a\n", 102), Line(7, b"bc\n", 105), Line(8, b"d", 106)]


def test_a_line_that_is_still_written_is_left() -> None:
    assert list(read_lines(io.BytesIO(b"a\nbc"), is_whole=False)) == [Line(1, b"a\n", 2)]


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    long = b"x" * 5 * LONGEST_LINE + b"\n"
    first, second = read_lines(io.BytesIO(long + b"y\n"))
    assert (len(first.content), first.end) == (LONGEST_LINE + 1, len(long))
    assert second == Line(2, b"y\n", len(long) + 2)
