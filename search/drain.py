"""Drain a spool into the stores.

How far a segment is drained stands in `<segment>.offset` (bytes and lines), written only when the
store has confirmed. A drain that is cut off takes some lines again, which changes nothing.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path

from lpr.spool.pictures import PICTURES
from lpr.spool.segments import (
    KEPT,
    Place,
    is_written,
    list_segments,
    read_lines,
    read_place,
    remove_segment,
    write_place,
)
from search.ingest import Counts, Ingest, Source, take_batches

LOCK = ".drain"  # held by the one process that drains


def drain_spool(spool: Path, ingest: Ingest, kept: timedelta = KEPT) -> Counts:
    """Take in what lies in a spool now, oldest segment first; call it again for what comes later.

    Pictures are removed once they are kept elsewhere. A segment that is drained and that nobody
    writes any more stays for a while, so that `lpr.spool.recent` sees it, and is then removed. A
    last line without its end is left for later while its writer lives.

    Args:
        spool: the folder; it may be missing.
        ingest: the way into the stores.
        kept: how long after its last line a drained segment stays.

    Raises:
        StoreError, EvidenceError, OSError: a store or the spool is away, full or not to be read;
            nothing is lost, try again later.
    """
    if not spool.is_dir():
        return Counts()
    with _alone(spool):
        counts = sum((_drain(segment, ingest, kept) for segment in list_segments(spool)), Counts())
        ingest.show(counts)
        return counts


def _drain(segment: Path, ingest: Ingest, kept: timedelta) -> Counts:
    source = Source(segment.name, segment.parent / PICTURES, is_spool=True)
    counts = Counts()
    with suppress(FileNotFoundError), segment.open("rb") as file:  # gone: given up for its room
        is_finished = not is_written(file)  # asked first: after it nothing can come
        place = read_place(segment)
        file.seek(place.offset)
        lines = read_lines(file, number=place.number, offset=place.offset, is_whole=is_finished)
        for batch, taken in take_batches(lines, source, ingest):
            counts += taken
            write_place(segment, Place(batch[-1].end, batch[-1].number))
        if is_finished and _may_go(segment, kept):
            remove_segment(segment)
    return counts


def _may_go(segment: Path, kept: timedelta) -> bool:
    """Whether it was last written so long ago that no restart will look at it."""
    return time.time() - segment.stat().st_mtime >= kept.total_seconds()


@contextmanager
def _alone(spool: Path) -> Iterator[None]:
    """Wait until nobody else drains this spool."""
    with (spool / LOCK).open("ab") as file:
        flock(file, LOCK_EX)
        os.utime(file.fileno())  # whoever watches sees that somebody drains
        yield
