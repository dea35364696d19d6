"""A video file that may still be written, read until it grows no more."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lpr.watch.clocks import Timepiece
from lpr.watch.timing import Arrival, FrameTime

IDLE_S = 20.0  # a file that has not grown for so long is finished; recorders write in pieces
_LOOK_S = 0.2  # between two looks at a file that has been read to its end


class GrowingFile:
    """A file for PyAV whose end waits for more.

    Args:
        path: of it.
        timepiece: of this machine.
        idle_s: how long it must not have grown to be finished.
    """

    def __init__(self, path: Path, timepiece: Timepiece, idle_s: float = IDLE_S) -> None:
        self.name = str(path)
        self._file = path.open("rb")
        self._timepiece = timepiece
        self._idle_s = idle_s

    @property
    def modified(self) -> datetime:
        """When it was last written, aware UTC."""
        return datetime.fromtimestamp(os.fstat(self._file.fileno()).st_mtime, UTC)

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; none only when it is finished."""
        content = self._file.read(size)
        since = self._timepiece.steady()
        while not content and self._is_young(since):
            self._timepiece.sleep(_LOOK_S)
            content = self._file.read(size)
        return content

    def _is_young(self, since: float) -> bool:
        """Whether more may come; what was not written for long when it was opened is finished."""
        unwritten = (self._timepiece.utc() - self.modified).total_seconds()
        return max(unwritten, self._timepiece.steady() - since) < self._idle_s

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of any file; its end is where it ends now."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As of any file."""
        return self._file.tell()

    def close(self) -> None:
        """Let it go."""
        self._file.close()


class FileTimes:
    """The times of a file's frames; read again, they are the same.

    Args:
        start: when the video began, aware UTC.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._first: float | None = None
        self._since, self._offset = 0.0, float("-inf")

    def of(self, arrival: Arrival) -> FrameTime:
        """The time of the next frame."""
        stream_s = arrival.stream_s or 0.0
        self._first = stream_s if self._first is None else self._first
        self._since = max(self._since, stream_s - self._first)
        self._offset = max(self._since, self._offset + 0.001)
        return FrameTime(self._start + timedelta(seconds=self._since), "file", self._offset, None)
