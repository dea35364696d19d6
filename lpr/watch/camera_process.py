"""The process that follows one camera, as the recogniser sees it."""

import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lpr.boxes import Frame
from lpr.reports import Report
from lpr.watch.messages import Begin, Clip, CutClip, Free, Kept, Order, Shown, Sign, Wish
from lpr.watch.sampling import Demand
from lpr.watch.slots import Slots
from lpr.watch.watch_file import WatchedCamera

PAUSES_S = (0.0, 1.0, 2.0, 5.0)  # before it is started again, by how often it failed in a row
SETTLED_S = 60.0  # a process that ran so long did not fail at its start
SILENT_S = 40.0  # without a sign of life, though opening is given up after 10 s: it hangs
MOST_TOLD = 20  # messages that are heard at once: no camera keeps the others waiting
COMMAND = (sys.executable, "-m", "lpr.watch.decoding")
_LOG = logging.getLogger("platetrail.watch")


class CameraProcess:
    """Keeps the process of a camera running, and takes in what it says.

    Args:
        camera: to follow.
        command: that it is started with; the number of its socket is added.
        stills, view: see `Order`.

    Attributes:
        camera: the same.
        waiting: frames that were shown and not looked at yet, oldest first.
        sign: the last sign of life.
        restarts: how often the process ended by itself, or hung.
        restarted_for: why it did the last time.
    """

    def __init__(
        self,
        camera: WatchedCamera,
        command: Sequence[str] = COMMAND,
        stills: Path | None = None,
        view: Path | None = None,
    ) -> None:
        self.camera, self._command = camera, tuple(command)
        self._stills, self._view = stills, view
        self.waiting: deque[Shown] = deque()
        self.sign = Sign("connecting")
        self.restarts = 0
        self.restarted_for = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None
        self._slots: Slots | None = None
        self._demand = Demand()
        self._since = self._heard = self._not_before = float("-inf")
        self._failures = 0

    @property
    def connection(self) -> "Connection[Any, Any] | None":
        """What to wait for; None while it does not run."""
        return self._connection

    def keep(self, now: float) -> None:
        """Start it if it does not run; end it if it hangs.

        Args:
            now: seconds of a steady clock.
        """
        if self._process is not None and now - self._heard > SILENT_S:
            self.lose(now, f"said nothing for {SILENT_S:.0f} s")
        if self._process is None and now >= self._not_before:
            self._start(now)

    def hear(self, now: float) -> list[Sign | Begin | Report | Clip]:
        """Take in what it has said: frames go to `waiting`.

        Args:
            now: seconds of a steady clock.

        Returns:
            Its signs of life, that frames begin anew, what it has read by itself, and clips, in
            order.
        """
        told: list[Sign | Begin | Report | Clip] = []
        try:
            while self._connection is not None and self._connection.poll():
                if len(told) >= MOST_TOLD:
                    break
                message = self._connection.recv()
                self._heard = now
                if isinstance(message, Shown):
                    self.waiting.append(message)
                else:
                    told.append(message)
                    self.sign = message if isinstance(message, Sign) else self.sign
        except Exception as error:  # what a dying process leaves may be no message at all
            self.lose(now, f"ended ({type(error).__name__})")
        return told

    def picture(self, shown: Shown) -> Frame:
        """A frame that waits, as it lies in its slot, (H, W, 3) uint8; not a copy."""
        assert self._slots is not None
        return self._slots.view(shown.slot, shown.size)

    def free(self, shown: Shown) -> None:
        """A frame was looked at: its slot may be used again."""
        self._send(Free(shown.slot))

    def remember(self, kept: Kept) -> None:
        """What stills showed is kept: they need not be looked at again."""
        self._send(kept)

    def cut(self, order: CutClip) -> None:
        """Ask for a clip; the answer may come late or never."""
        self._send(order)

    def wish(self, demand: Demand) -> None:
        """Tell how to sample, if that is new."""
        if demand != self._demand:
            self._demand = demand
            self._send(Wish(demand))

    def lose(self, now: float, why: str) -> None:
        """End the process, and start it again later.

        Args:
            now: seconds of a steady clock.
            why: to tell.
        """
        status = self._end()
        self._failures = 1 if now - self._since > SETTLED_S else self._failures + 1
        self._not_before = now + PAUSES_S[min(self._failures, len(PAUSES_S)) - 1]
        self.restarts += 1
        self.restarted_for = f"{why}, status {status}"
        self.sign = Sign("connecting")
        _LOG.error("camera %s: its process %s: starting anew", self.camera.id, self.restarted_for)

    def stop(self) -> None:
        """End it for good."""
        if self._process is not None:
            self._end()

    def _start(self, now: float) -> None:
        ours, theirs = socket.socketpair()
        self._slots = Slots()
        numbers = (theirs.fileno(), self._slots.number)
        with theirs:
            self._process = subprocess.Popen(
                [*self._command, str(theirs.fileno())], stdin=subprocess.DEVNULL, pass_fds=numbers
            )
        self._connection = Connection(ours.detach())
        self._since = self._heard = now
        self._send(Order(self.camera, os.getpid(), self._slots.number, self._stills, self._view))
        self._send(Wish(self._demand))

    def _send(self, message: Order | Wish | Free | Kept | CutClip) -> None:
        if self._connection is None:
            return
        with suppress(OSError):  # it has ended; `hear` finds that out
            self._connection.send(message)

    def _end(self) -> int:
        assert self._process is not None
        self._process.kill()
        status = self._process.wait()
        self._process = None
        self.waiting.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._slots is not None:
            self._slots.close()
            self._slots = None
        return status
