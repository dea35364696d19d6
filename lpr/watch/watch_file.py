"""The list of cameras that this machine watches: a TOML file, one table for each camera."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Literal

from lpr.errors import WatchFileError
from lpr.passages import CAMERA_ID, is_camera_id
from lpr.reasons import reason_of
from lpr.watch.addresses import Address, address_of
from lpr.watch.named_times import time_in_name
from lpr.watch.regions import Polygon, Zone

Transport = Literal["tcp", "udp"]
KEYS = (
    "source",
    "user",
    "password",
    "password_file",
    "transport",
    "fps",
    "regions",
    "masks",
    "heading",
    "latency_ms",
    "clip_s",
)
OF_PICTURES = ("transport", "fps", "regions", "masks", "latency_ms", "clip_s")
"""Keys that mean nothing to a camera that reads by itself."""
MOST_FPS, MOST_LATENCY_MS, MOST_CLIP_S = 60.0, 60_000.0, 20.0


@dataclass(frozen=True, slots=True)
class WatchedCamera:
    """One camera as this machine watches it.

    Attributes:
        id: as passages name it.
        address: of its pictures; its password never shows.
        transport: of RTSP.
        fps: frames to look at in each second.
        zone: the part of the picture that is looked at.
        heading: compass degrees of the traffic that it reads, None for both ways.
        latency_ms: from the lens to here, measured; taken off the time of arrival.
        clip_s: seconds of video to keep with each passage; 0: none.
    """

    id: str
    address: Address
    transport: Transport = "tcp"
    fps: float = 5.0
    zone: Zone = field(default_factory=Zone)
    heading: float | None = None
    latency_ms: float = 0.0
    clip_s: float = 0.0


def read_watch_file(path: Path, default_fps: float) -> list[WatchedCamera]:
    """Read the list of a machine.

    Args:
        path: of the TOML file.
        default_fps: of cameras that name none.

    Raises:
        WatchFileError: it cannot be read or used; names the camera, the key and what is wrong.
    """
    try:
        return parse_watch_file(path.read_text("utf-8"), default_fps, path.parent)
    except OSError as error:
        raise WatchFileError(f"{path}: {reason_of(error)}") from None
    except UnicodeDecodeError:
        raise WatchFileError(f"{path} is not UTF-8: save it as UTF-8") from None
    except WatchFileError as error:
        raise WatchFileError(f"{path}: {error}") from None


def parse_watch_file(text: str, default_fps: float, folder: Path) -> list[WatchedCamera]:
    """Read the text of a list.

    Args:
        text: TOML.
        default_fps: of cameras that name none.
        folder: that paths in it start from.

    Returns:
        The cameras, as they stand there.

    Raises:
        WatchFileError: as `read_watch_file`.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # the parser quotes what it stumbled over; that may be a password
        where = str(error).rpartition("(at ")[2].rstrip(")") or "its end"
        raise WatchFileError(f"not TOML at {where}") from None
    if not tables:
        raise WatchFileError('it lists no camera: expected ["C012"] and source = "rtsp://..."')
    return [_camera(name, table, default_fps, folder) for name, table in tables.items()]


def _camera(name: str, table: Any, default_fps: float, folder: Path) -> WatchedCamera:
    if not is_camera_id(name):
        raise WatchFileError(f"{name[:80]!r} cannot be a camera: expected {CAMERA_ID}")
    if not isinstance(table, dict):
        raise WatchFileError(f"{name} stands outside of any camera: expected a table [{name}]")
    try:
        unknown = [key for key in table if key not in KEYS]
        if unknown:
            raise ValueError(f"{unknown[0]} is not known: expected {', '.join(KEYS)}")
        address = _address(table, folder)
        if address.tells_events:
            return WatchedCamera(name, address, fps=0.0, heading=_event_heading(table))
        return WatchedCamera(
            id=name,
            address=address,
            transport=_transport(table),
            fps=_number(table, "fps", default_fps, 0.01, MOST_FPS),
            zone=Zone(_polygons(table, "regions"), _polygons(table, "masks")),
            heading=_heading(table),
            latency_ms=_number(table, "latency_ms", 0.0, 0.0, MOST_LATENCY_MS),
            clip_s=_clip_s(table, address),
        )
    except ValueError as error:
        raise WatchFileError(f"camera {name}: {error}") from None


