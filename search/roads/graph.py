"""The road graph: which road can be driven after which, and the quickest ways.

A node is a road in one direction, an edge a turn from one to the next. Straight back is a turn only
at a dead end.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import rustworkx

from search.geometry import Point, great_circle_m, line_m, part_of
from search.roads.road import Road

FASTEST_KMH = 130.0  # no limit is higher; what is left cannot take less time than at this speed


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a road, with the direction in which it is driven.

    Attributes:
        road: index in the graph's roads.
        forward: whether from the road's start to its end.
        share: of the road's line that lies between its start and the place, 0..1.
    """

    road: int
    forward: bool
    share: float

    @property
    def driven(self) -> float:
        """Share of the road that one has driven at this place, 0..1."""
        return self.share if self.forward else 1 - self.share


@dataclass(frozen=True, slots=True)
class Way:
    """A way between two places.

    Attributes:
        roads: ids in driving order.
        metres: driven, the parts of the first and the last road included.
        seconds: at the speeds of the roads.
        line: WGS 84 degrees, lon then lat.
    """

    roads: tuple[str, ...]
    metres: float
    seconds: float
    line: tuple[Point, ...]


class RoadGraph:
    """Roads that can be driven on.

    Args:
        roads: of the map; lines that end at the same junction meet there. A road without names of
            its junctions meets others where their ends have the same place.
    """

    def __init__(self, roads: Sequence[Road]) -> None:
        self.roads = tuple(roads)
        self.index = {road.id: i for i, road in enumerate(self.roads)}
        self._graph, self._nodes = _directed(self.roads)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees; None without roads."""
        points = [point for road in self.roads for point in road.points]
        if not points:
            return None
        lons, lats = zip(*points, strict=True)
        return min(lons), min(lats), max(lons), max(lats)

    def quickest(
        self, start: Place, end: Place, slowed: Mapping[int, float] | None = None
    ) -> Way | None:
        """The quickest way, None if there is none.

        Args:
            start: where it begins.
            end: where it ends.
            slowed: factors on the time of roads, by index, to look for other ways.
        """
        first, last = self.roads[start.road], self.roads[end.road]
        ahead = end.driven - start.driven
        if (start.road, start.forward) == (end.road, end.forward) and ahead >= 0:
            line = tuple(_line(first, start.share, end.share))
            return Way((first.id,), ahead * first.length_m, ahead * first.seconds, line)
        nodes = self._nodes_between(start, end, slowed or {})
        if nodes is None:
            return None
        between = [self._graph[node] for node in nodes[1:-1]]
        parts = [(first, 1 - start.driven), (last, end.driven)]
        parts += [(self.roads[road], 1.0) for road, _ in between]
        points = [*_line(first, start.share, float(start.forward))]
        for road, forward in between:
            points += _line(self.roads[road], float(not forward), float(forward))
        points += _line(last, float(not end.forward), end.share)
        return Way(
            roads=tuple(self.roads[self._graph[node][0]].id for node in nodes),
            metres=sum(share * road.length_m for road, share in parts),
            seconds=sum(share * road.seconds for road, share in parts),
            line=tuple(p for i, p in enumerate(points) if i == 0 or p != points[i - 1]),
        )

    def _nodes_between(
        self, start: Place, end: Place, slowed: Mapping[int, float]
    ) -> list[int] | None:
        source = self._nodes.get((start.road, start.forward))
        goal = self._nodes.get((end.road, end.forward))
        if source is None or goal is None:
            return None
        target = self.roads[end.road].points[0 if end.forward else -1]

        def cost(node: int) -> float:
            road = self._graph[node][0]
            return self.roads[road].seconds * slowed.get(road, 1.0)

        def left(node: tuple[int, bool]) -> float:
            road, forward = node
            here = self.roads[road].points[-1 if forward else 0]
            return great_circle_m(here, target) / (FASTEST_KMH / 3.6) * 0.99

        begins = [source] if source != goal else list(self._graph.successor_indices(source))
        best: tuple[float, list[int]] | None = None
        for begin in begins:
            try:
                found = rustworkx.digraph_astar_shortest_path(
                    self._graph, begin, lambda node: node == self._graph[goal], cost, left
                )
            except rustworkx.NoPathFound:
                continue
            nodes = [source, *found] if source == goal else list(found)
            seconds = sum(cost(node) for node in nodes[1:])
            if best is None or seconds < best[0]:
                best = (seconds, nodes)
        return best[1] if best else None


def _directed(
    roads: Sequence[Road],
) -> tuple["rustworkx.PyDiGraph[tuple[int, bool], int]", dict[tuple[int, bool], int]]:
    graph: rustworkx.PyDiGraph[tuple[int, bool], int] = rustworkx.PyDiGraph()
    ways = [
        (i, forward)
        for i, r in enumerate(roads)
        for forward in (True, False)
        if forward or not r.oneway
    ]
    nodes = dict(zip(ways, graph.add_nodes_from(ways), strict=True))
    leaving: defaultdict[str, list[tuple[int, bool]]] = defaultdict(list)
    for road, forward in ways:
        leaving[_end(roads[road], not forward)].append((road, forward))
    edges = []
    for road, forward in ways:
        following = leaving[_end(roads[road], forward)]
        ahead = [w for w in following if w[0] != road or w[1] == forward] or following
        edges += [(nodes[road, forward], nodes[w], nodes[w]) for w in ahead]
    graph.add_edges_from(edges)
    return graph, nodes


def _line(road: Road, start: float, end: float) -> list[Point]:
    """The piece of a road's line between two shares of it."""
    if {start, end} == {0.0, 1.0}:
        return list(road.points if end else road.points[::-1])
    length = line_m(road.points)
    return part_of(road.points, start * length, end * length)


def _end(road: Road, forward: bool) -> str:
    """Name of the junction that a road leads to in a direction."""
    name, point = (road.to_node, road.points[-1]) if forward else (road.from_node, road.points[0])
    return name or f"{point[0]:.6f},{point[1]:.6f}"
