"""Files that somebody sent, to look at before they are saved.

They lie in the data folder, so that every process of the application finds them, named by their
SHA-256, so that what is saved is what was looked at. None is kept for long.
"""

import re
import time
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import Flask, request

FOLDER = "uploads"  # in the data folder
MOST_BYTES = 16_000_000  # of a request with a file; a hundred thousand entries are half of it
KEPT_S = 3600.0  # since it was sent
TAKING = "list_import.preview"
_NAME = re.compile(r"[0-9a-f]{64}")


def init_app(app: Flask) -> None:
    """Let the page that takes files take larger requests than others."""
    app.before_request(_allow)


def _allow() -> None:
    if request.endpoint == TAKING:
        request.max_content_length = MOST_BYTES


class Uploads:
    """Files that wait to be saved.

    Args:
        folder: where they lie; made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep a file for a while; its name."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        name = sha256(content).hexdigest()
        with NamedTemporaryFile(dir=self._folder, delete=False) as file:
            file.write(content)
        Path(file.name).replace(self._folder / name)
        return name

    def get(self, name: str) -> bytes | None:
        """The file of that name; None if it is not there (any more)."""
        if not _NAME.fullmatch(name):
            return None
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        return content if sha256(content).hexdigest() == name else None

    def drop(self, name: str) -> None:
        """Keep a file no longer."""
        if _NAME.fullmatch(name):
            (self._folder / name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Delete what lies there for too long."""
        for file in self._folder.glob("*"):
            try:
                if time.time() - file.stat().st_mtime > KEPT_S:
                    file.unlink()
            except FileNotFoundError:  # another process was quicker
                continue
