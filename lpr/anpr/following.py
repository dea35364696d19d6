"""The process of one camera that reads by itself: hands over what it tells.

python -m lpr.anpr.following SPOOL NUMBER     of a socket, over which `Order` comes first
"""

import random
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lpr.anpr.camera_clock import CameraClock
from lpr.anpr.events import Device, Seen
from lpr.anpr.pulling import MAKES, EventStream, open_events
from lpr.anpr.reporting import report_of
from lpr.anpr.requesting import ask, site_of
from lpr.anpr.vehicles import Vehicles
from lpr.errors import SourceError
from lpr.spool import recent
from lpr.watch.clocks import Timepiece, real_timepiece
from lpr.watch.messages import Order, Sign
from lpr.watch.parent import end_with_parent
from lpr.watch.reconnecting import Link, reconnecting
from lpr.watch.watch_file import WatchedCamera

SIGN_S = 1.0  # between two signs of life
EARLIER = timedelta(minutes=15)  # what was reported then is known after a restart
REFUSED_S = (
    300.0  # until a password is tried again: a camera locks who tries often, for half an hour
)


class Following:
    """Follows one camera.

    Args:
        camera: to follow.
        connection: to whoever keeps the passages.
        vehicles: that are known.
        timepiece: of this machine.
    """

    def __init__(
        self,
        camera: WatchedCamera,
        connection: "Connection[Any, Any]",
        vehicles: Vehicles,
        timepiece: Timepiece,
    ) -> None:
        self._camera, self._connection, self._vehicles = camera, connection, vehicles
        self._site, self._make = site_of(camera.address), MAKES[camera.address.kind]
        self._timepiece = timepiece
        self._clock = CameraClock()
        self._device = Device()
        self._stream: EventStream | None = None
        self._damaged = 0
        self._is_refused = False
        self._sign = Sign("connecting")
        self._told = float("-inf")

    def connect(self) -> EventStream:
        """Ask what the camera is, and open its stream; see `open_events`."""
        if self._is_refused:
            self._wait(REFUSED_S)
        if self._stream is not None:
            self._damaged += self._stream.damaged
            self._stream = None
        self._device = self._make.device(self._get)
        self._tell_clock(self._device.times)
        self._stream = open_events(self._site, self._make, self._timepiece)
        return self._stream

    def tell_link(self, link: Link) -> None:
        """Tell of a change of the connection."""
        if link.state == "connecting" and self._is_refused:
            return  # why it is down stays told until it is tried again
        self._is_refused = link.trouble == "wrong-password"
        self._sign = replace(
            self._sign,
            state=link.state,
            trouble=link.trouble,
            message=link.message,
            failed=link.attempts,
        )
        self._tell()

    def take(self, seen: Seen | None) -> None:
        """Take in the next event, or that none came."""
        if seen is not None:
            self._report(seen)
        if self._timepiece.steady() - self._told >= SIGN_S:
            self._tell()

    def _report(self, seen: Seen) -> None:
        times, steady = seen.event.times, self._timepiece.steady()
        if self._clock.is_in_doubt(times, seen.arrived, steady):
            self._ask_clock()
        self._clock, at, whose = self._clock.timed(times, seen.arrived, steady)
        self._sign = replace(self._sign, at=at, clock=whose, clock_offset_s=self._clock.offset_s)
        report = report_of(self._camera.id, seen, at, self._device, self._make.NAME)
        if (new := self._vehicles.take(report)) is not None:
            self._connection.send(new)

    def _ask_clock(self) -> None:
        try:
            self._tell_clock(self._make.clock(self._get))
        except SourceError:  # it may take no second connection; what is known holds
            self._clock = replace(self._clock, asked_s=self._timepiece.steady())

    def _tell_clock(self, times: tuple[datetime, ...]) -> None:
        utc, steady = self._timepiece.utc(), self._timepiece.steady()
        self._clock = self._clock.told(times, utc, steady)
        self._sign = replace(self._sign, clock_offset_s=self._clock.offset_s)

    def _get(self, path: str) -> bytes:
        return ask(self._site, path)

    def _wait(self, seconds: float) -> None:
        until = self._timepiece.steady() + seconds
        while self._timepiece.steady() < until:
            self._tell()
            self._timepiece.sleep(SIGN_S)

    def _tell(self) -> None:
        while self._connection.poll():
            self._connection.recv()  # wishes how to sample: there is nothing to sample
        damaged = self._damaged + (self._stream.damaged if self._stream else 0)
        self._connection.send(replace(self._sign, damaged=damaged))
        self._told = self._timepiece.steady()


def follow(connection: "Connection[Any, Any]", spool: Path) -> None:
    """Follow the camera that is ordered, until whoever keeps its passages is gone."""
    order = connection.recv()
    assert isinstance(order, Order)
    end_with_parent(order.parent)
    earlier = recent(spool, order.camera.id, datetime.now(UTC) - EARLIER)
    timepiece = real_timepiece()
    following = Following(order.camera, connection, Vehicles(earlier), timepiece)
    events = reconnecting(following.connect, timepiece, random.random, following.tell_link)
    for seen in events:
        following.take(seen)


def main() -> None:
    """Begin with the folder and the number that are the arguments."""
    gone = (EOFError, BrokenPipeError, ConnectionResetError)  # who keeps the passages
    with suppress(*gone, KeyboardInterrupt):
        follow(Connection(int(sys.argv[2])), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
