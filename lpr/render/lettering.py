"""Lettering that is no plate: shop signs, brand names, the names burnt into a frame."""

import unicodedata

import cv2
import numpy as np

from lpr.render.glyphs import ALPHABET, Pen, draw_row, row_width
from lpr.render.panels import Picture

_MARKS = {
    "\u0301": [[(0.4, 0.6), (0.75, 0.15)]],
    "\u0300": [[(0.25, 0.15), (0.6, 0.6)]],
    "\u0302": [[(0.2, 0.75), (0.5, 0.4), (0.8, 0.75)]],
    "\u0306": [[(0.2, 0.4), (0.35, 0.7), (0.65, 0.7), (0.8, 0.4)]],
    "\u0303": [[(0.15, 0.6), (0.35, 0.35), (0.6, 0.55), (0.85, 0.3)]],
    "\u0309": [[(0.4, 0.2), (0.65, 0.2), (0.65, 0.45), (0.5, 0.65)]],
    "\u031b": [[(0.95, 1.05), (1.15, 0.7)]],
    "\u0323": [[(0.5, 3.35), (0.5, 3.4)]],
}
"""Strokes of Vietnamese marks; the letter itself stands between y = 1 and y = 3 of the cell."""
_ROOM = 0.85  # of a letter's height, for marks above and below


def draw_lettering(
    text: str, height: int, pen: Pen | None = None, spacing: float = 0.12
) -> Picture:
    """One row of lettering.

    Args:
        text: letters, digits, spaces; what has no form is left out.
        height: of a capital letter in pixels.
        pen: how it is drawn.
        spacing: between characters, in character heights.

    Returns:
        (H, W) uint8, white on black, with room for the marks.
    """
    pen = pen or Pen(width=0.58, thickness=0.14)
    advance = pen.width + spacing
    cells = unicodedata.normalize("NFD", text.upper())
    letters = sum(not unicodedata.combining(c) for c in cells)
    top = round(height * _ROOM / 2)
    canvas = np.zeros((height + 2 * top, round(height * (letters * advance + 0.2))), np.uint8)
    x = -advance + 0.1
    for character in cells:
        if character in _MARKS:
            _draw_mark(canvas, character, x * height, top, height, pen)
            continue
        x += advance
        if character in ALPHABET:
            width = min(row_width(character, pen, 0), pen.width) * height
            left = x * height + (pen.width * height - width) / 2
            draw_row(canvas, character, (left, top), (width, height), pen, 0)
    return canvas


def _draw_mark(canvas: Picture, mark: str, left: float, top: int, height: int, pen: Pen) -> None:
    for stroke in _MARKS[mark]:
        points = [
            (left + px * pen.width * height, top + (py - 1) / 2 * height) for px, py in stroke
        ]
        at = np.round(np.array(points)).astype(np.int32)
        cv2.polylines(
            canvas, [at], False, (255,), max(1, round(pen.thickness * height * 0.8)), cv2.LINE_AA
        )


def sign(
    text: str,
    size: tuple[int, int],
    ground: tuple[float, float, float],
    ink: tuple[float, float, float],
    fill: float = 0.55,
) -> Picture:
    """A signboard with one row in its middle.

    Args:
        text: what stands on it.
        size: width and height in pixels.
        ground: BGR of the board.
        ink: BGR of the letters.
        fill: share of the height that the letters take, less where the row is too long.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    width, height = size
    board = np.empty((height, width, 3), np.uint8)
    board[:] = ground
    row = draw_lettering(text, max(8, round(height * fill)))
    scale = min(1.0, 0.92 * width / row.shape[1], height / row.shape[0])
    row = np.asarray(
        cv2.resize(row, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
    y, x = (height - row.shape[0]) // 2, (width - row.shape[1]) // 2
    part = board[y : y + row.shape[0], x : x + row.shape[1]]
    share = row[..., None].astype(np.float32) / 255
    part[:] = (part * (1 - share) + np.array(ink, np.float32) * share).astype(np.uint8)
    return board
