"""The routes of a scene: by PlateTrail, as it is installed, and by what anybody would do first."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from math import inf
from pathlib import Path

import numpy as np

from search.cameras import list_cameras
from search.invocation import closing_registry
from search.opening import open_sightings
from search.roads.courses import Prices, cheapest
from search.roads.graph import Course, RoadGraph
from search.roads.keeping import list_roads
from search.route_formats import route_to_json
from search.routes import MOST_STOPS, Route, find_route
from search.sightings import Sighting
from search.store import SightingStore
from search.terms import SearchTerms
from search.travel_times.estimate import Learnt
from search.travel_times.keeping import TravelTimes
from search.ways import CameraWays
from tests.judge.figures import Answer, Ways
from tests.judge.scenes import Scene
from web.settings import Settings

SURE = 1.0  # what the shortest path says of itself
Answering = Callable[[str], Answer]
"""From a plate to its route."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder that a scene was imported into.

    Attributes:
        folder: of its data.
        graph: its roads.
        ways: between its cameras.
        store: its sightings.
        learnt: of travel times.
    """

    folder: Path
    graph: RoadGraph
    ways: CameraWays
    store: SightingStore
    learnt: Learnt


@contextmanager
def installed(scene: Scene, folder: Path) -> Iterator[Installation]:
    """A scene in an empty data folder, put there by the commands.

    Args:
        scene: to import.
        folder: that is not there yet.
    """
    for command in (
        ("cameras", "import", scene.cameras),
        ("roads", "import", scene.roads),
        ("ingest", scene.passages),
    ):
        _platetrail(folder, *map(str, command))
    settings = Settings(data_dir=folder)
    with closing_registry(settings.registry) as registry:
        graph = RoadGraph(list_roads(registry))
        cameras = list_cameras(registry)
        with open_sightings(settings) as store:
            ways = CameraWays(graph, cameras)
            yield Installation(folder, graph, ways, store, TravelTimes(registry))


def check_command(here: Installation, plate: str) -> None:
    """See whether the command answers what is judged.

    Raises:
        RuntimeError: it does not.
    """
    options = ("route", plate, "--format", "json", "--reason", "judge")
    ours = route_to_json(_route(here, plate))
    if _platetrail(here.folder, *options).strip() != ours:
        raise RuntimeError(f"platetrail {' '.join(options)} does not answer what is judged")


def ours(here: Installation) -> Answering:
    """PlateTrail's routes."""

    def answer(plate: str) -> Answer:
        route = _route(here, plate)
        legs = [[(path.way.roads, path.probability) for path in leg.paths] for leg in route.legs]
        return Answer(_tracks(route.stops), tuple(legs))

    return answer


def shortest(here: Installation) -> Answering:
    """The quickest way between exact readings, for comparison."""
    graph, fits = here.graph, here.ways.fits
    turns = graph.turns.priced(np.array(graph.turns.seconds))
    prices = Prices(graph.turns.after, graph.turns.seconds, graph.turns.leads_to)

    @cache
    def left_to(goal: int) -> list[float]:
        left: list[float] = graph.turns.left_to(turns, [goal], inf)[0].tolist()
        return left

    @cache
    def way(start: str, end: str) -> Ways:
        for begin, goal in product(fits[start].places, fits[end].places):
            source, target = graph.node(begin), graph.node(goal)
            if source is not None and target is not None:
                nodes = cheapest(prices, source, target, left_to(target))
                return [(graph.roads_of(Course(tuple(nodes), begin, goal)), SURE)] if nodes else []
        return []

    def answer(plate: str) -> Answer:
        page = here.store.find(SearchTerms((plate,), None, None, limit=MOST_STOPS))
        stops = sorted(page.sightings, key=lambda sighting: sighting.passage.at)
        cameras = [stop.passage.camera for stop in stops]
        legs = tuple(way(*pair) if pair[0] != pair[1] else () for pair in pairwise(cameras))
        return Answer(_tracks(stops), legs)

    return answer


def _route(here: Installation, plate: str) -> Route:
    terms = SearchTerms((plate,), None, None, candidates=True)
    return find_route(here.store, terms, here.ways, learnt=here.learnt)


def _tracks(stops: Sequence[Sighting]) -> tuple[str, ...]:
    return tuple(stop.passage.track or "" for stop in stops)


def _platetrail(folder: Path, *options: str) -> str:
    """Run a command; what it printed.

    Raises:
        RuntimeError: it fails.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "web", *options],
        env={**os.environ, "PLATETRAIL_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"platetrail {' '.join(options)}: {ended.stderr.strip()}")
    return ended.stdout
