"""What stands beside a street: narrow houses with shops, signs, trees, poles."""

from functools import lru_cache

import cv2
import numpy as np

from lpr.render.bodies import scaled
from lpr.render.canvas import Canvas, Colour
from lpr.render.lettering import sign
from lpr.render.panels import Texture

HOUSES = 16  # different ones; a street takes them in its own order
TREES = 5
SIGNBOARDS = 12
HOUSE_M = (4.2, 11.0)  # width and height
TREE_M = (5.0, 7.5)
_WALLS: tuple[Colour, ...] = (
    (150, 200, 215), (185, 210, 220), (165, 190, 175), (205, 215, 215), (190, 200, 175),
    (140, 170, 205), (175, 175, 180), (200, 190, 170),
)  # fmt: skip
_GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((40, 40, 190), (235, 240, 245)), ((150, 70, 20), (240, 240, 240)),
    ((60, 120, 40), (240, 245, 245)), ((30, 190, 235), (30, 30, 160)),
    ((235, 235, 235), (40, 40, 180)), ((40, 35, 35), (90, 200, 240)),
    ((235, 235, 230), (120, 60, 20)), ((120, 40, 120), (240, 240, 240)),
)  # fmt: skip
_SHOPS = (
    "PHỞ BÒ", "TẠP HÓA", "CÀ PHÊ", "SỬA XE MÁY", "BÚN CHẢ", "NHÀ THUỐC", "BÁNH MÌ", "ĐIỆN THOẠI",
    "THỜI TRANG", "CƠM BÌNH DÂN", "HIỆU SÁCH", "VÀNG BẠC", "TRÀ SỮA", "CẮT TÓC", "NHÀ NGHỈ",
    "KHÁCH SẠN", "BIA HƠI", "PHÒNG KHÁM", "GIẶT LÀ", "MỸ PHẨM",
)  # fmt: skip


