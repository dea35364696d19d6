"""Rendered plates as a camera gives them, with their texts; pure but for chance."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from lpr.boxes import Frame
from lpr.plates import GeneratedPlate, generate_plate
from lpr.rectify import MARGIN
from lpr.render import wear
from lpr.render.plate import SIZES_MM, draw_plate, random_look

DRAWN = 110  # height in pixels that a plate is drawn with, before it is seen
HEIGHTS = (14.0, 90.0)  # pixels in the frame of a plate with one row; small ones as often as large
TWO_ROWS = 1.7  # times higher is a plate with two rows from the same distance
INEXACT = 0.02  # of the plate's size by which the detector's corners err (standard deviation)


@dataclass(frozen=True, slots=True)
class WornPlate:
    """A crop and what it says.

    Attributes:
        crop: (H, W, 3) uint8 BGR, as `lpr.rectify` cuts it.
        text: the right one, in normal form.
        rows: 1 or 2.
    """

    crop: Frame
    text: str
    rows: int


def draw_worn_plate(chance: random.Random, rng: np.random.Generator) -> WornPlate:
    """A random Vietnamese plate, worn and seen by a camera.

    Args:
        chance: chooses the plate.
        rng: chooses everything else.
    """
    plate = generate_plate(chance)
    crop = _degraded(_cut(_flat(plate, rng), len(plate.printed_rows), rng), rng)
    return WornPlate(crop, plate.text, len(plate.printed_rows))


def worn_plates(seed: int) -> Iterator[WornPlate]:
    """Plates without end, the same ones for a seed."""
    chance, rng = random.Random(seed), np.random.default_rng(seed)
    while True:
        yield draw_worn_plate(chance, rng)


def _flat(plate: GeneratedPlate, rng: np.random.Generator) -> Frame:
    rows = plate.printed_rows
    if len(rows) == 1:
        sizes = SIZES_MM["car-long"]
    else:
        sizes = SIZES_MM["motorcycle" if plate.vehicle == "motorcycle" else "car-short"]
    size = sizes[int(rng.integers(len(sizes)))]
    red_letters = plate.colour == "white" and any(s in plate.text for s in ("NG", "QT"))
    look = random_look(rng, plate.colour, len(rows), red_letters)
    picture = draw_plate(rows, look, size, DRAWN / size[1])
    if rng.random() < 0.5:
        picture = wear.screws(picture, rng)
    if rng.random() < 0.5:
        picture = wear.dirt(picture, rng, rng.uniform(0, 0.4))
    return picture


def _cut(plate: Frame, rows: int, rng: np.random.Generator) -> Frame:
    """As it is cut out of a frame: with a margin, inexactly, of the size that it had there."""
    height = float(np.exp(rng.uniform(*np.log(HEIGHTS)))) * (TWO_ROWS if rows == 2 else 1)
    size = (max(8, round(height * plate.shape[1] / plate.shape[0])), max(4, round(height)))
    small = cv2.resize(plate, size, interpolation=cv2.INTER_AREA)
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    inner = unit * (1 - 2 * MARGIN) + MARGIN + rng.normal(0, INEXACT, (4, 2))
    source, target = unit * size, (inner * size).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), target)
    ground = rng.integers(20, 200, 3).tolist()
    return np.asarray(cv2.warpPerspective(small, matrix, size, borderValue=ground), np.uint8)


def _degraded(crop: Frame, rng: np.random.Generator) -> Frame:
    if rng.random() < 0.7:
        crop = wear.light(crop, rng)
    if rng.random() < 0.15:
        crop = wear.shadow(crop, rng)
    if rng.random() < 0.15:
        crop = wear.glare(crop, rng)
    if rng.random() < 0.25:
        crop = wear.motion_blur(crop, rng, int(rng.integers(1, 3 + crop.shape[0] // 16)))
    if rng.random() < 0.3:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.3, 1.0)), np.uint8)
    if rng.random() < 0.4:
        crop = wear.noise(crop, rng, rng.uniform(1, 10))
    return wear.compress(crop, int(rng.integers(35, 95)))
