"""Frame after frame, when it was taken. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lpr.watch.clocks import BELIEVED_S, ClockSource, LeastDelay, is_believed

_LEAST_STEP_S = 0.001  # between two frames; times never go back


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a frame when it arrives.

    Attributes:
        utc: when it arrived, by this machine.
        steady_s: the same by its steady clock.
        stream_s: the frame's time in its stream; None if the stream's times mean nothing.
        sender_s: when it was taken by the camera's clock, seconds since 1970; None if not told.
    """

    utc: datetime
    steady_s: float
    stream_s: float | None = None
    sender_s: float | None = None

    @property
    def time_s(self) -> float:
        """Its time in the stream; that of arrival, if the stream's times mean nothing."""
        return self.steady_s if self.stream_s is None else self.stream_s


@dataclass(frozen=True, slots=True)
class FrameTime:
    """When a frame was taken; the fields are those of `lpr.watch.frames.LiveFrame`."""

    at: datetime
    clock: ClockSource
    offset: float
    clock_offset_s: float | None


@dataclass(frozen=True, slots=True)
class Timing:
    """What the frames of one connection have told about its clocks.

    Attributes:
        latency_s: from the lens to here, measured; taken off the time of arrival.
        pace: delays of arrival against the times in the stream.
        sender: the same against the camera's clock.
        last: time of the last frame.
    """

    latency_s: float = 0.0
    pace: LeastDelay = field(default_factory=LeastDelay)
    sender: LeastDelay = field(default_factory=LeastDelay)
    last: FrameTime | None = None


class LiveTimes:
    """The times of one connection's frames; see `timed`.

    Args:
        latency_s: from the lens to here, measured.
    """

    def __init__(self, latency_s: float) -> None:
        self._timing = Timing(latency_s)

    def of(self, arrival: Arrival) -> FrameTime:
        """The time of the next frame."""
        self._timing, time = timed(self._timing, arrival)
        return time


def timed(timing: Timing, arrival: Arrival) -> tuple[Timing, FrameTime]:
    """The time of one more frame.

    The camera's own clock counts if it tells the time and is near ours. Otherwise it is the time of
    arrival without what the frame had to wait for (bursts, jitter), less the measured latency.

    Args:
        timing: of the frames before.
        arrival: of this one.

    Returns:
        What is known now, and the frame's time. Neither `at` nor `offset` goes back, unless this
        machine's own clock was set back.
    """
    pace, offset = _paced(timing, arrival)
    sender, taken = timing.sender, None
    if arrival.sender_s is not None:
        sender = sender.took(arrival.steady_s, arrival.utc.timestamp() - arrival.sender_s)
        if is_believed(sender.seconds):
            taken = datetime.fromtimestamp(arrival.sender_s, UTC)
    waited_s = arrival.steady_s - offset
    at = taken or arrival.utc - timedelta(seconds=waited_s + timing.latency_s)
    clock: ClockSource = "sender" if taken else "arrival"
    time = FrameTime(_forward(at, timing.last), clock, offset, sender.seconds)
    return Timing(timing.latency_s, pace, sender, time), time


def _paced(timing: Timing, arrival: Arrival) -> tuple[LeastDelay, float]:
    """Delays against the times in the stream, and the steady time of a frame by them."""
    pace, offset = timing.pace, arrival.steady_s
    if arrival.stream_s is not None:
        delay = arrival.steady_s - arrival.stream_s
        least = pace.seconds
        has_jumped = least is not None and delay - least > BELIEVED_S
        pace = (LeastDelay() if has_jumped else pace).took(arrival.steady_s, delay)
        assert pace.seconds is not None
        offset = arrival.stream_s + pace.seconds
    if timing.last is not None:
        offset = max(offset, timing.last.offset + _LEAST_STEP_S)
    return pace, offset


def _forward(at: datetime, last: FrameTime | None) -> datetime:
    if last is None or (last.at - at).total_seconds() > 2 * BELIEVED_S:
        return at
    return max(at, last.at + timedelta(seconds=_LEAST_STEP_S))
