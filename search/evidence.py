"""Evidence: the pictures of sightings, each kept under its SHA-256."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from lpr.spool import picture_path, write_picture
from search.errors import EvidenceError

_NAME = re.compile(r"[0-9a-f]{64}")


class EvidenceStore(Protocol):
    """Keeps pictures; threads may share it.

    Every method raises EvidenceError when it cannot be reached or is full.
    """

    def put(self, jpeg: bytes) -> str:
        """Keep a picture, once; when it returns its SHA-256 the picture is on the disk."""
        ...

    def get(self, name: str) -> bytes:
        """The picture of that SHA-256; EvidenceError if it is missing or was changed."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is a picture of that SHA-256; not whether it is still what it was."""
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
            raise EvidenceError(f"evidence in {self._folder}: {error.strerror}") from error

    def get(self, name: str) -> bytes:
        """The picture of that SHA-256; see `EvidenceStore`."""
        if not _NAME.fullmatch(name):
            raise EvidenceError(f"{name!r:.80}: expected a SHA-256 in 64 hexadecimal digits")
        try:
            jpeg = picture_path(self._folder, name).read_bytes()
        except FileNotFoundError:
            raise EvidenceError(f"there is no picture {name}") from None
        except OSError as error:
            raise EvidenceError(f"evidence in {self._folder}: {error.strerror}") from error
        if sha256(jpeg).hexdigest() != name:
            raise EvidenceError(f"picture {name} was changed since it was kept: do not use it")
        return jpeg

    def has(self, name: str) -> bool:
        """Whether there is a picture of that SHA-256; see `EvidenceStore`."""
        return bool(_NAME.fullmatch(name)) and picture_path(self._folder, name).is_file()