@lru_cache(maxsize=HOUSES)
def house(index: int) -> Texture:
    """A house of three or four storeys with a shop below."""
    rng = np.random.default_rng([11, index])
    width, height = HOUSE_M
    canvas = Canvas(width, height, 40)
    wall = _WALLS[int(rng.integers(len(_WALLS)))]
    top = rng.uniform(8.0, height)
    canvas.box(-width / 2, 0, width / 2, top, wall)
    canvas.box(-width / 2, top - 0.3, width / 2, top, scaled(wall, 0.8))
    for storey in range(1, 4):
        y = 3.4 + (storey - 1) * 2.7
        if y + 2 < top:
            _storey(canvas, y, width, wall, rng)
    _shop(canvas, width, rng)
    stains = rng.normal(0, 6, (12, 5)).astype(np.float32)
    picture = canvas.picture()
    clouds = cv2.resize(stains, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    worn = np.clip(picture + clouds[..., None], 0, 255).astype(np.uint8)
    return Texture.of(worn, _mask_of(canvas))


def _mask_of(canvas: Canvas) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.ascontiguousarray(canvas.texture().levels[0][..., 3])


def _storey(canvas: Canvas, y: float, width: float, wall: Colour, rng: np.random.Generator) -> None:
    glass = (90.0, 80.0, 70.0) if rng.random() < 0.6 else (60.0, 85.0, 60.0)
    count = int(rng.integers(1, 4))
    step = (width - 0.6) / count
    for i in range(count):
        x = -width / 2 + 0.3 + i * step + step * 0.12
        canvas.box(x - 0.06, y + 0.44, x + step * 0.76 + 0.06, y + 2.16, scaled(wall, 1.12))
        canvas.box(x, y + 0.5, x + step * 0.76, y + 2.1, glass)
        canvas.line(
            [(x + step * 0.38, y + 0.5), (x + step * 0.38, y + 2.1)], scaled(wall, 1.1), 0.06
        )
    if rng.random() < 0.6:
        rail = (60.0, 60.0, 65.0) if rng.random() < 0.5 else scaled(wall, 0.7)
        canvas.box(-width / 2, y + 0.0, width / 2, y + 0.2, scaled(wall, 0.75))
        for x in np.linspace(-width / 2 + 0.1, width / 2 - 0.1, 16):
            canvas.line([(float(x), y + 0.2), (float(x), y + 0.95)], rail, 0.03)
        canvas.line([(-width / 2, y + 0.95), (width / 2, y + 0.95)], rail, 0.06)
    if rng.random() < 0.5:
        x = float(rng.uniform(-width / 2 + 0.2, width / 2 - 1.1))
        canvas.box(x, y + 1.2, x + 0.8, y + 1.75, (205, 205, 205))
        canvas.oval(x + 0.3, y + 1.47, 0.22, 0.22, (120, 120, 120))


def _shop(canvas: Canvas, width: float, rng: np.random.Generator) -> None:
    canvas.box(-width / 2, 0, width / 2, 3.4, (70, 72, 76))
    inside = float(rng.uniform(35, 120))
    canvas.box(-width / 2 + 0.25, 0.1, width / 2 - 0.25, 2.5, (inside * 0.8, inside * 0.9, inside))
    if rng.random() < 0.35:  # a closed roller shutter
        shutter = float(rng.uniform(110, 170))
        canvas.box(
            -width / 2 + 0.25, 0.1, width / 2 - 0.25, 2.5, (shutter, shutter, shutter * 0.97)
        )
        for y in np.arange(0.2, 2.5, 0.12).tolist():
            edge = shutter * 0.8
            canvas.line(
                [(-width / 2 + 0.25, y), (width / 2 - 0.25, y)],
                (edge, edge, edge),
                0.03,
            )
    else:
        for y in (0.15, 0.75, 1.35):  # shelves of goods
            for x in np.arange(-width / 2 + 0.3, width / 2 - 0.6, 0.28).tolist():
                tone = rng.uniform(0.4, 1.3) * inside
                b, g, r = (float(v) for v in np.clip(tone + rng.normal(0, 14, 3), 5, 230))
                canvas.box(x, y, x + 0.24, y + rng.uniform(0.2, 0.5), (b, g, r))
    ground, ink = _GROUNDS[int(rng.integers(len(_GROUNDS)))]
    board = sign(_SHOPS[int(rng.integers(len(_SHOPS)))], (300, 66), ground, ink, 0.45)
    canvas.put(board, -width / 2 + 0.05, 2.55, width / 2 - 0.05, 3.4)


@lru_cache(maxsize=SIGNBOARDS)
def signboard(index: int) -> Texture:
    """A board that hangs over the pavement or stands on it, with words or a telephone number."""
    rng = np.random.default_rng([13, index])
    ground, ink = _GROUNDS[int(rng.integers(len(_GROUNDS)))]
    if rng.random() < 0.35:
        text = "0" + "".join(str(d) for d in rng.integers(0, 10, 9))
    else:
        text = _SHOPS[int(rng.integers(len(_SHOPS)))]
    return Texture.of(sign(text, (220, int(rng.choice((50, 70, 110)))), ground, ink, 0.4))


@lru_cache(maxsize=TREES)
def tree(index: int) -> Texture:
    """A street tree."""
    rng = np.random.default_rng([12, index])
    width, height = TREE_M
    canvas = Canvas(width, height, 36)
    bark = (60.0, 75.0, 90.0)
    canvas.shape([(-0.22, 0), (0.22, 0), (0.14, 4.5), (-0.14, 4.5)], bark)
    canvas.shape([(-0.22, 0), (0.22, 0), (0.2, 1.0), (-0.2, 1.0)], (215, 220, 220))
    for _ in range(90):
        angle, far = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random())
        x, y = 2.0 * far * np.cos(angle), 5.4 + 1.7 * far * np.sin(angle)
        tone = rng.uniform(0.5, 1.15) * (0.75 + 0.12 * (y - 4.5))
        leaf = (35 * tone, 105 * tone, 70 * tone)
        canvas.oval(x, y, rng.uniform(0.15, 0.45), rng.uniform(0.12, 0.35), leaf)
    return canvas.texture()
