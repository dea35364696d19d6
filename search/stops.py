"""Which unsure sightings are stops of a route: judged together, by place and time; pure.

Sure stops stand. What lies between two of them, before the first and after the last is a lattice:
each unsure sighting is either the vehicle's or another one's, and the chain of stops counts that is
likeliest as a whole. A chain is likely if its readings may well be of this plate, if every stop can
follow on the one before in the time that it took, and if few cameras lie between that saw nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, hypot, inf, log

from search.silence import MISSED
from search.travel_times.estimate import SLOWER, TravelTime, at_limits, expected
from search.ways import Step

MOST_UNSURE = 30  # between two sure stops; those whose reading is likeliest are judged
LIGHTS_S = 8.0  # more of spread, on short ways
TOO_FAST = 0.45  # of the time at the limits, and
CLOCKS_S = 5.0  # so much less: no vehicle is so quick
NEXT = 0.5  # that it takes a way on which the camera lies, of all that lead on from the one before
ELSEWHERE = 0.05  # that it stopped, or went somewhere else first,
ELSEWHERE_S = 7200.0  # for about so long
_IMPOSSIBLE = -40.0
Passing = Callable[[int, int], float]
"""Logarithm of how likely it is, for a second, that one sighting follows on another as the same
vehicle's; by their numbers in the order of time."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A sighting that may be the vehicle's.

    Attributes:
        number: in the order of time.
        odds: logarithm of how much likelier this reading is of the vehicle, were it there in that
            second, than of another one that passed by.
    """

    number: int
    odds: float


def passing(
    step: Step | None, seconds: float, cameras: int, learnt: Sequence[TravelTime] = ()
) -> float:
    """How likely a vehicle, seen by one camera, is seen next by another one in a given second.

    Args:
        step: the way between the cameras, None if there is none.
        seconds: between the sightings.
        cameras: how many there are.
        learnt: of the time that vehicles take from the one to the other.

    Returns:
        Natural logarithm of the density.
    """
    anywhere = elsewhere(cameras)
    if step is None or seconds <= 0:
        return log(anywhere) if seconds > 0 else _IMPOSSIBLE
    if seconds < TOO_FAST * step.seconds - CLOCKS_S:
        return _IMPOSSIBLE
    limits = at_limits(max(1.0 / SLOWER, step.seconds))
    spread = hypot(limits.spread, LIGHTS_S / max(LIGHTS_S, limits.seconds))
    usual = expected(replace(limits, spread=spread), learnt)
    off = log(seconds / usual.seconds) / usual.spread
    density = exp(-off * off / 2) / (2.507 * usual.spread * seconds)
    return log(NEXT * MISSED**step.passed * density + anywhere)


def elsewhere(cameras: int) -> float:
    """How likely a vehicle that went somewhere first passes one of so many cameras in a second."""
    return ELSEWHERE / (ELSEWHERE_S * max(1, cameras))


def believed(
    sure: Sequence[int], unsure: Sequence[Unsure], follows: Passing, appears: float
) -> dict[int, float]:
    """The unsure sightings that are stops.

    Args:
        sure: numbers of the sure ones, in order.
        unsure: in order.
        follows: how sightings follow on each other.
        appears: logarithm of how likely the vehicle is at a camera in a second, were nothing else
            known of it; counts where no sighting is sure.

    Returns:
        The probability of each that is rather a stop than not, by its number.
    """
    found: dict[int, float] = {}
    ends: list[int | None] = [None, *sure, None]
    for before, after in pairwise(ends):
        low, high = -1 if before is None else before, inf if after is None else after
        here = [one for one in unsure if low < one.number < high]
        if len(here) > MOST_UNSURE:
            likeliest = sorted(here, key=lambda one: -one.odds)[:MOST_UNSURE]
            here = sorted(likeliest, key=lambda one: one.number)
        start = 0.0 if sure else appears
        found |= _believed_between(before, here, after, follows, start)
    return found


def _believed_between(
    before: int | None, here: Sequence[Unsure], after: int | None, follows: Passing, start: float
) -> dict[int, float]:
    score, chain = _best(before, here, after, follows, start)
    found = {}
    for one in chain:
        without, _ = _best(before, [o for o in here if o is not one], after, follows, start)
        found[one.number] = 1 / (1 + exp(max(-700.0, without - score)))
    return found


def _best(
    before: int | None, here: Sequence[Unsure], after: int | None, follows: Passing, start: float
) -> tuple[float, list[Unsure]]:
    """The likeliest chain from one sure stop to the next, and how likely it is."""
    scores: list[float] = []
    chains: list[list[Unsure]] = []
    for place, one in enumerate(here):
        first = start if before is None else follows(before, one.number)
        score, chain = max(
            [(first, []), *(
                (scores[k] + follows(here[k].number, one.number), chains[k]) for k in range(place)
            )],
            key=lambda scored: scored[0],
        )  # fmt: skip
        scores.append(score + one.odds)
        chains.append([*chain, one])
    alone = 0.0 if before is None or after is None else follows(before, after)
    nobody: list[Unsure] = []
    whole = [(alone, nobody)] + [
        (score + (0.0 if after is None else follows(chain[-1].number, after)), chain)
        for score, chain in zip(scores, chains, strict=True)
    ]
    return max(whole, key=lambda scored: scored[0])
