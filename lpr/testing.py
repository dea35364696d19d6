"""Fakes to hand in where a test needs no model, and builders of what they see."""

import os
import struct
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from lpr.boxes import Frame, PlateBox
from lpr.plates import vehicle_kind
from lpr.readings import NOTHING_READ, Reading
from lpr.recognition import Recogniser, SeenPlate
from lpr.videos import VideoFrame

AS_ANYBODY = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
)
"""What a command begins with so that root, too, may read only what it has the right to read."""
Seen = tuple[PlateBox, Reading]
"""What there is to see of one plate in one frame."""


class Script:
    """`Detector` and `Reader` that see what was written down, frame after frame.

    Args:
        frames: what each frame shows, in order; later ones show nothing.
    """

    def __init__(self, frames: Iterable[Sequence[Seen]]) -> None:
        self._frames = iter(frames)
        self._readings: list[Reading] = []

    def detect(self, frame: Frame) -> list[PlateBox]:
        """The plate boxes of the next frame."""
        seen = next(self._frames, ())
        self._readings = [reading for _, reading in seen]
        return [box for box, _ in seen]

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        """What the crops of that frame say."""
        return self._readings[: len(crops)]


class SameReader:
    """`Reader` that reads every crop alike.

    Args:
        reading: of each.

    Attributes:
        crops: everything that it was given, in order.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.crops: list[Frame] = []

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        """The same for each."""
        self.crops += crops
        return [self._reading for _ in crops]


def scripted(frames: Iterable[Sequence[Seen]]) -> Recogniser:
    """A recogniser that sees what was written down; see `Script`."""
    script = Script(frames)
    return Recogniser(script, script)


def a_box(x: float, y: float = 100.0, width: float = 100.0, height: float = 25.0) -> PlateBox:
    """An upright plate box by its middle and size in pixels."""
    x1, y1, x2, y2 = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    return PlateBox(((x1, y1), (x2, y1), (x2, y2), (x1, y2)), 0.9)


def a_reading(text: str, score: float = 0.9, rows: int = 1) -> Reading:
    """A reading of a white plate, each character as sure as the others; empty: nothing was read."""
    if not text:
        return NOTHING_READ
    share = score ** (1 / len(text))
    return Reading(
        text=text,
        raw=text,
        score=score,
        chars=tuple(((character, share),) for character in text),
        candidates=((text, score),),
        rows=rows,
        colour="white",
        kind=vehicle_kind(text, rows, "white"),
        model="a fake",
    )


def a_seen_plate(
    x: float,
    text: str = "",
    score: float = 0.9,
    y: float = 100.0,
    width: float = 100.0,
    height: float | None = None,
    grey: int = 0,
) -> SeenPlate:
    """A plate that was seen at that middle: with one row unless a height says otherwise.

    Args:
        x: of its middle, pixels.
        text: what it says; empty if it could not be read.
        score: probability that it says so.
        y: of its middle, pixels.
        width: in pixels.
        height: in pixels; None for a quarter of the width.
        grey: of every pixel of its crop.
    """
    box = a_box(x, y, width, width / 4 if height is None else height)
    return SeenPlate(box, np.full((25, 100, 3), grey, np.uint8), a_reading(text, score))


def some_frames(count: int, fps: float = 5.0) -> list[VideoFrame]:
    """Frames of a video, each one grey: the number of the frame in every pixel."""
    return [VideoFrame(np.full((48, 64, 3), i, np.uint8), i / fps) for i in range(count)]


def bare_png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG file as the PNG specification (W3C, 2003) lays it out; nothing is checked.

    Args:
        width: in pixels, whatever the rows hold.
        height: in pixels.
        depth: bits of each sample.
        colour: type; 0 is grey, 2 is red, green and blue.
        rows: each a filter byte and its samples; may be too few.
    """

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
