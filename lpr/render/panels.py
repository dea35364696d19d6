"""Flat pictures with transparency, and how they are put into a frame by their four corners."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Corners = NDArray[np.float64]
_NEXT = [1, 2, 3, 0]
_SMALLEST = 6  # pixels of the last level's shorter side


@dataclass(frozen=True, slots=True)
class Texture:
    """A picture with transparency in ever smaller sizes, so that it is never drawn coarse.

    Attributes:
        levels: (H, W, 4) uint8 BGRA with the colours times alpha, each half of the one before.
    """

    levels: tuple[Picture, ...]

    @classmethod
    def of(cls, bgr: Picture, alpha: Picture | None = None) -> Self:
        """From a picture (H, W, 3) and its transparency (H, W), None for opaque."""
        if alpha is None:
            full = cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA)
        else:
            cover = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
            full = cv2.merge([cv2.multiply(bgr, cover, scale=1 / 255), alpha])
        levels = [np.asarray(full, np.uint8)]
        while min(levels[-1].shape[:2]) >= 2 * _SMALLEST:
            height, width = levels[-1].shape[:2]
            half = cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
            levels.append(np.asarray(half, np.uint8))
        return cls(tuple(levels))

    def lit(self, gains: tuple[float, float, float]) -> Self:
        """The same in a light that multiplies blue, green and red."""
        return type(self)(tuple(_lit(level, gains) for level in self.levels))

    def level_for(self, width: float, height: float) -> Picture:
        """The smallest level that is not coarser than so many pixels."""
        fitting = [v for v in self.levels if v.shape[1] >= width and v.shape[0] >= height]
        return fitting[-1] if fitting else self.levels[0]


@dataclass(frozen=True, slots=True)
class Panel:
    """A texture in space.

    Attributes:
        texture: what is on it.
        corners: (4, 3) metres, top left, top right, bottom right, bottom left as it is seen from
            its front; x right, y up, z away.
        is_bright: whether it shines by itself at night.
    """

    texture: Texture
    corners: Corners
    is_bright: bool = False


def set_in(
    frame: Picture,
    texture: Texture,
    quad: Corners,
    gains: tuple[float, float, float] | None = None,
) -> None:
    """Draw a texture into a frame, unless its back is turned.

    Args:
        frame: (H, W, 3) uint8 BGR, changed in place.
        texture: what is drawn.
        quad: (4, 2) pixels of the frame, in the order of `Panel.corners`.
        gains: of the light, BGR; None leaves the texture as it is.
    """
    x, y = quad.T
    if x @ y[_NEXT] - y @ x[_NEXT] <= 0:
        return
    height, width = frame.shape[:2]
    x1, y1 = max(0, int(x.min())), max(0, int(y.min()))
    x2, y2 = min(width, int(x.max()) + 2), min(height, int(y.max()) + 2)
    if x2 <= x1 or y2 <= y1:
        return
    level = texture.level_for(float(np.ptp(x)), float(np.ptp(y)))
    level = _lit(level, gains) if gains else level
    rows, columns = level.shape[:2]
    source = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32) - 0.5
    target = (quad - (x1, y1) - 0.5).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    warped = cv2.warpPerspective(level, matrix, (x2 - x1, y2 - y1))
    part = frame[y1:y2, x1:x2]
    seen = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(warped, 3)), cv2.COLOR_GRAY2BGR)
    below = cv2.multiply(part, seen, scale=1 / 255)
    part[:] = cv2.add(below, cv2.cvtColor(warped, cv2.COLOR_BGRA2BGR))


def _lit(level: Picture, gains: tuple[float, float, float]) -> Picture:
    table = np.clip(np.arange(256)[:, None] * (*gains, 1.0), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(level, table[:, None]), np.uint8)
