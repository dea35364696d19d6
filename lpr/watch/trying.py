"""Trying a camera out: what a person who stands on a ladder wants to know."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Protocol

import cv2
import numpy as np

from lpr.boxes import Frame
from lpr.errors import SourceError, Trouble
from lpr.recognition import Recogniser, SeenPlate
from lpr.watch.clocks import ClockSource, Timepiece
from lpr.watch.frames import LiveFrame
from lpr.watch.live import Told
from lpr.watch.sampling import Demand, Sampling, sample
from lpr.watch.scene import sharpness_of

SURE = 0.5  # probability from which a plate counts as read
LEAST_STEP_S = 0.002  # frames that come closer were kept by the server, or by us
LATE_S = 1.0  # frames that have waited longer are not looked at: it would only get later
_GREEN, _RED = (60, 200, 60), (60, 60, 230)


class Tried(Protocol):
    """An open stream; `lpr.watch.live.Stream` is one."""

    @property
    def told(self) -> Told:
        """What it says about itself."""
        ...

    @property
    def damaged(self) -> int:
        """Packets that could not be decoded."""
        ...

    def frames(self) -> Iterator[LiveFrame]:
        """Frames as they arrive."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """One frame that was looked at.

    Attributes:
        heights: of each plate in it, pixels.
        texts: what each plate said, and how probable it is that this is right; "" for nothing.
        sharpness, darkness: of the frame, as in `lpr.watch.scene.Scene`.
    """

    heights: tuple[float, ...]
    texts: tuple[tuple[str, float], ...]
    sharpness: float
    darkness: float


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What came of trying a camera.

    Attributes:
        shown: its address without user and password.
        trouble, message: why it does not open or broke off; None and empty if it did neither.
        told: what the stream says about itself, None if it does not open.
        seconds: of video that came.
        frames: that came.
        fps: of them in a second, without the rush of the first one; None if too few came.
        damaged: packets that could not be decoded.
        looks: frames that were looked at.
        clock, clock_offset_s: of its last frame.
        picture: the frame that showed most, with boxes and texts drawn; None without any.
    """

    shown: str
    trouble: Trouble | None = None
    message: str = ""
    told: Told | None = None
    seconds: float = 0.0
    frames: int = 0
    fps: float | None = None
    damaged: int = 0
    looks: tuple[Look, ...] = ()
    clock: ClockSource | None = None
    clock_offset_s: float | None = None
    picture: Frame | None = field(default=None, repr=False)

    @property
    def heights(self) -> list[float]:
        """Of all plates in all looks, sorted, pixels."""
        return sorted(height for look in self.looks for height in look.heights)

    @property
    def read(self) -> dict[str, float]:
        """Every text that was read surely enough, with its best probability."""
        best: dict[str, float] = {}
        for text, score in (one for look in self.looks for one in look.texts):
            if text and score >= SURE:
                best[text] = max(score, best.get(text, 0.0))
        return best

    @property
    def sharpness(self) -> float | None:
        """In the middle of its looks."""
        return median(look.sharpness for look in self.looks) if self.looks else None

    @property
    def darkness(self) -> float | None:
        """In the middle of its looks."""
        return median(look.darkness for look in self.looks) if self.looks else None


def try_out(
    shown: str,
    connect: Callable[[], Tried],
    recogniser: Callable[[], Recogniser],
    fps: float,
    seconds: float,
    timepiece: Timepiece,
) -> Trial:
    """Watch a camera for a while.

    Args:
        shown: its address without user and password.
        connect: opens its stream; raises `SourceError`.
        recogniser: gives what finds and reads plates; is called when the stream is open.
        fps: frames to look at in each second.
        seconds: to watch.
        timepiece: of this machine.

    Returns:
        What came of it; a camera that does not open is no exception here.
    """
    try:
        stream = connect()
    except SourceError as error:
        return Trial(shown, error.trouble, str(error))
    watching = _Watching(recogniser(), fps, timepiece)
    failure: SourceError | None = None
    try:
        for frame in stream.frames():
            watching.take(frame)
            if watching.seconds >= seconds:
                break
    except SourceError as error:
        failure = error
    finally:
        stream.close()
    is_over = failure is None or (failure.trouble in ("ended", "finished") and watching.frames > 0)
    last = watching.last
    return Trial(
        shown,
        None if is_over or failure is None else failure.trouble,
        "" if is_over else str(failure),
        stream.told,
        watching.seconds,
        watching.frames,
        watching.fps,
        stream.damaged,
        tuple(watching.looks),
        last.clock if last else None,
        last.clock_offset_s if last else None,
        watching.drawn(),
    )


