"""Ways between cameras on the road graph, each with how many drivers prefer it.

Ways past cameras that saw nothing are rarely the ones that were driven. So a camera costs something
when ways are looked for, and what is found beside the quickest are ways that few cameras watch.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from math import inf
from operator import itemgetter
from threading import Lock

import numpy as np

from search.cameras import Camera
from search.geometry import great_circle_m
from search.preferences import shares
from search.roads.courses import Prices, cheapest, several
from search.roads.graph import Course, Place, RoadGraph, Way
from search.roads.profile import Profile
from search.roads.snapping import snap
from search.roads.turns import TurnGraph

MOST_WAYS, FEW_WAYS = 40, 8  # between two cameras; few where a route has very many legs
LONGEST = 1.35  # times the cheapest: nobody takes a longer way
ALLOWANCE_S = 60.0  # beside it, for short ones
UNSEEN_S = 20.0  # that a camera costs
SLOW_MS = 4.0  # metres a second as the crow flies that most ways are quicker than, after
AT_FIRST_S = 240.0  # so many seconds
_PAIRS = 2000  # of cameras, whose ways are remembered
_KEPT = 64  # cameras to which what is left to drive is remembered


@dataclass(frozen=True, slots=True)
class Choice:
    """A way that can be driven from one camera to another.

    Attributes:
        course: the roads.
        seconds: at their speeds.
        share: of drivers that prefer it, 0..1.
        passed: ids of the cameras on it that would see the vehicle, those at its ends left out.
    """

    course: Course
    seconds: float
    share: float
    passed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """The way that one camera follows on another by.

    Attributes:
        seconds: at the speeds of its roads.
        passed: how many cameras lie on it.
    """

    seconds: float
    passed: int


@dataclass(frozen=True, slots=True)
class _Pair:
    """A place that one camera sees and one that another sees, with their nodes."""

    start: Place
    end: Place
    source: int
    goal: int


class CameraWays:
    """The ways between cameras; what was worked out is remembered for a while.

    Threads may share it. Of vehicles of which nothing is known, unless `of` says more.

    Args:
        graph: the roads.
        cameras: all of them.
    """

    def __init__(self, graph: RoadGraph, cameras: Iterable[Camera]) -> None:
        self._graph = graph
        self._cameras = {camera.id: camera for camera in cameras}
        self.fits = snap(graph, self._cameras.values())
        self._seeing: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
        for camera, place, node in self._seen():
            self._seeing[node].append((place.driven, camera))
        costs = np.array(graph.turns.seconds, np.float64)
        for node, seeing in self._seeing.items():
            costs[node] += UNSEEN_S * len(seeing)
        self._costs = costs
        self._prices = Prices(graph.turns.after, costs.tolist(), graph.turns.leads_to)
        self._turns = graph.turns.priced(costs)
        self._profile: Profile | None = None
        self._any: CameraWays | None = None
        self._of: dict[Profile, CameraWays] = {}
        # all by the profile, too, so that those of all profiles together are bounded
        self._left: dict[tuple[Profile | None, int], tuple[float, Sequence[float]]] = {}
        self._known: dict[tuple[Profile | None, str, str, int], tuple[Choice, ...]] = {}
        self._steps: dict[tuple[Profile | None, str, str], Step | None] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """How many cameras there are."""
        return len(self._cameras)

    def of(self, profile: Profile | None) -> "CameraWays":
        """The ways of vehicles of a profile: where these have none, those of any vehicle.

        Args:
            profile: None for vehicles of which nothing is known: what any of them may drive.
        """
        anybody = self._any or self
        if profile is None:
            return anybody
        with self._lock:
            if profile not in self._of:
                self._of[profile] = anybody._made_for(profile)
            return self._of[profile]

    def between(self, start: str, end: str, most: int = MOST_WAYS) -> tuple[Choice, ...]:
        """The ways from one camera to another, quickest first; empty if none is known."""
        found = self._between(start, end, most)
        return found if found or self._any is None else self._any.between(start, end, most)

    def _between(self, start: str, end: str, most: int) -> tuple[Choice, ...]:
        key = (self._profile, start, end, most)
        with self._lock:
            if key not in self._known:
                self._known[key] = self._weighed(self._courses(start, end, most), {start, end})
                if len(self._known) > _PAIRS:
                    self._known.pop(next(iter(self._known)))
            return self._known[key]

    def step(self, start: str, end: str) -> Step | None:
        """The likeliest way, found in a moment; None if there is none."""
        key = (self._profile, start, end)
        with self._lock:
            if key not in self._steps:
                found = [
                    self._step(Course(tuple(nodes), pair.start, pair.end), {start, end})
                    for pair in self._pairs(start, end)
                    if (nodes := self._cheapest(pair))
                ]
                self._steps[key] = min(
                    found, key=lambda s: s.seconds + UNSEEN_S * s.passed, default=None
                )
            return self._steps[key]

    def way(self, choice: Choice) -> Way:
        """A choice with its length and its line."""
        return self._graph.way(choice.course)

    def straight(self, start: str, end: str) -> float | None:
        """Metres as the crow flies, None if a camera is not known."""
        a, b = self._cameras.get(start), self._cameras.get(end)
        if a is None or b is None:
            return None
        return great_circle_m((a.lon, a.lat), (b.lon, b.lat))

    def names(self, way: Way) -> tuple[str, ...]:
        """The names of a way's roads in driving order, empty for unnamed ones."""
        return tuple(self._graph.roads[self._graph.index[road]].name for road in way.roads)

    def _made_for(self, profile: Profile) -> "CameraWays":
        """What is the same for every vehicle is shared, and what is remembered, too."""
        if not self._graph.turns.has_rules:
            return self
        turns = self._graph.turns.of(profile)
        other = copy(self)
        other._profile, other._any = profile, self
        other._prices = replace(self._prices, after=turns.after)
        other._turns = turns.priced(self._costs)
        return other

    def _seen(self) -> Iterable[tuple[str, Place, int]]:
        for camera, fit in self.fits.items():
            for place in fit.places:
                node = self._graph.node(place)
                if node is not None:
                    yield camera, place, node

    def _pairs(self, start: str, end: str) -> Iterable[_Pair]:
        for begin in self._places(start):
            for goal in self._places(end):
                source, target = self._graph.node(begin), self._graph.node(goal)
                if source is not None and target is not None:
                    yield _Pair(begin, goal, source, target)

    def _places(self, camera: str) -> tuple[Place, ...]:
        return self.fits[camera].places if camera in self.fits else ()

    def _courses(self, start: str, end: str, most: int) -> list[Course]:
        pairs = [(pair, best) for pair in self._pairs(start, end) if (best := self._cheapest(pair))]
        least = min((self._prices.of(best) + self._rest(pair) for pair, best in pairs), default=0.0)
        found = []
        for pair, best in pairs:
            dearest = LONGEST * least + ALLOWANCE_S - self._rest(pair)
            if self._prices.of(best) > dearest:
                continue
            others: list[list[int]] = []
            if len(best) > 1:
                left = self._left_to(pair)
                others = several(self._prices, pair.source, pair.goal, left, most, dearest)
            distinct = dict.fromkeys(tuple(nodes) for nodes in (best, *others))
            found += [Course(nodes, pair.start, pair.end) for nodes in distinct]
        return found

    def _rest(self, pair: _Pair) -> float:
        """What the driven parts of the roads at both ends cost beside `Prices.of`."""
        costs, begin, end = self._prices.costs, pair.start.driven, pair.end.driven
        if pair.source == pair.goal and end >= begin:
            return costs[pair.source] * (end - begin)
        return costs[pair.source] * (1 - begin) - costs[pair.goal] * (1 - end)

    def _cheapest(self, pair: _Pair) -> list[int] | None:
        if pair.source == pair.goal and pair.end.driven >= pair.start.driven:
            return [pair.source]
        left = self._left_to(pair)
        return cheapest(self._prices, pair.source, pair.goal, left)

    def _left_to(self, pair: _Pair) -> Sequence[float]:
        """What is left to pay; looked for near by first, which is quick."""
        key = self._profile, pair.goal
        far = AT_FIRST_S + great_circle_m(*map(self._graph.point, (pair.start, pair.end))) / SLOW_MS
        for most in (far, inf):
            kept = self._left.get(key, (0.0, ()))
            if kept[0] < most:
                (left,) = TurnGraph.left_to(self._turns, [pair.goal], most)
                kept = self._left[key] = most, array("d", left.tobytes())
                if len(self._left) > _KEPT:
                    self._left.pop(next(iter(self._left)))
            following = self._prices.after[pair.source]
            nearest = min((kept[1][node] for node, _ in following), default=inf)
            if LONGEST * (nearest + self._prices.costs[pair.source]) + ALLOWANCE_S < kept[0]:
                break
        return kept[1]

    def _step(self, course: Course, ends: set[str]) -> Step:
        return Step(self._graph.seconds(course), len(self._passed(course) - ends))

    def _weighed(self, courses: Sequence[Course], ends: set[str]) -> tuple[Choice, ...]:
        if not courses:
            return ()
        # past one of the two cameras it would have been seen there once more
        unseen = [course for course in courses if not ends & self._passed(course)]
        quickest: dict[tuple[str, ...], tuple[float, Course]] = {}
        for course in unseen or courses:  # a camera at a junction sees several roads: one way each
            roads, timed = self._graph.roads_of(course), (self._graph.seconds(course), course)
            quickest[roads] = min(quickest.get(roads, timed), timed, key=itemgetter(0))
        timed_courses = sorted(quickest.values(), key=itemgetter(0))
        of_roads = self._graph.turns.seconds
        wholes = [course.whole for _, course in timed_courses]
        rest = [
            seconds - sum(of_roads[node] for node in course.whole)
            for seconds, course in timed_courses
        ]
        preferred = shares(wholes, of_roads, rest, self._kinds(timed_courses))
        return tuple(
            Choice(course, seconds, float(share), self._passed(course) - ends)
            for (seconds, course), share in zip(timed_courses, preferred, strict=True)
        )

    def _kinds(self, timed_courses: Sequence[tuple[float, Course]]) -> list[list[bool]]:
        """Of each profile, which courses it may drive, if the vehicle may be of any."""
        turns = self._graph.turns
        if self._profile is not None or not turns.has_rules:
            return []
        drivers = [turns.drivers(course.nodes) for _, course in timed_courses]
        return [[profile in some for some in drivers] for profile in Profile]

    def _passed(self, course: Course) -> frozenset[str]:
        """The cameras that would see a vehicle on its way."""
        seeing = self._seeing.keys() & course.whole
        found = [camera for node in seeing for _, camera in self._seeing[node]]
        for node, low, high in _parts(course):
            found += [c for at, c in self._seeing.get(node, ()) if low < at < high]
        return frozenset(found)


def _parts(course: Course) -> list[tuple[int, float, float]]:
    """What is driven of the first and of the last road, as shares."""
    first, last = course.nodes[0], course.nodes[-1]
    begin, end = course.start.driven, course.end.driven
    if len(course.nodes) == 1:
        return [(first, begin, end)]
    return [(first, begin, 1.0), (last, 0.0, end)]