def _heading(table: Mapping[str, Any]) -> float | None:
    return _number(table, "heading", 0.0, 0.0, 360.0) % 360 if "heading" in table else None


def _clip_s(table: Mapping[str, Any], address: Address) -> float:
    if table.get("clip_s", 0) == 0:
        return 0.0
    if not address.is_live:
        raise ValueError("clip_s: only a camera's stream is kept, no files and no stills")
    return _number(table, "clip_s", 0.0, 1.0, MOST_CLIP_S)


def _event_heading(table: Mapping[str, Any]) -> float | None:
    idle = [key for key in table if key in OF_PICTURES]
    if idle:
        raise ValueError(f"{idle[0]}: this camera tells what it reads, and no pictures to look at")
    return _heading(table)


def _address(table: Mapping[str, Any], folder: Path) -> Address:
    source = _text(table, "source")
    if "source" not in table:
        raise ValueError("source is missing: expected a URL or a path")
    user, password = _text(table, "user"), _password(table, folder)
    try:
        address = address_of(source, user, password)
    except ValueError as error:
        raise ValueError(f"source: {error}") from None
    if address.is_live:
        return address
    if address.kind == "file" and time_in_name(PurePath(source).as_posix()) is None:
        raise ValueError(
            f"source: expected a video whose name tells when it begins, such as "
            f"20260131_151504.mkv, got {source!r:.80}"
        )
    return Address(str(folder / source), address.kind)


def _password(table: Mapping[str, Any], folder: Path) -> str:
    """What stands there or in the file; never part of an error."""
    if "password_file" not in table:
        if not isinstance(table.get("password", ""), str):
            raise ValueError("password: expected a text in quotes")
        return str(table.get("password", ""))
    if "password" in table:
        raise ValueError("password and password_file: give one of them")
    path = folder / _text(table, "password_file")
    return read_password(path)


def read_password(path: Path) -> str:
    """The first line of a file.

    Raises:
        ValueError: it cannot be read or is empty; names the file.
    """
    try:
        word = path.read_text("utf-8").split("\n", 1)[0].rstrip("\r")
    except OSError as error:
        raise ValueError(f"password_file {path}: {reason_of(error)}") from None
    except UnicodeDecodeError:
        raise ValueError(f"password_file {path} is not UTF-8") from None
    if not word:
        raise ValueError(f"password_file {path} has nothing in its first line")
    return word


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or not (value or key not in table):
        raise ValueError(f"{key}: expected a text in quotes")  # the value may be a secret
    return value


def _transport(table: Mapping[str, Any]) -> Transport:
    value = table.get("transport", "tcp")
    if value not in ("tcp", "udp"):
        raise ValueError(f"transport: expected tcp or udp, got {value!r:.40}")
    return "tcp" if value == "tcp" else "udp"


def _number(table: Mapping[str, Any], key: str, default: float, low: float, high: float) -> float:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{key}: expected {low:g} to {high:g}, got {value!r:.40}")
    return float(value)


def _polygons(table: Mapping[str, Any], key: str) -> tuple[Polygon, ...]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"{key}: expected a list of polygons, got {value!r:.40}")
    return tuple(_polygon(key, one) for one in value)


def _polygon(key: str, value: Any) -> Polygon:
    wanted = "three or more [x, y], each from 0 to 1"
    if not isinstance(value, list) or len(value) < 3 or not all(map(_is_corner, value)):
        raise ValueError(f"{key}: expected polygons of {wanted}, got {value!r:.60}")
    return tuple((float(x), float(y)) for x, y in value)


def _is_corner(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
        and all(0 <= n <= 1 for n in value)
    )
