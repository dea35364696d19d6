"""A road: a piece between two junctions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.geometry import Point
from search.roads.profile import EVERYBODY, NOBODY, Profiles


@dataclass(frozen=True, slots=True)
class NoTurn:
    """A turn that is forbidden at one end of a road.

    Attributes:
        via: junction where one would turn.
        to: id of the road that one would turn into; the road itself: straight back.
        profiles: whom it is forbidden to.
    """

    via: str
    to: str
    profiles: Profiles = EVERYBODY


@dataclass(frozen=True, slots=True)
class Road:
    """A piece of road between two junctions.

    Attributes:
        id: of the source; a piece of an OpenStreetMap way is `<way>-<index>`.
        points: its line, in driving order, two or more.
        from_node, to_node: the junctions where it begins and ends.
        length_m: along the line.
        speed_kmh: how fast it may be driven.
        oneway: driven from `from_node` to `to_node` only, but by some; otherwise both ways.
        name: as on the street sign, empty if it has none.
        road_class: OpenStreetMap's `highway`, empty if unknown.
        tags: what else the source says of who may drive here.
        no_turns: that are forbidden at its ends.
        driven_by: who may drive on it.
        driven_back_by: who of them may drive a one-way road against its direction.
    """

    id: str
    points: tuple[Point, ...]
    from_node: str
    to_node: str
    length_m: float
    speed_kmh: float
    oneway: bool = False
    name: str = ""
    road_class: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    no_turns: tuple[NoTurn, ...] = ()
    driven_by: Profiles = EVERYBODY
    driven_back_by: Profiles = NOBODY

    @property
    def seconds(self) -> float:
        """How long the whole of it takes at its speed."""
        return self.length_m / self.speed_kmh * 3.6

    @property
    def directions(self) -> tuple[bool, ...]:
        """In which directions some may drive it: True from its start to its end."""
        return (True,) if self.oneway and not self.driven_back_by else (True, False)

    def drivers(self, forward: bool) -> Profiles:
        """Who may drive it in a direction."""
        return self.driven_by if forward or not self.oneway else self.driven_back_by

    def junction(self, forward: bool) -> str:
        """Name of the junction that it leads to in a direction; its place where it has no name."""
        node, point = (
            (self.to_node, self.points[-1]) if forward else (self.from_node, self.points[0])
        )
        return node or f"{point[0]:.6f},{point[1]:.6f}"


@dataclass(frozen=True, slots=True)
class RoadFile:
    """What a file holds.

    Attributes:
        roads: in the order of the file.
        left_out: how many turn restrictions are not obeyed, by why.
    """

    roads: list[Road]
    left_out: Mapping[str, int] = field(default_factory=dict)
