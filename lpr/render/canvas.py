"""A transparent picture that is drawn on in metres."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.render.panels import Picture, Texture

Colour = tuple[float, float, float]
_SHIFT = 4  # fractional bits of cv2's coordinates


class Canvas:
    """Drawn on in metres: x from its middle to the right, y from its foot upwards.

    Args:
        width_m, height_m: its size.
        px_per_m: pixels for each metre.
    """

    def __init__(self, width_m: float, height_m: float, px_per_m: float) -> None:
        self.width_m, self.height_m, self._scale = width_m, height_m, px_per_m
        size = (max(8, round(height_m * px_per_m)), max(8, round(width_m * px_per_m)))
        self._bgr = np.zeros((*size, 3), np.uint8)
        self._alpha = np.zeros(size, np.uint8)

    def shape(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        at = [self._pixels(np.array(points, np.float64))]
        cv2.fillPoly(self._bgr, at, colour, cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(self._alpha, at, (255,), cv2.LINE_AA, _SHIFT)

    def box(
        self, x1: float, y1: float, x2: float, y2: float, colour: Colour, round_m: float = 0.0
    ) -> None:
        """A rectangle from its lower left to its upper right, with round corners."""
        r = min(round_m, abs(x2 - x1) / 2, abs(y2 - y1) / 2)
        if r <= 0:
            self.shape([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], colour)
            return
        turns = np.linspace(0, np.pi / 2, 5)
        corners = (
            (x2 - r, y2 - r, 0),
            (x1 + r, y2 - r, 1),
            (x1 + r, y1 + r, 2),
            (x2 - r, y1 + r, 3),
        )
        points = [
            (x + r * np.cos(a + q * np.pi / 2), y + r * np.sin(a + q * np.pi / 2))
            for x, y, q in corners
            for a in turns
        ]
        self.shape(points, colour)

    def mirrored(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A polygon on both sides."""
        self.shape(points, colour)
        self.shape([(-x, y) for x, y in points], colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """A filled ellipse."""
        turns = np.linspace(0, 2 * np.pi, 28)
        self.shape([(x + rx * np.cos(a), y + ry * np.sin(a)) for a in turns], colour)

    def line(
        self, points: Sequence[tuple[float, float]], colour: Colour, thickness_m: float
    ) -> None:
        """A line with round ends."""
        thickness = max(1, round(thickness_m * self._scale))
        at = [self._pixels(np.array(points, np.float64))]
        cv2.polylines(self._bgr, at, False, colour, thickness, cv2.LINE_AA, _SHIFT)
        cv2.polylines(self._alpha, at, False, (255,), thickness, cv2.LINE_AA, _SHIFT)

    def put(self, picture: Picture, x1: float, y1: float, x2: float, y2: float) -> None:
        """An opaque picture stretched into a rectangle that lies inside."""
        (left, top), (right, bottom) = self._pixels(np.array([(x1, y2), (x2, y1)])) >> _SHIFT
        if right - left > 1 and bottom - top > 1:
            small = cv2.resize(picture, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
            self._bgr[top:bottom, left:right] = small
            self._alpha[top:bottom, left:right] = 255

    def shade(self, across: float, down: float, rng: np.random.Generator | None = None) -> None:
        """Darken towards both sides and towards the foot, as a rounded body is; 0 leaves it."""
        height, width = self._alpha.shape
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] ** 4
        y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        gain = (1 - across * x) * (1 - down * y)
        if rng is not None:
            gain = gain * (1 + rng.normal(0, 0.02, (height, width)).astype(np.float32))
        self._bgr = np.clip(self._bgr * gain[..., None], 0, 255).astype(np.uint8)

    def soften(self, sigma_m: float) -> None:
        """Blur colours, not the outline."""
        self._bgr = np.asarray(cv2.GaussianBlur(self._bgr, (0, 0), sigma_m * self._scale), np.uint8)

    def texture(self) -> Texture:
        """What was drawn."""
        return Texture.of(self._bgr, self._alpha)

    def picture(self) -> Picture:
        """What was drawn, without its transparency."""
        return self._bgr

    def _pixels(self, points: NDArray[np.float64]) -> NDArray[np.int32]:
        at = (points * (1, -1) + (self.width_m / 2, self.height_m)) * self._scale
        return np.round(at * (1 << _SHIFT)).astype(np.int32)
