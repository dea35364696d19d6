"""A picture made to fit a network without changing its proportions; pure."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.boxes import Frame

GREY = 114  # of the borders; what YOLO's tooling and fast-plate-ocr were trained with


@dataclass(frozen=True, slots=True)
class Letterboxed:
    """A picture in the middle of grey borders.

    Attributes:
        picture: (H, W, 3) uint8 BGR, of the size asked for.
        scale: pixels of it to a pixel of the original, x then y.
        offset: left and upper border in pixels, x then y.
    """

    picture: Frame
    scale: tuple[float, float]
    offset: tuple[int, int]


def letterbox(picture: Frame, size: tuple[int, int]) -> Letterboxed:
    """Scale a picture so that it just fits into a size, and fill up around it with grey.

    As Ultralytics' `LetterBox` with `center=True` and fast-plate-ocr's `keep_aspect_ratio` do it:
    linear interpolation, and an odd pixel of border goes right or below.

    Args:
        picture: (H, W, 3) uint8 BGR, at least one pixel.
        size: width and height in pixels.

    Returns:
        The picture, and where in it the original lies.
    """
    height, width = picture.shape[:2]
    factor = min(size[0] / width, size[1] / height)
    inner = (max(1, round(width * factor)), max(1, round(height * factor)))
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    boxed = np.full((size[1], size[0], 3), GREY, np.uint8)
    boxed[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        picture, inner, interpolation=cv2.INTER_LINEAR
    )
    return Letterboxed(boxed, (inner[0] / width, inner[1] / height), (left, top))


def original_points(points: NDArray[np.float32], boxed: Letterboxed) -> NDArray[np.float32]:
    """Points of a letterboxed picture as points of the original.

    Args:
        points: (..., 2) pixels, x then y.
        boxed: the picture that they lie in.

    Returns:
        (..., 2) pixels of the original.
    """
    offset, scale = (np.array(pair, np.float32) for pair in (boxed.offset, boxed.scale))
    return (points - offset) / scale
