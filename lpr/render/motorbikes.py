"""Motorbikes with their riders, from the rear and from the front."""

import numpy as np

from lpr.plates import GeneratedPlate
from lpr.render.bodies import PX_PER_M, End, Lamp, Vehicle, facing, pick, scaled
from lpr.render.canvas import Canvas, Colour
from lpr.render.panels import Texture
from lpr.render.plate_panel import mount_plate

_CLOTHES: tuple[Colour, ...] = (
    (60, 50, 45), (120, 70, 40), (45, 45, 130), (90, 90, 90), (40, 90, 60), (160, 150, 140),
    (200, 195, 190), (150, 100, 160), (60, 120, 170), (30, 30, 32),
)  # fmt: skip
_TROUSERS: tuple[Colour, ...] = (
    (95, 70, 50), (60, 45, 35), (35, 33, 33), (70, 70, 72), (80, 100, 115), (120, 105, 95),
)  # fmt: skip
_HELMETS: tuple[Colour, ...] = (
    (40, 40, 200), (200, 120, 40), (220, 220, 222), (40, 40, 42), (60, 170, 220), (150, 140, 200),
)  # fmt: skip
_BODIES: tuple[Colour, ...] = (
    (35, 32, 32), (40, 30, 140), (215, 215, 215), (110, 60, 25), (90, 92, 95), (60, 100, 150),
)  # fmt: skip
_TYRE = (26.0, 26.0, 28.0)
_SKIN = (120.0, 150.0, 190.0)
TOP_M = 1.78


def draw_motorbike(rng: np.random.Generator, plate: GeneratedPlate, end: End) -> Vehicle:
    """A motorbike; its plate is at the rear, as the law has it.

    Args:
        rng: source of chance.
        plate: what it carries.
        end: which end the camera sees.
    """
    draw = _rear if end == "rear" else _front
    texture = draw(rng, pick(rng, _BODIES), ridden=True)
    panels = (facing(texture, (0.5, 0.0, 0.25), (0.5, TOP_M, 0.3)),)
    if end == "front":
        lamp = Lamp((0.0, 0.9, 0.2), (225, 240, 255), 0.8)
        return Vehicle(panels, None, (lamp,), 0.6, 1.9)
    height = rng.uniform(0.56, 0.68)
    mounted = mount_plate(plate, rng, height, 0.0, 0.12, float(rng.uniform(0.1, 0.45)), 0.4)
    lamp = Lamp((0.0, height + 0.17, 0.2), (80, 50, 255), 0.4)
    return Vehicle(panels, mounted, (lamp,), 0.6, 1.9)


def draw_parked(rng: np.random.Generator) -> Texture:
    """A motorbike without a rider from the front, 1 m wide and TOP_M high."""
    return _front(rng, pick(rng, _BODIES), ridden=False)


def _rear(rng: np.random.Generator, body: Colour, ridden: bool) -> Texture:
    canvas = Canvas(1.0, TOP_M, PX_PER_M)
    dark = scaled(body, 0.6)
    if ridden:
        _arms(canvas, rng)
    canvas.box(-0.38, 1.0, -0.34, 1.14, _TYRE)
    canvas.mirrored([(0.3, 1.13), (0.42, 1.12), (0.42, 1.21), (0.3, 1.2)], (40, 40, 44))
    canvas.mirrored([(0.31, 1.14), (0.41, 1.13), (0.41, 1.2), (0.31, 1.19)], (150, 150, 150))
    canvas.box(-0.055, 0.0, 0.055, 0.62, _TYRE, 0.05)
    canvas.box(-0.03, 0.02, 0.03, 0.5, (45, 45, 47), 0.03)
    canvas.shape([(-0.09, 0.42), (0.09, 0.42), (0.12, 0.82), (-0.12, 0.82)], (30, 30, 31))
    pipe = rng.uniform(0.16, 0.22)
    canvas.box(pipe, 0.24, pipe + 0.11, 0.44, (95, 96, 98), 0.05)
    canvas.oval(pipe + 0.055, 0.34, 0.035, 0.035, (15, 15, 15))
    canvas.line([(-0.24, 0.36), (-0.12, 0.5)], (60, 60, 62), 0.05)
    wide = rng.uniform(0.17, 0.24)
    canvas.shape([(-0.1, 0.62), (0.1, 0.62), (wide, 0.98), (-wide, 0.98)], body)
    canvas.shape([(-wide, 0.78), (-0.1, 0.68), (-wide * 0.8, 0.98)], dark)
    canvas.shape([(wide, 0.78), (0.1, 0.68), (wide * 0.8, 0.98)], dark)
    lamp = rng.uniform(0.08, 0.13)
    canvas.box(-lamp, 0.77, lamp, 0.86, (35, 25, 175), 0.03)
    canvas.mirrored(
        [(lamp, 0.84), (lamp + 0.07, 0.83), (lamp + 0.07, 0.78), (lamp, 0.79)], (30, 130, 230)
    )
    canvas.box(-wide * 0.95, 0.93, wide * 0.95, 1.0, (38, 38, 40), 0.03)
    if rng.random() < 0.5:
        canvas.line([(-wide, 1.0), (-wide - 0.03, 0.9)], (120, 120, 122), 0.03)
        canvas.line([(wide, 1.0), (wide + 0.03, 0.9)], (120, 120, 122), 0.03)
    if ridden:
        _rider(canvas, rng)
    canvas.shade(0.2, 0.22, rng)
    return canvas.texture()


