"""Follows a live camera in a thread, as `platetrail watch` does, and keeps what came."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import av

from lpr.watch.addresses import address_of
from lpr.watch.clips import Clips
from lpr.watch.clocks import Timepiece, real_timepiece
from lpr.watch.frames import LiveFrame
from lpr.watch.live import Stream, open_stream
from lpr.watch.reconnecting import Link, reconnecting
from lpr.watch.watch_file import Transport, WatchedCamera

PATIENCE_S, CLIP_S = 20.0, 5.0


class _OverError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Came:
    """A frame without its pixels, and when it came by the steady clock."""

    frame: LiveFrame
    size: tuple[int, int]
    at_s: float


class Watcher:
    """One camera, followed until `close`.

    Args:
        url: of its stream.
        transport: of RTSP.

    Attributes:
        came: every frame, in order.
        links: every change of its connection, in order.
        stream: that is open, None before the first one.
    """

    def __init__(self, url: str, transport: Transport = "tcp") -> None:
        self._camera = WatchedCamera("C1", address_of(url), transport)
        self._clips = Clips("C1", CLIP_S)
        self._is_over = threading.Event()
        self.came: list[Came] = []
        self.links: list[Link] = []
        self.stream: Stream | None = None
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        real = real_timepiece()
        timepiece = replace(real, sleep=self._sleep)
        frames = reconnecting(
            lambda: self._open(timepiece), timepiece, random.random, self.links.append
        )
        try:
            for frame in frames:
                size = frame.size
                kept = replace(frame, pixels=frame.pixels if len(self.came) % 100 == 0 else None)  # type: ignore[arg-type]  # else the test keeps every picture
                self.came.append(Came(kept, size, real.steady()))
                if self._is_over.is_set():
                    frames.close()  # type: ignore[attr-defined]  # it is a generator
                    return
        except _OverError:
            return

    def _open(self, timepiece: Timepiece) -> Stream:
        if self._is_over.is_set():
            raise _OverError
        self.stream = open_stream(self._camera, timepiece, self.links[-1].attempts, self._clips)
        return self.stream

    def _sleep(self, seconds: float) -> None:
        if self._is_over.wait(seconds):
            raise _OverError

    @property
    def troubles(self) -> list[str]:
        """Why it was down, in order."""
        return [link.trouble for link in self.links if link.trouble]

    def until(
        self, condition: Callable[["Watcher"], bool], patience_s: float = PATIENCE_S
    ) -> float:
        """Wait until something holds; the seconds that it took."""
        begun = time.monotonic()
        while not condition(self):
            assert time.monotonic() - begun < patience_s, (len(self.came), self.links[-3:])
            time.sleep(0.02)
        return time.monotonic() - begun

    def until_frames_come(self, patience_s: float = PATIENCE_S) -> float:
        """Wait for a frame that came after now; the seconds that it took."""
        begun = time.monotonic()
        return self.until(lambda w: bool(w.came) and w.came[-1].at_s > begun, patience_s)

    def longest_gap_s(self) -> float:
        """Between two frames."""
        times = [one.at_s for one in self.came]
        return max((b - a for a, b in pairwise(times)), default=0.0)

    def clip(self, seconds: float) -> list[tuple[int, int]]:
        """The sizes of the frames in a clip of the last seconds, once it is closed."""
        last = self.came[-1].frame.at
        clip = self._clips.cut(last - timedelta(seconds=seconds), last)
        assert clip is not None
        with av.open(BytesIO(clip)) as container:
            return [(frame.width, frame.height) for frame in container.decode(video=0)]

    def close(self) -> None:
        """Follow no longer."""
        self._is_over.set()
        self._thread.join(PATIENCE_S)
