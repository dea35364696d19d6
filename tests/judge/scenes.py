"""A scene: cameras on the roads of a city, what they read of its traffic, and the truth."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from lpr.passages import Passage, format_passage
from search.cameras import Camera, format_cameras
from search.geometry import bearing_between, line_m, part_of
from search.roads.geojson import format_geojson
from search.roads.road import Road
from tests.judge.plates import draw_plates, read_right, read_wrong
from tests.judge.sumo import DEPARTING_S, Drive

START = datetime(2026, 3, 2, tzinfo=UTC)
SHORTEST_M = 20.0  # of a road that a camera stands at
BUSY = 0.7  # power of a road's traffic by which it is likely to have a camera
DOWN_S = 3600.0  # that a camera is down for, on the average
STAMP_S = 0.5  # spread of when on a road a vehicle is read


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong.

    Attributes:
        missed: share of passings that a camera does not show.
        misread: share of the others that are read with one wrong character.
        alike: share of plates that differ by one digit from another one.
        down: share of cameras that are down for a while.
        clock_s: spread of how many seconds a camera's clock is wrong.
    """

    missed: float = 0.1
    misread: float = 0.05
    alike: float = 0.1
    down: float = 0.05
    clock_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Passing:
    """A camera that showed a vehicle.

    Attributes:
        track: of its passage.
        place: which of the vehicle's roads it was on.
        is_misread: whether its plate was read wrong.
    """

    track: str
    place: int
    is_misread: bool


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What is true of a vehicle.

    Attributes:
        plate: that it bears.
        roads: ids, as it drove them.
        passings: that were shown, in driving order.
    """

    plate: str
    roads: tuple[str, ...]
    passings: tuple[Passing, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Files in the formats of docs/formats.md, and the truth.

    Attributes:
        cameras, roads, passages: the files.
        vehicles: all of them.
    """

    cameras: Path
    roads: Path
    passages: Path
    vehicles: tuple[Vehicle, ...]


def make_scene(
    roads: Sequence[Road],
    drives: Sequence[Drive],
    cameras: int,
    faults: Faults,
    seed: int,
    folder: Path,
) -> Scene:
    """Put cameras up, and let them read.

    Args:
        roads: of the city, one way each.
        drives: its traffic.
        cameras: how many.
        faults: what goes wrong.
        seed: of chance.
        folder: for the files.
    """
    by_id = {road.id: road for road in roads}
    at_road = _put_up(by_id, drives, cameras, np.random.default_rng(seed))
    chance = random.Random(seed)
    watchers = {road: _Watcher(name, faults, chance) for road, name in at_road.items()}
    plates = draw_plates(len(drives), faults.alike, chance)
    passages: list[Passage] = []
    vehicles = []
    for number, (plate, drive) in enumerate(zip(plates, drives, strict=True)):
        passings = []
        for place, road in enumerate(drive.roads):
            if road not in watchers:
                continue
            second = (drive.entered[place] + drive.left[place]) / 2
            track, is_misread = f"{number}-{place}", chance.random() < faults.misread
            passage = watchers[road].look(plate, second, track, is_misread)
            if passage:
                passages.append(passage)
                passings.append(Passing(track, place, is_misread))
        vehicles.append(Vehicle(plate, drive.roads, tuple(passings)))
    scene = Scene(
        folder / "cameras.csv",
        folder / "roads.geojson",
        folder / "passages.ndjson",
        tuple(vehicles),
    )
    stands = [_camera(name, by_id[road]) for road, name in at_road.items()]
    passages.sort(key=lambda passage: passage.at)
    scene.cameras.write_text(format_cameras(stands), "utf-8")
    scene.roads.write_text(format_geojson(roads), "utf-8")
    scene.passages.write_text("".join(f"{format_passage(one)}\n" for one in passages), "utf-8")
    return scene


class _Watcher:
    """A camera, with its own faults."""

    def __init__(self, name: str, faults: Faults, chance: random.Random) -> None:
        self._name, self._faults, self._chance = name, faults, chance
        self._late = chance.gauss(0, faults.clock_s)
        self._down = (0.0, 0.0)
        if chance.random() < faults.down:
            start = chance.uniform(0, DEPARTING_S)
            self._down = start, start + chance.expovariate(1 / DOWN_S)

    def look(self, plate: str, second: float, track: str, is_misread: bool) -> Passage | None:
        """What it shows of a vehicle that passes, None if nothing."""
        if self._chance.random() < self._faults.missed or self._down[0] <= second < self._down[1]:
            return None
        shown = second + self._late + self._chance.gauss(0, STAMP_S)
        read = (read_wrong if is_misread else read_right)(plate, self._chance)
        at = START + timedelta(milliseconds=round(1000 * shown))
        return Passage(self._name, at, read.text, read.score, read.candidates, track=track)


def _put_up(
    roads: Mapping[str, Road], drives: Sequence[Drive], count: int, chance: np.random.Generator
) -> dict[str, str]:
    """The cameras by their roads: rather where much passes, as a city puts them up."""
    passed = dict.fromkeys(roads, 0)
    for drive in drives:
        for road in drive.roads:
            passed[road] += 1
    ids = [road.id for road in roads.values() if road.length_m > SHORTEST_M]
    wanted = np.array([passed[road] for road in ids]) ** BUSY + 0.2
    chosen = chance.choice(len(ids), count, replace=False, p=wanted / wanted.sum())
    return {ids[place]: f"C{number:04d}" for number, place in enumerate(chosen)}


def _camera(name: str, road: Road) -> Camera:
    middle = line_m(road.points) / 2
    before, at, after = (
        part_of(road.points, metres, metres)[0] for metres in (middle - 1, middle, middle + 1)
    )
    heading = round(bearing_between(before, after)) % 360
    return Camera(name, f"camera {name}", at[1], at[0], heading, "route", "ward")
