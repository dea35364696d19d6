import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.roads.courses import Prices, cheapest, several
from search.roads.turns import TurnGraph
from search.testing import street

NODES = [(x * 100.0, y * 100.0) for x in range(3) for y in range(3)]
SIDES = [(a, b) for a in NODES for b in NODES if a < b and math.dist(a, b) == 100]


@st.composite
def grids(draw: st.DrawFn) -> tuple[TurnGraph, int, int]:
    """Some of the streets of a grid, with speeds of their own, and two nodes."""
    sides = draw(st.lists(st.sampled_from(SIDES), min_size=4, unique=True))
    speeds = st.sampled_from([7.0, 13.0, 29.0, 61.0])
    graph = TurnGraph([street(str(i), *side, kmh=draw(speeds)) for i, side in enumerate(sides)])
    node = st.integers(0, len(graph.driven) - 1)
    return graph, draw(node), draw(node)


def ways_without_a_junction_twice(graph: TurnGraph, source: int, goal: int) -> Iterator[list[int]]:
    def on(course: list[int], passed: set[str]) -> Iterator[list[int]]:
        for following, _ in graph.after[course[-1]]:
            if following == goal:
                yield [*course, following]
            elif graph.leads_to[following] not in passed:
                yield from on([*course, following], passed | {graph.leads_to[following]})

    yield from on([source], {graph.leads_to[source]})


@settings(deadline=None)
@given(grids())
def test_they_are_all_that_trying_everything_finds_cheapest_first(
    drive: tuple[TurnGraph, int, int],
) -> None:
    graph, source, goal = drive
    costs = graph.seconds
    turns = graph.priced(np.array(costs))
    left = graph.left_to(turns, [goal], math.inf)[0].tolist()

    prices = Prices(graph.after, costs, graph.leads_to)
    best = cheapest(prices, source, goal, left)
    tried = list(ways_without_a_junction_twice(graph, source, goal))
    if best is None:
        assert tried == []
        return
    assert all(prices.of(best) <= prices.of(course) + 1e-6 for course in tried)
    dearest = 1.5 * prices.of(best) + 5.0
    found = several(prices, source, goal, left, 10_000, dearest)
    assert {tuple(c) for c in tried if prices.of(c) < dearest - 1e-6} <= {tuple(c) for c in found}
    paid = [prices.of(course) for course in found]
    assert paid == pytest.approx(sorted(paid))
    assert all(cost <= dearest for cost in paid)


def test_no_more_than_asked_for() -> None:
    graph = TurnGraph([street(str(i), *side) for i, side in enumerate(SIDES)])
    left = graph.left_to(graph.priced(np.array(graph.seconds)), [9], math.inf)[0].tolist()
    prices = Prices(graph.after, graph.seconds, graph.leads_to)
    few = several(prices, 0, 9, left, 3, 1000.0)
    assert len(few) == 3
