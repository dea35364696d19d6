"""Which of several ways drivers prefer; pure.

Each driver sees every road as somewhat quicker or slower than it is, and takes what is then the
quickest (a probit model). Ways that share most of their roads share most of what is felt about
them, so many small detours do not outweigh another way.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
    driven = [road for way in ways for road in way]
    places = {road: place for place, road in enumerate(dict.fromkeys(driven))}
    true = [seconds[road] for road in driven]
    ends_of_ways = [0, *accumulate(map(len, ways))]
    # sparse: there is a road on few ways; and dense products wait for each other's threads
    drives = csr_array(
        (true, [places[road] for road in driven], ends_of_ways), (len(ways), len(places))
    )
    times = (drives @ _feelings(len(places))).T + ends
    asked = Counter(tuple(kind) for kind in kinds if any(kind)) or {(True,) * len(ways): 1}
    taken = np.full(len(ways), UNASKED / len(ways))
    for kind, often in asked.items():
        best = np.where(kind, times, np.inf).argmin(1)
        taken += np.bincount(best, minlength=len(ways)) * often / sum(asked.values())
    share: NDArray[np.float64] = taken / taken.sum()
    return share


def _feelings(roads: int) -> NDArray[np.float64]:
    """What each driver thinks of each road, (roads, DRIVERS) times its time."""
    return _more_feelings(1 << roads.bit_length())[:roads]


@lru_cache(maxsize=16)
def _more_feelings(roads: int) -> NDArray[np.float64]:
    """The same of some roads more: what is thought of a road does not depend on how many follow."""
    return np.random.default_rng(0).lognormal(0.0, FELT, (roads, DRIVERS))
