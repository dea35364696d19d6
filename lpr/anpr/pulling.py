"""Pulls the stream of events of a camera."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.client import HTTPException
from queue import Empty, Queue

from lpr.anpr import dahua, hikvision
from lpr.anpr.events import Make, Seen
from lpr.anpr.gathering import Gathering
from lpr.anpr.multipart import PartReader, boundary_of
from lpr.anpr.requesting import Answer, Site, opened, source_error
from lpr.errors import EventError, SourceError
from lpr.watch.clocks import Timepiece

MAKES: Mapping[str, Make] = {hikvision.NAME: hikvision, dahua.NAME: dahua}
"""By the kind of a camera's address."""
TICK_S = 0.5  # without anything that comes: who follows it may do something else meanwhile
ALONE_S = 2.0  # an event for whose pictures nothing has come so long has none
_CHUNK = 65_536  # bytes
_AHEAD = 16  # chunks that are read before they are looked at


class EventStream:
    """A camera's open stream of events.

    Args:
        answer: that it comes in.
        site: of the camera.
        make: how it speaks.
        timepiece: of this machine.

    Raises:
        EventError: what comes is no such stream.
    """

    def __init__(self, answer: Answer, site: Site, make: Make, timepiece: Timepiece) -> None:
        self._parts = PartReader(boundary_of(answer.content_type))
        self._answer, self._site, self._timepiece = answer, site, timepiece
        self._gathering = Gathering(make)
        self._chunks: Queue[bytes | SourceError] = Queue(_AHEAD)

    @property
    def damaged(self) -> int:
        """Parts that were no event and no picture."""
        return self._gathering.damaged

    def frames(self) -> Iterator[Seen | None]:
        """Events as they arrive, for as long as they do; None at once, and whenever none comes.

        Raises:
            SourceError: they come no more, and why.
        """
        threading.Thread(target=self._read, daemon=True).start()
        heard = self._timepiece.steady()
        while True:
            yield None
            try:
                chunk = self._chunks.get(timeout=TICK_S)
            except Empty:
                if self._timepiece.steady() - heard >= ALONE_S:
                    yield from self._gathering.flush()
                continue
            heard = self._timepiece.steady()
            if isinstance(chunk, SourceError):
                yield from self._gathering.flush()
                raise chunk
            yield from self._taken(chunk)

    def _taken(self, chunk: bytes) -> Iterator[Seen]:
        try:
            for part in self._parts.feed(chunk):
                yield from self._gathering.take(part, self._timepiece.utc())
        except EventError as error:
            yield from self._gathering.flush()
            raise source_error(self._site, "damaged", str(error)) from None

    def _read(self) -> None:
        """Reads until nothing more comes; in a thread of its own, as that waits."""
        try:
            while content := self._answer.read(_CHUNK):
                self._chunks.put(content)
            end = source_error(self._site, "ended")
        except TimeoutError:
            end = source_error(self._site, "frozen")
        except (OSError, HTTPException, ValueError, AttributeError):  # the latter when it is closed
            end = source_error(self._site, "ended")
        self._chunks.put(end)

    def close(self) -> None:
        """Let the connection go."""
        self._answer.close()
        with suppress(Empty):
            while True:
                self._chunks.get_nowait()  # who reads may wait for room


def open_events(site: Site, make: Make, timepiece: Timepiece) -> EventStream:
    """Connect to a camera's stream of events.

    Args:
        site: of the camera.
        make: how it speaks.
        timepiece: of this machine.

    Raises:
        SourceError: it does not open, and why.
    """
    answer = opened(site, make.STREAM, make.SILENT_S)
    try:
        return EventStream(answer, site, make, timepiece)
    except EventError as error:
        answer.close()
        raise source_error(site, "not-found", str(error)) from None
