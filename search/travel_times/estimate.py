"""What is known of the time from one camera to another, and what it is expected to be; pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, log, sqrt

from search.local_time import HANOI

HOURS = 7 * 24
ANY_HOUR = HOURS  # stands for all hours of the week together
MEMORY = 200  # legs, of which each counts alike; of more the last ones count more
FIRST_SPREAD = 0.4  # of the logarithm of the time, where one leg is known
REACH = 1.5  # spreads from the middle, beyond which a leg moves it no further: it went elsewhere
_DEVIATION = 1.25  # standard deviations in the mean absolute one
SLOWER = 1.3  # times the time at the limits that a way takes: lights, other vehicles
SPREAD = 0.25  # of the logarithm of it
BEFOREHAND = 5.0  # legs that the limits count for; and all hours together, for one of them


@dataclass(frozen=True, slots=True)
class TravelTime:
    """What legs from one camera to another told, each between sightings that follow each other.

    Attributes:
        count: of legs.
        middle: of the logarithm of their seconds, robust.
        spread: of the same, as a standard deviation, robust.
    """

    count: int
    middle: float
    spread: float

    def with_leg(self, seconds: float) -> "TravelTime":
        """What is known with one leg more, of more than 0 seconds."""
        share = 1 / min(self.count + 1, MEMORY)
        reach = REACH * self.spread
        off = log(seconds) - self.middle
        near = max(-reach, min(reach, off))
        deviation = _DEVIATION * min(abs(off), 2 * reach)
        spread = self.spread + share * (deviation - self.spread)
        return TravelTime(self.count + 1, self.middle + share * near, spread)


Learnt = Callable[[str, str, datetime], Sequence[TravelTime]]
"""What is known of a leg between two cameras at a time: of all hours together, then of its hour."""


def nothing_learnt(start: str, end: str, at: datetime) -> Sequence[TravelTime]:
    """What is known where nothing was learnt."""
    return ()


def first_leg(seconds: float) -> TravelTime:
    """What one leg tells, of more than 0 seconds."""
    return TravelTime(1, log(seconds), FIRST_SPREAD)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is expected.

    Attributes:
        seconds: the middle.
        spread: of their logarithm, as a standard deviation.
        legs: that it was learnt from; 0: it is what the limits say.
    """

    seconds: float
    spread: float
    legs: int = 0


def at_limits(seconds: float) -> Usual:
    """What is expected of a way that takes so many seconds at its limits, more than 0."""
    return Usual(SLOWER * seconds, SPREAD)


def expected(limits: Usual, learnt: Iterable[TravelTime]) -> Usual:
    """What is expected with what was learnt.

    Args:
        limits: what the roads say, with which a pair of cameras begins.
        learnt: of all hours together, then of the hour; each counts as it has legs.
    """
    middle, variance, legs = log(limits.seconds), limits.spread**2, 0
    for one in learnt:
        weight = one.count / (one.count + BEFOREHAND)
        middle += weight * (one.middle - middle)
        variance += weight * (one.spread**2 - variance)
        legs = max(legs, one.count)
    return Usual(exp(middle), sqrt(variance), legs)


def hour_of_week(at: datetime) -> int:
    """0 to 167, from midnight on Monday in Hanoi."""
    there = at.astimezone(HANOI)
    return there.weekday() * 24 + there.hour
