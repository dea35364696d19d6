"""The spool: passages and their pictures on this machine's disk until `ingest` has stored them.

    spool/passages-<time>.ndjson    one passage a line, appended and synced
    spool/pictures/ab/ab12...jpg    named by SHA-256, written to a temporary name, renamed

Ordinary tools can read it. One process writes a segment and holds a lock on it; `search.drain`
reads them all, remembers how far it came, and removes what is stored and no longer written.
"""

import os
import threading
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from lpr.passages import Passage, format_passage

SEGMENT_PATTERN = "passages-*.ndjson"
PICTURES = "pictures"


def picture_path(folder: Path, name: str) -> Path:
    """Where the picture of that SHA-256 lies below a folder of pictures."""
    return folder / name[:2] / f"{name}.jpg"


def write_picture(folder: Path, jpeg: bytes) -> str:
    """Keep a JPEG under its SHA-256; when it returns the picture is on the disk, whole.

    Args:
        folder: of the pictures; made if it is missing.
        jpeg: the encoded picture.

    Returns:
        Its SHA-256, 64 hexadecimal digits.
    """
    name = sha256(jpeg).hexdigest()
    path = picture_path(folder, name)
    if path.exists():
        return name
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{name}.{os.getpid()}.{threading.get_ident()}")
    with temporary.open("wb") as file:
        file.write(jpeg)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    sync_folder(path.parent)
    return name


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, as after a rename."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


class SpoolWriter:
    """Appends passages to a segment of its own.

    Args:
        folder: of the spool; made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._pictures = folder / PICTURES
        folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = folder / f"passages-{stamp}-{os.getpid()}.ndjson"
        new = path.with_name(f".{path.name}")
        self._file = new.open("ab")
        flock(self._file, LOCK_EX)  # for as long as it is written, and before others see it
        new.rename(path)
        sync_folder(folder)

    def put_picture(self, jpeg: bytes) -> str:
        """Keep a picture; see `write_picture`."""
        return write_picture(self._pictures, jpeg)

    def append(self, passage: Passage) -> None:
        """Keep a passage; when it returns the passage is on the disk."""
        self._file.write((format_passage(passage) + "\n").encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
