"""Turns: which road can be driven after which, and the quickest roads from one to another.

A node is a road in one direction, an edge a turn from one to the next. Straight back is a turn at a
dead end; elsewhere only where the way round takes TURN_BACK_S longer, or there is none.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
import rustworkx
from numpy.typing import NDArray

from search.geometry import EARTH_RADIUS_M, Point
from search.roads.road import Road

TURN_BACK_S = 600.0  # nobody goes round for longer where he could turn; it is not driven time
_ROUNDED = 0.999  # keeps estimates below the truth in spite of rounding
Driven = tuple[int, bool]
"""A road by its index, and whether it is driven from its start to its end."""


class TurnGraph:
    """The turns of a road map.

    Args:
        roads: lines that end at the same junction meet there.
    """

    def __init__(self, roads: Sequence[Road]) -> None:
        self.driven: list[Driven] = [
            (i, forward)
            for i, road in enumerate(roads)
            for forward in (True, False)
            if forward or not road.oneway
        ]
        self.nodes = {driven: node for node, driven in enumerate(self.driven)}
        self._seconds = [roads[road].seconds for road, _ in self.driven]
        # what an edge costs stands at its weight: the road that is entered, once straight on, once
        # turned back
        self._costs = self._seconds + [seconds + TURN_BACK_S for seconds in self._seconds]
        self._graph: rustworkx.PyDiGraph[int, int] = rustworkx.PyDiGraph()
        self._graph.add_nodes_from(range(len(self.driven)))
        self._graph.add_edges_from(list(self._edges(roads)))
        self._places = _Places(roads, self.driven, self._seconds)

    def quickest(
        self, source: int, goal: int, slowed: Mapping[int, float], left: Sequence[float]
    ) -> list[int] | None:
        """The quickest nodes from one to another, both included; None if there is no way.

        Args:
            source: where one starts.
            goal: where one arrives; if it is the source, one goes round.
            slowed: factors of 1 or more on the time of roads, by the roads' indices.
            left: of each node, of `least_seconds_to(goal)` or `seconds_to(goal)`.
        """
        costs = self._slowed(slowed) if slowed else self._costs
        if source != goal:
            return self._search(source, goal, costs, left)
        best: tuple[float, list[int]] | None = None
        for _, begin, weight in self._graph.out_edges(source):
            found = self._search(begin, goal, costs, left)
            if found is None:
                continue
            turns = (self._graph.get_edge_data(*pair) for pair in pairwise(found))
            seconds = costs[weight] + sum(costs[turn] for turn in turns)
            if best is None or seconds < best[0]:
                best = seconds, [source, *found]
        return best[1] if best else None

    def least_seconds_to(self, goal: int) -> Sequence[float]:
        """What at least is left to drive after each node, straight over the ground."""
        return self._places.least_seconds_to(goal)

    def seconds_to(self, goal: int) -> Sequence[float]:
        """What is left to drive after each node, infinite where no way leads to the goal.

        Takes as long as some searches; worth it where many end at the same goal.
        """
        found = rustworkx.dijkstra_shortest_path_lengths(
            self._turned_round, goal, self._costs.__getitem__
        )
        left = array("d", [float("inf")]) * len(self.driven)
        for node, seconds in found.items():
            left[node] = seconds * _ROUNDED
        left[goal] = 0.0
        return left

    @cached_property
    def _turned_round(self) -> "rustworkx.PyDiGraph[int, int]":
        graph = self._graph.copy()
        graph.reverse()
        return graph

    def _edges(self, roads: Sequence[Road]) -> Iterator[tuple[int, int, int]]:
        leaving: defaultdict[str, list[Driven]] = defaultdict(list)
        for road, forward in self.driven:
            leaving[roads[road].junction(not forward)].append((road, forward))
        for node, (road, forward) in enumerate(self.driven):
            back = self.nodes.get((road, not forward))
            ahead = [
                following
                for way in leaving[roads[road].junction(forward)]
                if (following := self.nodes[way]) != back
            ]
            for following in ahead:
                yield node, following, following
            if back is not None:
                yield node, back, back + len(self.driven) if ahead else back

    def _slowed(self, slowed: Mapping[int, float]) -> list[float]:
        costs = list(self._costs)
        for road, factor in slowed.items():
            for node in (self.nodes.get((road, True)), self.nodes.get((road, False))):
                if node is not None:
                    costs[node] *= factor
                    costs[node + len(self.driven)] *= factor
        return costs

    def _search(
        self, source: int, goal: int, costs: list[float], left: Sequence[float]
    ) -> list[int] | None:
        if left[source] == float("inf"):
            return None
        try:
            found = rustworkx.digraph_astar_shortest_path(
                self._graph, source, goal.__eq__, costs.__getitem__, left.__getitem__
            )
        except rustworkx.NoPathFound:
            return None
        return list(found)


class _Places:
    """Where each node begins and ends, to estimate what is left."""

    def __init__(
        self, roads: Sequence[Road], driven: Sequence[Driven], seconds: Sequence[float]
    ) -> None:
        known: dict[str, Point] = {}
        for road in roads:
            known.setdefault(road.junction(False), road.points[0])
            known.setdefault(road.junction(True), road.points[-1])
        begin = [known[roads[road].junction(not forward)] for road, forward in driven]
        end = [known[roads[road].junction(forward)] for road, forward in driven]
        self._begin, self._end = _radians(begin), _radians(end)
        self._most_ms = _fastest_ms(_metres(self._begin, self._end), np.array(seconds))

    def least_seconds_to(self, goal: int) -> Sequence[float]:
        metres = _metres(self._end, self._begin[goal])
        left = array("d", (metres * (_ROUNDED / self._most_ms)).tobytes())
        left[goal] = 0.0
        return left


def _radians(points: Sequence[Point]) -> NDArray[np.float64]:
    return np.radians(np.array(points, np.float64).reshape(-1, 2))


def _fastest_ms(metres: NDArray[np.float64], seconds: NDArray[np.float64]) -> float:
    """The speed that no road is faster than, straight over the ground; infinite if one takes none.

    Taken from the roads, not from their limits: a map may give a road less length than it has.
    """
    moved = metres > 0
    with np.errstate(divide="ignore"):
        speeds = metres[moved] / seconds[moved]
    return float(np.max(speeds, initial=1.0))


def _metres(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle metres between places, (N, 2) radians as longitude, latitude."""
    lon_a, lat_a, lon_b, lat_b = a[..., 0], a[..., 1], b[..., 0], b[..., 1]
    h = np.sin((lat_b - lat_a) / 2) ** 2
    h += np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return metres
