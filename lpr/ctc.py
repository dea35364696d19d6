"""The characters of one line, from what a reader with CTC classes gives for it; pure.

CTC (Graves et al., 2006): the reader gives a class for each of many narrow columns; a class that is
repeated is one character, and the class *blank* stands between characters.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from lpr.plates import normal_text
from lpr.readings import Character

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NOTHING = len(ALPHABET)  # place of everything that normal form leaves out, blank as well
KEPT = 5  # likeliest characters kept for each position
LEAST = 0.001  # probability below which a character is not kept

Array = NDArray[np.float32]


def places_of(classes: Sequence[str]) -> NDArray[np.intp]:
    """Where each class belongs in the alphabet of plates.

    Args:
        classes: the reader's, in its order; anything longer than a character is a name (`blank`).

    Returns:
        (C,) places in `ALPHABET`, `NOTHING` for what is no letter or digit in normal form.
    """
    normal = [normal_text(c) if len(c) == 1 else "" for c in classes]
    return np.array([ALPHABET.index(n) if len(n) == 1 else NOTHING for n in normal], np.intp)


def characters_of(probabilities: Array, places: NDArray[np.intp]) -> tuple[Character, ...]:
    """The characters of a line.

    Args:
        probabilities: (T, C) of the classes for each column from left to right, each 0..1.
        places: (C,) see `places_of`.

    Returns:
        One entry for each character, of the column where it is surest. What is missing to 1 is for
        characters not kept, and for there being none.
    """
    folded = folded_classes(probabilities, places)
    best = folded.argmax(axis=1)
    characters = []
    for place, columns in groupby(range(len(best)), key=lambda column: best[column]):
        if place != NOTHING:
            surest = max(columns, key=lambda column: float(folded[column, place]))
            characters.append(character_of(folded[surest, :NOTHING]))
    return tuple(characters)


def folded_classes(probabilities: Array, places: NDArray[np.intp]) -> Array:
    """Probabilities of the alphabet of plates instead of a reader's own classes.

    Args:
        probabilities: (T, C), each 0..1.
        places: (C,) see `places_of`.

    Returns:
        (T, len(ALPHABET) + 1): `a` and `A` are one character, and all that is none is nothing.
    """
    folded = np.zeros((len(probabilities), NOTHING + 1), np.float32)
    used = places != NOTHING
    np.add.at(folded.T, places[used], probabilities[:, used].T)
    folded[:, NOTHING] = np.clip(1 - folded.sum(axis=1), 0, 1)
    return folded


def character_of(column: Array) -> Character:
    """The likeliest characters of (len(ALPHABET),) probabilities; at least one."""
    best = np.argsort(-column, kind="stable")[:KEPT]
    kept = [i for n, i in enumerate(best) if n == 0 or column[i] >= LEAST]
    return tuple((ALPHABET[i], min(1.0, float(column[i]))) for i in kept)
