"""Segments of the spool: files that one process appends to, and how far each is confirmed."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO

from lpr.errors import PassageError
from lpr.spool.lines import SpoolLine, parse_line

SEGMENT_PATTERN = "passages-*.ndjson"
LONGEST_LINE = 65_536  # bytes; a passage with every key has a tenth of it
KEPT = timedelta(minutes=10)  # that what is confirmed stays, for a restart to look at
_OFFSET = ".offset"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source.

    Attributes:
        number: from 1.
        content: its bytes; of a line over LONGEST_LINE only the beginning.
        end: bytes of the source up to its end.
    """

    number: int
    content: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """How far a segment is confirmed: bytes and lines."""

    offset: int = 0
    number: int = 0


def list_segments(spool: Path) -> list[Path]:
    """The segments of a spool, oldest first."""
    return sorted(spool.glob(SEGMENT_PATTERN))


def is_written(file: BinaryIO) -> bool:
    """Whether a segment's writer is at work; it holds the lock for as long as it lives."""
    try:
        flock(file, LOCK_SH | LOCK_NB)
    except BlockingIOError:
        return True
    return False


def is_segment_written(segment: Path) -> bool:
    """Whether the writer of a segment is at work; the lock of who asks is let go of."""
    with segment.open("rb") as file:
        return is_written(file)


def read_place(segment: Path) -> Place:
    """How far a segment is confirmed; from the beginning if that is not known."""
    try:
        offset, number = map(int, _place_path(segment).read_text().split())
        size = segment.stat().st_size
    except (FileNotFoundError, ValueError):
        return Place()
    return Place(offset, number) if 0 <= offset <= size else Place()


def write_place(segment: Path, place: Place) -> None:
    """Note that a segment is confirmed up to a place."""
    path = _place_path(segment)
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(f"{place.offset} {place.number}\n")
    temporary.rename(path)  # not synced: what a crash forgets is taken again


def remove_segment(segment: Path) -> None:
    """Remove a segment and what is known of it."""
    segment.unlink(missing_ok=True)
    _place_path(segment).unlink(missing_ok=True)


def stray_places(spool: Path) -> list[Path]:
    """Notes of places whose segments are gone."""
    found = spool.glob(f"{SEGMENT_PATTERN}{_OFFSET}")
    return [p for p in found if not p.with_name(p.name.removesuffix(_OFFSET)).exists()]


def read_lines(
    file: IO[bytes], *, number: int = 0, offset: int = 0, is_whole: bool = True
) -> Iterator[Line]:
    """The lines of a file, one at a time.

    Args:
        file: standing at `offset`.
        number: of the line before.
        offset: bytes before.
        is_whole: whether a last line without a line end is one; otherwise it is still written.
    """
    while content := file.readline(LONGEST_LINE):
        part = content
        offset += len(part)
        while not part.endswith(b"\n") and (part := file.readline(LONGEST_LINE)):
            offset += len(part)
            content = content.ljust(LONGEST_LINE + 1, b".")  # too long, and seen to be
        if not (is_whole or part.endswith(b"\n")):
            return
        number += 1
        yield Line(number, content, offset)


def read_passage(content: bytes) -> SpoolLine:
    """Read the bytes of a line.

    Raises:
        PassageError: it is too long, not UTF-8, damaged, or no passage; says why.
    """
    if len(content) > LONGEST_LINE:
        raise PassageError(f"longer than {LONGEST_LINE} bytes")
    try:
        return parse_line(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PassageError(f"not UTF-8: {error.reason} at byte {error.start + 1}") from None


def good_lines(segment: Path, begin: int = 0, end: int | None = None) -> list[SpoolLine]:
    """The passages of a segment between two places in bytes; what is damaged is read over.

    Only for looking: whoever takes lines away from a spool sets damaged ones aside.
    """
    found = []
    try:
        with segment.open("rb") as file:
            file.seek(begin)
            for line in read_lines(file, offset=begin, is_whole=False):
                if end is not None and line.end > end:
                    break
                try:
                    found.append(read_passage(line.content))
                except PassageError:
                    continue
    except FileNotFoundError:  # confirmed and removed while we looked
        return found
    return found


def in_batches(lines: Iterable[Line], size: int) -> Iterator[list[Line]]:
    """The same lines, `size` at a time."""
    rest = iter(lines)
    while batch := list(islice(rest, size)):
        yield batch


def lines_after(segment: Path, offset: int) -> int:
    """How many whole lines a segment has after a place in bytes."""
    count = 0
    try:
        with segment.open("rb") as file:
            file.seek(offset)
            while block := file.read(1 << 20):
                count += block.count(b"\n")
    except FileNotFoundError:
        return 0
    return count


def size_of(path: Path) -> int:
    """Bytes of a file; 0 if it is gone."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """One process at a time; without a file, which on a full disk could not be made."""
    number = os.open(folder, os.O_RDONLY)
    try:
        flock(number, LOCK_EX)
        yield
    finally:
        os.close(number)


def _place_path(segment: Path) -> Path:
    return segment.with_name(f"{segment.name}{_OFFSET}")
