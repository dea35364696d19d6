"""Final reports that wait for their clips."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from lpr.reports import Report, with_clip
from lpr.watch.messages import Clip, CutClip

AFTER_S = 1.0  # that the clip of a long passage goes on after its end
WAIT_S = 3.0  # then a report goes without its clip


def span_of(at: datetime, until: datetime, clip_s: float) -> tuple[datetime, datetime]:
    """Begin and end of the clip of a passage; pure.

    A passage that is shorter than the clip is in its middle. Of a longer one the clip shows the
    last seconds, to AFTER_S after its end.

    Args:
        at: begin of the passage.
        until: its end.
        clip_s: seconds of the clip.
    """
    clip = timedelta(seconds=clip_s)
    if until - at < clip:
        begin = at + (until - at - clip) / 2
        return begin, begin + clip
    end = until + timedelta(seconds=AFTER_S)
    return end - clip, end


class Holding:
    """Holds the final reports of one camera back until their clips are there.

    Args:
        clip_s: seconds of a clip; 0: nothing is held back.
        ask: the process of the camera for a clip; the answer may never come.
    """

    def __init__(self, clip_s: float, ask: Callable[[CutClip], None]) -> None:
        self._clip_s, self._ask = clip_s, ask
        self._numbers = count(1)
        self._held: dict[int, tuple[float, Report]] = {}

    def take(self, report: Report, now: float) -> list[Report]:
        """Take in a report.

        Args:
            report: of the camera.
            now: seconds of a steady clock.

        Returns:
            What is to be kept now: the report, or nothing if it waits.
        """
        until = report.passage.until
        if not self._clip_s or not report.is_final or until is None:
            return [report]
        number = next(self._numbers)
        self._held[number] = (now, report)
        self._ask(CutClip(number, *span_of(report.passage.at, until, self._clip_s)))
        return []

    def came(self, clip: Clip) -> list[Report]:
        """The report that a clip was asked for; none if it has gone without."""
        _, report = self._held.pop(clip.number, (0.0, None))
        return [] if report is None else [with_clip(report, clip.mp4)]

    def late(self, now: float) -> list[Report]:
        """Reports that have waited too long, without clips.

        Args:
            now: seconds of a steady clock.
        """
        late = [number for number, (since, _) in self._held.items() if now - since >= WAIT_S]
        return [self._held.pop(number)[1] for number in late]

    def all(self) -> list[Report]:
        """Everything that waits, without clips."""
        held, self._held = self._held, {}
        return [report for _, report in held.values()]
