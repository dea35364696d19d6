"""Crowds in front of one rendered camera: dense traffic, motorbikes that cross, a red light."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lpr.plates import GeneratedPlate, PlateKind, generate_plate
from lpr.render.bodies import End, Vehicle, facing, pick
from lpr.render.camera_view import CameraView
from lpr.render.canvas import Canvas
from lpr.render.lane import Driven, Driver, Red, drive_along
from lpr.render.light import Hour, Light, finish, light_of
from lpr.render.panels import Corners, Picture
from lpr.render.pictures import Placed, draw_traffic
from lpr.render.scene import LitVehicle, draw_vehicle
from lpr.render.street import draw_street, random_street

CrowdKind = Literal["dense", "bikes", "red light", "night"]
SIZE = (1280, 720)
NEAR_M, FAR_M = 1.3, 45.0  # a lane's ends: below the frame, and too far to be read
RED_S = 120.0
_STOP_M = {"rear": 9.0, "front": 34.0}  # along the lane; 9 to 10 m from the camera
_CAR_LANES, _BIKE_LANES = (-1.5, 1.55), (-1.15, -0.4, 0.35, 1.1)
_HEADWAY_S = {"dense": 1.6, "bikes": 3.2, "red light": 2.4, "night": 2.2}  # mean, in one lane
_SWAY_M, _SWAY_S = (0.35, 0.9), (3.0, 6.0)  # how far motorbikes swing aside, and how slowly
_BUS_M, _BUS_SPEED, _BUS_EVERY_S = 9.0, 5.0, 17.0  # crosses in front of those who wait
_STILL_M = 0.02  # what moves less than that between two frames does not move
_CARS = (PlateKind.CAR, PlateKind.CAR, PlateKind.CAR, PlateKind.CAR_OLD)
_BIKES = (PlateKind.MOTORCYCLE, PlateKind.MOTORCYCLE_OLD)


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """One vehicle's way past a camera.

    Attributes:
        vehicle: lit as it is there.
        plate: that the camera can see; None where the vehicle shows none.
        times: (N,) seconds, rising.
        places: (N, 2) metres: to the right of the camera, and away from it (the near end).
    """

    vehicle: LitVehicle
    plate: GeneratedPlate | None
    times: NDArray[np.float64]
    places: NDArray[np.float64]

    def place(self, at_s: float) -> tuple[float, float] | None:
        """Where it is then; None before it comes and after it has gone."""
        if not self.times[0] <= at_s <= self.times[-1]:
            return None
        x, z = (float(np.interp(at_s, self.times, column)) for column in self.places.T)
        return x, z


@dataclass(frozen=True, slots=True)
class CrowdTruth:
    """A plate in one frame that nothing covers and that lies whole in it.

    Attributes:
        text: what stands on it: no two of a crowd are alike.
        corners: (4, 2) pixels, clockwise from the plate's top left.
    """

    text: str
    corners: Corners


@dataclass(frozen=True, slots=True, eq=False)
class CrowdFrame:
    """One frame.

    Attributes:
        at_s: seconds since the crowd began.
        moves: whether anything moved since the frame before.
        picture: (H, W, 3) uint8 BGR; None where nothing moves: it is as the one before.
        plates: the truth.
    """

    at_s: float
    moves: bool
    picture: Picture | None
    plates: tuple[CrowdTruth, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """A camera, its empty street, and everybody who drives through.

    Attributes:
        end: of the vehicles that the camera sees: "rear" drive away from it.
        view: of the camera.
        light: of the hour.
        street: empty, (H, W, 3) uint8 BGR.
        drives: in no order.
    """

    end: End
    view: CameraView
    light: Light
    street: Picture
    drives: tuple[Drive, ...]

    @property
    def seconds(self) -> float:
        """Until the last one has gone."""
        return max(float(drive.times[-1]) for drive in self.drives)


def make_crowd(kind: CrowdKind, vehicles: int, seed: int) -> Crowd:
    """A crowd; the same seed gives the same.

    Args:
        kind: how it drives.
        vehicles: with plates; half of the crowds show front ends, of cars only.
        seed: of everything.
    """
    rng = np.random.default_rng([seed, len(kind)])
    end = _end(kind, seed)
    focal, horizon = rng.uniform(1750, 2100), rng.uniform(-0.14, -0.02)
    pitch = float(np.arctan((0.5 - horizon) * SIZE[1] / focal))
    view = CameraView(*SIZE, focal, rng.uniform(2.6, 3.4), pitch, rng.normal(0, 0.015))
    hour: Hour = "night" if kind == "night" else "day"
    light = light_of(hour, bool(kind == "night" and rng.random() < 0.3), rng)
    street = draw_street(view, random_street(rng, view), light, rng)
    plates = crowd_plates(kind, vehicles, seed)
    drives = _drives(kind, end, plates, light, rng)
    if kind == "red light":
        drives += _buses(light, rng)
    return Crowd(end, view, light, street, tuple(drives))


def crowd_plates(kind: CrowdKind, vehicles: int, seed: int) -> list[GeneratedPlate]:
    """The plates of a crowd, all different; see `make_crowd`. Some may be covered all the time."""
    chance, end = random.Random(seed), _end(kind, seed)
    kinds = _BIKES if kind == "bikes" else _CARS if end == "front" else (*_CARS, *_BIKES)
    plates: dict[str, GeneratedPlate] = {}
    while len(plates) < vehicles:
        plate = generate_plate(chance, chance.choice(kinds))
        plates[plate.text] = plate
    return list(plates.values())


def _end(kind: CrowdKind, seed: int) -> End:
    return "rear" if kind == "bikes" or seed % 2 == 0 else "front"


def film(crowd: Crowd, fps: float, seed: int) -> Iterator[CrowdFrame]:
    """Every frame of a crowd; those in which nothing moves are not drawn.

    Args:
        crowd: who drives.
        fps: frames a second.
        seed: of the noise.
    """
    rng = np.random.default_rng(seed)
    before: list[tuple[float, float] | None] = []
    plates: tuple[CrowdTruth, ...] = ()
    for number in range(int(crowd.seconds * fps) + 2):
        at_s = number / fps
        places = [drive.place(at_s) for drive in crowd.drives]
        moves = not before or any(map(_moved, before, places))
        picture = None
        if moves:
            picture, plates = _draw(crowd, places, rng)
            before = places
        yield CrowdFrame(at_s, moves, picture, plates)


def _moved(before: tuple[float, float] | None, now: tuple[float, float] | None) -> bool:
    if before is None or now is None:
        return before is not now
    return max(abs(before[0] - now[0]), abs(before[1] - now[1])) > _STILL_M


def _draw(
    crowd: Crowd, places: Sequence[tuple[float, float] | None], rng: np.random.Generator
) -> tuple[Picture, tuple[CrowdTruth, ...]]:
    frame = crowd.street.copy()
    here = [
        Placed(drive.vehicle, *place)
        for drive, place in zip(crowd.drives, places, strict=True)
        if place
    ]
    truths = draw_traffic(frame, crowd.view, here)
    whole = (CrowdTruth(t.plate.text, t.corners) for t in truths if _is_whole(t.corners))
    return finish(frame, crowd.light, rng), tuple(whole)


def _is_whole(corners: Corners) -> bool:
    return bool((corners >= 0).all() and (corners <= SIZE).all())


def _drives(
    kind: CrowdKind,
    end: End,
    plates: Sequence[GeneratedPlate],
    light: Light,
    rng: np.random.Generator,
) -> list[Drive]:
    """Everybody in the lane of their own, cars in the outer and motorbikes between."""
    vehicles = [(plate, draw_vehicle(rng, plate, end)) for plate in plates]
    drives: list[Drive] = []
    for is_bike, lanes in ((False, _CAR_LANES), (True, _BIKE_LANES)):
        mine = [v for v in vehicles if (v[0].vehicle == "motorcycle") == is_bike]
        for number, x in enumerate(lanes):
            drives += _in_lane(kind, end, mine[number :: len(lanes)], x, light, rng)
    return drives


def _in_lane(
    kind: CrowdKind,
    end: End,
    vehicles: Sequence[tuple[GeneratedPlate, Vehicle]],
    x: float,
    light: Light,
    rng: np.random.Generator,
) -> list[Drive]:
    enters = np.cumsum(rng.uniform(0.5, 1.5, len(vehicles)) * _HEADWAY_S[kind])
    drivers = [
        Driver(float(at), float(rng.uniform(3.5, 8.0)), vehicle.length_m)
        for at, (_, vehicle) in zip(enters, vehicles, strict=True)
    ]
    reds = [Red(_STOP_M[end], 8.0, 8.0 + RED_S)] if kind == "red light" else []
    ways = drive_along(drivers, FAR_M - NEAR_M, reds)
    return [
        _drive(LitVehicle.of(vehicle, light), plate, way, end, x, rng)
        for way, (plate, vehicle) in zip(ways, vehicles, strict=True)
    ]


def _drive(
    vehicle: LitVehicle,
    plate: GeneratedPlate,
    way: Driven,
    end: End,
    x: float,
    rng: np.random.Generator,
) -> Drive:
    """Cars keep to their lane; motorbikes swing aside as far as they drive on."""
    length = vehicle.vehicle.length_m
    z = NEAR_M + way.front - length if end == "rear" else FAR_M - way.front
    if plate.vehicle == "motorcycle":
        metres = rng.uniform(*_SWAY_S) * 5.5  # of road for one swing, at a usual speed
        phase, wide = rng.uniform(0, 2 * np.pi), rng.uniform(*_SWAY_M)
        xs = x + wide * np.sin(2 * np.pi * way.front / metres + phase)
    else:
        xs = np.full_like(z, x + rng.normal(0, 0.12))
    shown = vehicle.vehicle.plate
    return Drive(vehicle, plate if shown else None, way.times, np.stack([xs, z], axis=1))


def _buses(light: Light, rng: np.random.Generator) -> list[Drive]:
    """What crosses in front of those who wait: for two or three seconds they are covered."""
    drives = []
    for begin in np.arange(16.0, RED_S, _BUS_EVERY_S):
        canvas = Canvas(_BUS_M, 2.9, 40)
        canvas.box(-_BUS_M / 2, 0.0, _BUS_M / 2, 2.9, pick(rng), 0.2)
        panel = facing(canvas.texture(), (_BUS_M / 2, 0.35, 0.0), (_BUS_M / 2, 2.9, 0.0))
        bus = LitVehicle.of(Vehicle((panel,), None, (), _BUS_M, 2.4), light)
        way = 2 * _BUS_M
        times = begin + np.array([0.0, 2 * way / _BUS_SPEED])
        places = np.array([[-way, 5.2], [way, 5.2]]) * (rng.choice((-1, 1)), 1)
        drives.append(Drive(bus, None, times, places))
    return drives
