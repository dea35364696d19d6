"""A frame of a live camera, converted only if somebody looks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.boxes import Frame
from lpr.watch.clocks import ClockSource

Grey = NDArray[np.uint8]
"""(H, W) uint8, 0 black."""

SMALL_WIDTH = 160  # pixels; a motorcycle whose plate is 20 px high in 1920 is 8 x 18 in it
_EIGHT_BIT = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray")


class Pixels(Protocol):
    """What was seen, in whatever form it came."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    def picture(self) -> Frame:
        """(H, W, 3) uint8 BGR; made anew each time."""
        ...

    def grey(self, step: int) -> Grey:
        """The brightness of each pixel in every `step`-th row, full width."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LiveFrame:
    """One frame.

    Attributes:
        pixels: of it.
        at: when it was taken, aware UTC.
        clock: whose clock that is.
        offset: seconds that never go back while the source is followed, for trackers and samplers.
        clock_offset_s: how far the camera's clock is behind ours, with the least delay of the way
            in it; None if the camera does not tell its time.
        is_key: whether it can be decoded without others.
        still: names it among stills of the same time; empty for a frame of a video.
        number: of a still, counted from 1 since its process began.
    """

    pixels: Pixels = field(repr=False)
    at: datetime
    clock: ClockSource
    offset: float
    clock_offset_s: float | None = None
    is_key: bool = True
    still: str = ""
    number: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.size

    def picture(self) -> Frame:
        """(H, W, 3) uint8 BGR; costs some milliseconds, each time."""
        return self.pixels.picture()

    def small_grey(self) -> Grey:
        """The brightness, SMALL_WIDTH pixels wide, for finding motion."""
        width, height = self.size
        small = (SMALL_WIDTH, max(1, round(SMALL_WIDTH * height / width)))
        step = max(1, height // small[1] // 2)  # two rows of each dozen are enough
        return cv2.resize(self.pixels.grey(step), small, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]  # cv2 does not tell the type of its pixels


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """`Pixels` of a decoder."""

    frame: av.VideoFrame

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, upright."""
        width, height = self.frame.width, self.frame.height
        return (height, width) if self._turns % 2 else (width, height)

    def picture(self) -> Frame:
        """Converted from what the decoder gave."""
        return self._upright(np.asarray(self.frame.to_ndarray(format="bgr24"), np.uint8))

    def grey(self, step: int) -> Grey:
        """Taken from the decoder's brightness as it lies there, nothing is converted."""
        frame = self.frame
        if frame.format.name not in _EIGHT_BIT:
            frame = frame.reformat(format="gray")
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        return self._upright(rows[:: 1 if self._turns % 2 else step, : frame.width])

    @property
    def _turns(self) -> int:
        return int(self.frame.rotation) // 90 % 4

    def _upright(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.ascontiguousarray(np.rot90(pixels, self._turns)) if self._turns else pixels


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """`Pixels` of a picture file."""

    bgr: Frame

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.bgr.shape[:2]
        return width, height

    def picture(self) -> Frame:
        """The picture itself: do not write into it."""
        return self.bgr

    def grey(self, step: int) -> Grey:
        """Weighed as cameras do."""
        return cv2.cvtColor(np.ascontiguousarray(self.bgr[::step]), cv2.COLOR_BGR2GRAY)  # type: ignore[return-value]  # cv2 does not tell the type of its pixels
