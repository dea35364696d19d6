"""Writes a spool: rotated segments, whole lines or none, and room when it is full."""

import errno
import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, flock
from itertools import count
from pathlib import Path
from typing import TypeVar

from lpr.closing import Closing
from lpr.errors import SpoolFullError
from lpr.passages import Passage
from lpr.spool.lines import SpoolLine, format_line
from lpr.spool.losses import Losses, count_losses, keep_record
from lpr.spool.pictures import (
    PICTURES,
    name_of,
    picture_path,
    sync_folder,
    write_picture,
    write_pictures,
)
from lpr.spool.room import make_room, remove_strays, spool_bytes

SEGMENT_BYTES = 256 * 1024  # then another one is begun: what is confirmed can go sooner
SEGMENT_AGE = timedelta(minutes=1)  # the same; and what is older than a minute is no longer live
FULL = (errno.ENOSPC, errno.EDQUOT)
LEAST_FREED = 1_000_000  # bytes that a full disk is relieved of at once
SHARE_FREED = 20  # a full spool gives up a twentieth, so that it looks for room seldom

T = TypeVar("T")


def utc_now() -> datetime:
    """The time now, aware UTC."""
    return datetime.now(UTC)


class SpoolWriter(Closing):
    """Appends passages to segments of its own; threads may share it.

    Args:
        folder: of the spool; made if it is missing.
        max_bytes: how much the spool may hold; None is as much as the disk.
        gives_up: whether older pictures, and last of all texts, make room when it is full;
            otherwise `append` and `put_picture` raise.
        clock: the time now, aware UTC.
    """

    def __init__(
        self,
        folder: Path,
        max_bytes: int | None = None,
        *,
        gives_up: bool = True,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._folder, self._pictures = folder, folder / PICTURES
        self._max, self._gives_up, self._clock = max_bytes, gives_up, clock
        self._lock = threading.RLock()
        self._numbers = count()
        self._used = self._unchecked = 0  # bytes of the spool; of them written since it was looked
        folder.mkdir(parents=True, exist_ok=True)
        remove_strays(folder)
        if gives_up:
            keep_record(folder)
        if max_bytes is not None:
            self._used = spool_bytes(folder)
        self._file = self._with_room(self._open)
        self._size, self._since, self._is_spoilt = 0, clock(), False

    def put_picture(self, jpeg: bytes) -> str:
        """Keep a picture or clip; see `write_picture`.

        Where no room can be made for it, it is counted as lost, and its name is given all the
        same: whoever looks for it finds that it is gone, and the passage that names it goes on.

        Raises:
            SpoolFullError: no room, and this writer does not make any.
        """
        with self._lock:
            name = name_of(jpeg)
            if picture_path(self._pictures, name).exists():
                return name
            try:
                self._see_to_room(len(jpeg))
                self._with_room(lambda: write_picture(self._pictures, jpeg), len(jpeg))
            except SpoolFullError:
                if not self._gives_up:
                    raise
                count_losses(self._folder, Losses(pictures={"": 1}), self._clock())
            else:
                self._count(len(jpeg))
            return name

    def put_pictures(self, jpegs: Sequence[bytes]) -> None:
        """Keep several pictures; when it returns all of them are on the disk.

        Raises:
            SpoolFullError: no room for all; some of them may be kept.
        """
        with self._lock:
            size = sum(map(len, jpegs))
            self._see_to_room(size)
            self._with_room(lambda: write_pictures(self._pictures, jpegs), size)
            self._count(size)

    def append(self, passage: Passage) -> None:
        """Keep a passage; when it returns the passage is on the disk.

        Raises:
            SpoolFullError: no room could be made for it; it is counted as lost.
        """
        self.append_all([SpoolLine(passage)])

    def append_all(self, lines: Sequence[SpoolLine]) -> None:
        """Keep passages with one sync; when it returns all of them are on the disk.

        Raises:
            SpoolFullError: no room could be made for them. None of them is kept; they are counted
                as lost if this writer makes room, otherwise whoever sent them has them still.
        """
        with self._lock:
            now = self._clock()
            content = b"".join(
                format_line(SpoolLine(line.passage, now, line.gone)) for line in lines
            )
            try:
                self._see_to_room(len(content))
                if self._is_spoilt or (self._size and self._is_due(now)):
                    self._with_room(self._rotate)
                self._with_room(lambda: self._write(content), len(content))
            except SpoolFullError:
                if self._gives_up:
                    lost = Counter(line.passage.camera for line in lines)
                    count_losses(self._folder, Losses(passages=lost), now)
                raise
            self._count(len(content))

    def _is_due(self, now: datetime) -> bool:
        return self._size >= SEGMENT_BYTES or not timedelta(0) <= now - self._since < SEGMENT_AGE

    def _rotate(self) -> None:
        new = self._open()
        os.close(self._file)
        self._file, self._size, self._since, self._is_spoilt = new, 0, self._clock(), False

    def _open(self) -> int:
        """A segment of its own, locked before others see it."""
        stamp = self._clock().strftime("%Y%m%dT%H%M%S.%f")
        name = f"passages-{stamp}-{os.getpid()}.{next(self._numbers)}.ndjson"
        new = self._folder / f".{name}"
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        try:
            flock(file, LOCK_EX)  # for as long as it is written
            new.rename(self._folder / name)
            sync_folder(self._folder)
        except OSError:
            os.close(file)
            new.unlink(missing_ok=True)
            raise
        return file

    def _write(self, content: bytes) -> None:
        """Whole, or not at all."""
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(self._file, rest) :]
            os.fsync(self._file)
        except OSError:
            self._is_spoilt = True
            with suppress(OSError):
                os.ftruncate(self._file, self._size)
                self._is_spoilt = False
            raise
        self._size += len(content)

    def _count(self, size: int) -> None:
        self._used += size
        self._unchecked += size

    def _see_to_room(self, size: int) -> None:
        """Keep within the setting."""
        if self._max is None:
            return
        share = self._max // SHARE_FREED
        if self._used + size > self._max or self._unchecked > share:
            self._used, self._unchecked = spool_bytes(self._folder), 0  # others take away
        over = self._used + size - self._max
        if over <= 0:
            return
        if self._gives_up:
            freed = make_room(self._folder, over, over + share, self._clock(), texts=True)
            self._used -= freed
            over -= freed
        if over > 0:
            raise SpoolFullError(
                f"the spool {self._folder} is full: raise spool_max_mb, or see why nobody drains it"
            )

    def _with_room(self, act: Callable[[], T], size: int = 0) -> T:
        """Do something; if the disk is full, make room and do it again, as long as that helps."""
        while True:
            try:
                return act()
            except OSError as error:
                if error.errno not in FULL:
                    raise
                wish = max(2 * size, LEAST_FREED)
                if not self._gives_up or not make_room(
                    self._folder, size, wish, self._clock(), texts=False
                ):
                    raise SpoolFullError(
                        f"the disk of the spool {self._folder} is full: free some of it"
                    ) from error

    def close(self) -> None:
        """End the segment."""
        with self._lock:
            os.close(self._file)
