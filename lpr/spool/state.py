"""Looks into a spool without touching it: what waits, what was lost, what was seen lately."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lpr.passages import Passage
from lpr.spool.lines import SpoolLine
from lpr.spool.losses import Losses, read_losses
from lpr.spool.room import spool_bytes
from lpr.spool.segments import good_lines, lines_after, list_segments, read_place
from lpr.times import format_utc


@dataclass(frozen=True, slots=True)
class SpoolState:
    """How a spool stands.

    Attributes:
        waiting: lines that are not confirmed.
        oldest: when the first of them was put there, aware UTC; None if none waits.
        bytes: of everything in it, pictures too.
        losses: what was given up for want of room since it was made.
    """

    waiting: int
    oldest: datetime | None
    bytes: int
    losses: Losses

    def to_fields(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "waiting": self.waiting,
            "oldest": None if self.oldest is None else format_utc(self.oldest),
            "bytes": self.bytes,
            "lost": self.losses.to_fields(),
        }


def spool_state(spool: Path) -> SpoolState:
    """How a spool stands now; an empty one if it is not there."""
    counts = {s: lines_after(s, read_place(s).offset) for s in list_segments(spool)}
    oldest = None
    for segment in (s for s, waiting in counts.items() if waiting):
        lines = good_lines(segment, read_place(segment).offset)
        oldest = next((line.spooled for line in lines if line.spooled), None)
        if oldest:
            break
    return SpoolState(sum(counts.values()), oldest, spool_bytes(spool), read_losses(spool))


def recent(spool: Path, camera: str, since: datetime) -> list[Passage]:
    """The passages of a camera that were put into a spool lately, confirmed ones too.

    What is confirmed stays for `lpr.spool.segments.KEPT`: a look further back may find nothing.

    Args:
        spool: the folder; it may be missing.
        camera: its id.
        since: aware UTC; those that were put there before are left out.

    Returns:
        The last report of each passage, in the order in which passages were first reported.
    """
    last: dict[str, Passage] = {}
    for line in _lines_since(spool, since):
        if line.passage.camera == camera:
            last[line.passage.id] = line.passage
    return list(last.values())


def _lines_since(spool: Path, since: datetime) -> list[SpoolLine]:
    lines: list[SpoolLine] = []
    for segment in list_segments(spool):
        with suppress(FileNotFoundError):  # confirmed and removed while we looked
            if segment.stat().st_mtime >= since.timestamp() - 1:
                lines += good_lines(segment)
    found = [(line.spooled, line) for line in lines if line.spooled and line.spooled >= since]
    return [line for _, line in sorted(found, key=lambda pair: pair[0])]
