"""The process of one camera: follows its stream and hands over what is worth a look.

python -m lpr.watch.decoding NUMBER     of a socket, over which `Order` comes first
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from lpr.errors import SourceError
from lpr.watch.clocks import Timepiece, real_timepiece
from lpr.watch.frames import Grey, LiveFrame
from lpr.watch.live import Stream, open_stream
from lpr.watch.messages import Free, Order, Shown, Sign, Wish
from lpr.watch.motion import Background, motion
from lpr.watch.parent import end_with_parent
from lpr.watch.reconnecting import Link, reconnecting
from lpr.watch.regions import Mask
from lpr.watch.sampling import Demand, Sampling, sample
from lpr.watch.scene import Scene, Watched, learnt_edges, scene
from lpr.watch.slots import COUNT, LARGEST, Slots
from lpr.watch.watch_file import WatchedCamera

SIGN_S = 1.0  # between two signs of life
QUIET_S = 0.2  # the same while nothing moves: passages end by that time
JUDGE_S = 5.0  # between two looks at how well the camera sees
LEARN_S = 60.0  # between two pictures of the quiet street that its view is learnt from
LEARN_RATE = 0.02
LATE_S, CAUGHT_UP_S = 3.0, 0.5  # frames that have waited longer: key frames alone, until less


class Following:
    """Follows one camera.

    Args:
        camera: to follow.
        connection: to the recogniser.
        slots: that frames are handed over in.
        timepiece: of this machine.
        cpu: seconds of processor time that this process has used.
    """

    def __init__(
        self,
        camera: WatchedCamera,
        connection: "Connection[Any, Any]",
        slots: Slots,
        timepiece: Timepiece,
        cpu: Callable[[], float] = time.process_time,
    ) -> None:
        self._camera, self._connection, self._slots = camera, connection, slots
        self._timepiece, self._cpu = timepiece, cpu
        self._free = list(range(COUNT))
        self._demand = Demand()
        self._sampling = Sampling(camera.fps)
        self._background: Background | None = None
        self._zone: Mask | None = None
        self._watched: Watched | None = None
        self._judged = self._learnt = float("-inf")
        self._stream: Stream | None = None
        self._damaged = 0
        self._sign = Sign("connecting")
        self._told = self._measured = timepiece.steady()
        self._used, self._came = cpu(), 0
        self._scene: Scene | None = None

    def connect(self) -> Stream:
        """Open the camera's stream; see `open_stream`."""
        self._close_stream()
        self._stream = open_stream(self._camera, self._timepiece, self._sign.failed)
        return self._stream

    def tell_link(self, link: Link) -> None:
        """Tell of a change of the connection."""
        self._listen()
        self._sign = replace(
            self._sign,
            state=link.state,
            trouble=link.trouble,
            message=link.message,
            failed=link.attempts,
            fps=self._sign.fps if link.state == "up" else 0.0,
            is_quiet=False,
        )
        self._tell()

    def take(self, frame: LiveFrame) -> None:
        """Take in the next frame."""
        self._listen()
        self._mind_lag(self._timepiece.steady() - frame.offset)
        small: list[Grey] = []

        def has_moved() -> bool:
            small.append(frame.small_grey())
            return self._has_moved(small[0], frame.offset)

        self._sampling, verdict = sample(self._sampling, frame.offset, self._demand, has_moved)
        if verdict == "look":
            self._hand_over(frame)
        if small:
            self._note(frame, is_quiet=verdict == "no motion")
            self._tell_in_time(frame, small[0])

    def _has_moved(self, small: Grey, offset: float) -> bool:
        height, width = small.shape
        if self._zone is None or self._zone.shape != small.shape:
            self._zone = self._camera.zone.mask(width, height)
        self._background, found = motion(self._background, small, self._zone, offset)
        return found.has_moved

    def _hand_over(self, frame: LiveFrame) -> None:
        if not self._free:
            self._sign = replace(self._sign, no_slot=self._sign.no_slot + 1)
            return
        picture = frame.picture()
        while picture.nbytes > LARGEST:
            picture = picture[::2, ::2]
        slot = self._free.pop()
        self._slots.write(slot, picture)
        self._connection.send(Shown(slot, (picture.shape[0], picture.shape[1]), frame.at))

    def _note(self, frame: LiveFrame, *, is_quiet: bool) -> None:
        self._sign = replace(
            self._sign,
            at=frame.at,
            is_quiet=is_quiet,
            clock=frame.clock,
            clock_offset_s=frame.clock_offset_s,
            size=frame.size,
        )

    def _tell_in_time(self, frame: LiveFrame, small: Grey) -> None:
        now = self._timepiece.steady()
        if now - self._measured >= SIGN_S:
            self._measure(now)
            if frame.offset - self._judged >= JUDGE_S:
                self._judge(frame, small)
            self._tell()
        elif self._sign.is_quiet and now - self._told >= QUIET_S:
            self._tell()

    def _measure(self, now: float) -> None:
        used, came = self._cpu(), self._sampling.counts.came
        frames = max(1, came - self._came)
        self._sign = replace(
            self._sign,
            fps=(came - self._came) / (now - self._measured),
            decode_ms=1000 * (used - self._used) / frames,
        )
        self._measured, self._used, self._came = now, used, came

    def _judge(self, frame: LiveFrame, small: Grey) -> None:
        """What the picture says about the camera; learn its view while the street is quiet."""
        self._judged = frame.offset
        sharp = frame.pixels.grey(1)
        self._watched, self._scene = scene(self._watched, small, sharp, frame.offset)
        seen = self._scene
        is_good = not (seen.is_dark or seen.is_covered or seen.is_moved)
        if self._sign.is_quiet and is_good and frame.offset - self._learnt >= LEARN_S:
            edges = learnt_edges(self._watched.edges, small, LEARN_RATE)
            self._watched = replace(self._watched, edges=edges)
            self._learnt = frame.offset

    def _mind_lag(self, lag_s: float) -> None:
        """Decode key frames alone while the others come faster than they can be decoded."""
        if self._stream is None:
            return
        if lag_s > LATE_S:
            self._stream.key_frames_only = True
        elif lag_s < CAUGHT_UP_S:
            self._stream.key_frames_only = False
        self._sign = replace(self._sign, lag_s=lag_s, key_frames_only=self._stream.key_frames_only)

    def _listen(self) -> None:
        while self._connection.poll():
            match self._connection.recv():
                case Free(slot):
                    self._free.append(slot)
                case Wish(demand):
                    self._demand = demand

    def _tell(self) -> None:
        damaged = self._damaged + (self._stream.damaged if self._stream else 0)
        self._connection.send(
            replace(self._sign, counts=self._sampling.counts, damaged=damaged, scene=self._scene)
        )
        self._told = self._timepiece.steady()

    def _close_stream(self) -> None:
        if self._stream is not None:
            self._damaged += self._stream.damaged
            self._stream = None


def follow(connection: "Connection[Any, Any]") -> None:
    """Follow the camera that is ordered, until the recogniser is gone."""
    order = connection.recv()
    assert isinstance(order, Order)
    end_with_parent(order.parent)
    timepiece = real_timepiece()
    following = Following(order.camera, connection, Slots(order.memory), timepiece)
    frames = reconnecting(following.connect, timepiece, random.random, following.tell_link)
    for frame in frames:
        following.take(frame)


def main() -> None:
    """Begin with the socket whose number is the argument."""
    try:
        follow(Connection(int(sys.argv[1])))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pass  # the recogniser is gone, or everything ends
    except SourceError as error:  # a bug: `reconnecting` takes them all
        sys.exit(str(error))


if __name__ == "__main__":
    main()
