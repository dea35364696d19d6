"""Our own reader: crops through an ONNX model with one slot for each character."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.boxes import Frame
from lpr.calibration import AS_IT_IS, Calibration
from lpr.plates import aligned, choose, vehicle_kind
from lpr.readings import NOTHING_READ, Character, Colour, Reading
from lpr.session import open_session

COLOURS: tuple[Colour, ...] = ("white", "yellow", "blue", "red")
OUTPUTS = ("logits", "rows", "colours", "corners")
BATCH = 8  # crops in one run of the session
KEPT = 5  # likeliest characters kept for each position
LEAST = 0.001  # probability below which a character is not kept
EMPTY_ABOVE = 0.5  # share of blank in the first slot above which nothing was read

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ReaderShape:
    """What the manifest says of a reader with fixed slots.

    Attributes:
        name: of the model, kept with every reading.
        alphabet: characters in the order of the model's classes; the blank comes after them.
        height, width: of the input in pixels.
        temperature: divides the logits, fitted so that probabilities mean what they say.
        calibration: of the whole text's score.
    """

    name: str
    alphabet: str
    height: int
    width: int
    temperature: float
    calibration: Calibration = AS_IT_IS


class OnnxReader:
    """Our reader in an onnxruntime session; see `lpr.reader.Reader`.

    Args:
        file: the ONNX model: (N, H, W, 3) uint8 BGR in; logits of characters (N, S, A + 1), of one
            and two rows (N, 2) and of `COLOURS` (N, 4), and the plate's corners in the crop
            (N, 4, 2), shares of its width and height, out.
        shape: see `ReaderShape`.
        threads: that share the crops. Within one crop's small network they would wait for each
            other longer than they work.

    Raises:
        ModelError: the file is no such model.
    """

    def __init__(self, file: Path, shape: ReaderShape, threads: int) -> None:
        self._session = open_session(file, OUTPUTS, threads=1)
        self._input = self._session.get_inputs()[0].name
        self._shape = shape
        self._threads = threads
        self._others = ThreadPoolExecutor(max(1, threads - 1), "reader")

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        """Read rectified crops of any size, in order."""
        share = max(1, ceil(len(crops) / self._threads))
        others = [
            self._others.submit(self._read, crops[start : start + share])
            for start in range(share, len(crops), share)
        ]
        readings = self._read(crops[:share])
        return [*readings, *(reading for other in others for reading in other.result())]

    def _read(self, crops: Sequence[Frame]) -> list[Reading]:
        size = (self._shape.width, self._shape.height)
        readings = []
        for start in range(0, len(crops), BATCH):
            batch = np.stack([_resized(crop, size) for crop in crops[start : start + BATCH]])
            logits, rows, colours, corners = self._session.run(None, {self._input: batch})
            readings += [
                reading_of(slots, row, colour, quad, self._shape)
                for slots, row, colour, quad in zip(logits, rows, colours, corners, strict=True)
            ]
        return readings


def reading_of(
    logits: Array, rows: Array, colours: Array, corners: Array, shape: ReaderShape
) -> Reading:
    """Make a reading of one crop's logits.

    Args:
        logits: (S, A + 1) of the slots.
        rows: (2,) of one and two rows.
        colours: (4,) in the order of `COLOURS`.
        corners: (4, 2) of the plate in the crop, shares of its width and height.
        shape: of the reader.

    Returns:
        The reading; the grammar entered once, among the candidates. `NOTHING_READ` where blank
        is likeliest.
    """
    probabilities = softmax(logits / shape.temperature)
    slots = _characters(probabilities, shape.alphabet)
    candidates = shape.calibration.candidates(choose(slots))
    text = candidates[0][0]
    if not text or dict(slots[0]).get("", 0.0) > EMPTY_ABOVE:
        return NOTHING_READ
    row_count = int(rows.argmax()) + 1
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    colour = COLOURS[int(colours.argmax())]
    return Reading(
        text=text,
        raw="".join(slot[0][0] for slot in slots),
        score=candidates[0][1],
        chars=aligned(slots, text),
        candidates=candidates,
        rows=row_count,
        colour=colour,
        kind=vehicle_kind(text, row_count, colour),
        model=shape.name,
        corners=(a, b, c, d),
    )


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def _characters(probabilities: Array, alphabet: str) -> tuple[Character, ...]:
    """The likeliest characters of each slot, best first; an empty string is the blank."""
    least = np.minimum(LEAST, probabilities.max(1, keepdims=True))  # the likeliest always stays
    places = np.nonzero(probabilities >= least)
    names = (*alphabet, "")
    slots: list[list[tuple[str, float]]] = [[] for _ in probabilities]
    for slot, index in zip(*(axis.tolist() for axis in places), strict=True):
        slots[slot].append((names[index], float(probabilities[slot, index])))
    return tuple(tuple(sorted(slot, key=lambda item: -item[1])[:KEPT]) for slot in slots)


def _resized(crop: Frame, size: tuple[int, int]) -> Frame:
    # averages whole areas only where two pixels each way are too few: it takes four times as long
    flags = cv2.INTER_AREA if crop.shape[1] > 2 * size[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, size, interpolation=flags), np.uint8)
