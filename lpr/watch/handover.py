"""Hands the frames of a camera to the recogniser, and says how the camera is."""

import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from lpr.passages import Passage
from lpr.watch.clips import Clips
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame
from lpr.watch.messages import Begin, Clip, CutClip, Free, Kept, Shown, Sign, Wish
from lpr.watch.sampling import Demand
from lpr.watch.slots import COUNT, LARGEST, Slots

SIGN_S = 1.0  # between two signs of life


class Handover:
    """The camera's side of the connection to the recogniser.

    Args:
        connection: to the recogniser.
        slots: that frames are handed over in.
        timepiece: of this machine.
        keep: is told which stills need not be looked at again.
        cpu: seconds of processor time that this process has used.
        clips: of the camera, None: it has none.

    Attributes:
        sign: how the camera is; whoever follows it sets what he knows.
        demand: how it is to be sampled.
        told: when a sign was given last, seconds of the steady clock.
    """

    def __init__(
        self,
        connection: "Connection[Any, Any]",
        slots: Slots,
        timepiece: Timepiece,
        keep: Callable[[Kept], None] = lambda kept: None,
        cpu: Callable[[], float] = time.process_time,
        clips: Clips | None = None,
    ) -> None:
        self._connection, self._slots, self._clips = connection, slots, clips
        self._timepiece, self._keep, self._cpu = timepiece, keep, cpu
        self._free = list(range(COUNT))
        self.sign = Sign("connecting")
        self.demand = Demand()
        self.told = self._measured = timepiece.steady()
        self._used, self._came = cpu(), 0

    def begin(self, earlier: tuple[Passage, ...]) -> None:
        """Say that frames begin anew, once everything that was shown has been looked at."""
        self.wait_until_looked()
        self._connection.send(Begin(earlier))

    def note(self, frame: LiveFrame) -> None:
        """Note what the latest frame tells for the next sign of life."""
        self.sign = replace(
            self.sign,
            at=frame.at,
            clock=frame.clock,
            clock_offset_s=frame.clock_offset_s,
            size=frame.size,
        )

    def give(self, frame: LiveFrame) -> bool:
        """Hand a frame over, if there is a free slot for it; whether there was."""
        if not self._free:
            return False
        picture = frame.picture()
        while picture.nbytes > LARGEST:
            picture = picture[::2, ::2]
        slot = self._free.pop()
        self._slots.write(slot, picture)
        size = picture.shape[0], picture.shape[1]
        self._connection.send(Shown(slot, size, frame.at, frame.still, frame.number))
        return True

    def give_in_turn(self, frame: LiveFrame) -> None:
        """Hand a frame over, however long that takes."""
        while not self.give(frame):
            self._wait(SIGN_S)

    def wait_until_looked(self) -> None:
        """Wait until everything that was shown has been looked at."""
        while len(self._free) < COUNT:
            self._wait(SIGN_S)

    def pause(self, seconds: float) -> None:
        """Wait so long, and go on listening and giving signs of life."""
        end = self._timepiece.steady() + seconds
        while (left := end - self._timepiece.steady()) > 0:
            self._wait(min(left, SIGN_S))

    def _wait(self, seconds: float) -> None:
        self._connection.poll(seconds)
        self.breathe()

    def breathe(self) -> None:
        """Listen, and give a sign of life if it is time for one."""
        self.listen()
        if self.is_due:
            self.tell_measured()

    def listen(self) -> None:
        """Take in what the recogniser has said."""
        while self._connection.poll():
            match self._connection.recv():
                case Free(slot):
                    self._free.append(slot)
                case Wish(demand):
                    self.demand = demand
                case Kept() as kept:
                    self._keep(kept)
                case CutClip(number, begin, end):
                    mp4 = self._clips.cut(begin, end) if self._clips else None
                    self._connection.send(Clip(number, mp4))

    @property
    def is_due(self) -> bool:
        """Whether it is time for a sign of life."""
        return self._timepiece.steady() - self._measured >= SIGN_S

    def tell_measured(self) -> None:
        """Give a sign of life, with what frames come and cost since the last such one."""
        now, used, came = self._timepiece.steady(), self._cpu(), self.sign.counts.came
        frames = came - self._came
        self.sign = replace(
            self.sign,
            fps=frames / max(now - self._measured, 1e-3),
            decode_ms=1000 * (used - self._used) / frames if frames else self.sign.decode_ms,
        )
        self._measured, self._used, self._came = now, used, came
        self.tell()

    def tell(self) -> None:
        """Give a sign of life."""
        self._connection.send(self.sign)
        self.told = self._timepiece.steady()
