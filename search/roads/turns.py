"""Turns: which road can be driven after which, and what is left to drive to a road.

A node is a road in one direction, an edge a turn from one to the next. Straight back, on the same
road or on its other carriageway, is a turn at a dead end; elsewhere only where the way round takes
TURN_BACK_S longer, or there is none. What is forbidden is no turn, unless no other would be left:
then the map is wrong.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from search.geometry import bearing_between, turn_between
from search.roads.profile import EVERYBODY, NOBODY, Profile, Profiles
from search.roads.road import Road

TURN_BACK_S = 600.0  # nobody goes round for longer where he could turn; it is not driven time
_STRAIGHT_BACK = 165.0  # degrees, from which on a turn onto the other carriageway is one
_LEAST_S = 1e-6  # that a road takes, so that a way of no length is still found
Driven = tuple[int, bool]
"""A road by its index, and whether it is driven from its start to its end."""
_Turns = list[list[tuple[int, float]]]


class TurnGraph:
    """The turns of a road map.

    Args:
        roads: lines that end at the same junction meet there.

    Attributes:
        driven: what each node stands for.
        nodes: back from it.
        seconds: that the whole of each node's road takes.
        leads_to: junction at the end of each node.
        after: of each node the nodes that can follow, for some vehicles at least, and what turning
            back there costs.
    """

    def __init__(self, roads: Sequence[Road]) -> None:
        self.driven: list[Driven] = [
            (i, forward) for i, road in enumerate(roads) for forward in road.directions
        ]
        self.nodes = {driven: node for node, driven in enumerate(self.driven)}
        self.seconds = [roads[road].seconds for road, _ in self.driven]
        self.leads_to = [roads[road].junction(forward) for road, forward in self.driven]
        self._every = self._after(roads)
        self._shut = {
            node: shut
            for node, (road, forward) in enumerate(self.driven)
            if (shut := EVERYBODY - roads[road].drivers(forward))
        }
        self._forbidden = self._forbidden_turns(roads)
        self._ruled = self._under_rules()
        self._take(self._open_to(EVERYBODY))

    def of(self, profile: Profile) -> "TurnGraph":
        """The same roads with the turns of one profile."""
        other = copy(self)
        other._take(self._open_to(frozenset({profile})))
        return other

    @property
    def has_rules(self) -> bool:
        """Whether some road or turn is not for everybody."""
        return bool(self._ruled)

    def drivers(self, nodes: Sequence[int]) -> Profiles:
        """Who may drive nodes one after another."""
        shut = NOBODY.union(*(self._shut.get(node, NOBODY) for node in nodes))
        return EVERYBODY - shut.union(*(self._forbidden.get(t, NOBODY) for t in pairwise(nodes)))

    def _take(self, after: _Turns) -> None:
        self.after = after
        turns = [(node, *turn) for node, turns in enumerate(after) for turn in turns]
        self._before = np.array([turn[0] for turn in turns], np.int32)
        self._behind = np.array([turn[1] for turn in turns], np.int32)
        self._turning = np.array([turn[2] for turn in turns], np.float64)

    def priced(self, seconds: NDArray[np.float64]) -> csr_array:
        """The turns from each node to those before it, for `left_to`.

        Args:
            seconds: (N,) that each node costs.
        """
        costs = np.maximum(seconds[self._behind], _LEAST_S) + self._turning
        size = len(self.driven)
        return csr_array((costs, (self._behind, self._before)), shape=(size, size))

    @staticmethod
    def left_to(turns: csr_array, goals: Sequence[int], most: float) -> NDArray[np.float64]:
        """What is left to pay after each node until a goal is left, (goals, N).

        Args:
            turns: of `priced`.
            goals: nodes.
            most: what costs more is infinite, which saves time.
        """
        found: NDArray[np.float64] = dijkstra(turns, indices=list(goals), limit=most)
        return found

    def _under_rules(self) -> list[int]:
        """The nodes after which a turn is not for everybody."""
        into = {
            node
            for node, turns in enumerate(self._every)
            if self._shut and any(other in self._shut for other, _ in turns)
        }
        return sorted(into | self._shut.keys() | {before for before, _ in self._forbidden})

    def _open_to(self, profiles: Profiles) -> _Turns:
        """The turns that some of these may drive."""
        after = list(self._every)
        for node in self._ruled:
            turns = [t for t in after[node] if not profiles <= self._shut_to(node, t[0])]
            if all(back for _, back in turns):
                turns = [(other, 0.0) for other, _ in turns]
            obeyed = [t for t in turns if not profiles <= self._closed_to(node, t[0])]
            after[node] = obeyed or turns
        return after

    def _shut_to(self, node: int, other: int) -> Profiles:
        return self._shut.get(node, NOBODY) | self._shut.get(other, NOBODY)

    def _closed_to(self, node: int, other: int) -> Profiles:
        return self._shut_to(node, other) | self._forbidden.get((node, other), NOBODY)

    def _forbidden_turns(self, roads: Sequence[Road]) -> Mapping[tuple[int, int], Profiles]:
        """Whom turns are forbidden to, by the nodes before and after them."""
        index = {road.id: i for i, road in enumerate(roads)}
        found: defaultdict[tuple[int, int], Profiles] = defaultdict(lambda: NOBODY)
        for node, (road, _) in enumerate(self.driven):
            for turn in roads[road].no_turns:
                if turn.via != self.leads_to[node] or turn.to not in index:
                    continue
                into = index[turn.to]
                for forward in (True, False):
                    other = self.nodes.get((into, forward))
                    if other is not None and roads[into].junction(not forward) == turn.via:
                        found[node, other] |= turn.profiles
        return found

    def _after(self, roads: Sequence[Road]) -> _Turns:
        leaving: defaultdict[str, list[int]] = defaultdict(list)
        for node, (road, forward) in enumerate(self.driven):
            leaving[roads[road].junction(not forward)].append(node)
        bearings = [_bearings(roads[road], forward) for road, forward in self.driven]
        after = []
        for node, (road, forward) in enumerate(self.driven):
            begin = roads[road].junction(not forward)
            following = leaving[self.leads_to[node]]
            back = {
                other
                for other in following
                if self.driven[other] == (road, not forward)
                or (
                    self.leads_to[other] == begin
                    and turn_between(bearings[node][1], bearings[other][0]) > _STRAIGHT_BACK
                )
            }
            is_end = len(back) == len(following)
            after.append([(o, TURN_BACK_S if o in back and not is_end else 0.0) for o in following])
        return after


def _bearings(road: Road, forward: bool) -> tuple[float, float]:
    """Compass directions in which a road is entered and left."""
    points = road.points if forward else road.points[::-1]
    return bearing_between(points[0], points[1]), bearing_between(points[-2], points[-1])
