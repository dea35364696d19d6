"""What stands beside the road, put into a frame: houses, trees, poles with wires, boards, lamps."""

from functools import lru_cache

import cv2
import numpy as np

from lpr.render import facades
from lpr.render.camera_view import CameraView
from lpr.render.canvas import Colour
from lpr.render.light import Light, add_glow
from lpr.render.motorbikes import TOP_M, draw_parked
from lpr.render.panels import Corners, Picture, Texture, set_in

HOUSES_FAR_M = 90.0
TREES_FAR_M = 64.0
_PARKED = 6  # different motorbikes that stand on pavements
_WIRES_M = (6.3, 6.6, 6.8, 7.2)
_SPAN_M = 25.0  # between poles
_WARM, _COLD = (120.0, 190.0, 255.0), (235.0, 240.0, 245.0)


def draw_houses(
    frame: Picture,
    view: CameraView,
    walls: tuple[float, float],
    near_m: float,
    light: Light,
    rng: np.random.Generator,
) -> None:
    """Two rows of houses, the far ones first.

    Args:
        frame: changed in place.
        view: of the camera.
        walls: x of the left and of the right row.
        near_m: where the rows begin.
        light: of the hour.
        rng: source of chance.
    """
    width, height = facades.HOUSE_M
    for x in np.arange(-10.5, 11) * width:  # what closes the street at its far end
        last = facades.house(_one_of(rng, facades.HOUSES))
        quad = view.project(standing(float(x), HOUSES_FAR_M + 25, width, height))
        set_in(frame, last, quad, _times(light, 0.7))
    for index in range(int((HOUSES_FAR_M - near_m) / width), -1, -1):
        z = near_m + index * width
        for x, ends in zip(walls, ((z, z + width), (z + width, z)), strict=True):
            house, board = _one_of(rng, facades.HOUSES), _one_of(rng, facades.SIGNBOARDS)
            is_lit = bool(light.lamps and rng.random() < 0.6)
            quad = view.project(_wall(x, ends, 0.0, height))
            if quad[:, 0].max() < 0 or quad[:, 0].min() > view.width:
                continue
            gain = 1 - min(0.22, z / HOUSES_FAR_M / 4)
            set_in(frame, facades.house(house), quad, _times(light, gain))
            if is_lit:
                quad = view.project(_wall(x - 0.05 * np.sign(x), ends, 2.6, 3.35))
                set_in(frame, facades.signboard(board), quad)


def draw_pavements(
    frame: Picture,
    view: CameraView,
    kerbs: tuple[float, float],
    near_m: float,
    light: Light,
    rng: np.random.Generator,
) -> None:
    """Trees, poles, boards and parked motorbikes behind the kerbs; see `draw_houses`."""
    step = float(rng.uniform(5, 9))
    for z in np.arange(TREES_FAR_M, near_m + 3, -step):
        for x, outwards in zip(kerbs, (-1, 1), strict=True):
            kind, away = rng.random(), float(z + rng.uniform(-1.5, 1.5))
            middle = x + 0.9 * outwards
            if kind < 0.45:
                width, height = np.array(facades.TREE_M) * rng.uniform(0.8, 1.2)
                tree = facades.tree(_one_of(rng, facades.TREES))
                quad = view.project(standing(middle, away, width, height))
                set_in(frame, tree, quad, light.gains)
            elif kind < 0.6:
                _pole(frame, view, middle, away, light)
            elif kind < 0.72:
                board = facades.signboard(_one_of(rng, facades.SIGNBOARDS))
                low = float(rng.uniform(0.1, 2.6))
                quad = view.project(standing(middle + 0.5 * outwards, away, 1.3, 0.55, low))
                set_in(frame, board, quad, None if light.lamps > 0.6 else light.gains)
            else:
                bike = _parked(_one_of(rng, _PARKED))
                quad = view.project(standing(middle + 0.4 * outwards, away, 1.0, TOP_M))
                set_in(frame, bike, quad, light.gains)


def draw_street_lamps(
    frame: Picture, view: CameraView, right: float, light: Light, rng: np.random.Generator
) -> None:
    """Lamps on the right, and the light that they throw on the road."""
    colour = _WARM if rng.random() < 0.6 else _COLD
    for z in np.arange(float(rng.uniform(9, 16)), 80, _SPAN_M):
        for x, y, reach, share in ((0.0, 0.0, 5.5, 0.55), (right, 7.5, 1.6, 1.0)):
            (px, py), (qx, _) = view.project(np.array([(x, y, z), (x + reach, y, z)]))
            add_glow(frame, (px, py), abs(qx - px), colour, share * light.lamps)


def standing(x: float, z: float, width: float, height: float, low: float = 0.0) -> Corners:
    """Corners (4, 3) of something flat that faces the camera, in metres."""
    left, right, top = x - width / 2, x + width / 2, low + height
    return np.array([(left, top, z), (right, top, z), (right, low, z), (left, low, z)], np.float64)


def _wall(x: float, ends: tuple[float, float], low: float, top: float) -> Corners:
    """A wall along the road: its left end as it is seen, then its right one."""
    z1, z2 = ends
    return np.array([(x, top, z1), (x, top, z2), (x, low, z2), (x, low, z1)], np.float64)


def _pole(frame: Picture, view: CameraView, x: float, z: float, light: Light) -> None:
    quad = view.project(standing(x, z, 0.24, 8.5))
    pole, wire = _of((125, 130, 132), light), _of((40, 40, 42), light)
    cv2.fillPoly(frame, [np.round(quad * 16).astype(np.int32)], pole, cv2.LINE_AA, 4)
    share = np.linspace(0, 1, 9)
    sag = 0.5 * (1 - (2 * share - 1) ** 2)
    for height in _WIRES_M:
        line = np.column_stack([np.full(9, x), height - sag, z - 1 - _SPAN_M * share])
        line = line[line[:, 2] > 1.0]
        if len(line) > 1:
            at = np.round(view.project(line) * 16).astype(np.int32)
            cv2.polylines(frame, [at], False, wire, 1, cv2.LINE_AA, 4)


def _of(colour: Colour, light: Light) -> Colour:
    b, g, r = (c * gain for c, gain in zip(colour, light.gains, strict=True))
    return b, g, r


def _times(light: Light, factor: float) -> Colour:
    b, g, r = (factor * gain for gain in light.gains)
    return b, g, r


def _one_of(rng: np.random.Generator, count: int) -> int:
    return int(rng.integers(count))


@lru_cache(maxsize=_PARKED)
def _parked(index: int) -> Texture:
    return draw_parked(np.random.default_rng([14, index]))
