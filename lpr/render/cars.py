"""Cars, from the front and from the rear."""

from dataclasses import dataclass

import numpy as np

from lpr.plates import GeneratedPlate
from lpr.render.bodies import (
    PX_PER_M,
    End,
    Lamp,
    Vehicle,
    facing,
    glass,
    metal,
    pick,
    scaled,
    side,
)
from lpr.render.canvas import Canvas, Colour
from lpr.render.lettering import sign
from lpr.render.panels import Panel, Texture
from lpr.render.plate_panel import mount_plate

BRANDS = ("VIOS", "MORNING", "FADIL", "CITY", "ACCENT", "CX5", "INNOVA", "RANGER", "XPANDER")
_LAMP_RED = (35.0, 25.0, 165.0)
_LAMP_WHITE = (215.0, 218.0, 222.0)
_BLACK = (24.0, 24.0, 26.0)


@dataclass(frozen=True, slots=True)
class Build:
    """Measures of a car in metres.

    Attributes:
        half: half its width.
        waist: height of the lower edge of its windows.
        roof: height of its roof.
        roof_half: half the width of its roof.
        deck: length of boot or bonnet before the window.
        slope: length of the window, seen from above.
        length: of the whole.
    """

    half: float
    waist: float
    roof: float
    roof_half: float
    deck: float
    slope: float
    length: float


def draw_car(rng: np.random.Generator, plate: GeneratedPlate, end: End, taxi: bool) -> Vehicle:
    """A car.

    Args:
        rng: source of chance.
        plate: of this end.
        end: which end the camera sees.
        taxi: whether it has a taxi's sign and stripes.
    """
    paint = pick(rng, ((90, 160, 60), (225, 228, 228), (60, 190, 190))) if taxi else pick(rng)
    build = _build(rng, end)
    nose = 0.02 if end == "rear" else 0.06
    z1, z2 = build.deck, build.deck + build.slope
    roof_end = build.length - (1.7 if end == "rear" else 0.5)
    face = _rear(build, paint, rng) if end == "rear" else _front(build, paint, rng)
    window = glass(paint, 2 * build.half, build.roof - build.waist + 0.2, rng)
    flat = metal(paint, 2 * build.half, max(0.3, build.deck))
    roof = metal(scaled(paint, 0.96), 2 * build.roof_half, 1.4)
    deck_y = build.waist - (0.0 if end == "rear" else 0.14)
    panels: list[Panel] = [
        *_sides(build, paint, end, rng),
        facing(
            roof, (build.roof_half, build.roof, z2), (build.roof_half * 0.97, build.roof, roof_end)
        ),
        facing(window, (build.half - 0.05, build.waist, z1), (build.roof_half, build.roof, z2)),
        facing(flat, (build.half - 0.02, deck_y, nose), (build.half - 0.05, build.waist, z1)),
        facing(face, (build.half, 0.14, 0.0), (build.half - 0.02, deck_y, nose)),
    ]
    if taxi:
        panels.append(_taxi_sign(build, z2 + 0.3, rng))
    height = _plate_height(build, end, len(plate.printed_rows), rng)
    lamp_y = 0.68 * build.waist
    colour = (90, 60, 255) if end == "rear" else (235, 245, 255)
    lamps = [
        Lamp((s * (build.half - 0.17), lamp_y, 0), colour, 0.5 if end == "rear" else 1.1)
        for s in (-1, 1)
    ]
    mounted = mount_plate(plate, rng, height, lean=float(rng.uniform(-0.04, 0.12)))
    return Vehicle(tuple(panels), mounted, tuple(lamps), 2 * build.half, build.length)


def _build(rng: np.random.Generator, end: End) -> Build:
    half, roof = rng.uniform(0.8, 0.95), rng.uniform(1.42, 1.78)
    waist = roof * rng.uniform(0.58, 0.64)
    tall = roof > 1.58
    if end == "rear":
        deck = 0.05 if tall or rng.random() < 0.4 else rng.uniform(0.35, 0.55)
        slope = rng.uniform(0.15, 0.4) if deck < 0.1 else rng.uniform(0.5, 0.7)
    else:
        deck, slope = rng.uniform(0.8, 1.15), rng.uniform(0.55, 0.8)
    return Build(
        half, waist, roof, half * rng.uniform(0.72, 0.82), deck, slope, rng.uniform(3.6, 4.8)
    )


def _plate_height(build: Build, end: End, rows: int, rng: np.random.Generator) -> float:
    if end == "front":
        return rng.uniform(0.4, 0.48)
    high = rows == 2 or rng.random() < 0.6
    return build.waist * (0.74 if high else 0.47)


def _face_canvas(build: Build, paint: Colour, top: float) -> Canvas:
    """The painted end, 2 half wide, from y = 0 (14 cm above the road) to its top."""
    canvas = Canvas(2 * build.half, top, PX_PER_M)
    h = build.half
    canvas.shape(
        [(-h * 0.93, 0.02), (h * 0.93, 0.02), (h, top * 0.3), (h, top * 0.8), (h * 0.94, top),
         (-h * 0.94, top), (-h, top * 0.8), (-h, top * 0.3)],
        paint,
    )  # fmt: skip
    return canvas