class _Watching:
    """Takes frames in, and looks at some of them."""

    def __init__(self, recogniser: Recogniser, fps: float, timepiece: Timepiece) -> None:
        self._recogniser, self._timepiece = recogniser, timepiece
        self._sampling = Sampling(fps)
        self._first: LiveFrame | None = None
        self._best: tuple[float, Frame, list[SeenPlate]] | None = None
        self._steps: list[float] = []
        self.last: LiveFrame | None = None
        self.frames = 0
        self.looks: list[Look] = []

    @property
    def seconds(self) -> float:
        return self.last.offset - self._first.offset if self.last and self._first else 0.0

    @property
    def fps(self) -> float | None:
        return len(self._steps) / sum(self._steps) if self._steps else None

    def take(self, frame: LiveFrame) -> None:
        self._first = self._first or frame
        if self.last is not None and frame.offset - self.last.offset > LEAST_STEP_S:
            self._steps.append(frame.offset - self.last.offset)
        self.last = frame
        self.frames += 1
        is_late = frame.clock != "file" and self._timepiece.steady() - frame.offset > LATE_S
        self._sampling, verdict = sample(self._sampling, frame.offset, Demand(), lambda: True)
        if verdict == "look" and not (is_late and self.looks):
            self._look(frame)

    def _look(self, frame: LiveFrame) -> None:
        picture = frame.picture()
        plates = self._recogniser.plates(picture)
        self.looks.append(looked(picture, plates))
        worth = sum(0.01 + plate.reading.score for plate in plates)
        if self._best is None or worth >= self._best[0]:
            self._best = worth, picture, plates

    def drawn(self) -> Frame | None:
        return draw(self._best[1], self._best[2]) if self._best else None


def looked(picture: Frame, plates: list[SeenPlate]) -> Look:
    """What one frame says. Pure.

    Args:
        picture: (H, W, 3) uint8 BGR.
        plates: that were seen in it.
    """
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    return Look(
        tuple(plate_height(plate) for plate in plates),
        tuple((plate.reading.text, plate.reading.score) for plate in plates),
        sharpness_of(grey),
        1 - float(grey.mean()) / 255,
    )


def plate_height(plate: SeenPlate) -> float:
    """Mean length of a plate's left and right side, pixels."""
    corners = np.array(plate.box.corners)
    sides = np.linalg.norm(corners[[3, 2]] - corners[[0, 1]], axis=1)
    return float(sides.mean())


def draw(picture: Frame, plates: list[SeenPlate]) -> Frame:
    """A copy of a picture with boxes and texts; green where the text is likely right."""
    drawn = picture.copy()
    size = max(0.6, picture.shape[1] / 1600)
    for plate in plates:
        reading = plate.reading
        colour = _GREEN if reading.score >= SURE else _RED
        corners = np.rint(np.array(plate.box.corners)).astype(np.int32)
        cv2.polylines(drawn, [corners], True, colour, 2, cv2.LINE_AA)
        x, y = int(corners[:, 0].min()), int(corners[:, 1].min()) - 8
        told = f"{reading.text or '?'} {reading.score:.2f}"
        for shade, thickness in (((0, 0, 0), 5), (colour, 2)):
            place = (max(x, 2), max(y, 24))
            cv2.putText(drawn, told, place, cv2.FONT_HERSHEY_SIMPLEX, size, shade, thickness)
    return drawn
