"""Cutting a road map: what lies in a box, what hangs together."""

from collections.abc import Sequence

import rustworkx

from search.geometry import Box, in_box
from search.roads.road import Road


def roads_within(roads: Sequence[Road], box: Box) -> list[Road]:
    """The roads that lie in a box with all their points."""
    return [road for road in roads if all(in_box(point, box) for point in road.points)]


def _parts(roads: Sequence[Road]) -> list[list[Road]]:
    """Parts of the map within which one can drive from everywhere to everywhere, longest first.

    A road from one part to another (a one-way road that leads out and not back) belongs to
    neither.
    """
    graph: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph()
    names = sorted({road.junction(forward) for road in roads for forward in (False, True)})
    index = dict(zip(names, graph.add_nodes_from(names), strict=True))
    ends = [(index[road.junction(False)], index[road.junction(True)]) for road in roads]
    graph.add_edges_from_no_data(ends)
    graph.add_edges_from_no_data(
        [(b, a) for (a, b), road in zip(ends, roads, strict=True) if not road.oneway]
    )
    part = {
        node: number
        for number, nodes in enumerate(rustworkx.strongly_connected_components(graph))
        for node in nodes
    }
    parts: dict[int, list[Road]] = {}
    for (a, b), road in zip(ends, roads, strict=True):
        if part[a] == part[b]:
            parts.setdefault(part[a], []).append(road)
    return sorted(parts.values(), key=lambda members: -sum(road.length_m for road in members))


def largest_part(roads: Sequence[Road]) -> list[Road]:
    """The longest part within which one can drive from everywhere to everywhere."""
    parts = _parts(roads)
    return parts[0] if parts else []