def _rear(build: Build, paint: Colour, rng: np.random.Generator) -> Texture:
    top = build.waist - 0.14
    canvas, h = _face_canvas(build, paint, top), build.half
    dark = scaled(paint, 0.62)
    canvas.box(-h * 0.95, 0.0, h * 0.95, top * 0.16, _BLACK, 0.05)
    canvas.line([(-h, top * 0.36), (h, top * 0.36)], dark, 0.015)
    recess = rng.uniform(0.3, 0.42)
    canvas.box(-recess, top * 0.5, recess, top * 0.88, scaled(paint, 0.8), 0.04)
    canvas.line([(-recess, top * 0.88), (recess, top * 0.88)], scaled(paint, 0.45), 0.02)
    depth, reach = rng.uniform(0.5, 0.6), rng.uniform(0.2, 0.42)
    lamp = [
        (h * 0.995, top * 0.93),
        (h - reach, top * 0.9),
        (h - reach * 0.85, top * depth),
        (h, top * (depth - 0.06)),
    ]
    canvas.mirrored(lamp, _LAMP_RED)
    canvas.mirrored([(x * 0.99 - 0.01, y * 0.93) for x, y in lamp[1:3]] + [lamp[2]], (60, 60, 210))
    white = [
        (h - reach * 0.9, top * 0.72),
        (h - reach * 0.5, top * 0.72),
        (h - reach * 0.5, top * 0.64),
        (h - reach * 0.85, top * 0.64),
    ]
    canvas.mirrored(white, (200, 205, 215))
    canvas.box(-h * 0.8, top * 0.05, -h * 0.62, top * 0.11, _LAMP_RED)
    canvas.box(h * 0.62, top * 0.05, h * 0.8, top * 0.11, _LAMP_RED)
    canvas.shade(0.3, 0.28, rng)
    badge = sign(
        BRANDS[int(rng.integers(len(BRANDS)))],
        (64, 16),
        paint,
        scaled(paint, 0.3 if sum(paint) > 300 else 3),
        0.5,
    )
    x = -h * 0.62 if rng.random() < 0.7 else h * 0.42
    canvas.put(badge, x, top * 0.9, x + 0.2, top * 0.9 + 0.05)
    canvas.oval(0, top * 0.93, 0.05, 0.035, (190, 195, 200))
    return canvas.texture()


def _front(build: Build, paint: Colour, rng: np.random.Generator) -> Texture:
    top = build.waist - 0.28
    canvas, h = _face_canvas(build, paint, top), build.half
    wide = rng.uniform(0.5, 0.75) * h
    canvas.box(-h * 0.9, 0.0, h * 0.9, top * 0.14, _BLACK, 0.04)
    canvas.shape(
        [
            (-wide, top * 0.2),
            (wide, top * 0.2),
            (wide * 1.1, top * 0.42),
            (-wide * 1.1, top * 0.42),
        ],
        _BLACK,
    )
    canvas.shape(
        [
            (-wide * 0.8, top * 0.62),
            (wide * 0.8, top * 0.62),
            (wide, top * 0.92),
            (-wide, top * 0.92),
        ],
        _BLACK,
    )
    chrome = (170, 175, 180) if rng.random() < 0.6 else (50, 50, 52)
    for share in (0.68, 0.76, 0.84):
        canvas.line([(-wide * 0.85, top * share), (wide * 0.85, top * share)], chrome, 0.012)
    canvas.oval(0, top * 0.77, 0.07, 0.05, (200, 203, 208))
    inner = wide * rng.uniform(1.02, 1.1)
    lamp = [(h * 0.99, top * 0.94), (inner, top * 0.86), (inner, top * 0.7), (h * 0.97, top * 0.68)]
    canvas.mirrored(lamp, (70, 70, 72))
    bulb_x, bulb_y = (h + inner) / 2, top * 0.79
    for s in (-1, 1):
        canvas.oval(s * bulb_x, bulb_y, 0.075, 0.055, _LAMP_WHITE)
        canvas.oval(s * h * 0.82, top * 0.3, 0.05, 0.04, (150, 152, 155))
    canvas.shade(0.3, 0.25, rng)
    return canvas.texture()


def _sides(build: Build, paint: Colour, end: End, rng: np.random.Generator) -> list[Panel]:
    h, length = build.half - 0.01, build.length
    lower = Canvas(length, build.waist, 70)
    lower.box(-length / 2, 0.2, length / 2, build.waist, paint, 0.15)
    lower.line(
        [(-length / 2, build.waist * 0.62), (length / 2, build.waist * 0.62)],
        scaled(paint, 0.8),
        0.02,
    )
    for x in (-length * 0.32, length * 0.32):
        lower.oval(x, 0.33, 0.37, 0.37, (20, 20, 20))
        lower.oval(x, 0.31, 0.3, 0.3, (35, 35, 37))
        lower.oval(x, 0.31, 0.19, 0.19, (150, 150, 152))
    lower.shade(0.0, 0.35)
    edge = np.array(
        [(-h, build.waist, length), (-h, build.waist, 0.03), (-h, 0, 0.03), (-h, 0, length)]
    )
    upper = glass(paint, length * 0.6, build.roof - build.waist, rng)
    z1, z2 = build.deck, build.deck + build.slope
    back = length - (1.0 if end == "rear" else 0.1)
    slanted = np.array(
        [
            (-build.roof_half, build.roof, max(z2 + 0.5, back - 0.7)),
            (-build.roof_half, build.roof, z2),
            (-h, build.waist, z1),
            (-h, build.waist, back),
        ]
    )
    return [*side(lower.texture(), edge), *side(upper, slanted)]


def _taxi_sign(build: Build, z: float, rng: np.random.Generator) -> Panel:
    canvas = Canvas(0.5, 0.14, PX_PER_M)
    board = sign("TAXI", (120, 34), (235, 238, 240), (30, 30, 30), 0.5)
    canvas.put(board, -0.24, 0.0, 0.24, 0.13)
    panel = facing(canvas.texture(), (0.25, build.roof, z), (0.25, build.roof + 0.14, z))
    return Panel(panel.texture, panel.corners, is_bright=True)
