"""A street without vehicles: sky, houses, pavements, road, markings."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from lpr.render.camera_view import CameraView
from lpr.render.canvas import Colour
from lpr.render.light import Light
from lpr.render.panels import Picture, Texture, set_in
from lpr.render.roadside import draw_houses, draw_pavements, draw_street_lamps

FAR_M = 116.0  # the road is drawn so far
_KERB: Colour = (150, 155, 158)
_PAVING: Colour = (135, 145, 155)
_WHITE: Colour = (205, 208, 208)
_YELLOW: Colour = (60, 185, 215)
_LINE_M = 0.15  # width of a marking
_DASH_M, _DASH_STEP_M = 3.0, 6.0
_ASPHALTS = 4


@dataclass(frozen=True, slots=True)
class Street:
    """Measures of a street, in metres from the middle of the lane that the camera watches.

    Attributes:
        left, right: edges of the road, left negative.
        lane_m: width of a lane.
        near_m: from where on anything can be seen.
        paving_m: width of the pavements.
    """

    left: float
    right: float
    lane_m: float
    near_m: float
    paving_m: float


def random_street(rng: np.random.Generator, view: CameraView) -> Street:
    """A street around the lane in front of a camera."""
    lane = rng.uniform(3.0, 3.6)
    near = max(1.5, view.foremost_m(0.0) - 1.0)
    left = -lane * (0.5 + int(rng.integers(0, 3)))
    right = lane * 0.5 + rng.uniform(0.3, 1.6) + lane * int(rng.integers(0, 2))
    return Street(left, right, lane, near, rng.uniform(2.0, 4.0))


def draw_street(
    view: CameraView, street: Street, light: Light, rng: np.random.Generator
) -> Picture:
    """The picture of an empty street, lit.

    Args:
        view: of the camera.
        street: what it looks along.
        light: of the hour.
        rng: source of chance.

    Returns:
        (height, width, 3) uint8 BGR.
    """
    frame = _sky(view, light)
    walls = (street.left - street.paving_m, street.right + street.paving_m)
    paint = _Ground(frame, view, light, street.near_m)
    paint.strip(-60.0, 60.0, _PAVING)
    draw_houses(frame, view, walls, street.near_m, light, rng)
    paint.strip(*walls, _PAVING)
    paint.strip(street.left - 0.25, street.right + 0.25, _KERB)
    _asphalt(frame, view, street, light, int(rng.integers(_ASPHALTS)))
    _markings(paint, street, rng)
    if light.rain:
        _wetness(frame, view)
    draw_pavements(frame, view, (street.left, street.right), street.near_m, light, rng)
    if light.lamps:
        draw_street_lamps(frame, view, street.right, light, rng)
    return frame


@dataclass(frozen=True, slots=True)
class _Ground:
    """Paints on the road of a frame."""

    frame: Picture
    view: CameraView
    light: Light
    near_m: float

    def strip(self, left: float, right: float, colour: Colour, far_m: float = FAR_M) -> None:
        """All along the road."""
        self.patch(left, right, self.near_m, far_m, colour)

    def patch(self, left: float, right: float, z1: float, z2: float, colour: Colour) -> None:
        """A rectangle."""
        corners = [(left, 0.0, z1), (left, 0.0, z2), (right, 0.0, z2), (right, 0.0, z1)]
        at = np.clip(self.view.project(np.array(corners)), -20000, 20000)
        b, g, r = (min(255.0, c * s) for c, s in zip(colour, self.light.gains, strict=True))
        points = [np.round(at * 16).astype(np.int32)]
        cv2.fillPoly(self.frame, points, (b, g, r), cv2.LINE_AA, 4)


def _sky(view: CameraView, light: Light) -> Picture:
    horizon = view.project(np.array([(0.0, view.height_m, 1000.0)]))[0, 1]
    rows = np.clip(np.arange(view.height) / max(1.0, horizon), 0, 1)[:, None, None]
    column = (np.array(light.sky) * (1 - rows) + np.array(light.haze) * rows).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(column, (view.height, view.width, 3)))


def _asphalt(frame: Picture, view: CameraView, street: Street, light: Light, kind: int) -> None:
    for z1, z2 in ((street.near_m, 22.0), (22.0, FAR_M)):
        ends = ((street.left, z2), (street.right, z2), (street.right, z1), (street.left, z1))
        quad = view.project(np.array([(x, 0.0, z) for x, z in ends]))
        set_in(frame, _asphalt_texture(kind), quad, light.gains)


@lru_cache(maxsize=_ASPHALTS)
def _asphalt_texture(kind: int) -> Texture:
    rng = np.random.default_rng([10, kind])
    height, width = 640, 400
    coarse = rng.normal(0, 7, (20, 8)).astype(np.float32)
    clouds = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    wheels = np.cos(np.linspace(0, 6 * np.pi, width)) * 4
    grey = 112 + clouds + wheels + rng.normal(0, 7, (height, width))
    for _ in range(3):  # patches where it was dug up
        x, y = int(rng.integers(0, width - 90)), int(rng.integers(0, height - 120))
        grey[y : y + int(rng.integers(30, 120)), x : x + int(rng.integers(30, 90))] *= 0.86
    tint = (1.02, 1.0, 0.98)
    return Texture.of(np.clip(grey[..., None] * tint, 0, 255).astype(np.uint8))


def _markings(paint: _Ground, street: Street, rng: np.random.Generator) -> None:
    half, lane = _LINE_M / 2, street.lane_m
    shares = np.arange(-3.5, street.right / lane, 1.0)
    for x in (float(share) * lane for share in shares):
        if not street.left + 0.5 < x < street.right - 0.5:
            continue
        colour = _YELLOW if x < -lane else _WHITE
        for z in np.arange(street.near_m, 60, _DASH_STEP_M):
            paint.patch(x - half, x + half, float(z), float(z) + _DASH_M, colour)
    for x in (street.left + 0.3, street.right - 0.3):
        paint.strip(x - half, x + half, _WHITE, 70.0)
    if rng.random() < 0.35:  # a pedestrian crossing
        z_here = float(rng.uniform(16, 30))
        for x in (float(v) for v in np.arange(street.left + 0.6, street.right - 0.6, 0.9)):
            paint.patch(x, x + 0.45, z_here, z_here + 3, _WHITE)


def _wetness(frame: Picture, view: CameraView) -> None:
    """A wet road mirrors what stands behind it."""
    horizon = view.project(np.array([(0.0, 0.0, FAR_M)]))[0, 1]
    top = int(np.clip(horizon, 1, view.height - 2))
    rows = min(view.height - top, 4 * top)
    mirrored = cv2.resize(frame[:top][::-1], (view.width, rows), interpolation=cv2.INTER_LINEAR)
    part = frame[top : top + rows]
    part[:] = cv2.addWeighted(part, 0.68, cv2.blur(mirrored, (9, 61)), 0.27, 0)
