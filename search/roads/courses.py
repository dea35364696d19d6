"""Courses: the roads that lead from one place to another, cheapest first; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from heapq import heappop, heappush
from itertools import pairwise
from math import inf

MOST_LOOKED_AT = 6000  # places to leave a course; a city's centre has endless ways round


@dataclass(frozen=True, slots=True)
class Prices:
    """What driving costs.

    Attributes:
        after: of each node the nodes that can follow, and what the turn costs.
        costs: of each node.
        leads_to: junction at the end of each node.
    """

    after: Sequence[Sequence[tuple[int, float]]]
    costs: Sequence[float]
    leads_to: Sequence[str]

    def of(self, course: Sequence[int]) -> float:
        """What a course costs, without its first node."""
        return sum(dict(self.after[a])[b] + self.costs[b] for a, b in pairwise(course))


def cheapest(prices: Prices, source: int, goal: int, left: Sequence[float]) -> list[int] | None:
    """The cheapest nodes from one to another, both included; None if there is no way.

    Args:
        prices: of the nodes.
        source: where one starts.
        goal: where one arrives; if it is the source, one goes round.
        left: of each node, what is to pay after it until the goal is left; infinite: no way.
    """
    course = [source]
    while len(course) == 1 or course[-1] != goal:
        step = _next(prices, goal, left, course[-1])
        if step is None or len(course) > len(prices.costs):
            return None
        course.append(step[0])
    return course


def several(
    prices: Prices, source: int, goal: int, left: Sequence[float], most: int, dearest: float
) -> list[list[int]]:
    """Courses from one node to another, cheapest first, past no junction twice.

    Each is the cheapest one of those that leave an earlier one at a certain place.

    Args:
        prices: of the nodes.
        source: where one starts.
        goal: where one arrives; if it is the source, one goes round.
        left: as of `cheapest`.
        most: so many at most.
        dearest: what costs more is left out.
    """
    found: list[list[int]] = []
    # what it costs as a whole, a number that keeps the order, what is paid for the beginning, and
    # that: so much of a course, which only grows, and a node
    heap: list[tuple[float, int, float, list[int], int, int]] = []
    number = 0
    after, costs, leads_to = prices.after, prices.costs, prices.leads_to

    def leave(course: list[int], paid: float, but: int | None) -> None:
        """Put down every other way on from the end of a beginning."""
        nonlocal number
        for node, turn in after[course[-1]]:
            if node == but:
                continue
            cost = paid + turn + costs[node]
            whole = cost if node == goal else cost + left[node]
            if whole <= dearest:
                number += 1
                heappush(heap, (whole, number, cost, course, len(course), node))

    on = cache(partial(_next, prices, goal, left))
    leave([source], 0.0, None)
    while heap and len(found) < most and number < MOST_LOOKED_AT:
        _, _, paid, before, length, node = heappop(heap)
        course = before[:length]
        passed = {leads_to[passed_node] for passed_node in course}
        course.append(node)
        while course[-1] != goal:
            junction = leads_to[course[-1]]
            if junction in passed:
                break
            passed.add(junction)
            step = on(course[-1])
            if step is None:
                break
            leave(course, paid, step[0])
            paid += step[1]
            course.append(step[0])
        else:
            found.append(course)
    return found


def _next(prices: Prices, goal: int, left: Sequence[float], node: int) -> tuple[int, float] | None:
    """Where the cheapest way on leads first, and what that costs."""
    least, cost, following = min(
        (
            (turn + prices.costs[other] + (left[other] if other != goal else 0.0), turn, other)
            for other, turn in prices.after[node]
        ),
        default=(inf, 0.0, -1),
    )
    return None if least == inf else (following, cost + prices.costs[following])
