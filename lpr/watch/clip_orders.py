"""Which clips a camera's process was asked for, and for which passages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from lpr.passages import Passage
from lpr.watch.messages import Clip, CutClip

AFTER_S = 1.0  # that the clip of a long passage goes on after its end
MOST_ORDERS = 100  # that are remembered; a process that was started anew answers none


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


class ClipOrders:
    """The orders of one camera.

    Args:
        clip_s: seconds of a clip; 0: none is ordered.
        send: an order to the process of the camera; the answer may never come.
    """

    def __init__(self, clip_s: float, send: Callable[[CutClip], None]) -> None:
        self._clip_s, self._send = clip_s, send
        self._numbers = count(1)
        self._passages: dict[int, Passage] = {}

    def order(self, passage: Passage) -> None:
        """Order the clip of a passage that is over."""
        if not self._clip_s or passage.until is None:
            return
        number = next(self._numbers)
        self._passages[number] = passage
        self._passages.pop(number - MOST_ORDERS, None)
        self._send(CutClip(number, *span_of(passage.at, passage.until, self._clip_s)))

    def came(self, clip: Clip) -> Passage | None:
        """The passage that a clip was ordered for; None if that is forgotten."""
        return self._passages.pop(clip.number, None)
