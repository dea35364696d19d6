"""Lorries, vans and buses, from the front and from the rear."""

import numpy as np

from lpr.plates import GeneratedPlate
from lpr.render.bodies import PX_PER_M, End, Lamp, Vehicle, facing, metal, pick, scaled, side
from lpr.render.canvas import Canvas, Colour
from lpr.render.lettering import sign
from lpr.render.panels import Texture
from lpr.render.plate_panel import mount_plate

_FIRMS = (
    "VAN TAI HA NOI",
    "CHUYEN NHA",
    "GIAO HANG NHANH",
    "NUOC KHOANG",
    "BUU CHINH",
    "XE DU LICH",
)
_BLACK = (26.0, 26.0, 28.0)
_LAMP_RED = (35.0, 25.0, 165.0)


def draw_lorry(rng: np.random.Generator, plate: GeneratedPlate, end: End) -> Vehicle:
    """A lorry, a van or a small bus: one high face.

    Args:
        rng: source of chance.
        plate: of this end.
        end: which end the camera sees.
    """
    half, top = rng.uniform(0.85, 1.05), rng.uniform(1.95, 2.6)
    length = rng.uniform(4.8, 6.5)
    paint = pick(rng)
    draw = _rear if end == "rear" else _front
    face = draw(rng, half, top - 0.2, paint)
    lean = 0.05 if end == "rear" else 0.25
    panels = [
        *side(_side(rng, length, top, paint), _side_edge(half, top, length)),
        facing(metal(paint, 2 * half, 2.0), (half * 0.98, top, lean), (half * 0.98, top, length)),
        facing(face, (half, 0.2, 0.0), (half * 0.97, top, lean)),
    ]
    height = 0.62 if end == "rear" else 0.5
    colour = (90, 60, 255) if end == "rear" else (235, 245, 255)
    lamps = [Lamp((s * half * 0.8, 0.7, 0), colour, 0.4 if end == "rear" else 1.0) for s in (-1, 1)]
    mounted = mount_plate(plate, rng, height, float(rng.choice((0.0, 0.0, -0.3))), dirt=0.45)
    return Vehicle(tuple(panels), mounted, tuple(lamps), 2 * half, length)


def _rear(rng: np.random.Generator, half: float, top: float, paint: Colour) -> Texture:
    canvas = Canvas(2 * half, top, PX_PER_M * 0.7)
    box = pick(rng) if rng.random() < 0.6 else paint
    canvas.box(-half, 0.55, half, top, box, 0.04)
    canvas.line([(0, 0.6), (0, top)], scaled(box, 0.55), 0.025)
    for y in (0.62, top - 0.08):
        canvas.line([(-half, y), (half, y)], scaled(box, 0.7), 0.03)
    for x in (-half * 0.5, half * 0.5):
        canvas.line([(x, 0.65), (x, top - 0.1)], scaled(box, 0.78), 0.02)
    canvas.box(-half, 0.16, half, 0.56, (55, 55, 58), 0.02)
    canvas.box(-half * 0.95, 0.0, half * 0.95, 0.16, _BLACK)
    for s in (-1, 1):
        x = s * half * 0.8
        canvas.box(x - 0.13, 0.42, x + 0.13, 0.53, _LAMP_RED, 0.02)
        canvas.box(x - 0.13, 0.42, x - 0.05, 0.53, (40, 140, 230), 0.02)
    canvas.shade(0.12, 0.25, rng)
    if rng.random() < 0.5:
        firm = _FIRMS[int(rng.integers(len(_FIRMS)))]
        canvas.put(
            sign(firm, (220, 40), box, scaled(box, 0.4)),
            -half * 0.7,
            top * 0.62,
            half * 0.7,
            top * 0.72,
        )
    return canvas.texture()


def _front(rng: np.random.Generator, half: float, top: float, paint: Colour) -> Texture:
    canvas = Canvas(2 * half, top, PX_PER_M * 0.7)
    canvas.box(-half, 0.1, half, top, paint, 0.12)
    canvas.box(-half * 0.9, top * 0.48, half * 0.9, top * 0.9, (45, 42, 38), 0.1)
    light = rng.uniform(60, 100)
    canvas.shape(
        [
            (-half * 0.6, top * 0.88),
            (0, top * 0.88),
            (-half * 0.2, top * 0.5),
            (-half * 0.7, top * 0.5),
        ],
        (light, light, light * 0.9),
    )
    canvas.soften(0.02)
    canvas.line([(-half * 0.1, top * 0.47), (half * 0.45, top * 0.62)], _BLACK, 0.02)
    canvas.box(-half * 0.6, top * 0.3, half * 0.6, top * 0.4, _BLACK, 0.03)
    canvas.box(-half, 0.0, half, top * 0.13, (70, 70, 73), 0.04)
    for s in (-1, 1):
        canvas.box(s * half * 0.8 - 0.14, 0.42, s * half * 0.8 + 0.14, 0.6, (215, 218, 222), 0.04)
    canvas.shade(0.15, 0.2, rng)
    firm = _FIRMS[int(rng.integers(len(_FIRMS)))]
    canvas.put(
        sign(firm, (160, 26), scaled(paint, 0.8), (240, 240, 240)),
        -half * 0.5,
        top * 0.92,
        half * 0.5,
        top * 0.97,
    )
    return canvas.texture()


def _side(rng: np.random.Generator, length: float, top: float, paint: Colour) -> Texture:
    canvas = Canvas(length, top, 50)
    canvas.box(-length / 2, 0.5, length / 2, top, scaled(paint, 0.9), 0.05)
    canvas.line([(-length / 2, top * 0.5), (length / 2, top * 0.5)], scaled(paint, 0.6), 0.1)
    for x in (-length * 0.33, length * 0.33):
        canvas.oval(x, 0.4, 0.42, 0.42, _BLACK)
        canvas.oval(x, 0.4, 0.2, 0.2, (110, 110, 112))
    canvas.shade(0.0, 0.3, rng)
    return canvas.texture()


def _side_edge(
    half: float, top: float, length: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    x = -half * 0.99
    return np.array(
        [(x, top, length), (x, top, 0.05), (x, 0.0, 0.05), (x, 0.0, length)], np.float64
    )
