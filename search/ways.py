"""Ways between cameras on the road graph: the quickest, and others that drivers may prefer."""

from collections.abc import Iterable

from search.cameras import Camera
from search.geometry import great_circle_m
from search.roads.graph import Place, RoadGraph, Way
from search.roads.snapping import snap

MOST_WAYS = 3
SLOWED = 1.4  # factor on the roads of a way that was found, to look for another one
LONGEST = 1.6  # times the quickest: nobody takes a longer way
DIFFERENT = 0.75  # share of roads above which two ways are the same one


class CameraWays:
    """The ways between cameras; each pair is worked out once.

    Args:
        graph: the roads.
        cameras: all of them.
    """

    def __init__(self, graph: RoadGraph, cameras: Iterable[Camera]) -> None:
        self._graph = graph
        self._cameras = {camera.id: camera for camera in cameras}
        self.places = snap(graph, self._cameras.values())
        self._known: dict[tuple[str, str], tuple[Way, ...]] = {}

    def between(self, start: str, end: str) -> tuple[Way, ...]:
        """The ways from one camera to another, quickest first."""
        if (start, end) not in self._known:
            pairs = [(a, b) for a in self.places.get(start, ()) for b in self.places.get(end, ())]
            found = [way for a, b in pairs for way in self._ways(a, b)]
            self._known[start, end] = _distinct(sorted(found, key=lambda way: way.seconds))
        return self._known[start, end]

    def straight(self, start: str, end: str) -> float | None:
        """Metres as the crow flies, None if a camera is not known."""
        a, b = self._cameras.get(start), self._cameras.get(end)
        if a is None or b is None:
            return None
        return great_circle_m((a.lon, a.lat), (b.lon, b.lat))

    def _ways(self, start: Place, end: Place) -> list[Way]:
        slowed: dict[int, float] = {}
        ways: list[Way] = []
        for _ in range(MOST_WAYS):
            way = self._graph.quickest(start, end, slowed)
            if way is None:
                break
            ways.append(way)
            for road in way.roads[1:-1]:
                index = self._graph.index[road]
                slowed[index] = slowed.get(index, 1.0) * SLOWED
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
