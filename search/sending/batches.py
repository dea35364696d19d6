"""What of a spool is sent next.

The rule: the *live* segments are those that were written to within the last half minute; all others
that are not confirmed are the *backlog*. In each round every live segment sends a batch, newest
first, and then the backlog sends one, oldest first. So neither starves the other, and a live
passage waits for one batch of the backlog at most; `next_budget` keeps that to about half a second.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from lpr.errors import PassageError
from lpr.spool.lines import SpoolLine
from lpr.spool.pictures import PICTURES, picture_path
from lpr.spool.segments import (
    Line,
    Place,
    is_written,
    list_segments,
    read_lines,
    read_passage,
    read_place,
    size_of,
)

LIVE = timedelta(seconds=30)
MOST_LINES = 500  # of a batch
LEAST_BYTES, FIRST_BYTES, MOST_BYTES = 100_000, 1_000_000, 8_000_000  # of a batch, with pictures
_SLOW_S, _QUICK_S = 0.8, 0.3


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be sent: as it stands in the segment, and what it says."""

    line: Line
    read: SpoolLine


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that cannot be sent, and why."""

    line: Line
    fault: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of one segment, and the place behind them."""

    good: tuple[Entry, ...]
    damaged: tuple[Damaged, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Waiting:
    """Segments that are not confirmed: live ones newest first, the backlog oldest first."""

    live: tuple[Path, ...]
    backlog: tuple[Path, ...]


def waiting_segments(spool: Path, now: datetime) -> Waiting:
    """What waits in a spool."""
    live: list[Path] = []
    backlog: list[Path] = []
    for segment in list_segments(spool):
        try:
            status = segment.stat()
        except FileNotFoundError:  # given up for its room
            continue
        if status.st_size > read_place(segment).offset:
            is_live = now.timestamp() - status.st_mtime < LIVE.total_seconds()
            (live if is_live else backlog).append(segment)
    return Waiting(tuple(reversed(live)), tuple(backlog))


def next_batch(segment: Path, most_bytes: int) -> Batch | None:
    """The lines of a segment that are sent next; None if there is none that is whole.

    Args:
        segment: of the spool.
        most_bytes: of lines and pictures together; one line is taken whatever its size.
    """
    pictures = segment.parent / PICTURES
    try:
        with segment.open("rb") as file:
            place = read_place(segment)
            entries = _entries(file, place, pictures, most_bytes, is_whole=False)
            if not entries and not is_written(file):  # half a line, and nobody will end it
                entries = _entries(file, place, pictures, most_bytes, is_whole=True)
    except FileNotFoundError:
        return None
    if not entries:
        return None
    last = entries[-1].line
    return Batch(
        tuple(entry for entry in entries if isinstance(entry, Entry)),
        tuple(entry for entry in entries if isinstance(entry, Damaged)),
        Place(last.end, last.number),
    )


def next_budget(budget: int, seconds: float) -> int:
    """How large the next batch of the backlog may be, from how long the last one took; pure."""
    if seconds > _SLOW_S:
        return max(LEAST_BYTES, budget // 2)
    return min(MOST_BYTES, budget * 3 // 2) if seconds < _QUICK_S else budget


def _entries(
    file: BinaryIO, place: Place, pictures: Path, most_bytes: int, *, is_whole: bool
) -> list[Entry | Damaged]:
    file.seek(place.offset)
    lines = read_lines(file, number=place.number, offset=place.offset, is_whole=is_whole)
    entries: list[Entry | Damaged] = []
    size = 0
    for line in lines:
        if not line.content.strip():
            continue
        entry = _entry(line)
        size += len(line.content)
        for name in entry.read.pictures if isinstance(entry, Entry) else ():
            size += size_of(picture_path(pictures, name))
        if entries and (size > most_bytes or len(entries) >= MOST_LINES):
            break
        entries.append(entry)
    return entries


def _entry(line: Line) -> Entry | Damaged:
    try:
        return Entry(line, read_passage(line.content))
    except PassageError as error:
        return Damaged(line, str(error))
