"""What is wrong with a road map, or looks as if it were; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.geometry import line_m
from search.roads.cut import islands
from search.roads.road import Road


@dataclass(frozen=True, slots=True)
class RoadFindings:
    """What one should know of a map.

    Attributes:
        parts: within each one can drive from everywhere to everywhere, longest first; all but the
            first are islands.
        dead_ends: one-way roads at whose end no road leads on.
        without_length: of the map's words or of its line.
    """

    parts: tuple[tuple[Road, ...], ...]
    dead_ends: tuple[Road, ...]
    without_length: tuple[Road, ...]

    @property
    def mainland(self) -> frozenset[str]:
        """Ids of the roads of the longest part."""
        return frozenset(road.id for road in self.parts[0]) if self.parts else frozenset()


def check_roads(roads: Sequence[Road]) -> RoadFindings:
    """Look a map over."""
    left = {road.junction(False) for road in roads}
    left |= {road.junction(True) for road in roads if not road.oneway}
    return RoadFindings(
        parts=tuple(tuple(part) for part in islands(roads)),
        dead_ends=tuple(r for r in roads if r.oneway and r.junction(True) not in left),
        without_length=tuple(r for r in roads if r.length_m == 0 or line_m(r.points) == 0),
    )


def junction_count(roads: Iterable[Road]) -> int:
    """How many places there are where roads begin or end."""
    return len({road.junction(forward) for road in roads for forward in (True, False)})


def kilometres(roads: Iterable[Road]) -> float:
    """How long roads are together."""
    return sum(road.length_m for road in roads) / 1000
