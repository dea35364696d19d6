"""Which files a list of paths stands for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lpr import pictures, videos


@dataclass(frozen=True, slots=True)
class Source:
    """A file to look at.

    Attributes:
        path: of the file.
        is_video: whether it is a video by its name; everything else is taken for a picture.
        error: why it cannot be looked at, None if it can.
    """

    path: Path
    is_video: bool = False
    error: str | None = None


def sources_of(paths: Iterable[Path]) -> Iterator[Source]:
    """Every file of paths; of a folder its pictures and videos, sorted, to any depth."""
    for path in paths:
        if not path.exists():
            yield Source(path, error="no such path")
        elif path.is_dir():
            yield from _inside(path)
        else:
            yield Source(path, path.suffix.lower() in videos.SUFFIXES)


def _inside(folder: Path) -> Iterator[Source]:
    known = pictures.SUFFIXES | videos.SUFFIXES
    try:
        found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in known and p.is_file())
    except OSError as error:
        yield Source(folder, error=f"the folder cannot be read: {error.strerror}")
        return
    if not found:
        yield Source(folder, error="the folder holds no picture and no video")
    for path in found:
        yield Source(path, path.suffix.lower() in videos.SUFFIXES)
