"""Sends a spool to the centre: batch by batch, live passages first; removes what is confirmed."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lpr.spool.lines import SpoolLine
from lpr.spool.pictures import PICTURES, picture_path
from lpr.spool.room import REFUSED
from lpr.spool.segments import (
    KEPT,
    good_lines,
    is_segment_written,
    list_segments,
    read_place,
    remove_segment,
    size_of,
    write_place,
)
from search.ingest import Refusal, refusal_of
from search.sending.batches import (
    FIRST_BYTES,
    MOST_BYTES,
    next_batch,
    next_budget,
    waiting_segments,
)
from search.sending.centre import Centre
from search.sending.delivery import Delivered, Delivery

Refuse = Callable[[Sequence[Refusal]], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of lines.

    Attributes:
        confirmed: lie on the centre's disk.
        refused: were set aside, with their reason.
        gone: pictures that were not there to be sent, damaged, or refused.
    """

    confirmed: int = 0
    refused: int = 0
    gone: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.confirmed + other.confirmed, self.refused + other.refused, self.gone + other.gone
        )

    @property
    def lines(self) -> int:
        """That are done with."""
        return self.confirmed + self.refused


class Sender:
    """Sends a spool; one process at a time.

    Args:
        spool: its folder; it may be missing.
        centre: where everything goes.
        refuse: sets refused lines aside on this machine.
        clock: the time now, aware UTC.
    """

    def __init__(
        self, spool: Path, centre: Centre, refuse: Refuse, clock: Callable[[], datetime]
    ) -> None:
        self._spool, self._delivery = spool, Delivery(spool, centre)
        self._refuse, self._clock = refuse, clock
        self._budget = FIRST_BYTES

    def send_round(self) -> Sent:
        """Send a batch of each live segment, and one of the backlog.

        Raises:
            CentreError, OSError: the rest is not confirmed; try again later.
        """
        waiting = waiting_segments(self._spool, self._clock())
        sent = Sent()
        for segment in waiting.live:
            sent += self._send_next(segment, MOST_BYTES)
        for segment in waiting.backlog:
            start = time.monotonic()
            done = self._send_next(segment, self._budget)
            if done.lines:  # otherwise it is half a line that its writer may still end
                self._budget = next_budget(self._budget, time.monotonic() - start)
                self._remove_if_done(segment)
                return sent + done
        return sent

    def tidy(self) -> None:
        """Remove segments that are confirmed, written no more and old, and their pictures."""
        for segment in list_segments(self._spool):
            self._remove_if_done(segment)

    def _send_next(self, segment: Path, most_bytes: int) -> Sent:
        batch = next_batch(segment, most_bytes)
        if batch is None:
            return Sent()
        good = {e.line.number: (e.read, e.line.content.strip() + b"\n") for e in batch.good}
        done = self._delivery.deliver(good) if good else Delivered()
        refusals = [refusal_of(segment.name, bad.line, bad.fault) for bad in batch.damaged]
        for entry in batch.good:
            if entry.line.number in done.refused:
                reason = f"the centre: {done.refused[entry.line.number]}"
                refusals.append(refusal_of(segment.name, entry.line, reason))
                self._keep_pictures(entry.read)
        if refusals:
            self._refuse(refusals)
        write_place(segment, batch.place)
        return Sent(len(good) - len(done.refused), len(refusals), len(done.gone))

    def _keep_pictures(self, line: SpoolLine) -> None:
        """Keep the pictures of a refused line as long as there is room, for another attempt."""
        for name in line.pictures:
            kept = picture_path(self._spool / REFUSED, name)
            kept.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError, FileExistsError):
                kept.hardlink_to(picture_path(self._spool / PICTURES, name))

    def _remove_if_done(self, segment: Path) -> None:
        with suppress(FileNotFoundError):
            age = self._clock().timestamp() - segment.stat().st_mtime
            is_done = read_place(segment).offset == size_of(segment)
            if age < KEPT.total_seconds() or not is_done or is_segment_written(segment):
                return
            for line in good_lines(segment):
                for name in line.pictures:  # where a later line has it, too: the centre has it now
                    picture_path(self._spool / PICTURES, name).unlink(missing_ok=True)
            remove_segment(segment)
