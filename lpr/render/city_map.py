"""The small piece of Hanoi that rendered vehicles drive on. Pure; the file is packed with it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from importlib.resources import files
from itertools import pairwise
from math import atan2, cos, degrees, hypot, inf, radians

METRES_A_DEGREE = 111_195.0  # of latitude
Point = tuple[float, float]
Turn = tuple[int, bool]
"""A road by its index, and whether it is driven from its start to its end."""


@dataclass(frozen=True, slots=True)
class CityRoad:
    """A piece of road between two junctions.

    Attributes:
        id: as in the GeoJSON.
        points: longitude and latitude in driving order.
        start, end: junctions.
        length_m: along it.
        speed_kmh: how fast it may be driven.
        oneway: driven from start to end only.
        name: on the street sign, empty if it has none.
        road_class: OpenStreetMap's `highway`.
    """

    id: str
    points: tuple[Point, ...]
    start: str
    end: str
    length_m: float
    speed_kmh: float
    oneway: bool
    name: str
    road_class: str

    @property
    def seconds(self) -> float:
        """How long it takes at its speed."""
        return self.length_m / self.speed_kmh * 3.6


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a road and the direction in which it is driven.

    Attributes:
        road: index of the road.
        forward: whether from its start to its end.
        along_m: metres from where the road is entered in that direction.
    """

    road: int
    forward: bool
    along_m: float

    @property
    def turn(self) -> Turn:
        """Road and direction."""
        return self.road, self.forward


@dataclass(frozen=True)
class CityMap:
    """Roads that hang together."""

    roads: tuple[CityRoad, ...]

    @cached_property
    def following(self) -> dict[Turn, tuple[Turn, ...]]:
        """Where one can go on; straight back at dead ends only."""
        leaving: dict[str, list[Turn]] = {}
        for turn in self.turns:
            leaving.setdefault(self.entrance(turn), []).append(turn)
        ways = {}
        for turn in self.turns:
            out = leaving.get(self.entrance((turn[0], not turn[1])), [])
            ways[turn] = tuple([w for w in out if w[0] != turn[0]] or out)
        return ways

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Every road in every direction in which it may be driven."""
        both = [((i, True), (i, False)) for i in range(len(self.roads))]
        return tuple(t for ways in both for t in ways if t[1] or not self.roads[t[0]].oneway)

    def entrance(self, turn: Turn) -> str:
        """The junction where a road is entered in that direction."""
        road = self.roads[turn[0]]
        return road.start if turn[1] else road.end

    def quickest(
        self, start: Turn, ends: Collection[Turn], seconds: Sequence[float]
    ) -> dict[Turn, list[Turn]]:
        """The quickest ways to several places.

        Args:
            start: where they begin; part of each way.
            ends: where they end; part of their way.
            seconds: that each road takes.

        Returns:
            For each end that can be reached its roads in driving order, the quickest way first.
            From a road to itself it goes round.
        """
        queue = [(0.0, start)]
        came: dict[Turn, Turn] = {}
        best: dict[Turn, float] = {}
        ways: dict[Turn, list[Turn]] = {}
        while queue and len(ways) < len(ends):
            spent, turn = heappop(queue)
            if turn in ends and turn in came and turn not in ways:
                ways[turn] = _way_back(came, start, turn)
            for after in self.following[turn]:
                later = spent + seconds[after[0]]
                if later < best.get(after, inf):
                    best[after], came[after] = later, turn
                    heappush(queue, (later, after))
        return ways

    def place(self, spot: Spot) -> tuple[Point, float]:
        """Longitude and latitude of a spot, and the compass direction driven there."""
        road = self.roads[spot.road]
        points = road.points if spot.forward else road.points[::-1]
        lengths = [distance_m(a, b) for a, b in pairwise(points)]
        left = spot.along_m * sum(lengths) / road.length_m
        step = 0
        while step < len(lengths) - 1 and left > lengths[step]:
            left -= lengths[step]
            step += 1
        a, b = points[step : step + 2]
        share = min(1.0, left / lengths[step]) if lengths[step] else 0.0
        point = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        return point, bearing(a, b)


def _way_back(came: Mapping[Turn, Turn], start: Turn, end: Turn) -> list[Turn]:
    way = [end, came[end]]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]


def load_city() -> CityMap:
    """The piece that is packed with PlateTrail. Map data © OpenStreetMap contributors, ODbL 1.0."""
    return parse_city(city_geojson())


def city_geojson() -> str:
    """Its GeoJSON, as `platetrail roads import` takes it."""
    return files("lpr.render").joinpath("city/roads.geojson").read_text("utf-8")


def parse_city(text: str) -> CityMap:
    """A map from GeoJSON lines that name their junctions."""
    return CityMap(tuple(_road(f) for f in json.loads(text)["features"]))


def _road(feature: dict[str, dict[str, object]]) -> CityRoad:
    fields, places = feature["properties"], feature["geometry"]["coordinates"]
    assert isinstance(places, list)
    return CityRoad(
        id=str(fields["id"]),
        points=tuple((float(lon), float(lat)) for lon, lat in places),
        start=str(fields["from"]),
        end=str(fields["to"]),
        length_m=float(str(fields["length_m"])),
        speed_kmh=float(str(fields["speed_kmh"])),
        oneway=bool(fields.get("oneway")),
        name=str(fields.get("name") or ""),
        road_class=str(fields.get("highway") or ""),
    )


def distance_m(a: Point, b: Point) -> float:
    """Metres between two points that are near each other."""
    east, north = _steps(a, b)
    return hypot(east, north)


def bearing(a: Point, b: Point) -> float:
    """Compass direction from a to b, 0..360 degrees."""
    east, north = _steps(a, b)
    return degrees(atan2(east, north)) % 360


def _steps(a: Point, b: Point) -> tuple[float, float]:
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2)) * METRES_A_DEGREE
    return east, (b[1] - a[1]) * METRES_A_DEGREE
