"""What a camera that reads by itself says of a vehicle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from lpr.anpr.multipart import Part
from lpr.errors import SourceError
from lpr.passages import Direction
from lpr.readings import Colour, Kind

Role = Literal["plate", "scene", "vehicle"]
"""What a picture shows: the plate alone, everything, or the vehicle alone."""
Times = tuple[datetime, ...]
"""What the time that a camera tells may mean, aware UTC, likeliest first; see `meant`."""
UNSURE = 2 / 3  # the surety of a camera that tells none, or tells it on a scale that is not known

Get = Callable[[str], bytes]
"""Asks a camera for a path; raises `SourceError` if it does not answer."""


@dataclass(frozen=True, slots=True)
class Event:
    """What was said of one vehicle, without its pictures.

    Attributes:
        key: names it: the same whenever the camera sends it.
        plate: as the camera wrote it; empty if it has read none.
        times: of it; empty if none is told.
        surety: 0..1, by the camera's own measure; None if it tells none.
        colour: of the plate.
        kind: of the vehicle.
        direction: that it drove.
        pictures: how many parts with pictures follow, None if that is not told.
    """

    key: str
    plate: str
    times: Times = ()
    surety: float | None = None
    colour: Colour | None = None
    kind: Kind | None = None
    direction: Direction | None = None
    pictures: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An event, with the pictures that came with it.

    Attributes:
        event: what was said.
        arrived: when it began to arrive, aware UTC.
        scene: JPEG of everything, else of the vehicle; None if none came.
        plate: JPEG of the plate, in the same way.
    """

    event: Event
    arrived: datetime
    scene: bytes | None = field(default=None, repr=False)
    plate: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """What a camera says about itself.

    Attributes:
        model: its name, empty if it does not tell.
        firmware: its version, in the same way.
        times: of its clock now; empty if it does not tell.
    """

    model: str = ""
    firmware: str = ""
    times: Times = ()


class Make(Protocol):
    """How the cameras of one maker speak; a module is one."""

    NAME: str
    STREAM: str
    SILENT_S: float

    def device(self, get: Get) -> Device:
        """What the camera says about itself; what it does not tell is left out."""
        ...

    def clock(self, get: Get) -> Times:
        """What its clock shows now; empty if it does not tell."""
        ...

    def event(self, part: Part) -> Event | None:
        """What a part says; None if it is a heartbeat or about no vehicle."""
        ...

    def pictures(self, part: Part, said: Part) -> Mapping[Role, bytes]:
        """The pictures in a part that belongs to an event."""
        ...


def meant(times: Times, near: datetime) -> datetime | None:
    """Of what a camera's time may mean, that which is nearest.

    Cameras write the time of their wall under the wrong offset, because only their clock was set
    and not their zone; that is off by whole hours, and the clock itself may be right.

    Args:
        times: what it may mean.
        near: when it was told, aware UTC.

    Returns:
        None if it tells no time.
    """
    return min(times, key=lambda time: abs(time - near), default=None)


def told(get: Get, path: str) -> bytes:
    """What a camera answers; nothing if it knows no such path, or its user may not ask.

    Raises:
        SourceError: it is away, or does not take the password.
    """
    try:
        return get(path)
    except SourceError as error:
        if error.trouble != "not-found":
            raise
        return b""
