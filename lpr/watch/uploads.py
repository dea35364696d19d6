"""A folder that cameras upload stills into."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import ExifTags, Image

from lpr.errors import PictureError, SourceError
from lpr.pictures import SUFFIXES, read_picture
from lpr.reasons import reason_of
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame, Still
from lpr.watch.named_times import time_in_exif, time_in_name

SETTLED_S = 1.5  # a file whose size and date have not changed for so long is whole
POLL_S = 1.0  # between two looks into the folder
GIVEN_UP_S = 60.0  # a picture that is still damaged so long after it was written stays so
_EXIF_IFD = 0x8769


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells one version of a file from another: its size in bytes and its date."""

    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was seen and not yet looked at."""

    mark: Mark
    since_s: float


def settled(waiting: Mapping[str, Waiting], now_s: float) -> list[str]:
    """The files that are whole, oldest first by date, then name. Pure."""
    whole = [name for name, one in waiting.items() if now_s - one.since_s >= SETTLED_S]
    return sorted(whole, key=lambda name: (waiting[name].mark.modified_ns, name))


def seen(
    waiting: Mapping[str, Waiting],
    there: Mapping[str, Mark],
    done: Mapping[str, Mark],
    now_s: float,
) -> dict[str, Waiting]:
    """What waits after one more look into the folder. Pure.

    Args:
        waiting: until now.
        there: every file that is there, by name.
        done: those that were looked at.
        now_s: of a steady clock.
    """
    new = {name: mark for name, mark in there.items() if mark.size and done.get(name) != mark}
    return {
        name: one if (one := waiting.get(name)) and one.mark == mark else Waiting(mark, now_s)
        for name, mark in new.items()
    }


class Uploads:
    """The stills of a folder, each once, over restarts too. Nothing in the folder is changed.

    Args:
        folder: that cameras upload into; its folders count as well.
        state: file that remembers what was looked at.
        timepiece: of this machine.

    Attributes:
        refused: why files could not be read, by name; of each the last reason.
    """

    def __init__(self, folder: Path, state: Path, timepiece: Timepiece) -> None:
        self._folder, self._state, self._timepiece = folder, state, timepiece
        self._waiting: dict[str, Waiting] = {}
        self._done = _remembered(state)
        _mend(state)
        self._given: dict[str, Mark] = {}
        self.refused: dict[str, str] = {}

    def new(self) -> Iterator[LiveFrame]:
        """Every still that is whole and was not given yet, oldest first.

        What `done` was not called with comes again after a restart, so that a crash loses none.

        Raises:
            SourceError: the folder cannot be looked into.
        """
        now = self._timepiece.steady()
        self._waiting = seen(self._waiting, marks_in(self._folder), self._done, now)
        for name in settled(self._waiting, now):
            mark = self._waiting[name].mark
            frame = self._read(name) if self._given.get(name) != mark else None
            if frame is not None:
                self._given[name] = mark
                yield frame

    def frames(self) -> Iterator[LiveFrame]:
        """New stills for ever.

        Raises:
            SourceError: the folder cannot be looked into.
        """
        while True:
            yield from self.new()
            self._timepiece.sleep(POLL_S)

    def close(self) -> None:
        """Nothing is held open."""

    def done(self, frame: LiveFrame) -> None:
        """Remember that a still was looked at and what it showed is kept."""
        self._remember(frame.name)

    def _read(self, name: str) -> LiveFrame | None:
        """The still, None if it cannot be read; what stays damaged is not tried again."""
        path = self._folder / name
        try:
            picture = read_picture(path)
            at = taken_at(path, name)
        except (PictureError, OSError) as error:
            modified_s = self._waiting[name].mark.modified_ns / 1e9
            if self._timepiece.utc().timestamp() - modified_s >= GIVEN_UP_S:
                self.refused[name] = str(error)
                self._remember(name)
            return None
        return LiveFrame(Still(picture), at, "file", self._timepiece.steady(), name=name)

    def _remember(self, name: str) -> None:
        waiting = self._waiting.pop(name, None)
        self._given.pop(name, None)
        if waiting is None:
            return
        self._done[name] = waiting.mark
        self._state.parent.mkdir(parents=True, exist_ok=True)
        with self._state.open("a", encoding="ascii") as file:
            file.write(_line(name, waiting.mark))
            file.flush()
            os.fsync(file.fileno())

    def forget_gone(self) -> None:
        """Write the memory anew without files that are no longer there; call it now and then."""
        there = marks_in(self._folder)
        self._done = {name: mark for name, mark in self._done.items() if name in there}
        new = self._state.with_suffix(".new")
        self._state.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="ascii") as file:
            file.writelines(_line(name, mark) for name, mark in self._done.items())
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._state)


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
            try:
                told = path.stat()
            except OSError:  # gone meanwhile
                continue
            found[path.relative_to(folder).as_posix()] = Mark(told.st_size, told.st_mtime_ns)
    if failed and not found:
        raise SourceError("not-found", f"{folder}: {reason_of(failed[0])}")
    return found


def taken_at(path: Path, name: str) -> datetime:
    """When a still was taken: by its EXIF, else its name, else when it was written; aware UTC."""
    return _exif_time(path) or time_in_name(name) or _written(path)


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


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


def _line(name: str, mark: Mark) -> str:
    return json.dumps([name, mark.size, mark.modified_ns]) + "\n"


def _mend(state: Path) -> None:
    """End a line that a crash cut off, so that the next one stands alone."""
    if state.exists() and not state.read_bytes().endswith(b"\n"):
        with state.open("a", encoding="ascii") as file:
            file.write("\n")


def _remembered(state: Path) -> dict[str, Mark]:
    """What the state file holds; a line that a crash cut off is passed over."""
    done: dict[str, Mark] = {}
    try:
        lines = state.read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return done
    for line in lines:
        try:
            name, size, modified_ns = json.loads(line)
            done[str(name)] = Mark(int(size), int(modified_ns))
        except (ValueError, TypeError):
            continue
    return done
