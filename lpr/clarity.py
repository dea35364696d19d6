"""How well a plate could be seen: the weight of its reading beside others of the same plate."""

import cv2
import numpy as np

from lpr.boxes import Frame

ROW_PX = 16.0
"""Height of a row of characters that is as good as any larger one."""
SHARP = 40.0
"""Deviation of the Laplacian, grey levels, of a crop that is as good as any sharper one."""
LEAST = 0.05


def clarity(crop: Frame, rows: int | None) -> float:
    """Of a crop.

    Args:
        crop: (h, w, 3) uint8 BGR.
        rows: of the plate, None if unknown.

    Returns:
        Above 0, at most 1.
    """
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    size: float = min(1.0, crop.shape[0] / (rows or 1) / ROW_PX)
    sharp = min(1.0, float(np.std(cv2.Laplacian(grey, cv2.CV_32F))) / SHARP)
    return max(LEAST, size * sharp)
