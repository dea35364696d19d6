"""The road graph: places on its roads, and the ways between them."""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Course:
    """The roads between two places, without their lines.

    Attributes:
        nodes: of the graph's turns, in driving order; one where nothing is turned.
        start, end: where it begins and ends.
    """

    nodes: tuple[int, ...]
    start: Place
    end: Place

    @property
    def whole(self) -> tuple[int, ...]:
        """The nodes that are driven from their beginning to their end."""
        return self.nodes[1:-1]


class RoadGraph:
    """Roads that can be driven on.

    Args:
        roads: of the map; lines that end at the same junction meet there. A road without names of
            its junctions meets others where their ends have the same place.

    Attributes:
        turns: which road can follow which.
    """

    def __init__(self, roads: Sequence[Road]) -> None:
        self.roads = tuple(roads)
        self.index = {road.id: i for i, road in enumerate(self.roads)}
        self.turns = TurnGraph(self.roads)

    def node(self, place: Place) -> int | None:
        """The node that a place lies on; None against a one-way road."""
        return self.turns.nodes.get((place.road, place.forward))

    def point(self, place: Place) -> Point:
        """Where a place lies."""
        points = self.roads[place.road].points
        at = place.share * line_m(points)
        return part_of(points, at, at)[0]

    def roads_of(self, course: Course) -> tuple[str, ...]:
        """Ids of the roads of a course, as its way has them."""
        start, end = self.roads[course.start.road], self.roads[course.end.road]
        if len(course.nodes) == 1:
            return (start.id,)
        driven, roads = self.turns.driven, self.roads
        ids = [start.id, *[roads[driven[node][0]].id for node in course.whole], end.id]
        if start.length_m * (1 - course.start.driven) < LEAST_M:
            del ids[0]
        if len(ids) > 1 and end.length_m * course.end.driven < LEAST_M:
            del ids[-1]
        return tuple(ids)

    def seconds(self, course: Course) -> float:
        """That a course takes at the speeds of its roads."""
        of_nodes, nodes = self.turns.seconds, course.nodes
        if len(nodes) == 1:
            return of_nodes[nodes[0]] * (course.end.driven - course.start.driven)
        ends = of_nodes[nodes[0]] * (1 - course.start.driven)
        ends += of_nodes[nodes[-1]] * course.end.driven
        return ends + sum(of_nodes[node] for node in course.whole)

    def way(self, course: Course) -> Way:
        """A course with its length and its line."""
        return self._way(self._driven(self._pieces(course)))

    def _pieces(self, course: Course) -> list["_Piece"]:
        start, end = course.start, course.end
        if len(course.nodes) == 1:
            return [_Piece(start.road, start.share, end.share)]
        between = (self.turns.driven[node] for node in course.whole)
        return [
            _Piece(start.road, start.share, float(start.forward)),
            *(_Piece(road, float(not forward), float(forward)) for road, forward in between),
            _Piece(end.road, float(not end.forward), end.share),
        ]

    def _driven(self, pieces: list["_Piece"]) -> list["_Piece"]:
        if len(pieces) > 1 and self._metres(pieces[0]) < LEAST_M:
            pieces = pieces[1:]
        if len(pieces) > 1 and self._metres(pieces[-1]) < LEAST_M:
            pieces = pieces[:-1]
        return pieces

    def _way(self, pieces: list["_Piece"]) -> Way:
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
