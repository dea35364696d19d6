"""What happens to plates and to pictures of them: dirt, screws, shadow, glare, blur, noise."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Rng = np.random.Generator


def screws(plate: Picture, rng: Rng) -> Picture:
    """Two or four screw heads, dark or bright, where plates are held."""
    result = plate.copy()
    height, width = plate.shape[:2]
    y = rng.uniform(0.1, 0.3) if rng.random() < 0.7 else 0.5
    places = [(rng.uniform(0.1, 0.35), y)]
    places += [(1 - x, v) for x, v in places]
    if rng.random() < 0.4:
        places += [(x, 1 - v) for x, v in places]
    tone = rng.integers(20, 230, 3).tolist()
    for x, v in places:
        centre = (int(x * width), int(v * height))
        cv2.circle(result, centre, max(1, int(height * rng.uniform(0.015, 0.045))), tone, -1)
    return result


def bright_bolts(plate: Picture, rng: Rng) -> Picture:
    """Two bolts in the upper row that the light or paint makes as bright as the plate's ground."""
    result = plate.copy()
    height, width = plate.shape[:2]
    ground = np.percentile(plate, 90, axis=(0, 1)) * rng.uniform(0.85, 1.1)
    tone = np.clip(ground, 0, 255).tolist()
    x, y = rng.uniform(0.2, 0.4), rng.uniform(0.08, 0.25)
    for share in (x, 1 - x):
        radius = max(1, int(height * rng.uniform(0.03, 0.08)))
        cv2.circle(result, (int(share * width), int(y * height)), radius, tone, -1)
    return result


def dirt(plate: Picture, rng: Rng, amount: float) -> Picture:
    """Mud and dust in clouds.

    Args:
        plate: (H, W, 3) uint8 BGR.
        rng: source of chance.
        amount: 0 clean, 1 hardly readable.

    Returns:
        A new picture.
    """
    height, width = plate.shape[:2]
    grid = rng.random((int(rng.integers(3, 9)), int(rng.integers(5, 17)))).astype(np.float32)
    clouds = cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    share = np.clip((clouds - 1 + amount) * 2.5, 0, 0.9)[..., None]
    mud = np.array((70, 95, 115), np.float32) * rng.uniform(0.4, 1.5)
    return _picture(plate * (1 - share) + mud * share)


def shadow(picture: Picture, rng: Rng) -> Picture:
    """A straight shadow or a streak of light across."""
    height, width = picture.shape[:2]
    angle = rng.uniform(0, np.pi)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = (xs / width - rng.random()) * np.cos(angle) + (ys / height - rng.random()) * np.sin(
        angle
    )
    soft = np.clip(distance * rng.uniform(4, 40) + 0.5, 0, 1)[..., None]
    gain = rng.uniform(0.35, 0.85) if rng.random() < 0.7 else rng.uniform(1.15, 1.7)
    return _picture(picture * (1 + (gain - 1) * soft))


def glare(picture: Picture, rng: Rng) -> Picture:
    """A bright spot that washes characters out."""
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    reach = rng.uniform(0.15, 0.8) * width
    squared = (xs - rng.uniform(0, width)) ** 2 + ((ys - rng.uniform(0, height)) * 1.3) ** 2
    spot = np.exp(-squared / (2 * reach * reach))[..., None] * rng.uniform(40, 210)
    return _picture(picture + spot)


def reflection(picture: Picture, rng: Rng) -> Picture:
    """A bright patch with an edge, such as a lamp or the sky leaves on bent metal.

    Characters under it fade to the ground of the plate, wholly or nearly.
    """
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    x, y = int(rng.integers(width)), int(rng.integers(height))
    reach = rng.uniform(0.04, 0.35) * width
    if rng.random() < 0.4:
        axes = (max(2, int(reach)), max(2, int(reach * rng.uniform(0.15, 0.7))))
        cv2.ellipse(mask, (x, y), axes, rng.uniform(0, 180), 0, 360, (255,), -1, cv2.LINE_AA)
    else:
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 6))))
        away = reach * rng.uniform(0.4, 1.6, len(angles))
        points = np.stack([x + away * np.cos(angles), y + away * np.sin(angles)], 1)
        cv2.fillPoly(mask, [points.astype(np.int32)], (255,), cv2.LINE_AA)
    soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.4, 4)).astype(np.float32) / 255
    ground = np.percentile(picture, 90, axis=(0, 1))
    tone = np.clip(ground * rng.uniform(0.95, 1.25), 0, 255)
    share = soft[..., None] * rng.uniform(0.6, 1.0)
    return _picture(picture * (1 - share) + tone * share)


def motion_blur(picture: Picture, rng: Rng, length: int) -> Picture:
    """Smear along a line of `length` pixels."""
    if length < 2:
        return picture
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    middle = (length - 1) / 2
    dx, dy = np.cos(angle) * middle, np.sin(angle) * middle
    start = (round(middle - dx), round(middle - dy))
    cv2.line(kernel, start, (round(middle + dx), round(middle + dy)), (1.0,))
    return _picture(cv2.filter2D(picture, -1, kernel / kernel.sum()))


def light(picture: Picture, rng: Rng) -> Picture:
    """Exposure, contrast, gamma and the colour of the light."""
    values = np.arange(256, dtype=np.float32)[:, None] / 255
    values = values ** rng.uniform(0.6, 1.7)
    gain = rng.uniform(0.35, 1.25) * (1 + rng.normal(0, 0.06, 3))
    values = values * gain + rng.uniform(-0.12, 0.15)
    return np.asarray(cv2.LUT(picture, _picture(values * 255)[None]), np.uint8)


def dusk(picture: Picture, rng: Rng) -> Picture:
    """Hardly any light or hardly any contrast: a few grey levels are left, bright or dark."""
    kept = rng.uniform(0.1, 0.4)
    return _picture(picture * kept + rng.uniform(0, 255 * (1 - kept)) * rng.random())


def interlace(picture: Picture, rng: Rng) -> Picture:
    """Every other line later than its neighbours: moved along by some pixels."""
    result = picture.copy()
    moved = int(rng.integers(1, 4)) * (1 if rng.random() < 0.5 else -1)
    result[1::2] = np.roll(picture[1::2], moved, axis=1)
    return result


def noise(picture: Picture, rng: Rng, sigma: float) -> Picture:
    """Sensor noise of `sigma` grey levels."""
    grain = rng.standard_normal(picture.shape, np.float32)
    return _picture(picture + sigma * grain)


def compress(picture: Picture, quality: int) -> Picture:
    """Through JPEG of that quality and back."""
    encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)


def _picture(values: NDArray[Any]) -> Picture:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
