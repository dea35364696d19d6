"""Which road a camera sees; which cameras see none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

from search.cameras import Camera
from search.geometry import METRES_A_DEGREE, foot_on, line_m, turn_between
from search.roads.graph import Place, RoadGraph
from search.roads.road import Road

REACH_M = 80.0  # a camera reads plates at 10 to 50 m; the rest is for where it was put on the map
MOST_TURN = 50.0  # degrees between its heading and the road's; roads bend, headings are rounded
TWIN_M = 25.0  # the other carriageway of a road, for a camera that reads both ways
SAME_M = 1.0  # roads that meet under a camera are equally near


class Misfit(StrEnum):
    """Why a camera sees no road; the value says it in English."""

    FAR = f"no road within {REACH_M:.0f} m"
    HEADING = f"no road within {REACH_M:.0f} m is driven in its direction"


@dataclass(frozen=True, slots=True)
class SeenRoad:
    """A road in a direction, as a camera sees it.

    Attributes:
        place: where on it, in which direction.
        distance_m: from where the camera stands.
        bearing: compass degrees 0..360 that are driven there.
    """

    place: Place
    distance_m: float
    bearing: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How a camera fits the roads.

    Attributes:
        seen: the roads that it sees, empty if none fits.
        misfit: why none fits; None if one does.
    """

    seen: tuple[SeenRoad, ...]
    misfit: Misfit | None

    @property
    def places(self) -> tuple[Place, ...]:
        """Where vehicles are that it sees."""
        return tuple(seen.place for seen in self.seen)


class Snapper:
    """Finds the road of a camera.

    Args:
        graph: the roads.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self._roads = graph.roads
        self._boxes = _boxes(graph.roads)

    def fit(self, camera: Camera) -> Fit:
        """The nearest road that fits its heading; in both directions, if it has none."""
        near = [seen for index in self._near(camera) for seen in self._seen(index, camera)]
        if not near:
            return Fit((), Misfit.FAR)
        if camera.heading is None:
            return Fit(self._both_ways(near), None)
        fitting = [s for s in near if turn_between(s.bearing, camera.heading) <= MOST_TURN]
        if not fitting:
            return Fit((), Misfit.HEADING)
        return Fit((min(fitting, key=lambda s: (self._is_against(s), s.distance_m)),), None)

    def _seen(self, index: int, camera: Camera) -> list[SeenRoad]:
        road = self._roads[index]
        foot = foot_on(road.points, (camera.lon, camera.lat))
        length = line_m(road.points)
        if foot.distance_m > REACH_M or length == 0:  # without length it leads nowhere
            return []
        share = min(1.0, foot.along_m / length)
        seen = [SeenRoad(Place(index, True, share), foot.distance_m, foot.bearing)]
        if False in road.directions:
            back = (foot.bearing + 180) % 360
            seen.append(SeenRoad(Place(index, False, share), foot.distance_m, back))
        return seen

    def _is_against(self, seen: SeenRoad) -> bool:
        """Whether only some drive so there: a camera is rather there for the others."""
        return self._roads[seen.place.road].oneway and not seen.place.forward

    def _both_ways(self, near: list[SeenRoad]) -> tuple[SeenRoad, ...]:
        """The nearest road, what else meets under the camera, and the other carriageway."""
        nearest = min(near, key=lambda seen: seen.distance_m)
        return tuple(
            seen
            for seen in near
            if seen.distance_m <= nearest.distance_m + SAME_M or self._are_twins(nearest, seen)
        )

    def _are_twins(self, one: SeenRoad, other: SeenRoad) -> bool:
        """Whether these are the two carriageways of one road."""
        is_beside = 0 < other.place.share < 1  # and not where it only begins or ends near by
        return (
            is_beside
            and self._roads[one.place.road].oneway
            and self._roads[other.place.road].oneway
            and other.distance_m <= one.distance_m + TWIN_M
            and turn_between(other.bearing, one.bearing + 180) <= MOST_TURN
        )

    def _near(self, camera: Camera) -> list[int]:
        north = REACH_M / METRES_A_DEGREE
        east = north / max(0.01, cos(radians(camera.lat)))
        west, south, right, top = self._boxes.T
        near = (west <= camera.lon + east) & (right >= camera.lon - east)
        near &= (south <= camera.lat + north) & (top >= camera.lat - north)
        return [int(i) for i in np.flatnonzero(near)]


def snap(graph: RoadGraph, cameras: Iterable[Camera]) -> Mapping[str, Fit]:
    """How every camera fits, by its id."""
    snapper = Snapper(graph)
    return {camera.id: snapper.fit(camera) for camera in cameras}


def _boxes(roads: tuple[Road, ...]) -> NDArray[np.float64]:
    """West, south, east, north of each road, (R, 4) degrees."""
    rows = []
    for road in roads:
        lons, lats = zip(*road.points, strict=True)
        rows.append((min(lons), min(lats), max(lons), max(lats)))
    return np.array(rows, np.float64).reshape(-1, 4)
