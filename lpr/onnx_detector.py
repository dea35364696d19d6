"""Our own detector: a frame through an ONNX model to plate boxes."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.boxes import Frame, PlateBox
from lpr.overlaps import SAME_ABOVE, overlaps
from lpr.session import open_session

MULTIPLE = 64  # pixels; the network halves its input six times
OUTPUTS = ("logits", "corners")
MAX_CELLS = 1000  # cells looked at in a frame; one plate fills some dozens

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A frame made to fit the network.

    Attributes:
        picture: (1, H, W, 3) uint8 BGR, sides multiples of 64.
        scale: pixels of the input to a pixel of the frame, x then y.
    """

    picture: NDArray[np.uint8]
    scale: tuple[float, float]


def fit(frame: Frame, longest: int) -> Fitted:
    """Scale a frame so that its longer side is `longest`, and pad it right and below with grey.

    Args:
        frame: (H, W, 3) uint8 BGR.
        longest: pixels, a multiple of 64.

    Returns:
        The input and its scale.
    """
    height, width = frame.shape[:2]
    factor = longest / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    flags = cv2.INTER_AREA if 0.5 < factor < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(_shrunk(frame, factor), size, interpolation=flags)
    padded = np.full((_up(size[1]), _up(size[0]), 3), 114, np.uint8)
    padded[: size[1], : size[0]] = resized
    return Fitted(padded[None], (size[0] / width, size[1] / height))


def _shrunk(frame: Frame, factor: float) -> Frame:
    """A large frame by a whole number: averages of whole pixels take a quarter of the time."""
    height, width = frame.shape[:2]
    whole = int(1 / factor)
    if whole < 2:
        return frame
    size = (max(1, width // whole), max(1, height // whole))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def _up(pixels: int) -> int:
    return -(-pixels // MULTIPLE) * MULTIPLE


def merge(scores: Array, corners: Array, min_score: float) -> list[PlateBox]:
    """Plate boxes from the answers of all cells.

    Cells that see the same plate are merged: the best one's score, and corners that are the mean of
    all of them, weighted by the square of their scores.

    Args:
        scores: (M,) 0..1.
        corners: (M, 8) pixels, x then y, from top left clockwise.
        min_score: cells below are left out.

    Returns:
        Boxes, best score first.
    """
    enough = np.flatnonzero(scores >= min_score)
    order = enough[np.argsort(-scores[enough], kind="stable")[:MAX_CELLS]]
    scores, corners = scores[order], corners[order]
    xs, ys = corners[:, 0::2], corners[:, 1::2]
    bounds = np.stack([xs.min(1), ys.min(1), xs.max(1), ys.max(1)], 1)
    boxes = []
    left = np.ones(len(order), bool)
    for index in range(len(order)):
        if not left[index]:
            continue
        same = left & (overlaps(bounds[index], bounds) > SAME_ABOVE)
        same[index] = True
        left &= ~same
        weights = np.maximum(scores[same] ** 2, 1e-12)  # also where every score is nothing
        mean = (weights[:, None] * corners[same]).sum(0) / weights.sum()
        x1, y1, x2, y2, x3, y3, x4, y4 = (float(v) for v in mean)
        quad = ((x1, y1), (x2, y2), (x3, y3), (x4, y4))
        boxes.append(PlateBox(quad, float(scores[index])))
    return boxes


def unscale(box: PlateBox, scale: tuple[float, float]) -> PlateBox:
    """The box in pixels of the frame instead of the input."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ((x / scale[0], y / scale[1]) for x, y in box.corners)
    return PlateBox(((ax, ay), (bx, by), (cx, cy), (dx, dy)), box.score)


class OnnxDetector:
    """Our detector in an onnxruntime session; see `lpr.boxes.Detector`.

    Args:
        file: the ONNX model, (1, H, W, 3) uint8 in; logits (1, M) and corners (1, M, 8) out.
        longest: longer side of the input in pixels.
        min_score: boxes below are dropped.
        threads: of the session.

    Raises:
        ModelError: the file is no such model.
    """

    def __init__(self, file: Path, longest: int, min_score: float, threads: int) -> None:
        self._session = open_session(file, OUTPUTS, threads)
        self._input = self._session.get_inputs()[0].name
        self._longest = longest
        self._min_score = min_score

    def detect(self, frame: Frame) -> list[PlateBox]:
        """Find every plate of a frame, best score first."""
        fitted = fit(frame, self._longest)
        logits, corners = self._session.run(None, {self._input: fitted.picture})
        scores = 1 / (1 + np.exp(-np.clip(logits[0], -80, 80)))  # beyond it float32 ends
        return [unscale(b, fitted.scale) for b in merge(scores, corners[0], self._min_score)]
