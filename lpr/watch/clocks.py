"""When a frame was taken: a camera's clock against ours."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

ClockSource = Literal["sender", "arrival", "file"]
"""Whose clock a frame's time comes from: the camera's own, ours, or a file's name, EXIF or date."""

BUCKET_S = 10.0  # the least delay of 10 to 20 seconds is taken for the delay without waiting
BELIEVED_S = 5.0  # a camera whose clock differs more from ours is wrong: no delay is so long


@dataclass(frozen=True, slots=True)
class Timepiece:
    """The clocks of this machine, handed in.

    Attributes:
        utc: now, aware UTC; may be set.
        steady: seconds that only go forward.
        sleep: waits so many seconds.
    """

    utc: Callable[[], datetime]
    steady: Callable[[], float]
    sleep: Callable[[float], None]


def real_timepiece() -> Timepiece:
    """The machine's own."""
    return Timepiece(lambda: datetime.now(UTC), time.monotonic, time.sleep)


@dataclass(frozen=True, slots=True)
class LeastDelay:
    """How much later things arrive than their sender says, without what they had to wait.

    Networks, buffers and a busy machine only ever add to a delay. So the least of the last seconds
    is the difference of the two clocks and the delay that is always there; what drifts or jumps is
    followed within two buckets.

    Attributes:
        now_s, before_s: least delay of this bucket and of the one before, None if nothing came.
        until_s: when this bucket ends, by the arriving side's steady clock.
    """

    now_s: float | None = None
    before_s: float | None = None
    until_s: float = 0.0

    def took(self, arrived_s: float, delay_s: float) -> "LeastDelay":
        """With one more arrival.

        Args:
            arrived_s: when, by a steady clock.
            delay_s: later than its sender says; below 0 if the sender's clock is ahead.
        """
        if self.now_s is None:
            return LeastDelay(delay_s, None, arrived_s + BUCKET_S)
        if arrived_s < self.until_s:
            return LeastDelay(min(self.now_s, delay_s), self.before_s, self.until_s)
        is_next = arrived_s < self.until_s + BUCKET_S
        return LeastDelay(delay_s, self.now_s if is_next else None, arrived_s + BUCKET_S)

    @property
    def seconds(self) -> float | None:
        """The least delay, None before anything came."""
        if self.now_s is None or self.before_s is None:
            return self.now_s
        return min(self.now_s, self.before_s)


def is_believed(offset_s: float | None) -> bool:
    """Whether a camera's clock is near enough to ours to be used.

    Args:
        offset_s: least delay of its frames by its own clock; None if it tells no time.
    """
    return offset_s is not None and abs(offset_s) <= BELIEVED_S
