"""Which sightings are stops of a vehicle's route, and which only may be."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from math import exp, log

from search.errors import StoreError
from search.sightings import Sighting
from search.stops import Passing, Unsure, believed, elsewhere, passing
from search.store import SightingStore
from search.travel_times.estimate import Learnt, nothing_learnt
from search.ways import CameraWays

SURE = 0.8  # probability that the text is right, from which on an exact reading is sure
BELIEVED = 0.5  # the same for a vehicle that was never read so surely
SAME_TEXT = 1e-4  # of passages in a city that have one certain text which is near to a plate
EXISTS = 0.1  # probability that a text which looks alike is the plate of a vehicle
SEEN = 0.85  # of the passages of the vehicle that really bears a text are read as it
LISTED_ELSE = 0.004  # of what a reading leaves to texts that it does not name, for one of them
LEAST_LEFT = 0.002  # that it leaves to them, however sure it is
_AROUND = timedelta(minutes=15)
_NEAR = timedelta(minutes=30)  # to a sure stop; what is later may come from anywhere
_COUNTED = timedelta(days=1)  # at most, that tells how many vehicles a camera sees


def is_believed(sighting: Sighting) -> bool:
    """Whether a sighting may stand as a fact: read so, and more likely right than wrong."""
    return sighting.match == "exact" and sighting.passage.score >= BELIEVED


def sort_stops(
    plate: str,
    found: Sequence[Sighting],
    near: Sequence[Sighting],
    store: SightingStore,
    ways: CameraWays,
    learnt: Learnt = nothing_learnt,
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...]]:
    """Tell stops from sightings that only may be of the vehicle.

    Args:
        plate: of the vehicle.
        found: sightings of its text, read so or among the candidates.
        near: sightings of other texts, of which some may be misread.
        store: tells how many vehicles pass.
        ways: between cameras.
        learnt: of travel times.

    Returns:
        Stops and doubtful sightings, both oldest first. A stop that was read otherwise is a
        `candidate` or `similar`, with the probability that it is this vehicle as its likelihood.
    """
    named = {sighting.id for sighting in found}
    everything = {s.id: s for s in (*near, *found)}.values()
    ordered = sorted(everything, key=lambda s: (s.passage.at, s.id))
    sure = _sure(ordered, named)
    likely: Mapping[int, float] = {}
    if len(sure) < len(ordered):
        appears = elsewhere(len(ways))
        rival = appears * (EXISTS if sure else 1.0)
        judge = _Judge(plate, ordered, store, ways, learnt, rival)
        unsure = [Unsure(i, judge.odds(i)) for i in _judged(ordered, sure, named)]
        likely = believed(sure, unsure, judge.follows, log(appears))
    certain = set(sure)
    stops = [
        s if i in certain else _unsure_stop(s, likely[i], s.id in named)
        for i, s in enumerate(ordered)
        if i in certain or i in likely
    ]
    kept = {s.id for s in stops}
    return tuple(stops), tuple(s for s in ordered if s.id in named - kept)


def _sure(ordered: Sequence[Sighting], named: Set[str]) -> list[int]:
    """Numbers of the sightings that stand as they were read."""
    read = [i for i, s in enumerate(ordered) if s.id in named and is_believed(s)]
    return [i for i in read if ordered[i].passage.score >= SURE] or read


def _judged(ordered: Sequence[Sighting], sure: Sequence[int], named: Set[str]) -> Iterator[int]:
    """Those that are not sure: of this text, or not long before or after a sure one."""
    times, certain = [ordered[i].passage.at for i in sure], set(sure)
    for number, sighting in enumerate(ordered):
        if number in certain:
            continue
        place = bisect(times, sighting.passage.at)
        around = times[max(0, place - 1) : place + 1]
        is_near = any(abs(sighting.passage.at - time) <= _NEAR for time in around)
        if is_near or sighting.id in named:
            yield number


def _unsure_stop(sighting: Sighting, likelihood: float, is_named: bool) -> Sighting:
    match = sighting.match if is_named else "similar"
    return replace(sighting, match=match, likelihood=likelihood)


class _Judge:
    """Weighs readings against the other vehicles that they may be of.

    Args:
        plate: of the vehicle.
        ordered: sightings, oldest first.
        store: tells how many vehicles pass.
        ways: between cameras.
        learnt: of travel times.
        rival: how likely another vehicle that may be read as this plate is at a camera in a second.
    """

    def __init__(
        self,
        plate: str,
        ordered: Sequence[Sighting],
        store: SightingStore,
        ways: CameraWays,
        learnt: Learnt,
        rival: float,
    ) -> None:
        self._plate, self._ordered, self._ways, self._rival = plate, ordered, ways, rival
        self._learnt = learnt
        self._of_text: defaultdict[str, list[int]] = defaultdict(list)
        for number, sighting in enumerate(ordered):
            self._of_text[sighting.passage.text].append(number)
        end = ordered[-1].passage.at + _AROUND
        start = max(ordered[0].passage.at - _AROUND, end - _COUNTED)
        self._seconds = (end - start).total_seconds()
        try:
            self._counts = store.count_by_camera(start, end)
        except StoreError:  # then every camera is taken to see one vehicle
            self._counts = {}
        self.follows: Passing = lru_cache(maxsize=None)(self._follows)

    def odds(self, number: int) -> float:
        """As `Unsure.odds` of a sighting."""
        passage = self._ordered[number].passage
        likely = dict(passage.candidates)
        own = max(passage.score, 1e-3)
        if passage.text == self._plate:
            left = max(1 - own, LEAST_LEFT)
            named = [
                p / left * exp(min(0.0, self._bearer(number, t)))
                for t, p in likely.items()
                if t != self._plate
            ]
            return log(own / left) - log(self._rival + sum(named))
        left = max(1 - own - sum(p for t, p in likely.items() if t != passage.text), LEAST_LEFT)
        ours = likely.get(self._plate) or LISTED_ELSE * left
        bearer = SEEN * exp(min(0.0, self._bearer(number, passage.text)))
        return log(max(ours, 1e-9) / own) - log(self._strangers(passage.camera) + bearer)

    def _strangers(self, camera: str) -> float:
        """How many vehicles of one text, seen nowhere else, pass a camera in a second."""
        return SAME_TEXT * max(1, self._counts.get(camera, 1)) / self._seconds

    def _bearer(self, number: int, text: str) -> float:
        """How likely the vehicle that was seen with a text before and after passes then."""
        others = [i for i in self._of_text.get(text, ()) if i != number]
        place = bisect(others, number)
        before, after = others[place - 1 : place], others[place : place + 1]
        if not others:
            return -1e3
        if not before:
            return self.follows(number, after[0])
        if not after:
            return self.follows(before[0], number)
        through = self.follows(before[0], number) + self.follows(number, after[0])
        return through - self.follows(before[0], after[0])

    def _follows(self, before: int, after: int) -> float:
        one, other = self._ordered[before].passage, self._ordered[after].passage
        step = None if one.camera == other.camera else self._ways.step(one.camera, other.camera)
        learnt = self._learnt(one.camera, other.camera, one.at) if step else ()
        return passing(step, (other.at - one.at).total_seconds(), len(self._ways), learnt)
