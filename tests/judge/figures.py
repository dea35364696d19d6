"""How good routes are, held against the truth; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from tests.accuracy.calibration import Outcome, bins_of_equal_width, calibration_error
from tests.judge.scenes import Vehicle

FLOOR = 0.001  # probability of a way that was driven and not named
Ways = Sequence[tuple[tuple[str, ...], float]]
"""Roads in driving order with their probability, best first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A route, as far as it is judged.

    Attributes:
        tracks: of its stops.
        legs: the ways of each; leg i joins stop i to stop i + 1.
    """

    tracks: tuple[str, ...]
    legs: tuple[Ways, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A route, held against the truth.

    Attributes:
        right_m, wrong_m, lacking_m: metres of road that were driven and said, only said, and only
            driven; of the roads between the vehicle's first and last passing that was shown.
        driven: of each leg between two passings of the vehicle, the probability of the way that it
            drove; 0 where it is not named.
        best: of those with ways, the probability of the best, and whether it was driven.
        stops, foreign: stops, and those among them that are of other vehicles.
        misread, found: passings that were misread, and those among them that are stops.
    """

    right_m: float
    wrong_m: float
    lacking_m: float
    driven: tuple[float, ...]
    best: tuple[Outcome, ...]
    stops: int
    foreign: int
    misread: int
    found: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of many routes.

    Attributes:
        f1: of the roads driven, by length.
        nll: mean negative logarithm of the probability of the way driven, FLOOR at least.
        exact: share of legs whose best way is the one driven.
        calibration: expected calibration error of the best way's probability.
        found: share of misread passings that are stops.
        foreign: share of stops that are of other vehicles.
        legs: between two passings of one vehicle.
    """

    f1: float
    nll: float
    exact: float
    calibration: float
    found: float
    foreign: float
    legs: int


def judge(vehicle: Vehicle, answer: Answer, metres: Mapping[str, float]) -> Judged:
    """Hold a route against the truth.

    Args:
        vehicle: what it did.
        answer: the route.
        metres: of each road.
    """
    places = {passing.track: passing.place for passing in vehicle.passings}
    driven, best = [], []
    for (start, end), ways in zip(pairwise(answer.tracks), answer.legs, strict=True):
        if start not in places or end not in places or places[start] >= places[end]:
            continue
        true = vehicle.roads[places[start] : places[end] + 1]
        driven.append(max((p for roads, p in ways if roads == true), default=0.0))
        best += [(p, roads == true) for roads, p in ways[:1]]
    said = {road for ways in answer.legs for roads, _ in ways[:1] for road in roads}
    known = sorted(places.values())
    drove = set(vehicle.roads[known[0] : known[-1] + 1]) if len(known) > 1 else set()
    misread = {passing.track for passing in vehicle.passings if passing.is_misread}
    right_m, wrong_m, lacking_m = (
        sum(metres[road] for road in roads) for roads in (said & drove, said - drove, drove - said)
    )
    return Judged(
        right_m=right_m,
        wrong_m=wrong_m,
        lacking_m=lacking_m,
        driven=tuple(driven),
        best=tuple(best),
        stops=len(answer.tracks),
        foreign=sum(track not in places for track in answer.tracks),
        misread=len(misread),
        found=len(misread & set(answer.tracks)),
    )


def figures(judged: Sequence[Judged]) -> Figures:
    """Of all routes together; shares of nothing are 0."""
    right, wrong, lacking = (
        sum(getattr(one, name) for one in judged) for name in ("right_m", "wrong_m", "lacking_m")
    )
    driven = [probability for one in judged for probability in one.driven]
    best = [outcome for one in judged for outcome in one.best]
    return Figures(
        f1=_share(2 * right, 2 * right + wrong + lacking),
        nll=_share(-sum(log(max(p, FLOOR)) for p in driven), len(driven)),
        exact=_share(sum(is_driven for _, is_driven in best), len(driven)),
        calibration=calibration_error(bins_of_equal_width(best)),
        found=_share(sum(one.found for one in judged), sum(one.misread for one in judged)),
        foreign=_share(sum(one.foreign for one in judged), sum(one.stops for one in judged)),
        legs=len(driven),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
