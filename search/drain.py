"""Drain a spool into the stores.

How far a segment is drained stands in `<segment>.offset` (bytes and lines), written only when the
store has confirmed. A drain that is cut off takes some lines again, which changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import BinaryIO

from lpr.spool import PICTURES, SEGMENT_PATTERN
from search.ingest import Counts, Ingest, Source, in_batches, read_lines

LOCK = ".drain"  # held by the one process that drains


def drain_spool(spool: Path, ingest: Ingest) -> Counts:
    """Take in what lies in a spool now, oldest segment first; call it again for what comes later.

    A segment that is drained and that nobody writes any more is removed, as are pictures once
    they are kept. A last line without its end is left for later while its writer lives.

    Args:
        spool: the folder; it may be missing.
        ingest: the way into the stores.

    Raises:
        StoreError, EvidenceError, OSError: a store or the spool is away, full or not to be read;
            nothing is lost, try again later.
    """
    if not spool.is_dir():
        return Counts()
    with _alone(spool):
        segments = sorted(spool.glob(SEGMENT_PATTERN))
        return sum((_drain_segment(segment, ingest) for segment in segments), Counts())


def _drain_segment(segment: Path, ingest: Ingest) -> Counts:
    source = Source(segment.name, segment.parent / PICTURES, is_spool=True)
    place = segment.with_name(f"{segment.name}.offset")
    counts = Counts()
    with segment.open("rb") as file:
        is_finished = not _is_written(file)  # asked first: after it nothing can come
        offset, number = _read_place(place, segment.stat().st_size)
        file.seek(offset)
        lines = read_lines(file, number=number, offset=offset, is_whole=is_finished)
        for batch in in_batches(lines):
            counts += ingest.take(batch, source)
            _write_place(place, batch[-1].end, batch[-1].number)
    if is_finished:
        place.unlink(missing_ok=True)
        segment.unlink()
    return counts


def _is_written(file: BinaryIO) -> bool:
    """Whether its writer is at work; the writer holds the lock for as long as it lives."""
    try:
        flock(file, LOCK_SH | LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _read_place(place: Path, size: int) -> tuple[int, int]:
    """Bytes and lines that are drained; from the beginning if that is not known."""
    try:
        offset, number = map(int, place.read_text().split())
    except (FileNotFoundError, ValueError):
        return 0, 0
    return (offset, number) if 0 <= offset <= size else (0, 0)


def _write_place(place: Path, offset: int, number: int) -> None:
    temporary = place.with_name(f".{place.name}")
    temporary.write_text(f"{offset} {number}\n")
    temporary.rename(place)  # not synced: what a crash forgets is taken again


@contextmanager
def _alone(spool: Path) -> Iterator[None]:
    """Wait until nobody else drains this spool."""
    with (spool / LOCK).open("ab") as file:
        flock(file, LOCK_EX)
        yield
