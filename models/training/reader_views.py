"""Views of a crop as an inexact detector and a bad camera give them."""

from dataclasses import dataclass

import cv2
import numpy as np

from lpr.render import wear
from models.training.reader_crops import NO_CORNERS, Sample
from models.training.reader_net import HEIGHT, WIDTH

FAR_OFF = 0.2  # share of views whose corners are far off, as of a plate that fills the frame
MOST_CUT = 0.05  # of the plate's size that may lie outside of a view that is to be read
LEAST_CONTRAST = 6.0  # grey levels (deviation) below which there is nothing left to read


@dataclass(frozen=True, slots=True)
class View:
    """What the net is shown.

    Attributes:
        picture: (64, 160, 3) uint8 BGR.
        corners: (4, 2) of the plate in it, as shares of its width and height.
        is_readable: whether no character is cut off or washed out.
    """

    picture: np.ndarray
    corners: np.ndarray
    is_readable: bool


def distort(sample: Sample, behind: np.ndarray | None, rng: np.random.Generator) -> View:
    """A fresh view of a sample.

    Args:
        sample: real, or rendered and flat.
        behind: (64, 160, 3) patch for a rendered plate, None for a real one.
        rng: source of chance.

    Returns:
        The view.
    """
    base = _placed(rng)
    if behind is not None and rng.random() < 0.45:
        base = _tilted(base, rng)
    base += np.clip(rng.normal(0, 0.025, (4, 2)), -0.09, 0.09)
    to = (base * (WIDTH, HEIGHT)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(sample.corners, to)
    picture = sample.picture
    if behind is not None and rng.random() < 0.3:
        picture = wear.shadow(picture, rng)
    if behind is None:
        border = cv2.BORDER_REPLICATE
        view = cv2.warpPerspective(picture, matrix, (WIDTH, HEIGHT), borderMode=border)
    else:
        view = behind.copy()
        cv2.warpPerspective(
            picture, matrix, (WIDTH, HEIGHT), view, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT
        )
    is_whole = bool(base.min() > -MOST_CUT and base.max() < 1 + MOST_CUT)
    view = degrade(view, rng, strong=behind is not None)
    is_readable = is_whole and float(view[..., 1].std()) >= LEAST_CONTRAST
    is_nothing = sample.corners_known == NO_CORNERS
    return View(view, base.astype(np.float32), is_readable or is_nothing)


def _placed(rng: np.random.Generator) -> np.ndarray:
    """Where the plate's corners come to lie, (4, 2) shares of the view."""
    if rng.random() < FAR_OFF:
        low, high = rng.uniform(-0.12, 0.25, 2), 1 - rng.uniform(-0.12, 0.25, 2)
        return np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    margin = rng.uniform(-0.01, 0.11, 2)
    base = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * (1 - 2 * margin) + margin
    return base + rng.normal(0, 0.012, 2)


def _tilted(base: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The plate turned inside its upright box, in true proportions of one or two rows."""
    aspect = rng.choice((1.4, 2.0, 4.3))
    angle = np.radians(rng.normal(0, 9))
    centred = (base - 0.5) * (aspect, 1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = centred @ turn.T
    turned[:, 1] += rng.normal(0, 0.12) * turned[:, 0]
    low, high = turned.min(0), turned.max(0)
    size = base.max(0) - base.min(0)
    return (turned - low) / (high - low) * size + base.min(0)


def degrade(view: np.ndarray, rng: np.random.Generator, strong: bool = False) -> np.ndarray:
    """What light, dirt on the lens, distance and a bad camera do to a crop, (H, W, 3) uint8 BGR.

    Args:
        view: of any size.
        rng: source of chance.
        strong: whether it is often small.
    """
    tall, wide = view.shape[:2]
    if rng.random() < 0.8:
        view = wear.light(view, rng)
    if rng.random() < 0.08:
        view = wear.dusk(view, rng)
    if rng.random() < 0.25:
        view = wear.glare(view, rng)
    while rng.random() < 0.35:
        view = wear.reflection(view, rng)
    if rng.random() < 0.12:
        view = wear.shadow(view, rng)
    if rng.random() < 0.3:
        view = wear.motion_blur(view, rng, int(rng.integers(2, 11)))
    if rng.random() < (0.6 if strong else 0.35):
        view = _small(view, rng)
    if rng.random() < 0.2:
        view = cv2.GaussianBlur(view, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.3:
        view = wear.noise(view, rng, rng.uniform(2, 16))
    if rng.random() < 0.12:
        x, y = int(rng.integers(wide)), int(rng.integers(tall))
        w, h = int(rng.integers(3, 14)), int(rng.integers(3, 14))
        view[y : y + h, x : x + w] = rng.integers(0, 255, 3)
    if rng.random() < 0.15:
        view = cv2.cvtColor(cv2.cvtColor(view, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return view


def _small(view: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As few pixels as of a plate far away, sharpened or compressed by the camera, and back."""
    tall, wide = view.shape[:2]
    width = int(rng.integers(32, 130))
    small = (width, max(14, int(width * rng.uniform(0.25, 0.75))))
    view = cv2.resize(view, small, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.1:
        view = wear.interlace(view, rng)
    if rng.random() < 0.15:
        soft = cv2.GaussianBlur(view, (0, 0), 1.2)
        amount = rng.uniform(0.4, 1.2)
        view = cv2.addWeighted(view, 1 + amount, soft, -amount, 0)
    if rng.random() < 0.4:
        view = wear.compress(view, int(rng.integers(18, 85)))
    how = cv2.INTER_LINEAR if rng.random() < 0.8 else cv2.INTER_CUBIC
    return cv2.resize(view, (wide, tall), interpolation=how)
