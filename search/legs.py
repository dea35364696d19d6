"""Legs: what lies between two stops of a route; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from typing import Literal

from search.roads.graph import Way

Verdict = Literal["ordinary", "slow", "fast", "impossible", "gap"]
WaysBetween = Callable[[str, str], Sequence[Way]]
"""The ways from one camera to another, quickest first; empty if none is known."""
StraightBetween = Callable[[str, str], float | None]
"""Metres between two cameras as the crow flies; None if one is not known."""

CLOCKS_S = 5.0  # two cameras' clocks may differ by so much
PARKED_S = 2 * 3600.0  # nobody stands in a jam for so long: a new trip begins
GAP_S = 1200.0  # beyond what is slow: the vehicle was elsewhere in between
SLOW = 3.0  # times the way's time; lights and rush hours make it twice
LIGHTS_S = 90.0  # a red light or two, which make a short way slow and say nothing
FAST = 0.6  # of the way's time, at its limits
IMPOSSIBLE_KMH = 160.0  # on no road of a city
IMPOSSIBLE = 1 / 3  # of the way's time: three times the limit
AGAIN_S = 120.0  # seen twice by one camera within it: it was waiting there
# How likely ways are: fitted to the drivers of rendered traffic, who each value roads in their own
# way. Of 961 legs, ways said to be 60 to 70 % likely were driven in 69 %, 80 to 88 % in 94 %.
SPREAD = 0.06  # of the best way's time: how much longer drivers accept
LEAST_SPREAD_S = 3.0
OTHER = 0.12  # probability of a way that is not among those found
OTHER_SLOW = 0.5  # the same where it took so long that it rather went another way


@dataclass(frozen=True, slots=True)
class Path:
    """A guessed way: never a fact.

    Attributes:
        way: the roads.
        probability: 0..1 that it was driven.
    """

    way: Way
    probability: float


@dataclass(frozen=True, slots=True)
class Leg:
    """Between one stop and the next.

    Attributes:
        start, end: indices of the stops.
        seconds: between them.
        metres: by the best way; as the crow flies where no way is known; None if not even that.
        kmh: metres over seconds, None where either is missing or zero.
        verdict: how seconds and metres fit.
        paths: guessed ways, best first; none where it was elsewhere in between (gap), or where no
            vehicle can have driven it (impossible).
        is_trip_break: whether the vehicle was parked: a new trip begins after it.
        is_straight: whether `metres` is as the crow flies.
    """

    start: int
    end: int
    seconds: float
    metres: float | None
    kmh: float | None
    verdict: Verdict
    paths: tuple[Path, ...] = ()
    is_trip_break: bool = False
    is_straight: bool = False


def legs_of(
    stops: Sequence[tuple[str, datetime]], ways: WaysBetween, straight: StraightBetween
) -> tuple[Leg, ...]:
    """The legs between stops.

    Args:
        stops: camera and time of each, oldest first.
        ways: between two cameras.
        straight: distance between two cameras.

    Returns:
        One leg less than there are stops.
    """
    return tuple(_leg(i, stops, ways, straight) for i in range(len(stops) - 1))


def _leg(
    index: int, stops: Sequence[tuple[str, datetime]], ways: WaysBetween, straight: StraightBetween
) -> Leg:
    (camera, at), (next_camera, next_at) = stops[index], stops[index + 1]
    seconds = (next_at - at).total_seconds()
    is_break = seconds > PARKED_S
    if camera == next_camera:
        again: Verdict = "ordinary" if seconds <= AGAIN_S else "gap"
        return Leg(index, index + 1, seconds, 0.0, None, again, is_trip_break=is_break)
    known = ways(camera, next_camera)
    if known:
        best = known[0]
        verdict = "gap" if is_break else judge(seconds, best.metres, best.seconds)
        shown = () if verdict in ("gap", "impossible") else weigh(known, _other(verdict))
        kmh = _kmh(best.metres, seconds)
        return Leg(index, index + 1, seconds, best.metres, kmh, verdict, shown, is_break)
    metres = straight(camera, next_camera)
    verdict = "gap"
    if metres is not None and _too_fast(metres, seconds):
        verdict = "impossible"
    kmh = None if metres is None else _kmh(metres, seconds)
    return Leg(index, index + 1, seconds, metres, kmh, verdict, (), is_break, metres is not None)


def judge(seconds: float, metres: float, way_seconds: float) -> Verdict:
    """How the time between two stops fits the best way.

    Args:
        seconds: between the stops.
        metres: of the best way.
        way_seconds: it takes at the limits.
    """
    spent = seconds + CLOCKS_S
    if _too_fast(metres, seconds) and spent < IMPOSSIBLE * way_seconds:
        return "impossible"
    if spent < FAST * way_seconds:
        return "fast"
    if seconds > SLOW * way_seconds + LIGHTS_S + GAP_S:
        return "gap"
    return "slow" if seconds > SLOW * way_seconds + LIGHTS_S else "ordinary"


def weigh(ways: Sequence[Way], other: float = OTHER) -> tuple[Path, ...]:
    """Give each way its probability, by how much longer than the best it takes.

    Args:
        ways: one or more, quickest first.
        other: probability 0..1 that it was none of them.

    Returns:
        Best first; the probabilities and `other` make 1.
    """
    best = ways[0].seconds
    spread = max(SPREAD * best, LEAST_SPREAD_S)
    weights = [exp(-(way.seconds - best) / spread) for way in ways]
    total = sum(weights) / (1 - other)
    paths = [Path(way, w / total) for way, w in zip(ways, weights, strict=True)]
    return tuple(sorted(paths, key=lambda path: -path.probability))


def _other(verdict: Verdict) -> float:
    return OTHER_SLOW if verdict == "slow" else OTHER


def _kmh(metres: float, seconds: float) -> float | None:
    return metres / seconds * 3.6 if seconds > 0 else None


def _too_fast(metres: float, seconds: float) -> bool:
    return metres / (seconds + CLOCKS_S) * 3.6 > IMPOSSIBLE_KMH
