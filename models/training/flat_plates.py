"""Flat rendered plates: pictures of the plate alone, whatever its proportions."""

import random
from dataclasses import replace

import cv2
import numpy as np

from lpr.plates import GeneratedPlate, generate_plate, printed_rows
from lpr.render import wear
from lpr.render.plate import SIZES_MM, PlateLook, draw_plate, random_look
from models.training.foreign_plates import FLAT, draw_foreign
from models.training.reader_crops import EXACT, UNKNOWN, Sample
from models.training.reader_net import COLOURS
from models.training.typefaces import draw_text, faces

FOREIGN_SHARE = 0.5  # of rendered plates
TYPEFACE_SHARE = 0.35  # of Vietnamese ones drawn with a typeface instead of our own glyphs
ALIKE_SHARE = 0.25  # of Vietnamese ones in which a digit stands twice where it stood once
_WHOLE = np.float32([[0, 0], [FLAT[1], 0], [FLAT[1], FLAT[0]], [0, FLAT[0]]])


def draw_sample(chance: random.Random, rng: np.random.Generator) -> Sample:
    """A new rendered plate, Vietnamese or of no country."""
    if rng.random() < FOREIGN_SHARE:
        foreign = draw_foreign(rng)
        return Sample(
            foreign.picture, _WHOLE, EXACT, foreign.text, foreign.rows, UNKNOWN, 1.0, False
        )
    plate = generate_plate(chance)
    if chance.random() < ALIKE_SHARE:
        plate = _with_pair(plate, chance)
    colour, rows = COLOURS.index(plate.colour), len(plate.printed_rows)
    return Sample(draw_flat(plate, rng), _WHOLE, EXACT, plate.text, rows, colour, 1.0, False)


class PlatePool:
    """Rendered plates at hand, renewed all the time: drawing each for one view would take longer.

    Args:
        size: how many are kept.
        renewed: chance that a plate is replaced by a new one once it was taken.
    """

    def __init__(self, size: int, renewed: float) -> None:
        self._size, self._renewed = size, renewed
        self._kept: list[Sample] = []

    def take(
        self, chance: random.Random, rng: np.random.Generator, rows: int | None = None
    ) -> Sample:
        """A plate, with so many rows if that matters."""
        if len(self._kept) < self._size:
            self._kept.append(draw_sample(chance, rng))
        index = int(rng.integers(len(self._kept)))
        sample = self._kept[index]
        if rng.random() < self._renewed:
            self._kept[index] = draw_sample(chance, rng)
        return sample if rows in (None, sample.rows) else self.take(chance, rng, rows)


def _with_pair(plate: GeneratedPlate, chance: random.Random) -> GeneratedPlate:
    """With one of the last digits like the one before it: of such, readers drop or add one."""
    text = plate.text
    at = chance.randrange(len(text) - 4, len(text))
    if not text[at - 1 : at + 1].isdecimal():
        return plate
    text = text[:at] + text[at - 1] + text[at + 1 :]
    return replace(plate, text=text, printed_rows=printed_rows(text, len(plate.printed_rows)))


def draw_flat(plate, rng: np.random.Generator) -> np.ndarray:
    """A worn Vietnamese plate seen straight, (80, 200, 3) uint8 BGR whatever its proportions."""
    rows = plate.printed_rows
    if len(rows) == 1:
        shape = "car-long"
    elif plate.vehicle == "motorcycle" or rng.random() < 0.4:
        shape = "motorcycle"
    else:
        shape = "car-short"
    sizes = SIZES_MM[shape]
    size = sizes[int(rng.integers(len(sizes)))]
    red_letters = plate.colour == "white" and any(s in plate.text for s in ("NG", "QT"))
    look = random_look(rng, plate.colour, len(rows), red_letters)
    scale = 1.25 * FLAT[0] / size[1]
    if "Đ" not in "".join(rows) and rng.random() < TYPEFACE_SHARE:  # few typefaces have it
        picture = _with_typeface(rows, look, size, scale, rng)
    else:
        picture = draw_plate(rows, look, size, scale)
    if rng.random() < 0.6:
        picture = wear.screws(picture, rng)
    if len(rows) == 2 and rng.random() < 0.2:
        picture = wear.bright_bolts(picture, rng)
    if rng.random() < 0.5:
        picture = wear.dirt(picture, rng, rng.uniform(0, 0.45))
    return cv2.resize(picture, (FLAT[1], FLAT[0]), interpolation=cv2.INTER_AREA)


def _with_typeface(
    rows: tuple[str, ...], look: PlateLook, size_mm: tuple[int, int], px_per_mm: float, rng
) -> np.ndarray:
    """As `lpr.render.plate.draw_plate`, with a typeface in place of our glyphs."""
    width, height = (round(mm * px_per_mm) for mm in size_mm)
    face = faces()[int(rng.integers(len(faces())))]
    spacing = rng.uniform(-0.02, 0.14)
    ink = np.zeros((height, width), np.uint8)
    tall = round(look.fill * height)
    gap = (height - tall * len(rows)) / (len(rows) + 1)
    masks = [draw_text(row, face, spacing) for row in rows]
    widest = max(mask.shape[1] / mask.shape[0] for mask in masks) * tall
    stretch = min(look.reach * width / widest, 1.5)
    for index, mask in enumerate(masks):
        wide = max(4, round(mask.shape[1] / mask.shape[0] * tall * stretch))
        wide = min(wide, width - 2)
        y, x = round(gap + index * (tall + gap)), (width - wide) // 2
        part = ink[y : y + tall, x : x + wide]
        part[:] = cv2.resize(mask, (wide, tall), interpolation=cv2.INTER_AREA)[: part.shape[0]]
    if look.border:
        inset, line = round(2 * px_per_mm), max(1, round(look.border * px_per_mm))
        cv2.rectangle(ink, (inset, inset), (width - inset - 1, height - inset - 1), (255,), line)
    share = ink[..., None].astype(np.float32) / 255
    ground = np.array(look.background, np.float32)
    return (ground + share * (np.array(look.ink, np.float32) - ground)).astype(np.uint8)
