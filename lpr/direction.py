"""Which way a vehicle drove, as its camera sees it; pure."""

from collections.abc import Sequence
from math import log

from lpr.passages import Direction
from lpr.tracks import Look

GROWN = 0.12  # logarithm of a plate's growth that is no chance: an eighth
LOWER = 1.5  # plate heights; a plate that comes nearer moves down in the frame


def direction_of(looks: Sequence[Look]) -> Direction | None:
    """Towards the camera or away from it.

    Args:
        looks: of one track, in time order.

    Returns:
        None if its plate neither grew nor shrank, and moved neither up nor down.
    """
    first, last = looks[0], looks[-1]  # of those between, most may be of the time that it stood
    grown = log(_height(last) / _height(first)) / GROWN
    height = (_height(first) + _height(last)) / 2
    lower = (last.middle[1] - first.middle[1]) / height / LOWER
    told = max(grown, lower, key=abs)
    if abs(told) < 1:
        return None
    return "towards" if told > 0 else "away"


def _height(look: Look) -> float:
    _, y1, _, y2 = look.box.bounds
    return max(1.0, y2 - y1)
