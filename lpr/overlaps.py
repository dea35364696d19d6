"""How far upright boxes overlap: whether two of them are of the same plate; pure."""

import numpy as np
from numpy.typing import NDArray

from lpr.boxes import PlateBox

SAME_ABOVE = 0.3  # share of two boxes' union above which they are the same plate
MOST_BOXES = 1000  # best boxes looked at in a frame
_WITHIN = 0.8  # share of the smaller box above which it lies in the other

Array = NDArray[np.float32]


def overlaps(box: Array, boxes: Array) -> Array:
    """Share of the union, or 1 where one box nearly lies in the other.

    Args:
        box: (4,) x1, y1, x2, y2 in pixels.
        boxes: (M, 4) as `box`.

    Returns:
        (M,) 0..1.
    """
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    inside = np.clip(high - low, 0, None).prod(1)
    area = (box[2] - box[0]) * (box[3] - box[1])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    union = inside / np.maximum(area + areas - inside, 1e-6)
    part = inside / np.maximum(np.minimum(area, areas), 1e-6)
    return np.asarray(np.where(part > _WITHIN, 1.0, union), np.float32)


def bounds_of(boxes: list[PlateBox]) -> Array:
    """(M, 4) upright boxes around plate boxes."""
    return np.array([box.bounds for box in boxes], np.float32).reshape(-1, 4)


def apart(scores: NDArray[np.floating], bounds: Array) -> NDArray[np.intp]:
    """Which boxes are left when of those that overlap only the best one stays.

    Args:
        scores: (M,) of the boxes.
        bounds: (M, 4) x1, y1, x2, y2 in pixels.

    Returns:
        Their places, best score first; of more than `MOST_BOXES` the others are not looked at.
    """
    order = np.argsort(-scores, kind="stable")[:MOST_BOXES]
    kept = []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        order = order[overlaps(bounds[best], bounds[order]) <= SAME_ABOVE]
    return np.array(kept, np.intp)


def best_of_each(boxes: list[PlateBox]) -> list[PlateBox]:
    """One box of each plate: of those that overlap the one with the best score.

    Args:
        boxes: in pixels of one frame, in any order.

    Returns:
        What is left of them, best score first.
    """
    scores = np.array([box.score for box in boxes], np.float64)
    return [boxes[place] for place in apart(scores, bounds_of(boxes))]


def without(boxes: list[PlateBox], known: list[PlateBox]) -> list[PlateBox]:
    """Those boxes that are of no known plate, in their order."""
    others = bounds_of(known)
    return [
        box
        for box, bounds in zip(boxes, bounds_of(boxes), strict=True)
        if not (overlaps(bounds, others) > SAME_ABOVE).any()
    ]
