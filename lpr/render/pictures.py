"""Single pictures of streets with vehicles, and the truth beside them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from lpr.plates import generate_plate
from lpr.render import wear
from lpr.render.bodies import Vehicle
from lpr.render.camera_view import CameraView
from lpr.render.light import Hour, Light, finish, light_of
from lpr.render.panels import Corners, Picture
from lpr.render.scene import LitVehicle, PlateTruth, draw_vehicle
from lpr.render.street import Street, draw_street, random_street

_SIZES = ((1280, 720), (960, 540), (640, 480), (640, 640), (472, 303), (480, 640))
_HOURS: tuple[Hour, ...] = ("day", "dusk", "night")
_HOUR_SHARES = (0.6, 0.2, 0.2)
_RAIN = 0.15
_CLOSE = 0.35  # share of pictures that show one vehicle near by
_TRIES = 40  # places tried for vehicles


@dataclass(frozen=True, slots=True)
class Placed:
    """A vehicle at its place on the road, metres."""

    vehicle: LitVehicle
    x: float
    z: float


def draw_street_picture(
    rng: np.random.Generator, size: tuple[int, int] | None = None
) -> tuple[Picture, list[PlateTruth]]:
    """A street with vehicles, by day, dusk or night.

    Args:
        rng: source of chance; the same state gives the same picture.
        size: width and height in pixels, None for one that cameras and telephones have.

    Returns:
        The picture, (H, W, 3) uint8 BGR, and each plate of which some part lies in it and nothing
        covers, whatever its size.
    """
    width, height = size or _SIZES[int(rng.integers(len(_SIZES)))]
    hour = _HOURS[int(rng.choice(len(_HOURS), p=_HOUR_SHARES))]
    light = light_of(hour, bool(rng.random() < _RAIN), rng)
    is_close = rng.random() < _CLOSE
    view = _close_view(width, height, rng) if is_close else _pole_view(width, height, rng)
    street = random_street(rng, view)
    placed = _close_by(view, light, rng) if is_close else _traffic(view, street, light, rng)
    frame = draw_street(view, street, light, rng)
    truths = draw_traffic(frame, view, placed)
    return _taken(frame, light, rng), [t for t in truths if _touches(t.corners, width, height)]


def draw_traffic(frame: Picture, view: CameraView, placed: Sequence[Placed]) -> list[PlateTruth]:
    """Draw vehicles into a frame, the far ones first.

    Returns:
        The plates that no other vehicle covers.
    """
    truths: list[PlateTruth] = []
    for one in sorted(placed, key=lambda p: -p.z):
        at = np.array((one.x, 0.0, one.z))
        outline = _outline(view, one.vehicle.vehicle, at)
        truths = [t for t in truths if not _covers(outline, t.corners)]
        truth = one.vehicle.draw(frame, view, one.x, one.z)
        if truth:
            truths.append(truth)
    return truths


def _outline(view: CameraView, vehicle: Vehicle, at: Corners) -> Corners:
    points = np.concatenate([view.project(panel.corners + at) for panel in vehicle.panels])
    return np.asarray(cv2.convexHull(points.astype(np.float32))[:, 0], np.float64)


def _covers(outline: Corners, corners: Corners) -> bool:
    area, _ = cv2.intersectConvexConvex(outline.astype(np.float32), corners.astype(np.float32))
    return bool(area > 0.02 * cv2.contourArea(corners.astype(np.float32)))


def _touches(corners: Corners, width: int, height: int) -> bool:
    low, high = corners.min(0), corners.max(0)
    return bool((high > 0).all() and low[0] < width and low[1] < height)


def _pole_view(width: int, height: int, rng: np.random.Generator) -> CameraView:
    focal = width * rng.uniform(0.9, 2.2)
    horizon = rng.uniform(-0.08, 0.38)
    pitch = float(np.arctan((0.5 - horizon) * height / focal))
    yaw, roll = rng.normal(0, 0.05), rng.normal(0, 0.02)
    return CameraView(width, height, focal, rng.uniform(2.2, 6.0), pitch, yaw, roll)


def _close_view(width: int, height: int, rng: np.random.Generator) -> CameraView:
    focal = max(width, height) * rng.uniform(0.8, 1.3)
    stands = rng.uniform(1.0, 2.2)
    pitch = float(np.arctan((stands - rng.uniform(0.5, 0.9)) / rng.uniform(2.2, 3.5)))
    return CameraView(width, height, focal, stands, pitch, rng.normal(0, 0.05), rng.normal(0, 0.04))


def _close_by(view: CameraView, light: Light, rng: np.random.Generator) -> list[Placed]:
    chance = random.Random(int(rng.integers(1 << 32)))
    x, z = rng.normal(0, 0.25), rng.uniform(2.0, 4.5)
    places = [(x, z)]
    if rng.random() < 0.5:
        places.append((x + rng.choice((-1, 1)) * rng.uniform(2.0, 3.0), z + rng.uniform(1, 6)))
    return [_placed(chance, light, rng, *place) for place in places]


def _traffic(
    view: CameraView, street: Street, light: Light, rng: np.random.Generator
) -> list[Placed]:
    chance = random.Random(int(rng.integers(1 << 32)))
    wanted = int(rng.integers(1, 10))
    near = street.near_m + 1.5
    places: list[tuple[float, float]] = []
    for _ in range(_TRIES):
        z = near + rng.exponential(9.0)
        x = rng.uniform(street.left + 0.4, street.right - 0.4)
        if len(places) < wanted and z < 60 and all(_apart(x, z, *other) for other in places):
            places.append((x, z))
    return [_placed(chance, light, rng, *place) for place in places]


def _apart(x: float, z: float, other_x: float, other_z: float) -> bool:
    return abs(x - other_x) > 2.0 or abs(z - other_z) > 6.0


def _placed(
    chance: random.Random, light: Light, rng: np.random.Generator, x: float, z: float
) -> Placed:
    plate = generate_plate(chance)
    end = "rear" if plate.vehicle == "motorcycle" or rng.random() < 0.5 else "front"
    if plate.vehicle == "motorcycle" and rng.random() < 0.12:
        end = "front"
    vehicle = draw_vehicle(rng, plate, "rear" if end == "rear" else "front")
    return Placed(LitVehicle.of(vehicle, light), x, z)


def _taken(frame: Picture, light: Light, rng: np.random.Generator) -> Picture:
    """As a camera gives it: blur, grain, compression."""
    if rng.random() < 0.25:
        frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), rng.uniform(0.5, 1.4)), np.uint8)
    if rng.random() < 0.12:
        frame = wear.motion_blur(frame, rng, int(rng.integers(2, 7)))
    frame = finish(frame, light, rng)
    return wear.compress(frame, int(rng.integers(35, 92)))
