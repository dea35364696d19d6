"""What a spool has given up for want of room, counted in its `lost.json`: in all and by camera."""

import json
import logging
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from lpr.spool.segments import locked_folder
from lpr.times import format_utc

LOST = "lost.json"
_BLOCK = 4096  # bytes: the record fills whole blocks, and a full disk has room for it all the same
_LOG = logging.getLogger("platetrail.spool")


@dataclass(frozen=True, slots=True)
class Losses:
    """How much was given up.

    Attributes:
        pictures: by camera; of passages that were not confirmed yet. The passages stay.
        passages: by camera; texts that were never confirmed.
        last: when anything was last given up, aware UTC; None: never.
    """

    pictures: Mapping[str, int] = field(default_factory=dict)
    passages: Mapping[str, int] = field(default_factory=dict)
    last: str | None = None

    def __add__(self, other: "Losses") -> "Losses":
        return Losses(
            Counter(self.pictures) + Counter(other.pictures),
            Counter(self.passages) + Counter(other.passages),
            other.last or self.last,
        )

    def __bool__(self) -> bool:
        return any(self.pictures.values()) or any(self.passages.values())

    def to_fields(self) -> dict[str, Any]:
        """As `lost.json` has it."""
        return {
            "pictures": sum(self.pictures.values()),
            "passages": sum(self.passages.values()),
            "last": self.last,
            "cameras": {
                camera: {
                    "pictures": self.pictures.get(camera, 0),
                    "passages": self.passages.get(camera, 0),
                }
                for camera in sorted({*self.pictures, *self.passages})
            },
        }


def read_losses(spool: Path) -> Losses:
    """What a spool has given up since it was made."""
    try:
        fields = json.loads((spool / LOST).read_text("utf-8"))
        cameras = fields["cameras"]
        return Losses(
            {camera: int(n) for camera, counts in cameras.items() if (n := counts["pictures"])},
            {camera: int(n) for camera, counts in cameras.items() if (n := counts["passages"])},
            fields["last"],
        )
    except FileNotFoundError:
        return Losses()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        _LOG.error("%s cannot be read, counting anew: %s", spool / LOST, error)
        return Losses()


def count_losses(spool: Path, losses: Losses, now: datetime) -> None:
    """Add to what is counted; on a full disk, too, where that can be done."""
    if not losses:
        return
    told = losses.to_fields()
    _LOG.error("no room: %s pictures, %s passages given up", told["pictures"], told["passages"])
    try:
        with locked_folder(spool):
            both = read_losses(spool) + Losses(losses.pictures, losses.passages, format_utc(now))
            _write(spool / LOST, both)
    except OSError as error:
        _LOG.error("%s cannot be written: %s", spool / LOST, error.strerror)


def keep_record(spool: Path) -> None:
    """Make the record while there is room for it; on a full disk it is written over."""
    if not (spool / LOST).exists():
        with suppress(OSError):
            _write(spool / LOST, Losses())


def _write(path: Path, losses: Losses) -> None:
    """Put the record in place of the old one; where no room is for both, write over it."""
    text = json.dumps(losses.to_fields(), ensure_ascii=False).encode()
    content = text.ljust(-(-len(text) // _BLOCK) * _BLOCK - 1) + b"\n"
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            _write_out(file, content)
        temporary.rename(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        with path.open("r+b") as file:
            _write_out(file, content)


def _write_out(file: BinaryIO, content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())
