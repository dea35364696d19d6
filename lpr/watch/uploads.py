"""A folder that a camera uploads stills into."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from PIL import ExifTags, Image

from lpr.errors import PictureError, SourceError
from lpr.passages import Passage
from lpr.pictures import SUFFIXES, read_picture
from lpr.reasons import reason_of
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame, Still
from lpr.watch.messages import Kept
from lpr.watch.named_times import time_in_exif, time_in_name
from lpr.watch.stills_memory import Mark, StillsMemory

SETTLED_S = 1.5  # a file whose size and date have not changed for so long is whole
POLL_S = 1.0  # between two looks into the folder
LEISURE = 9.0  # times as long as a look into the folder takes it is left alone
GIVEN_UP_S = 60.0  # a picture that is still damaged so long after it was written stays so
NAME_DIGITS = 8  # hexadecimal; they tell stills of one camera and one time apart
_EXIF_IFD = 0x8769


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was seen and not yet looked at."""

    mark: Mark
    since_s: float


def settled(waiting: Mapping[str, Waiting], now_s: float) -> list[str]:
    """The files that are whole. Pure."""
    return [name for name, one in waiting.items() if now_s - one.since_s >= SETTLED_S]


def seen(
    waiting: Mapping[str, Waiting],
    there: Mapping[str, Mark],
    known: Mapping[str, Mark],
    now_s: float,
) -> dict[str, Waiting]:
    """What waits after one more look into the folder. Pure.

    Args:
        waiting: until now.
        there: every file that is there, by name.
        known: those that were given.
        now_s: of a steady clock.
    """
    new = {name: mark for name, mark in there.items() if mark.size and known.get(name) != mark}
    return {
        name: one if (one := waiting.get(name)) and one.mark == mark else Waiting(mark, now_s)
        for name, mark in new.items()
    }


class Uploads:
    """The stills of a folder, each until it is kept. Nothing in the folder is changed.

    Args:
        folder: that one camera uploads into; its folders count as well.
        state: file that remembers what was looked at; see `StillsMemory`.
        timepiece: of this machine.

    Attributes:
        refused: files that could not be read since the start.
        refused_for: the last of them, and why.
        pause_s: how long to wait until the next look into the folder.
    """

    def __init__(self, folder: Path, state: Path, timepiece: Timepiece) -> None:
        self._folder, self._timepiece = folder, timepiece
        self._memory = StillsMemory(state)
        self._waiting: dict[str, Waiting] = {}
        self._numbers: dict[str, int] = {}
        self.refused, self.refused_for = 0, ""
        self.pause_s = POLL_S

    @property
    def trouble(self) -> str:
        """Why nothing can be remembered at present; empty if it can."""
        return self._memory.trouble

    @property
    def earlier(self) -> tuple[Passage, ...]:
        """Who was reported before the first still that comes, and may be seen again."""
        return self._memory.earlier

    def new(self, breathe: Callable[[], None]) -> Iterator[LiveFrame]:
        """Every still that is whole and was not given yet: those of before a restart, then by time.

        What is not kept comes again after a restart, in the same order.

        Args:
            breathe: is called between two files, which may be many.

        Raises:
            SourceError: the folder cannot be looked into.
        """
        begun = self._timepiece.steady()
        there = marks_in(self._folder)
        now = self._timepiece.steady()
        self.pause_s = max(POLL_S, LEISURE * (now - begun))
        self._waiting = seen(self._waiting, there, self._memory.given, now)
        order: list[tuple[int, datetime, str]] = []
        for name in settled(self._waiting, now):
            mark = self._waiting[name].mark
            at = taken_at(self._folder / name, name, mark)
            order.append((self._memory.rank(name, mark), at, name))
            breathe()
        for _, at, name in sorted(order):
            if frame := self._given(name, at):
                yield frame
            breathe()

    def keep(self, kept: Kept) -> None:
        """Remember that what stills showed is kept; call it when that is on the disk."""
        self._memory.keep(kept)

    def forget_gone(self) -> None:
        """Write the memory anew without files that are no longer there; call it now and then.

        Raises:
            SourceError: the folder cannot be looked into.
        """
        self._memory.forget_but(marks_in(self._folder))

    def _given(self, name: str, at: datetime) -> LiveFrame | None:
        """The still, None if it cannot be read; what stays damaged is not tried again."""
        mark = self._waiting[name].mark
        try:
            picture = read_picture(self._folder / name)
        except PictureError as error:
            age_s = self._timepiece.utc().timestamp() - mark.modified_ns / 1e9
            if age_s >= GIVEN_UP_S and mark_of(self._folder / name) == mark:
                del self._waiting[name]
                self.refused, self.refused_for = self.refused + 1, f"{name}: {error}"
                self._memory.refuse(name, mark)
            return None
        del self._waiting[name]
        number = self._memory.give(name, mark)
        return LiveFrame(
            Still(picture),
            at,
            "file",
            self._timepiece.steady(),
            still=still_name(name, mark),
            number=number,
        )


def still_name(name: str, mark: Mark) -> str:
    """What tells a still from others of its time, after a restart as well."""
    return sha256(f"{name}\n{mark.size}".encode()).hexdigest()[:NAME_DIGITS]


def mark_of(path: Path) -> Mark | None:
    """What tells this version of a file from others; None if it is not there."""
    with suppress(OSError):
        told = path.stat()
        return Mark(told.st_size, told.st_mtime_ns)
    return None


def marks_in(folder: Path) -> dict[str, Mark]:
    """Every picture of a folder, to any depth, by its name in it with `/`.

    Raises:
        SourceError: the folder cannot be looked into.
    """
    failed: list[OSError] = []
    found: dict[str, Mark] = {}
    for root, folders, names in os.walk(folder, onerror=failed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.startswith(".") or Path(name).suffix.lower() not in SUFFIXES:
                continue  # .part, .tmp and .filepart are uploads that go on
            path = Path(root, name)
            if mark := mark_of(path):
                found[path.relative_to(folder).as_posix()] = mark
    if failed and not found:
        raise SourceError("not-found", f"{folder}: {reason_of(failed[0])}")
    return found


def taken_at(path: Path, name: str, mark: Mark) -> datetime:
    """When a still was taken: by its EXIF, else its name, else its date; aware UTC."""
    written = datetime.fromtimestamp(mark.modified_ns / 1e9, UTC)
    return _exif_time(path) or time_in_name(name) or written


def _exif_time(path: Path) -> datetime | None:
    try:
        with Image.open(path) as picture:
            tags = picture.getexif().get_ifd(_EXIF_IFD)
    except Exception:  # Pillow stumbles over broken EXIF in many ways; the pixels are good
        return None
    base = ExifTags.Base
    keys = (base.DateTimeOriginal, base.SubsecTimeOriginal, base.OffsetTimeOriginal)
    taken, fraction, offset = (str(tags.get(key) or "") for key in keys)
    return time_in_exif(taken, fraction, offset)
