"""From a plate box to a crop that is seen straight."""

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.boxes import Corners, Frame, PlateBox

MARGIN = 0.04  # of the plate's width and height, left on each side
_MAX_SIDE = 640  # pixels; more than any reader looks at
_AROUND = 0.25  # of the plate's size, cut out around it before it is straightened
_MOST = 16_384  # pixels; OpenCV straightens no picture with a side of 32,767 or more


def rectify(frame: Frame, box: PlateBox, margin: float = MARGIN) -> Frame:
    """Cut a plate out and straighten it.

    Args:
        frame: (H, W, 3) uint8 BGR.
        box: where the plate is; corners may lie outside the frame.
        margin: share of the plate's size that is kept around it.

    Returns:
        The crop in the plate's own proportions, (h, w, 3) uint8 BGR.
    """
    quad = np.array(box.corners, np.float32)
    top, right, bottom, left = (float(np.linalg.norm(quad[i] - quad[i - 3])) for i in range(4))
    width, height = max(top, bottom), max(left, right)
    factor = min(1.0, _MAX_SIDE / max(width, height, 1.0)) * (1 + 2 * margin)
    size = (max(2, round(width * factor)), max(2, round(height * factor)))
    part, quad = _part(frame, quad)
    inner = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    target = (inner * (1 - 2 * margin) + margin) * np.array(size, np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target.astype(np.float32))
    return np.asarray(
        cv2.warpPerspective(part, matrix, size, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def corners_in_frame(box: PlateBox, shares: Corners, margin: float = MARGIN) -> PlateBox:
    """Where corners that were seen in a crop lie in the frame that it was cut out of.

    Args:
        box: that the crop was cut out by.
        shares: corners in the crop, as shares of its width and height.
        margin: that the crop was cut out with.

    Returns:
        The box with those corners and its old score.
    """
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(unit, np.array(box.corners, np.float32))
    inner = (np.array(shares, np.float32) - margin) / (1 - 2 * margin)
    moved = cv2.perspectiveTransform(inner[None], matrix)[0]
    a, b, c, d = ((float(x), float(y)) for x, y in moved)
    return PlateBox((a, b, c, d), box.score)


def _part(frame: Frame, quad: NDArray[np.float32]) -> tuple[Frame, NDArray[np.float32]]:
    """The part of a frame around (4, 2) corners, and the corners in it."""
    end = np.array(frame.shape[1::-1])
    low, high = quad.min(axis=0), quad.max(axis=0)
    around = _AROUND * (high - low) + 2
    x1, y1 = np.clip(np.floor(low - around), 0, end - 1).astype(int)
    x2, y2 = np.clip(np.ceil(high + around), (x1 + 1, y1 + 1), end).astype(int)
    step = -(-max(x2 - x1, y2 - y1) // _MOST)
    origin = np.array((x1, y1), np.float32)
    return frame[y1:y2:step, x1:x2:step], (quad - origin) / np.float32(step)
