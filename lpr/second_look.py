"""When a plate is looked at once more: it was not read surely; pure."""

from lpr.readings import Reading

LOOK_AGAIN_BELOW = 0.95
"""Score below which a crop is cut again by the corners that the reader saw in it; docs/adr/0010
tells what that brings."""


def wants_second_look(reading: Reading) -> bool:
    """Whether a reading is unsure, and its reader saw where the plate lies in the crop."""
    return reading.corners is not None and reading.score < LOOK_AGAIN_BELOW


def surer(first: Reading, second: Reading) -> Reading:
    """The surer one of two readings of a plate; the first if they are as sure."""
    return second if second.score > first.score else first
