"""Plates that a detector saw twice in one frame, as a whole and in part; pure."""

from collections.abc import Sequence

from lpr.boxes import PlateBox
from lpr.recognition import SeenPlate

SAME = 0.5  # of the smaller box lies in the other: no plate covers so much of another


def once_each(plates: Sequence[SeenPlate]) -> list[SeenPlate]:
    """Of boxes that are of the same plate the one that was read most surely.

    Args:
        plates: everything seen in one frame.
    """
    kept: list[SeenPlate] = []
    for plate in sorted(plates, key=lambda one: -one.reading.score):
        if all(shared(plate.box, other.box) <= SAME for other in kept):
            kept.append(plate)
    return kept


def shared(one: PlateBox, other: PlateBox) -> float:
    """Share of the smaller of two upright boxes that lies in the other, 0..1."""
    (a1, b1, a2, b2), (c1, d1, c2, d2) = one.bounds, other.bounds
    inside = max(0.0, min(a2, c2) - max(a1, c1)) * max(0.0, min(b2, d2) - max(b1, d1))
    smaller = min((a2 - a1) * (b2 - b1), (c2 - c1) * (d2 - d1))
    return inside / smaller if smaller > 0 else 0.0
