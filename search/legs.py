"""Legs: what lies between two stops of a route; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, log
from typing import Literal, Protocol

import numpy as np

from search.roads.graph import Way
from search.travel_times.estimate import Learnt, Usual, at_limits, expected, nothing_learnt
from search.ways import FEW_WAYS, MOST_WAYS, Choice

Verdict = Literal["ordinary", "slow", "fast", "impossible", "gap"]
Missing = Callable[[str, datetime, datetime], float]
"""Probability that a camera does not show a vehicle that passes it in a span."""


class Ways(Protocol):
    """What is known of the ways between cameras; see `search.ways.CameraWays`."""

    def between(self, start: str, end: str, most: int, /) -> Sequence[Choice]:
        """Quickest first; empty if none is known."""

    def way(self, choice: Choice, /) -> Way:
        """A choice with its line."""

    def straight(self, start: str, end: str, /) -> float | None:
        """Metres as the crow flies; None if a camera is not known."""


CLOCKS_S = 5.0  # two cameras' clocks may differ by so much
PARKED_S = 2 * 3600.0  # nobody stands in a jam for so long: a new trip begins
GAP_S = 1200.0  # beyond what is slow: the vehicle was elsewhere in between
SLOW = 3.345  # spreads above what is usual: three times the time at the limits, if that is all
WELL_KNOWN = 10  # legs, from which on what is usual is shown
LIGHTS_S = 90.0  # a red light or two, which make a short way slow and say nothing
FAST = 0.6  # of the way's time, at its limits
IMPOSSIBLE_KMH = 160.0  # on no road of a city
IMPOSSIBLE = 1 / 3  # of the way's time: three times the limit
AGAIN_S = 120.0  # seen twice by one camera within it: it was waiting there
SHOWN, LEAST = 12, 0.002  # ways of a leg at most, and the least probability of one
MANY = 40  # stops, from which on fewer ways are weighed, so that a page comes in time
SURE = 1.3  # how much surer than the parts of the model are together; fitted, see docs/adr/0014
OTHER = 0.01  # probability of a way that is not among those found
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
        usual_s: seconds that vehicles usually take at this hour of the week, where that is known.
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
    usual_s: float | None = None


def legs_of(
    stops: Sequence[tuple[str, datetime]],
    ways: Ways,
    missing: Missing,
    learnt: Learnt = nothing_learnt,
) -> tuple[Leg, ...]:
    """The legs between stops.

    Args:
        stops: camera and time of each, oldest first.
        ways: between cameras.
        missing: of a camera that lies on a way and saw nothing.
        learnt: of travel times.

    Returns:
        One leg less than there are stops.
    """
    most = MOST_WAYS if len(stops) <= MANY else FEW_WAYS
    return tuple(_leg(i, stops, ways, missing, learnt, most) for i in range(len(stops) - 1))


def _leg(
    index: int,
    stops: Sequence[tuple[str, datetime]],
    ways: Ways,
    missing: Missing,
    learnt: Learnt,
    most: int,
) -> Leg:
    (camera, at), (next_camera, next_at) = stops[index], stops[index + 1]
    seconds = (next_at - at).total_seconds()
    is_break = seconds > PARKED_S
    if camera == next_camera:
        again: Verdict = "ordinary" if seconds <= AGAIN_S else "gap"
        return Leg(index, index + 1, seconds, 0.0, None, again, is_trip_break=is_break)
    known = ways.between(camera, next_camera, most)
    if known:
        best = ways.way(known[0])
        usual = expected(at_limits(max(1.0, best.seconds)), learnt(camera, next_camera, at))
        verdict = "gap" if is_break else judge(seconds, best.metres, best.seconds, usual)
        paths: tuple[Path, ...] = ()
        if verdict not in ("gap", "impossible"):
            unseen = [[missing(c, at, next_at) for c in choice.passed] for choice in known]
            weighed = weigh([c.share for c in known], unseen, _other(verdict))
            paths = tuple(Path(ways.way(known[k]), probability) for k, probability in weighed)
            best = paths[0].way
        kmh = _kmh(best.metres, seconds)
        usual_s = usual.seconds if usual.legs >= WELL_KNOWN else None
        return Leg(
            index, index + 1, seconds, best.metres, kmh, verdict, paths, is_break, usual_s=usual_s
        )
    metres = ways.straight(camera, next_camera)
    verdict = "gap"
    if metres is not None and _too_fast(metres, seconds):
        verdict = "impossible"
    kmh = None if metres is None else _kmh(metres, seconds)
    return Leg(index, index + 1, seconds, metres, kmh, verdict, (), is_break, metres is not None)


def judge(seconds: float, metres: float, way_seconds: float, usual: Usual) -> Verdict:
    """How the time between two stops fits the best way.

    Args:
        seconds: between the stops.
        metres: of the best way.
        way_seconds: it takes at the limits.
        usual: what vehicles take.
    """
    spent = seconds + CLOCKS_S
    if _too_fast(metres, seconds) and spent < IMPOSSIBLE * way_seconds:
        return "impossible"
    if spent < FAST * way_seconds:
        return "fast"
    slow = usual.seconds * exp(SLOW * usual.spread) + LIGHTS_S
    if seconds > slow + GAP_S:
        return "gap"
    return "slow" if seconds > slow else "ordinary"


def weigh(
    shares: Sequence[float], unseen: Sequence[Sequence[float]], other: float = OTHER
) -> list[tuple[int, float]]:
    """The probability of each way: what drivers prefer, and what the cameras on it did not see.

    Args:
        shares: of drivers that prefer each of one or more ways, more than 0.
        unseen: of each way, of the cameras on it, how likely each is to miss a vehicle, over 0.
        other: probability that it was none of them.

    Returns:
        Number and probability of the SHOWN likeliest, best first, without those under LEAST; all
        and `other` make 1.
    """
    logs = np.array(
        [log(share) + sum(map(log, misses)) for share, misses in zip(shares, unseen, strict=True)]
    )
    weights = np.exp(SURE * (logs - logs.max()))
    weights *= (1 - other) / weights.sum()
    best = np.argsort(-weights, kind="stable")[:SHOWN]
    return [(int(k), float(weights[k])) for k in best if weights[k] >= min(LEAST, weights.max())]


def _other(verdict: Verdict) -> float:
    return OTHER_SLOW if verdict == "slow" else OTHER


def _kmh(metres: float, seconds: float) -> float | None:
    return metres / seconds * 3.6 if seconds > 0 else None


def _too_fast(metres: float, seconds: float) -> bool:
    return metres / (seconds + CLOCKS_S) * 3.6 > IMPOSSIBLE_KMH
