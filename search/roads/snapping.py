"""Which road a camera sees."""

from collections.abc import Iterable, Mapping
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


class Snapper:
    """Finds the road of a camera.

    Args:
        graph: the roads.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self._roads = graph.roads
        self._boxes = _boxes(graph.roads)

    def places(self, camera: Camera) -> tuple[Place, ...]:
        """Where and in which directions it sees vehicles; empty if no road fits its heading."""
        here = (camera.lon, camera.lat)
        found: list[tuple[float, Place]] = []
        for index in self._near(camera):
            road = self._roads[index]
            foot = foot_on(road.points, here)
            if foot.distance_m > REACH_M:
                continue
            share = min(1.0, foot.along_m / (line_m(road.points) or 1.0))
            for forward in (True, False) if not road.oneway else (True,):
                bearing = foot.bearing if forward else (foot.bearing + 180) % 360
                if camera.heading is None or turn_between(bearing, camera.heading) <= MOST_TURN:
                    found.append((foot.distance_m, Place(index, forward, share)))
        if not found:
            return ()
        nearest = min(distance for distance, _ in found)
        if camera.heading is not None:
            return (min(found, key=lambda f: f[0])[1],)
        return tuple(place for distance, place in found if distance <= nearest + TWIN_M)

    def _near(self, camera: Camera) -> list[int]:
        if not len(self._boxes):
            return []
        north = REACH_M / METRES_A_DEGREE
        east = north / max(0.01, cos(radians(camera.lat)))
        west, south, right, top = self._boxes.T
        near = (west <= camera.lon + east) & (right >= camera.lon - east)
        near &= (south <= camera.lat + north) & (top >= camera.lat - north)
        return [int(i) for i in np.flatnonzero(near)]


def snap(graph: RoadGraph, cameras: Iterable[Camera]) -> Mapping[str, tuple[Place, ...]]:
    """The places of every camera, by its id."""
    snapper = Snapper(graph)
    return {camera.id: snapper.places(camera) for camera in cameras}


def _boxes(roads: tuple[Road, ...]) -> NDArray[np.float64]:
    """West, south, east, north of each road, (R, 4) degrees."""
    rows = []
    for road in roads:
        lons, lats = zip(*road.points, strict=True)
        rows.append((min(lons), min(lats), max(lons), max(lats)))
    return np.array(rows, np.float64)
