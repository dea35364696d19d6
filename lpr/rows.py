"""The rows of a crop: one, or two that are cut apart for readers that read single lines; pure."""

import numpy as np
from numpy.typing import NDArray

from lpr.boxes import Frame

TWO_BELOW, ONE_ABOVE = 2.5, 3.0
"""Width by height. docs/plates.md: plates of two rows are 1.36 to 2.00, of one row 4.27 to 4.73."""
LOWEST = 8  # pixels: two rows of less than 4 each cannot be read
MIDDLE = (0.4, 0.6)
"""Share of the height where the rows part; further out lie dashes, screws and frame lines."""
SMOOTHED = 0.03  # share of the height: half of the narrowest gap that plates are made with
OVERLAP = 0.02  # share of the height that both rows keep, for a crop that is a little tilted
QUIET_BELOW = 0.8
"""Of the rows' own activity. Measured at the quietest line of rendered plates (300 each): one row
0.82 to 1.4, two rows 0.05 to 0.72, worn and warped ones 0.25 to 0.96."""

_Activity = NDArray[np.float64]


def cut_rows(crop: Frame) -> tuple[Frame, ...]:
    """The rows of a plate, the upper one first.

    Proportions decide where plates have them (see `TWO_BELOW`). Between, no plate lies: the box was
    inexact, and what is in the middle decides. Characters of one row are busiest there; where two
    rows part it is quiet.

    Args:
        crop: (H, W, 3) uint8 BGR, rectified, at least one pixel.

    Returns:
        Views of the crop: itself, or two that overlap a little.
    """
    height, width = crop.shape[:2]
    ratio = width / height
    if ratio > ONE_ABOVE or height < LOWEST:
        return (crop,)
    activity = _activity(crop)
    line = _quietest(activity)
    if ratio >= TWO_BELOW and not _parts(activity, line):
        return (crop,)
    overlap = round(OVERLAP * height)
    return crop[: line + overlap], crop[line - overlap :]


def _activity(crop: Frame) -> _Activity:
    """For each line, how much its pixels change from left to right; smoothed, (H,)."""
    grey = crop.mean(axis=2)
    changes = np.abs(np.diff(grey, axis=1)).sum(axis=1)
    size = max(1, round(SMOOTHED * len(changes)))
    before = size // 2
    padded = np.pad(changes, (before, size - 1 - before), mode="edge")
    return np.convolve(padded, np.ones(size) / size, "valid")


def _quietest(activity: _Activity) -> int:
    """The quietest line near the middle, and of equal ones the one nearest to it."""
    first, last = _middle(activity)
    return min(range(first, last), key=lambda y: (activity[y], abs(2 * y - len(activity))))


def _parts(activity: _Activity, line: int) -> bool:
    """Whether a line is so quiet that it lies between two rows."""
    first, last = _middle(activity)
    upper, lower = np.median(activity[:first]), np.median(activity[last:])
    return bool(activity[line] < QUIET_BELOW * min(upper, lower))


def _middle(activity: _Activity) -> tuple[int, int]:
    first, last = (round(share * len(activity)) for share in MIDDLE)
    return first, last
