"""Which files a list of paths stands for."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from lpr import pictures, videos
from lpr.reasons import reason_of

_KNOWN = pictures.SUFFIXES | videos.SUFFIXES


@dataclass(frozen=True, slots=True)
class Source:
    """A file to look at.

    Attributes:
        path: of the file, or of a folder that cannot be looked into.
        is_video: whether it is a video by its name; everything else is taken for a picture.
        error: why it cannot be looked at, None if it can.
    """

    path: Path
    is_video: bool = False
    error: str | None = None


def sources_of(paths: Iterable[Path]) -> Iterator[Source]:
    """Every file of paths; of a folder its pictures and videos, sorted, to any depth."""
    for path in paths:
        source = _source(path)
        if source is None:
            yield from _inside(path)
        else:
            yield source


def _source(path: Path) -> Source | None:
    """The source that a path is; None for a folder."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return Source(path, error=reason_of(error))
    if S_ISDIR(mode):
        return None
    if not S_ISREG(mode):  # opening a pipe would wait for its other end
        return Source(path, error="neither a file nor a folder")
    return Source(path, path.suffix.lower() in videos.SUFFIXES)


def _inside(folder: Path) -> Iterator[Source]:
    found: list[Source] = []

    def refused(error: OSError) -> None:
        found.append(Source(Path(error.filename), error=reason_of(error)))

    for root, _, names in os.walk(folder, onerror=refused):
        paths = (Path(root, name) for name in names)
        wanted = (_source(path) for path in paths if path.suffix.lower() in _KNOWN)
        found += [source for source in wanted if source is not None]
    if not found:
        found.append(Source(folder, error="the folder holds no picture and no video"))
    yield from sorted(found, key=lambda source: source.path)