def _front(rng: np.random.Generator, body: Colour, ridden: bool) -> Texture:
    canvas = Canvas(1.0, TOP_M, PX_PER_M)
    if ridden:
        _arms(canvas, rng)
        _rider(canvas, rng, faces=True)
    canvas.line([(-0.36, 1.04), (0.36, 1.04)], (40, 40, 42), 0.04)
    canvas.mirrored([(0.3, 1.13), (0.42, 1.12), (0.42, 1.21), (0.3, 1.2)], (40, 40, 44))
    canvas.box(-0.055, 0.0, 0.055, 0.6, _TYRE, 0.05)
    canvas.shape([(-0.09, 0.36), (0.09, 0.36), (0.11, 0.62), (-0.11, 0.62)], body)
    canvas.shape(
        [(-0.2, 0.42), (-0.14, 0.36), (0.14, 0.36), (0.2, 0.42), (0.24, 0.85), (0.13, 1.1),
         (-0.13, 1.1), (-0.24, 0.85)],
        body,
    )  # fmt: skip
    canvas.mirrored([(0.16, 0.4), (0.26, 0.5), (0.27, 0.82), (0.2, 0.8)], scaled(body, 0.6))
    canvas.oval(0, 0.93, 0.1, 0.075, (225, 228, 230))
    canvas.mirrored([(0.12, 0.82), (0.2, 0.86), (0.19, 0.78), (0.13, 0.76)], (40, 140, 230))
    canvas.shade(0.2, 0.22, rng)
    return canvas.texture()


def _arms(canvas: Canvas, rng: np.random.Generator) -> None:
    sleeve = pick(rng, _CLOTHES)
    for s in (-1, 1):
        canvas.line([(s * 0.2, 1.36), (s * 0.33, 1.16), (s * 0.36, 1.06)], sleeve, 0.1)
    canvas.line([(-0.38, 1.04), (-0.3, 1.03)], (30, 30, 30), 0.04)
    canvas.line([(0.38, 1.04), (0.3, 1.03)], (30, 30, 30), 0.04)


def _rider(canvas: Canvas, rng: np.random.Generator, faces: bool = False) -> None:
    coat, trousers = pick(rng, _CLOTHES), pick(rng, _TROUSERS)
    for s in (-1, 1):
        canvas.line([(s * 0.15, 0.98), (s * 0.27, 0.78), (s * 0.24, 0.42)], trousers, 0.12)
        canvas.box(s * 0.24 - 0.06, 0.34, s * 0.24 + 0.06, 0.44, (30, 30, 34), 0.03)
    wide = rng.uniform(0.2, 0.25)
    back = [(-wide * 0.85, 0.95), (wide * 0.85, 0.95), (wide, 1.25), (wide * 0.8, 1.42),
            (0.07, 1.47), (-0.07, 1.47), (-wide * 0.8, 1.42), (-wide, 1.25)]  # fmt: skip
    canvas.shape(back, coat)
    canvas.line([(0, 0.97), (0.01, 1.4)], scaled(coat, 0.85), 0.02)
    canvas.line([(-wide * 0.8, 1.05), (-wide * 0.3, 1.2)], scaled(coat, 0.8), 0.03)
    canvas.line([(wide * 0.8, 1.1), (wide * 0.35, 1.24)], scaled(coat, 0.85), 0.03)
    if rng.random() < 0.25 and not faces:
        bag = pick(rng, _CLOTHES)
        canvas.box(-0.14, 1.05, 0.14, 1.38, bag, 0.05)
        canvas.box(-0.1, 1.08, 0.1, 1.2, scaled(bag, 0.8), 0.03)
    canvas.box(-0.05, 1.44, 0.05, 1.52, _SKIN)
    helmet = pick(rng, _HELMETS)
    if faces:
        canvas.oval(0, 1.56, 0.085, 0.1, _SKIN)
        canvas.box(-0.085, 1.47, 0.085, 1.55, (190, 180, 150), 0.03)
    canvas.oval(0, 1.62, 0.135, 0.13, helmet)
    if faces:
        canvas.box(-0.08, 1.54, 0.08, 1.61, scaled(_SKIN, 0.8), 0.02)
    else:
        canvas.line([(-0.12, 1.57), (0.12, 1.57)], scaled(helmet, 0.7), 0.02)
    canvas.oval(-0.04, 1.68, 0.04, 0.03, scaled(helmet, 1.25))
