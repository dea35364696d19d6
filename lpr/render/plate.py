"""A flat plate, drawn to the sizes of QCVN 08:2024/BCA and of the rules before it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.render.glyphs import Pen, draw_row, row_width

SIZES_MM: dict[str, tuple[tuple[int, int], ...]] = {
    "car-long": ((520, 110), (470, 110)),
    "car-short": ((330, 165), (280, 200)),
    "motorcycle": ((190, 140),),
}
"""Width and height in mm, current first (PLATES: circular 79/2024, and the plates before 2025)."""

_PAINT: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "white": ((236, 236, 234), (34, 30, 30)),
    "yellow": ((30, 180, 238), (26, 26, 28)),
    "blue": ((165, 85, 20), (240, 240, 240)),
    "red": ((38, 30, 190), (240, 240, 240)),
}
"""Background and characters, BGR."""
_RED_ON_WHITE = (40, 30, 190)


@dataclass(frozen=True, slots=True)
class PlateLook:
    """How one plate is made.

    Attributes:
        pen: of its characters.
        spacing: between characters, in character heights.
        fill: share of the plate's height that each row takes.
        reach: share of the plate's width that the widest row takes.
        border: width of the frame line in mm; 0 for none.
        emblem: whether a small round stamp is pressed beside the dash.
        background, ink: BGR.
    """

    pen: Pen
    spacing: float
    fill: float
    reach: float
    border: float
    emblem: bool
    background: tuple[int, int, int]
    ink: tuple[int, int, int]


def random_look(
    rng: np.random.Generator, colour: str, row_count: int, red_letters: bool = False
) -> PlateLook:
    """A look such as the makers of real plates vary.

    Args:
        rng: source of chance.
        colour: white, yellow, blue or red.
        row_count: 1 or 2.
        red_letters: red characters on white, as on diplomatic plates.

    Returns:
        The look.
    """
    background, ink = _PAINT[colour]
    shade = rng.uniform(0.72, 1.06)
    tint = rng.normal(0, 5, 3)
    width = rng.uniform(0.42, 0.6) if row_count == 1 else rng.uniform(0.42, 0.68)
    return PlateLook(
        pen=Pen(
            width=width,
            thickness=rng.uniform(0.105, 0.165),
            variant=int(rng.choice(4, p=(0.5, 0.25, 0.2, 0.05))),
            slant=rng.normal(0, 0.01),
        ),
        spacing=rng.uniform(0.05, 0.13) if row_count == 1 else rng.uniform(0.05, 0.2),
        fill=rng.uniform(0.64, 0.8) if row_count == 1 else rng.uniform(0.36, 0.44),
        reach=rng.uniform(0.82, 0.95),
        border=float(rng.choice((0, 2, 3, 4))),
        emblem=bool(rng.random() < 0.3),
        background=_clip(np.array(background) * shade + tint),
        ink=_RED_ON_WHITE if red_letters else _clip(np.array(ink) + rng.normal(8, 10, 3)),
    )


def draw_plate(
    rows: tuple[str, ...],
    look: PlateLook,
    size_mm: tuple[int, int],
    px_per_mm: float,
) -> NDArray[np.uint8]:
    """Draw a clean plate, seen straight.

    Args:
        rows: one or two rows as printed, with dash and dot (`("30A", "123.45")`).
        look: see `random_look`.
        size_mm: width and height in mm.
        px_per_mm: pixels for each mm.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    width, height = (max(8, round(mm * px_per_mm)) for mm in size_mm)
    ink = np.zeros((height, width), np.uint8)
    row_height = look.fill * height
    gap = (height - row_height * len(rows)) / (len(rows) + 1)
    gap_between = gap * 0.9 if len(rows) == 2 else gap
    edge = (height - row_height * len(rows) - gap_between * (len(rows) - 1)) / 2
    widest = max(row_width(row, look.pen, look.spacing) for row in rows) * row_height
    stretch = min(look.reach * width / widest, 1.35)
    for index, row in enumerate(rows):
        length = row_width(row, look.pen, look.spacing) * row_height * stretch
        origin = ((width - length) / 2, edge + index * (row_height + gap_between))
        draw_row(ink, row, origin, (length, row_height), look.pen, look.spacing)
    if look.border:
        inset = round(2 * px_per_mm)
        line = max(1, round(look.border * px_per_mm))
        cv2.rectangle(ink, (inset, inset), (width - inset - 1, height - inset - 1), (255,), line)
    if look.emblem:
        x = int(width * (0.42 if len(rows) == 1 else 0.35))
        y = int(height * (0.2 if len(rows) == 1 else 0.28))
        cv2.circle(ink, (x, y), max(1, round(height * 0.035)), (170,), -1)
    return _blend(ink, look)


def _blend(ink: NDArray[np.uint8], look: PlateLook) -> NDArray[np.uint8]:
    share = ink[..., None].astype(np.float32) / 255
    picture = share * np.array(look.ink, np.float32)
    picture += (1 - share) * np.array(look.background, np.float32)
    return picture.astype(np.uint8)


def _clip(bgr: NDArray[np.float64]) -> tuple[int, int, int]:
    b, g, r = (int(v) for v in np.clip(bgr, 0, 255))
    return b, g, r
