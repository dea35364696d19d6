"""How quickly a city's roads are read and a route is worked out on them.

`python -m tests.bench.routes --roads hanoi.osm.pbf`
"""

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from lpr.passages import Passage
from search.cameras import Camera
from search.geometry import bearing_between
from search.roads.graph import RoadGraph
from search.roads.reading import read_roads
from search.roads.road import Road
from search.routes import find_route
from search.terms import SearchTerms
from search.testing import MemoryStore
from search.ways import CameraWays
from tests.bench.store import Row
from tests.bench.timing import middle_and_most

CAMERAS = 400  # on main roads, each with the direction of the traffic that it reads
MAIN = ("trunk", "primary", "secondary", "tertiary")
SHORTEST_M = 60.0  # of their roads
NEAR = 12  # cameras of which a vehicle drives to one
ROUTES = {20: 0.2, 200: 1.0}  # stops, and seconds aimed at
VEHICLES = {20: 20, 200: 5}
PLATE = "30A12345"


def route_rows(file: Path) -> Iterator[Row]:
    """Import, load, and routes of vehicles whose ways nobody has looked for before."""
    start = time.perf_counter()
    roads = read_roads(file).roads
    yield f"import of {len(roads):,} roads", time.perf_counter() - start, "s", 30.0
    start = time.perf_counter()
    graph = RoadGraph(roads)
    yield "making a graph of them", time.perf_counter() - start, "s", 1.0
    cameras = _cameras(roads)
    for stops, aim in ROUTES.items():
        took = []
        for vehicle in range(VEHICLES[stops]):
            store = MemoryStore(_drive(CameraWays(graph, cameras), cameras, stops, vehicle))
            ways = CameraWays(graph, cameras)
            start = time.perf_counter()
            found = find_route(store, SearchTerms((PLATE,)), ways)
            took.append(time.perf_counter() - start)
            assert len(found.stops) == stops
        p50, p95 = middle_and_most(took)
        yield f"a route of {stops} stops in a month, p50", p50, "s", aim
        yield f"a route of {stops} stops in a month, p95", p95, "s", None


def _cameras(roads: Sequence[Road]) -> list[Camera]:
    dice = random.Random(1)
    chosen = dice.sample(
        [r for r in roads if r.road_class in MAIN and r.length_m > SHORTEST_M], CAMERAS
    )
    return [_camera(number, road) for number, road in enumerate(chosen)]


def _camera(number: int, road: Road) -> Camera:
    """In the middle of a piece of the road, as it is drawn."""
    a, b = road.points[len(road.points) // 2 - 1 :][:2]
    lon, lat = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    name = f"C{number:03}"
    return Camera(name, name, lat, lon, round(bearing_between(a, b)) % 360, "route", "")


def _drive(ways: CameraWays, cameras: Sequence[Camera], stops: int, seed: int) -> list[Passage]:
    """A vehicle that drives from camera to camera, and rests at night."""
    dice = random.Random(seed)
    at, here = datetime(2026, 1, 1, tzinfo=UTC), dice.choice(cameras)
    seen: list[Passage] = []
    while len(seen) < stops:
        sure = ((PLATE, 0.97),)
        seen.append(Passage(here.id, at, PLATE, 0.97, sure, track=str(len(seen))))
        near = sorted(cameras, key=lambda c: (c.lat - here.lat) ** 2 + (c.lon - here.lon) ** 2)
        steps = [(c, s) for c in near[1:NEAR] if (s := ways.step(here.id, c.id))]
        if not steps:
            return _drive(ways, cameras, stops, seed + 1000)
        here, step = dice.choice(steps)
        at += timedelta(seconds=step.seconds * dice.uniform(1.0, 1.8) + 20)
        if dice.random() < 0.15:
            at += timedelta(hours=dice.uniform(3, 20))
    return seen


@click.command()
@click.option("--roads", type=click.Path(exists=True, path_type=Path), required=True)
def main(roads: Path) -> None:
    """Measure on this machine, now."""
    for what, value, unit, aim in route_rows(roads):
        click.echo(f"{what}: {value:,.2f} {unit}" + (f" (aim < {aim:g})" if aim else ""))


if __name__ == "__main__":
    main()
