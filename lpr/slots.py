"""The characters of a crop, from what a reader with one slot for each character gives; pure."""

import numpy as np
from numpy.typing import NDArray

from lpr.ctc import LEAST, NOTHING, character_of, folded_classes
from lpr.readings import Character

Array = NDArray[np.float32]


def slot_characters(probabilities: Array, places: NDArray[np.intp]) -> tuple[Character, ...]:
    """The characters of a crop.

    Args:
        probabilities: (S, C) of the classes for each slot, each 0..1.
        places: (C,) see `lpr.ctc.places_of`.

    Returns:
        One entry for each slot that may hold a character; an empty string among its characters
        stands for there being none, and for a character that is no letter or digit.
    """
    folded = folded_classes(probabilities, places)
    return tuple(_slot(slot) for slot in folded if slot[NOTHING] < 1 - LEAST)


def _slot(slot: Array) -> Character:
    character = character_of(slot[:NOTHING])
    nothing = float(slot[NOTHING])
    if nothing < LEAST:
        return character
    return tuple(sorted((*character, ("", nothing)), key=lambda item: -item[1]))
