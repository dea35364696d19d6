"""Which part of a camera's picture is looked at. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.boxes import PlateBox

Polygon = tuple[tuple[float, float], ...]
"""Three corners or more, x then y, as shares 0..1 of a picture's width and height."""

Mask = NDArray[np.bool_]
"""(H, W): what is looked at."""


@dataclass(frozen=True, slots=True)
class Zone:
    """The part of a picture that is looked at.

    Attributes:
        regions: in any of these; none means everywhere.
        masks: and in none of these.
    """

    regions: tuple[Polygon, ...] = ()
    masks: tuple[Polygon, ...] = ()

    def mask(self, width: int, height: int) -> Mask:
        """The zone in a picture of that size in pixels; a pixel counts by its middle."""
        inside = _filled(self.regions, width, height) if self.regions else np.uint8(1)
        return np.broadcast_to(
            (inside > 0) & (_filled(self.masks, width, height) == 0), (height, width)
        )

    def holds(self, box: PlateBox, width: int, height: int) -> bool:
        """Whether the middle of a plate box lies in it.

        Args:
            box: in pixels of its frame.
            width: of that frame.
            height: the same.
        """
        x1, y1, x2, y2 = box.bounds
        middle = (x1 + x2) / 2 / width, (y1 + y2) / 2 / height
        is_inside = any(_is_in(middle, one) for one in self.regions) if self.regions else True
        return is_inside and not any(_is_in(middle, one) for one in self.masks)


def _filled(polygons: tuple[Polygon, ...], width: int, height: int) -> NDArray[np.uint8]:
    """(height, width), 1 inside; drawn large and sampled, since OpenCV fills the border too."""
    scale = 8
    large = np.zeros((height * scale, width * scale), np.uint8)
    for polygon in polygons:
        corners = np.array(polygon) * (width * scale, height * scale)
        cv2.fillPoly(large, [np.rint(corners).astype(np.int32)], (1,))
    return large[scale // 2 :: scale, scale // 2 :: scale]


def _is_in(point: tuple[float, float], polygon: Polygon) -> bool:
    """By counting the sides to its right (even-odd rule)."""
    x, y = point
    is_inside = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            is_inside = not is_inside
    return is_inside
