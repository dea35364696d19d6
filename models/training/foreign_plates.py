"""Flat plates of no country: any text, any typeface, any layout that plates of the world have.

They keep the reader from learning where a Vietnamese plate has its letters, and teach it which
lettering on a plate is not its text.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from lpr.render import wear
from lpr.render.glyphs import Pen, draw_row, row_width
from models.training.typefaces import DRAWN, draw_text, faces

LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
CONFUSED = {"L": "OWDQHMNGCIJTLBSZKXUVYEF", "D": "0816523794"}  # what looks like something else
UNMISTAKEN = "ABCDEFGHJKLMNPRSTUVWXYZ"  # many countries have no I, O and Q beside 1 and 0
PATTERNS = {  # L letter, D digit, space a gap; how often, against the others
    "LLLDDDD": 4, "LLL DDDD": 4, "DLLLDDD": 2, "LLLDDD": 2, "LLL DDD": 4, "DDDLLL": 2,
    "DDD LLL": 2, "LLDDDDD": 1, "LDDDDDD": 1, "DDDDDD": 1, "LLDD LLL": 3, "LLDDDLL": 2,
    "LL DDD LL": 3, "DDDD LLL": 2, "DLD DDDD": 3, "DDL DDDD": 2, "LLL LLDDD": 1, "L LLDDDD": 1,
    "LL LLDDD": 1, "LLL LDDDD": 1, "LL LDDD": 1, "LLDDDDLL": 2, "LL DDDD LL": 2, "LDDDLL": 1,
    "L DDDD LL": 3, "L DDDD LLL": 2, "LL DDDD LLL": 2, "LLDDLLDDDD": 2, "LL DD LL DDDD": 2,
    "LLLDLDD": 2, "LLLLDDD": 1, "DDDDD LL": 1, "LLDDDD": 2, "LL DDDD": 2, "DDDDL": 1, "LLLLL": 1,
    "LDDLLL": 2, "LLL DDL": 1, "DDLLDDD": 1, "DLLDDDD": 1, "LL DDD L": 1, "DD LLL DD": 1,
    "LL DDDLL": 3, "DDD DDD": 1, "D LLDDDD": 1,
}  # fmt: skip
ANY_SHARE = 0.25  # of texts that follow no pattern
ALIKE_SHARE = 0.2  # of texts in which a character stands twice where it stood once
STROKED_SHARE = 0.5  # of rows that are drawn in our own strokes instead of a typeface
FLAT = (80, 200)  # height and width of a flat plate, whatever its proportions


@dataclass(frozen=True, slots=True)
class ForeignPlate:
    """A flat plate (80, 200, 3) uint8 BGR, its text (A-Z, 0-9) and how many rows it has."""

    picture: np.ndarray
    text: str
    rows: int


def random_words(rng: np.random.Generator) -> str:
    """A text in groups, up to ten characters without the gaps."""
    choose = CONFUSED if rng.random() < 0.35 else {"L": LETTERS, "D": DIGITS}
    if rng.random() < ANY_SHARE:
        choose = {"L": UNMISTAKEN if rng.random() < 0.7 else LETTERS, "D": DIGITS}
        length = int(rng.integers(4, 10))
        letters = rng.uniform(0.2, 0.8)
        pattern = "".join("L" if rng.random() < letters else "D" for _ in range(length))
        if rng.random() < 0.5:
            cut = int(rng.integers(1, length))
            pattern = pattern[:cut] + " " + pattern[cut:]
    else:
        weights = np.array(list(PATTERNS.values()), float)
        pattern = str(rng.choice(list(PATTERNS), p=weights / weights.sum()))
    words = "".join(c if c == " " else _one_of(choose[c], rng) for c in pattern)
    alike = [i for i in range(1, len(pattern)) if pattern[i] == pattern[i - 1]]
    if alike and rng.random() < ALIKE_SHARE:
        at = alike[int(rng.integers(len(alike)))]
        words = words[:at] + words[at - 1] + words[at + 1 :]
    return words


def _one_of(characters: str, rng: np.random.Generator) -> str:
    """Any of them; where they are sorted by likeness, the first ones more often."""
    share = rng.random() ** (2 if characters in CONFUSED.values() else 1)
    return characters[int(share * len(characters))]


def draw_foreign(rng: np.random.Generator) -> ForeignPlate:
    """Draw a plate of a random country that there is not."""
    words = random_words(rng)
    groups = words.split(" ")
    two_rows = len(groups) > 1 and rng.random() < 0.25
    if two_rows:
        cut = int(rng.integers(1, len(groups)))
        rows = [" ".join(groups[:cut]), " ".join(groups[cut:])]
        aspect = rng.uniform(1.2, 2.2)
    else:
        rows = [words]
        aspect = float(rng.choice((2.0, 2.2, 3.1, 4.6), p=(0.35, 0.1, 0.2, 0.35)))
    height = 110
    width = int(height * aspect)
    picture, ink = _background(rng, height, width)
    face = faces()[int(rng.integers(len(faces())))]
    left, right, top, bottom = rng.uniform(0.01, 0.05), rng.uniform(0.95, 0.99), 0.12, 0.88
    if aspect > 4 and rng.random() < 0.6:  # a band with the country's letters
        left = _band(picture, rng, 0.0)
    if aspect > 4 and rng.random() < 0.15:
        right = 1 - (_band(picture, rng, 1.0) - 0.02)
    if rng.random() < (0.35 if aspect > 4 else 0.12):
        left = _arms(picture, rng, left)
    if rng.random() < 0.12:
        left, right = _stacked(picture, rng, left, right, ink)
    if aspect < 4 and rng.random() < 0.75:  # a state, a town
        top = _small_line(picture, rng, 0.02, rng.uniform(0.1, 0.24))
    if aspect < 4 and not two_rows and rng.random() < 0.6:  # a motto, a date
        bottom = 1 - _small_line(picture, rng, 1.0, rng.uniform(0.08, 0.18))
    each = (bottom - top) / len(rows)
    for index, row in enumerate(rows):
        area = (left, top + index * each, right, top + (index + 1) * each - 0.02 * (len(rows) - 1))
        _row(picture, row, face, ink, area, rng)
    if rng.random() < 0.5:
        inset = int(rng.integers(1, 5))
        tone = ink if rng.random() < 0.6 else [int(v) for v in rng.integers(0, 255, 3)]
        corner = (width - inset - 1, height - inset - 1)
        cv2.rectangle(picture, (inset, inset), corner, tone, int(rng.integers(1, 4)))
    if rng.random() < 0.6:
        picture = wear.screws(picture, rng)
    if rng.random() < 0.4:
        picture = wear.dirt(picture, rng, rng.uniform(0, 0.4))
    picture = _narrowed(picture, (left, right, top, bottom), rng)
    flat = cv2.resize(picture, (FLAT[1], FLAT[0]), interpolation=cv2.INTER_AREA)
    return ForeignPlate(flat, words.replace(" ", ""), len(rows))


_PAINTS = (  # background, ink, how often
    ((238, 238, 238), (30, 28, 28), 16), ((40, 190, 240), (25, 25, 25), 2),
    ((230, 225, 215), (120, 50, 20), 2), ((235, 235, 240), (40, 30, 170), 1),
    ((190, 190, 190), (40, 40, 40), 2), ((30, 28, 28), (230, 230, 230), 2),
    ((150, 70, 20), (240, 240, 240), 1), ((40, 40, 180), (240, 240, 240), 1),
    ((70, 110, 30), (240, 240, 240), 1), ((225, 235, 225), (50, 110, 20), 1),
)  # fmt: skip


def _background(rng, height: int, width: int):
    weights = np.array([w for *_, w in _PAINTS], float)
    base, ink, _ = _PAINTS[int(rng.choice(len(_PAINTS), p=weights / weights.sum()))]
    ground = np.clip(np.array(base) * rng.uniform(0.8, 1.05) + rng.normal(0, 6, 3), 0, 255)
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = ground
    if rng.random() < 0.3:  # a sky, a picture of the state
        other = np.clip(ground + rng.normal(0, 45, 3), 0, 255)
        grid = rng.random((int(rng.integers(2, 5)), int(rng.integers(1, 6)))).astype(np.float32)
        share = np.clip(cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)
        picture += share[..., None] * (other - ground) * rng.uniform(0.3, 1)
    dark = tuple(int(v) for v in np.clip(np.array(ink) + rng.normal(0, 10, 3), 0, 255))
    return np.clip(picture, 0, 255).astype(np.uint8), dark


def _stamp(picture, mask: np.ndarray, x: int, y: int, ink) -> None:
    x, y = max(0, x), max(0, y)
    part = picture[y : y + mask.shape[0], x : x + mask.shape[1]]
    share = mask[: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
    part[:] = (part * (1 - share) + np.array(ink, np.float32) * share).astype(np.uint8)


def _word(rng, least: int, most: int) -> str:
    letters = "".join(rng.choice(list(LETTERS), int(rng.integers(least, most + 1))))
    return str(rng.choice((letters, letters.title(), letters.lower()), p=(0.6, 0.3, 0.1)))


def _band(picture, rng, side: float) -> float:
    """A blue band at an edge; returns where the text may begin, a share of the width."""
    height, width = picture.shape[:2]
    wide = int(height * rng.uniform(0.3, 0.45))
    x = 0 if side == 0 else width - wide
    tone = [int(v) for v in np.clip(np.array((160, 70, 20)) + rng.normal(0, 15, 3), 0, 255)]
    cv2.rectangle(picture, (x, 0), (x + wide, height), tone, -1)
    if rng.random() < 0.8:
        mask = draw_text(_word(rng, 1, 3).upper(), faces()[int(rng.integers(len(faces())))], 0.02)
        tall = int(height * rng.uniform(0.2, 0.34))
        wanted = min(wide - 4, max(4, int(mask.shape[1] * tall / mask.shape[0])))
        mask = cv2.resize(mask, (wanted, tall), interpolation=cv2.INTER_AREA)
        _stamp(picture, mask, x + (wide - wanted) // 2, int(height * 0.6), (240, 240, 240))
    if rng.random() < 0.6:
        centre = (x + wide // 2, int(height * 0.3))
        cv2.circle(picture, centre, int(wide * 0.3), (60, 210, 240), 1)
    return wide / width + 0.02


def _arms(picture, rng, left: float) -> float:
    """A coat of arms or a sign before the text, often over small letters; returns as `_band`."""
    height, width = picture.shape[:2]
    size = int(height * (rng.uniform(0.2, 0.5) if rng.random() < 0.7 else rng.uniform(0.5, 0.85)))
    x = int(left * width) + int(rng.integers(1, 5))
    y = int(rng.uniform(0.05, 0.5) * (height - size))
    _seal(picture, rng, x + size // 2, y + size // 2, size)
    if rng.random() < 0.6:
        mask = draw_text(_word(rng, 1, 3).upper(), faces()[int(rng.integers(len(faces())))], 0.02)
        tall = int(height * rng.uniform(0.12, 0.3))
        wanted = min(size + 4, max(4, int(mask.shape[1] * tall / mask.shape[0])))
        mask = cv2.resize(mask, (wanted, tall), interpolation=cv2.INTER_AREA)
        tone = [int(v) for v in rng.integers(0, 190, 3)]
        _stamp(picture, mask, x + (size - wanted) // 2, min(y + size + 2, height - tall - 1), tone)
    return (x + size) / width + 0.015


def _stacked(picture, rng, left: float, right: float, ink) -> tuple[float, float]:
    """Two small letters, one over the other, before or after the text; returns what is left."""
    height, width = picture.shape[:2]
    tall = int(height * rng.uniform(0.2, 0.32))
    wide = int(tall * rng.uniform(0.6, 0.9))
    is_before = rng.random() < 0.6
    x = int(left * width) + 2 if is_before else int(right * width) - wide - 2
    y = (height - 2 * tall) // 2
    face = faces()[int(rng.integers(len(faces())))]
    for index in range(2):
        mask = cv2.resize(draw_text(_word(rng, 1, 1).upper(), face, 0.0), (wide, tall))
        _stamp(picture, mask, x, y + index * (tall + 2), ink)
    taken = (wide + 5) / width
    return (left + taken, right) if is_before else (left, right - taken)


def _seal(picture, rng, x: int, y: int, size: int) -> None:
    """Something of a few colours around (x, y) that is no character: arms, a sticker, a star."""
    half = max(2, size // 2)
    tones = rng.integers(0, 256, (3, 3)).tolist()
    kind = rng.integers(4)
    if kind == 0:
        cv2.circle(picture, (x, y), half, tones[0], -1, cv2.LINE_AA)
    elif kind == 1:
        cv2.rectangle(picture, (x - half, y - half), (x + half, y + half), tones[0], -1)
    else:
        corners = 5 if kind == 2 else int(rng.integers(6, 14))
        angles = np.linspace(0, 2 * np.pi, corners, endpoint=False) + np.pi / 2
        away = half * (1.0 if kind == 2 else rng.uniform(0.4, 1.1, corners))
        points = np.stack([x + away * np.cos(angles), y + away * np.sin(angles)], 1)
        cv2.fillPoly(picture, [points.astype(np.int32)], tones[0], cv2.LINE_AA)
    for tone in tones[1:]:
        dx, dy = rng.integers(-half // 2, half // 2 + 1, 2)
        axes = rng.integers(1, max(2, half // 2) + 1, 2).tolist()
        centre = (x + int(dx), y + int(dy))
        cv2.ellipse(picture, centre, axes, rng.uniform(0, 180), 0, 360, tone, -1, cv2.LINE_AA)


def _narrowed(picture, area, rng) -> np.ndarray:
    """Cut closer to the text's area (left, right, top, bottom), as detectors often do."""
    left, right, top, bottom = area
    if rng.random() < 0.5:
        return picture
    height, width = picture.shape[:2]
    x1, y1 = int(left * width * rng.random()), int(top * height * rng.random())
    x2 = width - int((1 - right) * width * rng.random())
    y2 = height - int((1 - bottom) * height * rng.random())
    return picture[y1:y2, x1:x2]


