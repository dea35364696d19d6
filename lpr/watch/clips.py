"""The last seconds of a camera's video as it came, from which clips of passages are cut."""

import logging
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import av

from lpr.tracker import JOIN_S
from lpr.watch.mp4 import Form, Packet, form_of, parameter_sets, to_mp4

FINAL_S = JOIN_S + 4.0  # a passage is over that long after its end, with some time to ask
MOST_KEPT = 64_000_000  # bytes of video of one camera
MOST_CLIP = 15_000_000  # bytes of one clip; the centre takes 16 MiB
BACK_S, JUMP_S = 1.0, 5.0  # what goes back or ahead by more than that begins anew
_NARROWER_S = 0.5  # taken off both ends of a clip that is too large, again and again
_LOG = logging.getLogger("platetrail.watch")


@dataclass(slots=True, eq=False)
class _Run:
    """Packets without a break, all of one form.

    Attributes:
        form: of them.
        groups: of pictures, each from a key frame on.
        last: packet that came.
        size: width and height of its pictures, None before the first.
        mark: a time of the stream, and when the picture of that time was taken.
    """

    form: Form
    last: Packet
    groups: deque[list[Packet]] = field(default_factory=deque)
    size: tuple[int, int] | None = None
    mark: tuple[float, datetime] | None = None

    def time_s(self, at: datetime) -> float:
        """The time in the stream at which something was taken."""
        assert self.mark is not None
        return self.mark[0] + (at - self.mark[1]).total_seconds()

    def overlap_s(self, begin: datetime, end: datetime) -> float:
        """How much of a span it has; below 0 if nothing."""
        if self.mark is None:
            return -1.0
        first = self.groups[0][0].time_s
        return min(self.last.time_s, self.time_s(end)) - max(first, self.time_s(begin))

    def between(self, begin_s: float, end_s: float) -> list[Packet]:
        """From the last key frame that is not after a time up to another time."""
        later = [group[0].time_s > begin_s for group in self.groups][1:]
        needed = [g for g, is_needed in zip(self.groups, [*later, True], strict=True) if is_needed]
        packets = [packet for group in needed for packet in group]
        count = max((n for n, p in enumerate(packets, 1) if p.time_s < end_s), default=0)
        return packets[:count]


class Clips:
    """Keeps the last packets of a camera, whole groups of pictures, within MOST_KEPT.

    Args:
        camera: id, for messages.
        clip_s: seconds of a clip.
    """

    def __init__(self, camera: str, clip_s: float) -> None:
        self._camera, self._kept_s = camera, clip_s + FINAL_S
        self._form: Form | None = None
        self._runs: deque[_Run] = deque()
        self._run: _Run | None = None
        self._bytes = 0
        self._is_told = False

    def connect(self, video: Any) -> None:
        """The camera's stream was opened anew.

        Args:
            video: stream of PyAV.
        """
        self._run, self._is_told = None, False
        try:
            self._form = form_of(video)
        except (ValueError, av.error.FFmpegError) as error:
            self._form = None
            self._tell(error)

    def add(self, packet: Packet) -> None:
        """Take in the next packet; before the first key frame none is kept."""
        if self._form is None:
            return
        if self._run is not None and _has_jumped(self._run.last, packet):
            self._run = None
        if self._run is not None and _is_rest(self._run.last, packet):
            whole = replace(self._run.last, data=self._run.last.data + packet.data)
            self._run.last = self._run.groups[-1][-1] = whole
            self._bytes += len(packet.data)
            return
        if packet.is_key:
            self._begin_group(self._form, packet)
        if self._run is not None:
            self._run.last = packet
            self._run.groups[-1].append(packet)
            self._bytes += len(packet.data)
            self._forget(packet.arrived_s)

    def mark(self, time_s: float, at: datetime, size: tuple[int, int]) -> None:
        """A picture was decoded.

        Args:
            time_s: of its packet.
            at: when it was taken, aware UTC.
            size: width and height in pixels.
        """
        if self._run is not None:
            self._run.mark, self._run.size = (time_s, at), size

    def cut(self, begin: datetime, end: datetime) -> bytes | None:
        """A clip as MP4, from the last key frame before `begin`.

        Args:
            begin: aware UTC, by the clock of the pictures' times.
            end: in the same way.

        Returns:
            None if nothing of that time is there, or it does not go into an MP4.
        """
        run = max(self._runs, key=lambda one: one.overlap_s(begin, end), default=None)
        if run is None or run.size is None or run.overlap_s(begin, end) <= 0:
            return None
        begin_s, end_s = run.time_s(begin), run.time_s(end)
        packets = run.between(begin_s, end_s)
        while sum(len(packet.data) for packet in packets) > MOST_CLIP:
            begin_s, end_s = begin_s + _NARROWER_S, end_s - _NARROWER_S
            packets = run.between(begin_s, end_s) if begin_s < end_s else []
        try:
            return to_mp4(run.form, run.size, packets) if packets else None
        except (ValueError, av.error.FFmpegError) as error:
            self._tell(error)
            return None

    def _tell(self, error: Exception) -> None:
        """Say that there is no clip, and why; once a connection."""
        if not self._is_told:
            _LOG.error("camera %s: no clip: %s", self._camera, error)
            self._is_told = True

    def _begin_group(self, form: Form, key_frame: Packet) -> None:
        if sets := parameter_sets(form, key_frame.data):
            form = replace(form, sets=sets)
        if self._run is None or (sets and self._run.form != form):
            self._run = _Run(form, key_frame)
            self._runs.append(self._run)
        self._run.groups.append([])

    def _forget(self, now_s: float) -> None:
        """Let the oldest groups go: those that are too old, and those that are too much."""
        while self._runs:
            oldest = self._runs[0]
            ended_s = oldest.groups[1][0].arrived_s if len(oldest.groups) > 1 else None
            if ended_s is None and oldest is not self._run:
                ended_s = oldest.last.arrived_s
            is_old = ended_s is not None and now_s - ended_s > self._kept_s
            if not is_old and self._bytes <= MOST_KEPT:
                return
            self._bytes -= sum(len(packet.data) for packet in oldest.groups.popleft())
            if not oldest.groups:
                self._runs.popleft()
                if oldest is self._run:
                    self._run = None  # one group is too much: the next one may be less


def _is_rest(last: Packet, packet: Packet) -> bool:
    """Whether it belongs to the same picture (RFC 6184, 5.1): parameter sets may come alone."""
    return packet.time_s == last.time_s and (last.is_key or not packet.is_key)


def _has_jumped(last: Packet, packet: Packet) -> bool:
    """Whether the times of a stream went back, or on by more than the time that passed.

    By less is usual: much comes at once after a wait, with HLS always.
    """
    step_s, passed_s = packet.time_s - last.time_s, packet.arrived_s - last.arrived_s
    return not -BACK_S < step_s < passed_s + JUMP_S
