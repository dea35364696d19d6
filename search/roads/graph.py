"""The road graph: places on its roads, and the quickest ways between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.geometry import Point, line_m, part_of
from search.roads.road import Road
from search.roads.turns import TurnGraph

LEAST_M = 1.0  # of a road at the end of a way; of what is less, nothing was driven


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
        line: WGS 84 degrees, lon then lat, two points or more.
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
        self._turns = TurnGraph(self.roads)

    def quickest(
        self,
        start: Place,
        end: Place,
        slowed: Mapping[int, float] | None = None,
        left: Sequence[float] | None = None,
    ) -> Way | None:
        """The quickest way, None if there is none.

        Args:
            start: where it begins.
            end: where it ends.
            slowed: factors of 1 or more on the time of roads, by index, to look for other ways.
            left: of `least_left(end)` or `left(end)`, where many ways end at the same place.
        """
        same = (start.road, start.forward) == (end.road, end.forward)
        if same and end.driven >= start.driven:
            return self._way([_Piece(start.road, start.share, end.share)])
        source = self._turns.nodes.get((start.road, start.forward))
        goal = self._turns.nodes.get((end.road, end.forward))
        if source is None or goal is None:  # against a one-way road
            return None
        if left is None:
            left = self._turns.least_seconds_to(goal)
        nodes = self._turns.quickest(source, goal, slowed or {}, left)
        if nodes is None:
            return None
        between = (self._turns.driven[node] for node in nodes[1:-1])
        return self._way(
            [
                _Piece(start.road, start.share, float(start.forward)),
                *(_Piece(road, float(not forward), float(forward)) for road, forward in between),
                _Piece(end.road, float(not end.forward), end.share),
            ]
        )

    def least_left(self, end: Place) -> Sequence[float]:
        """For `quickest`: what at least is left to drive; worked out in a moment."""
        return self._turns.least_seconds_to(self._turns.nodes[end.road, end.forward])

    def left(self, end: Place) -> Sequence[float]:
        """For `quickest`: what is left to drive; takes longer, and then makes it quick."""
        return self._turns.seconds_to(self._turns.nodes[end.road, end.forward])

    def _way(self, pieces: list["_Piece"]) -> Way:
        if len(pieces) > 1 and self._metres(pieces[0]) < LEAST_M:
            pieces = pieces[1:]
        if len(pieces) > 1 and self._metres(pieces[-1]) < LEAST_M:
            pieces = pieces[:-1]
        points = [p for piece in pieces for p in _line(self.roads[piece.road], piece)]
        line = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
        return Way(
            roads=tuple(self.roads[piece.road].id for piece in pieces),
            metres=sum(self._metres(piece) for piece in pieces),
            seconds=sum(self.roads[piece.road].seconds * piece.share for piece in pieces),
            line=tuple(line if len(line) > 1 else line * 2),
        )

    def _metres(self, piece: "_Piece") -> float:
        return self.roads[piece.road].length_m * piece.share


@dataclass(frozen=True, slots=True)
class _Piece:
    """Of a road, what lies between two shares of its line, in driving order."""

    road: int
    start: float
    end: float

    @property
    def share(self) -> float:
        return abs(self.end - self.start)


def _line(road: Road, piece: _Piece) -> list[Point]:
    if piece.share == 1:
        return list(road.points if piece.end else road.points[::-1])
    length = line_m(road.points)
    return part_of(road.points, piece.start * length, piece.end * length)
