"""What is wrong with a road map, or looks as if it were; pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from search.geometry import line_m
from search.roads.graph import RoadGraph
from search.roads.road import Road
from search.roads.turns import TurnGraph

_Marked = NDArray[np.bool_]
"""(N,) of each node of the turns, whether it is meant."""


@dataclass(frozen=True, slots=True)
class RoadFindings:
    """What one should know of a map; roads and islands longest first.

    Attributes:
        mainland: the longest part within which some vehicle can drive from everywhere to
            everywhere, in the order of the map.
        islands: pieces that no way leads to from the mainland, nor back.
        no_way_in: roads that lead to the mainland, and that no way leads to from it: a vehicle
            could only appear there.
        no_way_out: roads that ways lead to from the mainland, and none back: a vehicle could only
            vanish there.
        without_length: of the map's words or of its line.
    """

    mainland: tuple[Road, ...]
    islands: tuple[tuple[Road, ...], ...]
    no_way_in: tuple[Road, ...]
    no_way_out: tuple[Road, ...]
    without_length: tuple[Road, ...]


def check_roads(graph: RoadGraph) -> RoadFindings:
    """Look a map over; one-way roads and forbidden turns count as far as they hold for all."""
    roads, turns = graph.roads, graph.turns
    leads = _matrix(turns)
    main = _longest_part(roads, turns, leads)
    reached, leaving = _reached(leads, main), _reached(leads.T.tocsr(), main)
    on_main, on_reached, on_leaving = (_roads_of(turns, some) for some in (main, reached, leaving))
    every = frozenset(range(len(roads)))
    return RoadFindings(
        mainland=tuple(roads[i] for i in sorted(on_main)),
        islands=_pieces(roads, every - on_reached - on_leaving),
        no_way_in=_longest_first(roads[i] for i in on_leaving - on_reached),
        no_way_out=_longest_first(roads[i] for i in on_reached - on_main),
        without_length=tuple(r for r in roads if r.length_m == 0 or line_m(r.points) == 0),
    )


def junction_count(roads: Iterable[Road]) -> int:
    """How many places there are where roads begin or end."""
    return len({road.junction(forward) for road in roads for forward in (True, False)})


def kilometres(roads: Iterable[Road]) -> float:
    """How long roads are together."""
    return sum(road.length_m for road in roads) / 1000


def _matrix(turns: TurnGraph) -> csr_array:
    """(N, N): 1 where a node can follow on another."""
    pairs = [(node, other) for node, after in enumerate(turns.after) for other, _ in after]
    before, behind = np.array(pairs, np.int32).reshape(-1, 2).T
    size = len(turns.driven)
    return csr_array((np.ones(len(pairs), np.int8), (before, behind)), shape=(size, size))


def _longest_part(roads: Sequence[Road], turns: TurnGraph, leads: csr_array) -> _Marked:
    """The nodes of the longest part; none if nowhere one comes back to where one was."""
    size = len(turns.driven)
    if not size:
        return np.zeros(0, np.bool_)
    _, part = connected_components(leads, connection="strong")
    metres = np.array([roads[i].length_m / len(roads[i].directions) for i, _ in turns.driven])
    comes_back = (np.bincount(part)[part] > 1) | (leads.diagonal() > 0)
    of_parts = np.bincount(part, np.where(comes_back, 1e-9 + metres, 0.0))
    main: _Marked = comes_back & (part == of_parts.argmax())
    return main


def _reached(leads: csr_array, main: _Marked) -> _Marked:
    """The nodes that some way leads to from a part, the part included."""
    found = main.copy()
    if main.any():
        start = int(main.argmax())
        found[breadth_first_order(leads, start, return_predecessors=False)] = True
    return found


def _roads_of(turns: TurnGraph, nodes: _Marked) -> frozenset[int]:
    return frozenset(turns.driven[node][0] for node in np.flatnonzero(nodes))


def _pieces(roads: Sequence[Road], some: frozenset[int]) -> tuple[tuple[Road, ...], ...]:
    """Roads by what meets, in whatever direction it is driven."""
    at: defaultdict[str, list[int]] = defaultdict(list)
    for i in some:
        for forward in (True, False):
            at[roads[i].junction(forward)].append(i)
    pairs = [(there[0], i) for there in at.values() for i in there[1:]]
    one, other = np.array(pairs, np.int32).reshape(-1, 2).T
    size = len(roads)
    meets = csr_array((np.ones(len(pairs), np.int8), (one, other)), shape=(size, size))
    pieces: defaultdict[int, list[int]] = defaultdict(list)
    if some:
        _, piece = connected_components(meets, directed=False)
        for i in sorted(some):
            pieces[int(piece[i])].append(i)
    found = [_longest_first(roads[i] for i in piece) for piece in pieces.values()]
    return tuple(sorted(found, key=lambda piece: -kilometres(piece)))


def _longest_first(roads: Iterable[Road]) -> tuple[Road, ...]:
    return tuple(sorted(roads, key=lambda road: (-road.length_m, road.id)))
