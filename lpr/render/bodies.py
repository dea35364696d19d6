"""A vehicle as panels: what cars, lorries and motorbikes have in common."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lpr.render.canvas import Canvas, Colour
from lpr.render.panels import Corners, Panel, Texture
from lpr.render.plate_panel import RenderedPlate

End = Literal["front", "rear"]
PX_PER_M = 190  # of body textures: sharp enough at the nearest place of a camera

PAINTS: tuple[Colour, ...] = (
    (228, 230, 230), (228, 230, 230), (205, 208, 210), (150, 152, 155), (88, 90, 94),
    (38, 36, 36), (30, 30, 34), (40, 32, 130), (110, 50, 25), (70, 40, 20), (70, 90, 110),
    (60, 75, 40), (150, 175, 190), (25, 90, 190),
)  # fmt: skip
"""BGR; white, silver and black are the most frequent."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp that glares at night.

    Attributes:
        at: (3,) metres.
        colour: BGR.
        reach_m: size of its glow.
    """

    at: tuple[float, float, float]
    colour: Colour
    reach_m: float


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle around x = 0, its near end at z = 0, on the road at y = 0.

    Attributes:
        panels: in drawing order, the nearest last; without the plate.
        plate: what it carries on this end, None where it has none there.
        lamps: of this end.
        width_m, length_m: of its shadow.
    """

    panels: tuple[Panel, ...]
    plate: RenderedPlate | None
    lamps: tuple[Lamp, ...]
    width_m: float
    length_m: float


def facing(
    texture: Texture, lower: tuple[float, float, float], upper: tuple[float, float, float]
) -> Panel:
    """A panel that faces the camera, upright or leaning.

    Args:
        texture: what is on it.
        lower: half width, y and z of its lower edge.
        upper: the same of its upper edge.
    """
    (low, y1, z1), (high, y2, z2) = lower, upper
    corners = [(-high, y2, z2), (high, y2, z2), (low, y1, z1), (-low, y1, z1)]
    return Panel(texture, np.array(corners, np.float64))


def side(texture: Texture, edge: Corners) -> tuple[Panel, Panel]:
    """The same panel on the left and on the right.

    Args:
        texture: as seen from the left, its near end at the right.
        edge: (4, 3) metres of the left one: far top, near top, near bottom, far bottom.
    """
    mirrored = (edge * (-1, 1, 1))[[1, 0, 3, 2]]
    turned = Texture(tuple(np.ascontiguousarray(level[:, ::-1]) for level in texture.levels))
    return Panel(texture, edge), Panel(turned, mirrored)


def glass(paint: Colour, width_m: float, height_m: float, rng: np.random.Generator) -> Texture:
    """A window with its pillars, darker below, with the sky in it."""
    canvas = Canvas(width_m, height_m, 120)
    dark = tuple(0.55 * c for c in paint)
    canvas.box(-width_m / 2, 0, width_m / 2, height_m, (dark[0], dark[1], dark[2]), 0.06)
    inner = width_m / 2 - 0.07
    tone = rng.uniform(25, 60)
    canvas.box(-inner, 0.03, inner, height_m - 0.05, (tone, tone, tone * 0.9), 0.07)
    light = tone + rng.uniform(10, 50)
    a, b = sorted(rng.uniform(-inner, inner, 2))
    ink = (light, light * 0.98, light * 0.92)
    canvas.shape(
        [(a, height_m - 0.06), (b, height_m - 0.06), (b * 0.7, 0.04), (a * 0.7, 0.04)], ink
    )
    canvas.soften(0.05)
    canvas.shade(0.15, 0.25)
    return canvas.texture()


def metal(paint: Colour, width_m: float, height_m: float) -> Texture:
    """Bonnet or roof: light in its middle, with two creases."""
    canvas = Canvas(width_m, height_m, 70)
    canvas.box(-width_m / 2, 0, width_m / 2, height_m, paint, 0.08)
    for x in (-0.3, 0.3):
        crease = (0.8 * paint[0], 0.8 * paint[1], 0.8 * paint[2])
        canvas.line([(x * width_m, 0), (x * width_m * 0.9, height_m)], crease, 0.03)
    canvas.soften(0.04)
    canvas.shade(0.35, 0.12)
    return canvas.texture()


def scaled(colour: Colour, factor: float) -> Colour:
    """A darker or lighter colour."""
    b, g, r = (min(255.0, factor * c) for c in colour)
    return b, g, r


def pick(rng: np.random.Generator, colours: tuple[Colour, ...] = PAINTS) -> Colour:
    """One of the colours, a little changed."""
    b, g, r = colours[int(rng.integers(len(colours)))]
    jitter = rng.normal(0, 6, 3)
    return max(8.0, b + jitter[0]), max(8.0, g + jitter[1]), max(8.0, r + jitter[2])
