"""A plate on a vehicle: drawn, worn, and put at its place in space."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from lpr.plates import GeneratedPlate, PlateKind
from lpr.render import wear
from lpr.render.panels import Panel, Picture, Texture
from lpr.render.plate import SIZES_MM, draw_plate, random_look

PX_PER_MM = 0.62  # of the texture: a car's plate is 200 pixels wide at most in a frame
Shape = Literal["car-long", "car-short", "motorcycle"]


@dataclass(frozen=True, slots=True)
class RenderedPlate:
    """A plate in space and what stands on it.

    Attributes:
        panel: where it is.
        plate: text, rows, colour.
    """

    panel: Panel
    plate: GeneratedPlate


def mount_plate(
    plate: GeneratedPlate,
    rng: np.random.Generator,
    height_m: float,
    across_m: float = 0.0,
    away_m: float = -0.02,
    lean: float = 0.0,
    dirt: float = 0.3,
) -> RenderedPlate:
    """Draw a plate and put it up.

    Args:
        plate: what it says.
        rng: source of chance.
        height_m: of its middle above the road.
        across_m: of its middle to the right.
        away_m: of its middle from the near end.
        lean: radians that its top leans away from the camera.
        dirt: most dirt, 0..1.
    """
    sizes = SIZES_MM[_shape(plate)]
    size = sizes[int(rng.integers(len(sizes)))]
    half = np.array(size) / 2000
    tilt = rng.normal(0, 0.015)
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    flat = (np.array([(-1, 1), (1, 1), (1, -1), (-1, -1)]) * half) @ turn.T
    corners = np.column_stack(
        [
            flat[:, 0] + across_m,
            flat[:, 1] * np.cos(lean) + height_m,
            flat[:, 1] * np.sin(lean) + away_m,
        ]
    )
    return RenderedPlate(Panel(_texture(plate, size, rng, dirt), corners), plate)


def _shape(plate: GeneratedPlate) -> Shape:
    if len(plate.printed_rows) == 1:
        return "car-long"
    return "motorcycle" if plate.vehicle == "motorcycle" else "car-short"


def _texture(
    plate: GeneratedPlate, size: tuple[int, int], rng: np.random.Generator, dirt: float
) -> Texture:
    red = plate.kind is PlateKind.DIPLOMATIC and plate.text[2:].strip("0123456789") in ("NG", "QT")
    look = random_look(rng, plate.colour, len(plate.printed_rows), red)
    picture = draw_plate(plate.printed_rows, look, size, PX_PER_MM)
    if rng.random() < 0.6:
        picture = wear.screws(picture, rng)
    if rng.random() < 0.6:
        picture = wear.dirt(picture, rng, rng.uniform(0, dirt))
    height, width = picture.shape[:2]
    mask: Picture = np.zeros((height, width), np.uint8)
    radius = max(2, round(height * 0.05))
    cv2.rectangle(mask, (radius, radius), (width - 1 - radius, height - 1 - radius), (255,), -1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return Texture.of(picture, np.asarray(cv2.dilate(mask, disc), np.uint8))
