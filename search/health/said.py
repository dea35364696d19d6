"""What a machine says of its cameras and its spool: read with care, it comes from elsewhere. Pure.

Keys that are not known are left out, so that a newer machine can say more.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from lpr.passages import is_camera_id
from search.errors import HealthError

HEALTH = "health"  # key of a device's state
MOST_CAMERAS = 500  # of one machine
LONGEST = 300  # characters of a message
_YEARS = range(2000, 2100)  # of times that are believed
_STRICT = ConfigDict(strict=True, extra="ignore")


def _time(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise ValueError("expected a time between 2000 and 2099")
    return value.astimezone(UTC)


def _frame_time(value: datetime | None) -> datetime | None:
    """A still whose name or EXIF tells an impossible time must not hide all that is said else."""
    return _time(value) if value and value.year in _YEARS else None


def _camera_id(value: str) -> str:
    if not is_camera_id(value):
        raise ValueError("expected 1 to 64 printable characters")
    return value


def _one_line(value: str) -> str:
    """The beginning, without what is no text: it is shown to people."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:LONGEST]


Time = Annotated[AwareDatetime, AfterValidator(_time)]
FrameTime = Annotated[AwareDatetime | None, AfterValidator(_frame_time)]
CameraId = Annotated[str, AfterValidator(_camera_id)]
Words = Annotated[str, AfterValidator(_one_line)]
Token = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,31}$")]
Count = Annotated[int, Field(ge=0, le=10**15)]
Amount = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Offset = Annotated[float, Field(ge=-1e10, le=1e10, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True, config=_STRICT)
class CameraSaid:
    """A camera, as the machine that watches it says; see `lpr.watch.health.CameraHealth`.

    Attributes:
        camera: its id.
        condition: blind: pictures come, and no plate can be read in them; down: none come;
            finished: a file was read to its end.
        troubles: what is not as it should be.
        trouble, message: why it is down; None and empty if it is not.
        last_frame: time of it, by the machine's clock; None: none came, or it cannot be.
        clock_offset_s: how far the camera's clock is behind the machine's.
        fps, wanted_fps: frames that came, and looks that are wanted, in each second.
        decode_ms, look_ms: time that a frame takes to be decoded, and to be read.
        dropped: frames for which there was no time.
        sharpness: variance of the Laplacian, grey levels squared.
        darkness: 0 white .. 1 black.
        restarts: of the process that follows it.
        refused: stills that could not be read; why stays there, since a file's name may be a plate.
        hour, hour_read: passages of the last sixty minutes, and those that were read.
    """

    camera: CameraId
    condition: Literal["good", "blind", "down", "connecting", "finished"]
    troubles: Annotated[tuple[Token, ...], Field(max_length=16)] = ()
    trouble: Token | None = None
    message: Words = ""
    last_frame: FrameTime = None
    clock_offset_s: Offset | None = None
    fps: Amount = 0.0
    wanted_fps: Amount = 0.0
    decode_ms: Amount = 0.0
    look_ms: Amount = 0.0
    dropped: Count = 0
    sharpness: Amount | None = None
    darkness: Share | None = None
    restarts: Count = 0
    refused: Count = 0
    hour: Count = 0
    hour_read: Count = 0


@dataclass(frozen=True, slots=True, config=_STRICT)
class LostSaid:
    """What a spool gave up for want of room."""

    pictures: Count = 0
    passages: Count = 0


@dataclass(frozen=True, slots=True, config=_STRICT)
class SpoolSaid:
    """How a machine's spool stands.

    Attributes:
        waiting: passages that are not confirmed; None: not known.
        oldest: when the first of them was put there, by the machine's clock.
        bytes: of the spool.
        lost: for want of room.
        at: when it said so, by its clock.
    """

    waiting: Count | None = None
    oldest: Time | None = None
    bytes: Count = 0
    lost: LostSaid = LostSaid()
    at: Time | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class MachineSaid:
    """All that `platetrail watch` says of a machine, as `health.json` holds it.

    Attributes:
        at: when it said so, by its clock.
        cameras: that it watches.
        machine: its name.
        spool: how it stands.
    """

    at: Time
    cameras: Annotated[tuple[CameraSaid, ...], Field(max_length=MOST_CAMERAS)]
    machine: Words = ""
    spool: SpoolSaid = SpoolSaid()


_MACHINE, _SPOOL = TypeAdapter(MachineSaid), TypeAdapter(SpoolSaid)


def read_health(content: bytes | str) -> MachineSaid:
    """Read what a machine says of its cameras.

    Args:
        content: JSON.

    Raises:
        HealthError: names the key with a value that cannot be.
    """
    try:
        return _MACHINE.validate_json(content)
    except ValidationError as error:
        raise HealthError(f"{HEALTH}: {_first(error)}") from None


def read_spool(fields: Mapping[str, Any]) -> SpoolSaid:
    """Read what a machine says of its spool.

    Args:
        fields: of its JSON.

    Raises:
        HealthError: names the key with a value that cannot be.
    """
    try:
        return _SPOOL.validate_json(json.dumps(fields, allow_nan=False))
    except ValidationError as error:
        raise HealthError(f"state: {_first(error)}") from None
    except ValueError:  # PostgreSQL would not keep it
        raise HealthError("state: expected finite numbers") from None


def health_fields(said: MachineSaid) -> dict[str, Any]:
    """As JSON has it; `read_health` reads it back."""
    fields: dict[str, Any] = _MACHINE.dump_python(said, mode="json")
    return fields


def _first(error: ValidationError) -> str:
    """The first fault; never the value, which may be anything."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, fault["loc"]))
    message = fault["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
