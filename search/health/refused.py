"""What was not taken in lately: counted by what is wrong with it, without the plates in it."""

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from lpr.passages import is_camera_id
from search.intake.refusals import KeptRefusal

Kind = Literal[
    "future",
    "past",
    "other-camera",
    "unregistered",
    "picture",
    "token",
    "cut",
    "too-large",
    "health",
    "damaged",
    "no-passage",
    "other",
]
"""no-passage: a line that is JSON and no passage; damaged: one that is no JSON, or was changed."""
TAIL = 1 << 20  # bytes of a file that are looked at: the newest few thousand lines
_KINDS: tuple[tuple[Kind, str], ...] = (  # the first that fits
    ("other-camera", "is not for camera"),
    ("unregistered", "is not registered at the centre"),
    ("future", "is in the future"),
    ("past", "is before 2000"),
    ("picture", "not what its name says"),
    ("token", "token that is not known"),
    ("cut", "cut off"),
    ("too-large", "too large"),
    ("too-large", "longer than"),
    ("health", "health: "),
    ("health", "state: "),
    ("health", "the state of the spool"),
    ("damaged", "damaged"),
    ("damaged", "not JSON"),
    ("damaged", "not UTF-8"),
    ("damaged", "not gzip"),
    ("damaged", "surrogate pair"),
    ("no-passage", "is missing"),
    ("no-passage", "has no offset"),
    ("no-passage", "outside the years"),
    ("no-passage", "expected"),
)
_VALUES = re.compile(
    r"'[^']*'|\"[^\"]*\"|\bgot .*|\b\d{4}-\d\d-\d\d[T ][0-9:.Z+-]*|\b[0-9a-f]{16,}\b"
)
"""Parts of a reason that come from the line itself, and may be a plate."""


@dataclass(frozen=True, slots=True)
class NotTakenIn:
    """Lines, pictures or batches of one kind that were not taken in.

    Attributes:
        kind: what is wrong with them.
        device: that sent them; empty: they were set aside on this machine.
        camera: id, as far as it is known.
        times: how many there were.
        last_at: when the newest came, aware UTC; None: not known.
        reason: of the newest, without what came from the line itself.
        where: the newest one's file and line, or the address of who has no token; may be empty.
    """

    kind: Kind
    device: str
    camera: str
    times: int
    last_at: datetime | None
    reason: str
    where: str = ""


def kind_of(reason: str) -> Kind:
    """What is wrong, by a reason that this program gives."""
    return next((kind for kind, part in _KINDS if part in reason), "other")


def masked(reason: str) -> str:
    """A reason without what came from the line itself."""
    return _VALUES.sub("…", reason)


def refused_by_devices(kept: Iterable[KeptRefusal]) -> list[NotTakenIn]:
    """Refusals of devices, newest first.

    Args:
        kept: newest first.
    """
    found: dict[tuple[Kind, str, str], NotTakenIn] = {}
    for one in kept:
        what = one.what
        key = (kind_of(what.reason), what.device, what.camera)
        before = found.get(key)
        where = what.content if key[0] == "token" else ""
        newest = before or NotTakenIn(*key, 0, one.last_at, masked(what.reason), where)
        found[key] = replace(newest, times=newest.times + one.times)
    return list(found.values())


def set_aside(file: Path) -> list[NotTakenIn]:
    """What `platetrail ingest` set aside at the end of a file, newest first; of a long one its end.

    Args:
        file: `refused.ndjson`; it may be missing.
    """
    found: dict[tuple[Kind, str, str], NotTakenIn] = {}
    for line in reversed(_tail(file)):
        try:
            fields = json.loads(line)
            reason, where = str(fields["reason"]), f"{fields['source']}:{fields['line']}"
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # half a line at the beginning of the tail
        key = (kind_of(reason), "", _camera_in(fields.get("content")))
        newest = found.get(key) or NotTakenIn(*key, 0, None, _text(masked(reason)), _text(where))
        found[key] = replace(newest, times=newest.times + 1)
    return list(found.values())


def _tail(file: Path) -> Sequence[bytes]:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - TAIL))
            return opened.read().splitlines()
    except FileNotFoundError:
        return ()


def _camera_in(content: object) -> str:
    """The camera of a line that was refused, if it says one."""
    try:
        camera = json.loads(str(content))["camera"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return camera if isinstance(camera, str) and is_camera_id(camera) else ""


def _text(value: str) -> str:
    """Without what is no text, and not too long for a page."""
    return "".join(c if c.isprintable() else "�" for c in value)[:200]