def _small_line(picture, rng, at: float, tall: float) -> float:
    """A line of small words at the top or the bottom; returns how much it takes of the height."""
    height, width = picture.shape[:2]
    words = " ".join(_word(rng, 2, 9) for _ in range(int(rng.integers(1, 4))))
    if rng.random() < 0.2:
        words = f"{int(rng.integers(1, 13)):02} {int(rng.integers(10, 30))}"
    mask = draw_text(words, faces()[int(rng.integers(len(faces())))], rng.uniform(0, 0.15))
    pixels = max(5, int(tall * height))
    wanted = min(int(0.9 * width), int(mask.shape[1] * pixels / mask.shape[0]))
    mask = cv2.resize(mask, (max(4, wanted), pixels), interpolation=cv2.INTER_AREA)
    y = int(at * height) if at < 0.5 else height - pixels - int(0.02 * height)
    ink = [int(v) for v in rng.integers(0, 160, 3)]
    _stamp(picture, mask, (width - wanted) // 2, y, ink)
    return tall + 0.05


def _row(picture, row: str, face, ink, area, rng) -> None:
    """The main text, stretched into an area (left, top, right, bottom) of the plate."""
    height, width = picture.shape[:2]
    has_seals = " " in row and rng.random() < 0.4
    joints = ("  ", " ", "-", "   ")
    joint = "   " if has_seals else str(rng.choice(joints, p=(0.4, 0.25, 0.25, 0.1)))
    if rng.random() < STROKED_SHARE:
        mask = _stroked(row, joint == "-", rng)
    else:
        mask = _bolder(draw_text(row.replace(" ", joint), face, rng.uniform(0.0, 0.16)), rng)
    left, top, right, bottom = (v * s for v, s in zip(area, (width, height) * 2, strict=True))
    tall = int((bottom - top) * rng.uniform(0.78, 1.0))
    natural = mask.shape[1] * tall / mask.shape[0]
    room = (right - left) * rng.uniform(0.86, 1.0)
    wide = int(np.clip(room, 0.55 * natural, 1.5 * natural))
    wide = max(8, min(wide, int(right - left)))
    mask = cv2.resize(mask, (wide, max(8, tall)), interpolation=cv2.INTER_AREA)
    x = int(left + (right - left - wide) / 2)
    y = int(top + (bottom - top - tall) / 2)
    if has_seals:
        _between(picture, mask, x, y, ink, rng)
    if rng.random() < 0.3:  # pressed characters have a rim
        rim = [int(v) for v in np.clip(np.array(picture[0, 0], float) + rng.normal(0, 40), 0, 255)]
        _stamp(picture, mask, x + 1, y + 1, rim)
    _stamp(picture, mask, x, y, ink)


def _stroked(row: str, has_hyphen: bool, rng) -> np.ndarray:
    """A row in strokes of our own, which have forms that no typeface here has, white on black."""
    pen = Pen(
        rng.uniform(0.42, 0.66), rng.uniform(0.1, 0.19), int(rng.integers(8)), rng.normal(0, 0.02)
    )
    spacing = rng.uniform(0.06, 0.2)
    parts = row.replace(" ", "-" if has_hyphen else " ").split(" ")
    gap = int(DRAWN * rng.uniform(0.2, 0.7))
    drawn = []
    for part in parts:
        wide = max(8, int(row_width(part, pen, spacing) * DRAWN))
        canvas = np.zeros((DRAWN, wide), np.uint8)
        draw_row(canvas, part, (0.0, 0.0), (wide, DRAWN), pen, spacing)
        drawn += [canvas, np.zeros((DRAWN, gap), np.uint8)]
    return np.hstack(drawn[:-1])


def _bolder(mask: np.ndarray, rng) -> np.ndarray:
    """Strokes somewhat wider or thinner than the typeface has them."""
    size = int(rng.integers(2, 6))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    chance = rng.random()
    if chance < 0.25:
        return cv2.dilate(mask, kernel)
    return cv2.erode(mask, kernel) if chance < 0.4 else mask


def _between(picture, mask: np.ndarray, x: int, y: int, ink, rng) -> None:
    """Seals, one over the other, or one and a hyphen in the widest gap of a text at (x, y)."""
    blank = np.flatnonzero(np.diff(np.concatenate([[1], mask.max(0) > 60, [1]])))
    starts, ends = blank[::2], blank[1::2]
    if not len(starts):
        return
    widest = int(np.argmax(ends - starts))
    middle, room = x + int(starts[widest] + ends[widest]) // 2, int(ends[widest] - starts[widest])
    tall = mask.shape[0]
    size = int(max(4, min(room * rng.uniform(0.6, 1.1), tall * rng.uniform(0.2, 0.5))))
    places = rng.permutation((0.2, 0.5, 0.8))[: int(rng.integers(1, 3))]
    for place in places:
        _seal(picture, rng, middle, y + int(place * tall), size)
    if rng.random() < 0.3:
        at = y + int(rng.uniform(0.4, 0.6) * tall)
        thick = max(1, tall // 12)
        cv2.rectangle(picture, (middle - room // 4, at), (middle + room // 4, at + thick), ink, -1)
