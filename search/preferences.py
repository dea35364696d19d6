"""Which of several ways drivers prefer; pure.

Each driver sees every road as somewhat quicker or slower than it is, and takes what is then the
quickest (a probit model). Ways that share most of their roads share most of what is felt about
them, so many small detours do not outweigh another way.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FELT = 0.2  # spread (of the logarithm) of what drivers think of one road
DRIVERS = 400  # that are asked
UNASKED = 0.3  # drivers more, shared by all ways: one that nobody took is not impossible


def shares(
    ways: Sequence[Sequence[int]],
    seconds: Sequence[float],
    ends: Sequence[float],
    kinds: Sequence[Sequence[bool]] = (),
) -> NDArray[np.float64]:
    """The share of drivers that takes each way.

    Args:
        ways: one or more, each the roads that are driven whole.
        seconds: that each road takes, by the numbers in `ways`.
        ends: (N,) seconds on the roads at both ends of each way, of which only a part is driven.
        kinds: (K, N) of each kind of driver, as many of each, which ways it may take; one that may
            take none is not asked. Without any, every driver may take all.

    Returns:
        (N,) probabilities that make 1; the same each time.
    """
    roads = {road: place for place, road in enumerate(dict.fromkeys(r for w in ways for r in w))}
    drives = np.zeros((max(1, len(roads)), len(ways)))
    for number, way in enumerate(ways):
        drives[[roads[road] for road in way], number] = 1.0
    true = np.array([seconds[road] for road in roads] or [0.0])
    felt = true * _feelings(len(true))
    times = felt @ drives + ends
    asked = Counter(tuple(kind) for kind in kinds if any(kind)) or {(True,) * len(ways): 1}
    taken = np.full(len(ways), UNASKED / len(ways))
    for kind, often in asked.items():
        best = np.where(kind, times, np.inf).argmin(1)
        taken += np.bincount(best, minlength=len(ways)) * often / sum(asked.values())
    share: NDArray[np.float64] = taken / taken.sum()
    return share


@lru_cache(maxsize=64)
def _feelings(roads: int) -> NDArray[np.float64]:
    """What each driver thinks of each road, (DRIVERS, roads) times its time."""
    return np.random.default_rng(0).lognormal(0.0, FELT, (roads, DRIVERS)).T
