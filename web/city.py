"""The city as the registry has it now: cameras, roads and the ways between cameras."""

import threading
from collections.abc import Hashable
from dataclasses import dataclass

from sqlalchemy import Engine, Integer, Numeric, Text, cast, func, select

from search.cameras import Camera, list_cameras
from search.registry.tables import RoadRow
from search.roads.graph import RoadGraph
from search.roads.keeping import list_roads
from search.roads.road import Road
from search.travel_times.keeping import TravelTimes
from search.ways import CameraWays


@dataclass(frozen=True, slots=True)
class RoadMap:
    """One state of the map.

    Attributes:
        version: of roads and cameras; another one means that something was imported.
        roads: all of them.
        ways: between the cameras.
    """

    version: Hashable
    roads: tuple[Road, ...]
    ways: CameraWays


class City:
    """Cameras and roads; the road graph is built with its first use, and again after an import.

    Args:
        engine: of the registry.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.travel_times = TravelTimes(engine)
        self._map: RoadMap | None = None
        self._lock = threading.Lock()

    def cameras(self) -> dict[str, Camera]:
        """Every camera, by id."""
        return {camera.id: camera for camera in list_cameras(self._engine)}

    def map(self) -> RoadMap:
        """The roads as they are now."""
        cameras = list_cameras(self._engine)
        version = (tuple(cameras), self._version_of_roads())
        with self._lock:
            if self._map is None or self._map.version != version:
                graph = RoadGraph(list_roads(self._engine))
                self._map = RoadMap(version, graph.roads, CameraWays(graph, cameras))
            return self._map

    def _version_of_roads(self) -> Hashable:
        row = RoadRow.__table__.c
        # exact numbers: a sum of floats depends on the order, which a database is free to change
        exact = [cast(one, Numeric(asdecimal=False)) for one in (row.length_m, row.speed_kmh)]
        lengths = func.length(row.points), func.length(cast(row.tags, Text))
        sums = [func.sum(one) for one in (*exact, cast(row.oneway, Integer), *lengths)]
        query = select(func.count(), *sums, func.min(row.id), func.max(row.id))
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).one())
