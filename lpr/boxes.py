"""A plate box: where in a frame a plate is."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""A picture, (H, W, 3) uint8 BGR."""

Point = tuple[float, float]

Corners = tuple[Point, Point, Point, Point]
"""Four, x then y, from a plate's own top left clockwise."""


@dataclass(frozen=True, slots=True)
class PlateBox:
    """Four corners of one plate.

    Attributes:
        corners: pixels of the frame, x then y, from the plate's own top left clockwise.
        score: the detector's, 0..1; not a calibrated probability.
    """

    corners: Corners
    score: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The upright box around the corners: x1, y1, x2, y2 in pixels."""
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


class Detector(Protocol):
    """Finds plates."""

    def detect(self, frame: Frame) -> list[PlateBox]:
        """Find every plate of a frame, best score first; empty if there is none."""
        ...
