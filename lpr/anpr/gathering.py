"""Puts the parts of a stream together: each event with the pictures that come after it."""

import warnings
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO

from PIL import Image

from lpr.anpr.events import Event, Make, Role, Seen
from lpr.anpr.multipart import Part
from lpr.errors import EventError
from lpr.pictures import MOST_PIXELS

MOST_PICTURES = 6  # parts of one event; cameras send three at most
MOST_TEXT = 1024 * 1024  # bytes of what an event says; cameras send 10 KiB
_START = b"\xff\xd8\xff"  # of a JPEG


@dataclass(slots=True, eq=False)
class _Open:
    """An event whose pictures are still to come."""

    event: Event
    said: Part
    arrived: datetime
    parts: int = 0
    found: dict[Role, bytes] = field(default_factory=dict)


class Gathering:
    """Takes the parts of a stream in.

    Args:
        make: how the camera speaks.

    Attributes:
        damaged: parts that were no event and no picture.
    """

    def __init__(self, make: Make) -> None:
        self._make = make
        self._open: _Open | None = None
        self.damaged = 0

    def take(self, part: Part, arrived: datetime) -> list[Seen]:
        """Take in the next part.

        Args:
            part: of the stream.
            arrived: when, aware UTC.

        Returns:
            The events that are whole now.
        """
        if part.kind.startswith("image/") or part.body.startswith(_START):
            self._add(part)
            return self.flush() if self._is_whole() else []
        whole = self.flush()
        event = self._event(part)
        if event is not None:
            self._open = _Open(event, part, arrived)
        return [*whole, *(self.flush() if self._is_whole() else [])]

    def _event(self, part: Part) -> Event | None:
        try:
            if len(part.body) <= MOST_TEXT:
                return self._make.event(part)
        except EventError:
            pass
        self.damaged += 1
        return None

    def flush(self) -> list[Seen]:
        """The event that waits for pictures, with those that came: no more will."""
        if self._open is None:
            return []
        found, seen = self._open.found, Seen(self._open.event, self._open.arrived)
        self._open = None
        scene = found.get("scene") or found.get("vehicle")
        return [replace(seen, scene=scene, plate=found.get("plate"))]

    def _is_whole(self) -> bool:
        if self._open is None or self._open.event.pictures is None:
            return False
        return self._open.parts >= self._open.event.pictures

    def _add(self, part: Part) -> None:
        if self._open is None or self._open.parts >= MOST_PICTURES:
            return
        self._open.parts += 1
        for role, picture in self._make.pictures(part, self._open.said).items():
            if is_jpeg(picture):
                self._open.found.setdefault(role, picture)
            else:
                self.damaged += 1


def is_jpeg(content: bytes) -> bool:
    """Whether it is a JPEG that can be decoded to its end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures
            with Image.open(BytesIO(content), formats=("JPEG",)) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    return False
                picture.draft("L", (width // 8, height // 8))  # all of it is read, in little time
                picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True
