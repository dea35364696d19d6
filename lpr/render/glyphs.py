"""Letters and digits of Vietnamese plates, drawn by ourselves as round-ended strokes.

Every glyph is a list of strokes in a cell of width 1 and height 2, y downwards: the centre lines of
the pen. A `Pen` says how they are put on a picture, so one set of strokes gives many typefaces.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

Stroke = list[tuple[float, float]]
_ARC_STEP = 15.0  # degrees; finer is not seen at the sizes of a plate
_SHIFT = 4  # fractional bits of cv2's coordinates


@dataclass(frozen=True, slots=True)
class Pen:
    """How strokes are drawn, in shares of the height of a character.

    Attributes:
        width: of a full-width character.
        thickness: of a stroke.
        variant: 0..3, chooses among the forms of 1, 4, 6, 7, 9, M and the like; 4..7 are of other
            countries: rounded boxes for 0, O, Q and D, a W with steep sides, a 1 that is a bar.
        slant: shift of the top to the right.
    """

    width: float = 0.48
    thickness: float = 0.13
    variant: int = 0
    slant: float = 0.0


def _arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """Points of an ellipse, degrees clockwise from the right (y points down)."""
    steps = max(2, int(abs(end - start) / _ARC_STEP))
    angles = [(start + (end - start) * i / steps) * pi / 180 for i in range(steps + 1)]
    return [(cx + rx * cos(a), cy + ry * sin(a)) for a in angles]


def _turned(strokes: Iterable[Stroke]) -> list[Stroke]:
    return [[(1 - x, 2 - y) for x, y in stroke] for stroke in strokes]


def _six(variant: int) -> list[Stroke]:
    bowl = _arc(0.5, 1.4, 0.5, 0.6, 0, 360)
    if variant % 2:
        return [bowl, [(0.72, 0.0), (0.06, 1.15)]]
    return [bowl, [*_arc(0.5, 0.52, 0.5, 0.52, 335, 180), (0.0, 1.4)]]


def _four(variant: int) -> list[Stroke]:
    if variant % 2:
        return [[(0.72, 2.0), (0.72, 0.0), (0.0, 1.4), (1.0, 1.4)]]
    return [[(0.58, 0.0), (0.0, 1.45), (1.0, 1.45)], [(0.75, 0.85), (0.75, 2.0)]]


def _seven(variant: int) -> list[Stroke]:
    return [[(0.0, 0.0), (1.0, 0.0), (0.3 if variant < 2 else 0.45, 2.0)]]


_FLAGS = ((0.2, 0.42), (0.1, 0.55), (0.25, 0.3), (0.15, 0.4))  # where the flag of a 1 ends


def _one(variant: int) -> list[Stroke]:
    if variant == 7:
        return _FIXED["I"]
    flag = (0.45, 0.2) if variant > 3 else _FLAGS[variant]
    strokes: list[Stroke] = [[flag, (0.62, 0.0), (0.62, 2.0)]]
    return [*strokes, [(0.25, 2.0), (1.0, 2.0)]] if variant == 3 else strokes


def _m(variant: int) -> list[Stroke]:
    return [[(0, 2), (0, 0), (0.5, (1.1, 1.5, 0.9, 2.0)[variant % 4]), (1, 0), (1, 2)]]


def _three(variant: int) -> list[Stroke]:
    lower = _arc(0.48, 1.45, 0.52, 0.55, 270, 525)
    if variant == 3:
        return [[(0.05, 0.0), (0.95, 0.0), (0.42, 0.9), *lower]]
    return [[*_arc(0.48, 0.47, 0.46, 0.47, 195, 440), (0.35, 0.93)], [(0.35, 0.93), *lower]]


def _c(variant: int) -> Stroke:
    gap = 35 if variant < 2 else 15
    return [*_arc(0.5, 0.5, 0.5, 0.5, -gap, -180), *_arc(0.5, 1.5, 0.5, 0.5, 180, gap)]


def _bowl(x: float, top: float, bottom: float, right: float) -> Stroke:
    middle = (top + bottom) / 2
    radius = min((bottom - top) / 2, right - x)
    half = (bottom - top) / 2
    return [(0, top), *_arc(right - radius, middle, radius, half, -90, 90), (0, bottom)]


_STEEP = {4: (0.12, 0.8), 5: (0.05, 1.1), 6: (0.0, 0.9), 7: (0.06, 0.4)}  # foot, peak of a W


def _w(variant: int) -> list[Stroke]:
    foot, peak = _STEEP.get(variant, (0.25, 0.6))
    return [[(0, 0), (foot, 2), (0.5, peak), (1 - foot, 2), (1, 0)]]


def _oval(variant: int) -> Stroke:
    if variant not in _CORNERS:
        return _OVAL
    rx, ry = _CORNERS[variant]
    left = (_arc(rx, ry, rx, ry, 180, 270), _arc(rx, 2 - ry, rx, ry, 90, 180))
    return [*left[0], *_right_side(rx, ry), *left[1], (0.0, ry)]


def _d(variant: int) -> Stroke:
    if variant not in _CORNERS:
        return _D
    return [(0, 2), (0, 0), *_right_side(*_CORNERS[variant]), (0, 2)]


def _right_side(rx: float, ry: float) -> Stroke:
    return [*_arc(1 - rx, ry, rx, ry, -90, 0), *_arc(1 - rx, 2 - ry, rx, ry, 0, 90)]


# radii of the rounded boxes' corners
_CORNERS = {4: (0.4, 0.35), 5: (0.3, 0.2), 6: (0.45, 0.5), 7: (0.2, 0.12)}
_OVAL: Stroke = [*_arc(0.5, 0.5, 0.5, 0.5, -180, 0), *_arc(0.5, 1.5, 0.5, 0.5, 0, 180), (0.0, 0.5)]
_D: Stroke = [
    (0, 2),
    (0, 0),
    *_arc(0.5, 0.5, 0.5, 0.5, -90, 0),
    *_arc(0.5, 1.5, 0.5, 0.5, 0, 90),
    (0, 2),
]
_S: Stroke = [*_arc(0.5, 0.5, 0.5, 0.5, -25, -270), *_arc(0.5, 1.5, 0.5, 0.5, -90, 155)]

_FORMS: dict[str, Callable[[int], list[Stroke]]] = {
    "1": _one,
    "3": _three,
    "4": _four,
    "6": _six,
    "7": _seven,
    "9": lambda v: _turned(_six(v)),
    "M": _m,
    "C": lambda v: [_c(v)],
    "0": lambda v: [_oval(v)],
    "D": lambda v: [_d(v)],
    "O": lambda v: [_oval(v)],
    "Q": lambda v: [_oval(v), [(0.6, 1.5), (1.05, 2.1)]],
    "W": _w,
    "G": lambda v: [[*_c(v), (1.0, 1.5), (1.0, 1.08), (0.55, 1.08)]],
}
_FIXED: dict[str, list[Stroke]] = {
    "2": [[*_arc(0.5, 0.5, 0.5, 0.5, -175, 25), (0.0, 2.0), (1.0, 2.0)]],
    "5": [[(0.92, 0), (0.14, 0), (0.06, 0.95), *_arc(0.5, 1.38, 0.5, 0.62, 222, 510)]],
    "8": [_arc(0.5, 0.47, 0.44, 0.47, 0, 360), _arc(0.5, 1.46, 0.5, 0.54, 0, 360)],
    "A": [[(0, 2), (0.5, 0), (1, 2)], [(0.17, 1.4), (0.83, 1.4)]],
    "B": [[(0, 0), (0, 2)], _bowl(0, 0, 0.95, 0.92), _bowl(0, 0.95, 2, 1.0)],
    "Đ": [_D, [(-0.2, 1.0), (0.4, 1.0)]],
    "E": [[(1, 0), (0, 0), (0, 2), (1, 2)], [(0, 0.97), (0.85, 0.97)]],
    "F": [[(1, 0), (0, 0), (0, 2)], [(0, 0.97), (0.85, 0.97)]],
    "H": [[(0, 0), (0, 2)], [(1, 0), (1, 2)], [(0, 1), (1, 1)]],
    "I": [[(0.5, 0), (0.5, 2)]],
    "J": [[(1, 0), *_arc(0.5, 1.5, 0.5, 0.5, 0, 180)]],
    "K": [[(0, 0), (0, 2)], [(0.95, 0), (0, 1.25)], [(0.33, 0.85), (1, 2)]],
    "L": [[(0, 0), (0, 2), (1, 2)]],
    "N": [[(0, 2), (0, 0), (1, 2), (1, 0)]],
    "P": [[(0, 0), (0, 2)], _bowl(0, 0, 1.1, 1.0)],
    "R": [[(0, 0), (0, 2)], _bowl(0, 0, 1.05, 1.0), [(0.45, 1.05), (1, 2)]],
    "S": [_S],
    "T": [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 2)]],
    "U": [[(0, 0), *_arc(0.5, 1.5, 0.5, 0.5, 180, 0), (1, 0)]],
    "V": [[(0, 0), (0.5, 2), (1, 0)]],
    "X": [[(0, 0), (1, 2)], [(1, 0), (0, 2)]],
    "Y": [[(0, 0), (0.5, 1), (1, 0)], [(0.5, 1), (0.5, 2)]],
    "Z": [[(0, 0), (1, 0), (0, 2), (1, 2)]],
    "-": [[(0.1, 1.0), (0.9, 1.0)]],
    ".": [[(0.5, 1.0), (0.5, 1.02)]],
}
_ADVANCE = {"1": 0.8, "I": 0.45, "-": 0.6, ".": 0.3, "M": 1.12, "W": 1.2}
ALPHABET = "".join(sorted({*_FORMS, *_FIXED} - {"-", "."}))


def strokes(character: str, variant: int = 0) -> list[Stroke]:
    """Centre lines of one character in a cell of width 1 and height 2.

    Raises:
        KeyError: a character that has no form.
    """
    form = _FORMS.get(character)
    return form(variant) if form else _FIXED[character]


def row_width(text: str, pen: Pen, spacing: float) -> float:
    """Width of a row in character heights, thickness included.

    Args:
        text: the row.
        pen: of the row.
        spacing: gap between two characters, in character heights.
    """
    cells = sum(_ADVANCE.get(c, 1.0) * (pen.width - pen.thickness) + pen.thickness for c in text)
    return cells + spacing * (len(text) - 1)


def draw_row(
    canvas: NDArray[np.uint8],
    text: str,
    origin: tuple[float, float],
    size: tuple[float, float],
    pen: Pen,
    spacing: float,
) -> None:
    """Draw a row into a single-channel canvas, white, stretched to a width.

    Args:
        canvas: (H, W) uint8, changed in place.
        text: the row.
        origin: left and top of the row in pixels.
        size: width and height of the row in pixels.
        pen: of the row.
        spacing: gap between two characters, in character heights.
    """
    height = size[1]
    stretch = size[0] / (row_width(text, pen, spacing) * height)
    half = pen.thickness / 2
    x = 0.0
    for character in text:
        cell = _ADVANCE.get(character, 1.0) * (pen.width - pen.thickness)
        points = [
            np.array(
                [
                    (
                        origin[0]
                        + height * ((x + half + px * cell) * stretch + pen.slant * (1 - py / 2)),
                        origin[1] + height * (half + py / 2 * (1 - pen.thickness)),
                    )
                    for px, py in stroke
                ]
            )
            for stroke in strokes(character, pen.variant)
        ]
        dot = 1.5 if character == "." else 1.0
        cv2.polylines(
            canvas,
            [np.round(p * (1 << _SHIFT)).astype(np.int32) for p in points],
            False,
            (255,),
            max(1, round(pen.thickness * height * dot)),
            cv2.LINE_AA,
            _SHIFT,
        )
        x += cell + pen.thickness + spacing
