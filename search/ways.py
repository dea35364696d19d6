"""Ways between cameras on the road graph: the quickest, and others that drivers may prefer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from search.cameras import Camera
from search.geometry import great_circle_m
from search.roads.graph import Place, RoadGraph, Way
from search.roads.snapping import snap

MOST_WAYS = 3
SLOWED = 1.2  # factor on the roads of a way that was found, to look for another one
LONGEST = 1.6  # times the quickest: nobody takes a longer way
DIFFERENT = 0.75  # share of roads above which two ways are the same one
MANY = 6  # cameras from which ways lead to one place: as many searches as `RoadGraph.left` takes


class CameraWays:
    """The ways between cameras; each pair is worked out once.

    Args:
        graph: the roads.
        cameras: all of them.
    """

    def __init__(self, graph: RoadGraph, cameras: Iterable[Camera]) -> None:
        self._graph = graph
        self._cameras = {camera.id: camera for camera in cameras}
        self.fits = snap(graph, self._cameras.values())
        self._known: dict[tuple[str, str], tuple[Way, ...]] = {}

    def between(self, start: str, end: str) -> tuple[Way, ...]:
        """The ways from one camera to another, quickest first."""
        if (start, end) not in self._known:
            self.prepare([(start, end)])
        return self._known[start, end]

    def prepare(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Work out the ways of many pairs of cameras; quicker than one after the other."""
        starts: defaultdict[str, list[str]] = defaultdict(list)
        for start, end in dict.fromkeys(pairs):
            if (start, end) not in self._known:
                starts[end].append(start)
        for end, cameras in starts.items():
            left = self._left(end, len(cameras) >= MANY)
            for start in cameras:
                self._known[start, end] = self._find(start, left)

    def straight(self, start: str, end: str) -> float | None:
        """Metres as the crow flies, None if a camera is not known."""
        a, b = self._cameras.get(start), self._cameras.get(end)
        if a is None or b is None:
            return None
        return great_circle_m((a.lon, a.lat), (b.lon, b.lat))

    def names(self, way: Way) -> tuple[str, ...]:
        """The names of a way's roads in driving order, empty for unnamed ones."""
        return tuple(self._graph.roads[self._graph.index[road]].name for road in way.roads)

    def _left(self, end: str, many: bool) -> Mapping[Place, Sequence[float]]:
        """What is left to drive to the places that a camera sees."""
        places = self._places(end)
        return {p: self._graph.left(p) if many else self._graph.least_left(p) for p in places}

    def _find(self, start: str, left: Mapping[Place, Sequence[float]]) -> tuple[Way, ...]:
        found = [
            way
            for begin in self._places(start)
            for end, seconds in left.items()
            for way in self._ways(begin, end, seconds)
        ]
        return _distinct(sorted(found, key=lambda way: way.seconds))

    def _places(self, camera: str) -> tuple[Place, ...]:
        return self.fits[camera].places if camera in self.fits else ()

    def _ways(self, start: Place, end: Place, left: Sequence[float]) -> list[Way]:
        slowed: dict[int, float] = {}
        ways: list[Way] = []
        while len(ways) < MOST_WAYS:
            way = self._graph.quickest(start, end, slowed, left)
            if way is None:
                break
            ways.append(way)
            others = {self._graph.index[road] for road in way.roads} - {start.road, end.road}
            if not others:  # nothing that could be gone round
                break
            slowed |= {index: slowed.get(index, 1.0) * SLOWED for index in others}
        return ways


def _distinct(ways: list[Way]) -> tuple[Way, ...]:
    kept: list[Way] = []
    for way in ways:
        if kept and way.seconds > LONGEST * kept[0].seconds:
            break
        if all(_alike(way, other) < DIFFERENT for other in kept):
            kept.append(way)
    return tuple(kept[:MOST_WAYS])


def _alike(one: Way, other: Way) -> float:
    a, b = set(one.roads), set(other.roads)
    return len(a & b) / len(a | b)
