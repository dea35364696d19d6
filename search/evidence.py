"""Evidence: the pictures and clips of sightings, each kept under its SHA-256."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from lpr.spool import name_of, picture_path, write_picture
from lpr.spool.pictures import PICTURE
from search.errors import EvidenceAwayError, EvidenceError

_NAME = re.compile(r"[0-9a-f]{64}(\.mp4)?")


class EvidenceStore(Protocol):
    """Keeps pictures, and clips in the same way; threads may share it.

    Every method raises EvidenceAwayError when it cannot be reached or is full.
    """

    def put(self, jpeg: bytes) -> str:
        """Keep a picture, once; when it returns its name the picture is on the disk."""
        ...

    def get(self, name: str) -> bytes:
        """The picture of that name; EvidenceError if it is missing or was changed."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is a picture of that name; not whether it is still what it was."""
        ...

    def remove(self, name: str) -> bool:
        """Remove a picture; whether it was there, as far as the store tells."""
        ...

    def kept_before(self, time: datetime) -> Iterator[str]:
        """Names of the pictures that were kept before a time and not again since.

        They come in the order of their first two digits.
        """
        ...


class FolderEvidence:
    """Evidence in a folder.

    Args:
        folder: made with the first picture if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, jpeg: bytes) -> str:
        """Keep a picture; see `EvidenceStore`."""
        try:
            return write_picture(self._folder, jpeg)
        except OSError as error:
            raise EvidenceAwayError(f"evidence in {self._folder}: {error.strerror}") from error

    def get(self, name: str) -> bytes:
        """The picture of that name; see `EvidenceStore`."""
        check_name(name)
        try:
            jpeg = picture_path(self._folder, name).read_bytes()
        except FileNotFoundError:
            raise EvidenceError(f"there is no picture {name}") from None
        except OSError as error:
            raise EvidenceAwayError(f"evidence in {self._folder}: {error.strerror}") from error
        check_content(name, jpeg)
        return jpeg

    def has(self, name: str) -> bool:
        """Whether there is a picture of that name; see `EvidenceStore`."""
        return is_name(name) and picture_path(self._folder, name).is_file()

    def remove(self, name: str) -> bool:
        """Remove a picture; see `EvidenceStore`."""
        check_name(name)
        try:
            picture_path(self._folder, name).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise EvidenceAwayError(f"evidence in {self._folder}: {error.strerror}") from error
        return True

    def kept_before(self, time: datetime) -> Iterator[str]:
        """Names of the pictures that were kept before a time; see `EvidenceStore`."""
        try:
            for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
                for file in folder.iterdir():
                    name = file.name.removesuffix(PICTURE)
                    if is_name(name) and file.stat().st_mtime < time.timestamp():
                        yield name
        except OSError as error:
            raise EvidenceAwayError(f"evidence in {self._folder}: {error.strerror}") from error


def is_name(name: str) -> bool:
    """Whether it can be the name of a picture or clip."""
    return bool(_NAME.fullmatch(name))


def check_name(name: str) -> None:
    """See that it can be the name of a picture or clip.

    Raises:
        EvidenceError: it cannot.
    """
    if not is_name(name):
        raise EvidenceError(f"{name!r:.80}: expected a SHA-256 in 64 hexadecimal digits")


def check_content(name: str, jpeg: bytes) -> None:
    """See that a picture is still what its name says.

    Raises:
        EvidenceError: it was changed.
    """
    if name_of(jpeg) != name:
        raise EvidenceError(f"picture {name} was changed since it was kept: do not use it")
