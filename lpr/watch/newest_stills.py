"""The newest stills of a folder, as a stream that can be tried out."""

from collections.abc import Iterator
from pathlib import Path

from lpr.errors import PictureError, SourceError
from lpr.pictures import read_picture
from lpr.watch.frames import LiveFrame, Still
from lpr.watch.live import Told
from lpr.watch.uploads import marks_in, taken_at

MOST = 40  # stills: enough to tell how large and sharp plates are
STEP_S = 0.25  # at least, between two offsets: every still is looked at
STILLS = "stills"  # in place of a codec


class NewestStills:
    """Opens a folder that a camera uploads into.

    Args:
        folder: of the stills.

    Attributes:
        damaged: stills that could not be read.

    Raises:
        SourceError: there is no still that can be read, and why.
    """

    def __init__(self, folder: Path) -> None:
        marks = marks_in(folder)
        newest = sorted(marks, key=lambda name: marks[name].modified_ns)[-MOST:]
        times = sorted((taken_at(folder / name, name, marks[name]), name) for name in newest)
        self.damaged = 0
        self._frames: list[LiveFrame] = []
        failure = "there is no still in it yet"
        for at, name in times:
            try:
                picture = read_picture(folder / name)
            except PictureError as error:
                self.damaged += 1
                failure = f"{name}: {error}"
                continue
            begun = self._frames[0].at if self._frames else at
            least = self._frames[-1].offset + STEP_S if self._frames else 0.0
            offset = max((at - begun).total_seconds(), least)
            self._frames.append(LiveFrame(Still(picture), at, "file", offset))
        if not self._frames:
            raise SourceError("not-found", f"{folder}: {failure}")

    @property
    def told(self) -> Told:
        """The size of the newest."""
        width, height = self._frames[-1].size
        return Told(STILLS, width, height, None, is_hardware=False)

    def frames(self) -> Iterator[LiveFrame]:
        """The stills by their times; more than these are not waited for."""
        return iter(self._frames)

    def close(self) -> None:
        """Nothing is held open."""
