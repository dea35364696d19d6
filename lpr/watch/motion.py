"""Whether something moves in front of a camera, by its small grey picture. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.watch.frames import Grey
from lpr.watch.regions import Mask

Floats = NDArray[np.float32]

NEIGHBOURHOOD = 21  # pixels; brightness that spreads wider (clouds, headlights' glow) is taken off
USUAL, DARKEST = 130.0, 40.0  # grey levels; contrast counts, so that light may come and go
LEAST_CHANGE = 9.0  # grey levels of 255; less is noise by day
NOISE = 3.5  # times the usual change of a pixel; leaves, water and the grain of night are below
LEAST_PIXELS = 10  # of a small picture, close together: half of a motorcycle far away
CROWDED = 6  # of nine neighbours must have changed, else it is a speck
ALL_NEW = 0.5  # share of changed pixels: not motion but a new view or exposure; is learnt at once
STILL_S, MOVING_S = 6.0, 45.0  # in which the background takes on what is still, and what is not
LEARNING_S = 3.0  # at first everything counts as motion
LONGEST_STEP_S = 1.0  # of learning, after a gap


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What a camera sees when nothing moves.

    Attributes:
        detail: (h, w) float32, brightness less that of its neighbourhood.
        noise: (h, w) float32, by how much it usually differs from that.
        since, at: offsets of the first and the last picture, in seconds.
    """

    detail: Floats
    noise: Floats
    since: float
    at: float


@dataclass(frozen=True, slots=True)
class Motion:
    """What moved.

    Attributes:
        has_moved: whether it is enough for a look.
        pixels: of the small picture that moved, within the zone.
        share: of the whole picture that differs from the background, 0..1.
    """

    has_moved: bool
    pixels: int
    share: float


def motion(
    background: Background | None, small: Grey, zone: Mask | None, offset: float
) -> tuple[Background, Motion]:
    """Compare a picture with the background, which learns from it.

    Args:
        background: None at first, and when the picture has changed its size.
        small: (h, w) uint8, about 160 pixels wide.
        zone: (h, w), where motion counts; None everywhere.
        offset: of the picture, in seconds.

    Returns:
        The background now, and what moved.
    """
    detail = _detail(small)
    if background is None or background.detail.shape != detail.shape:
        noise = np.full_like(detail, LEAST_CHANGE / NOISE)
        return Background(detail, noise, offset, offset), Motion(True, 0, 1.0)
    difference = detail - background.detail
    change = np.abs(difference)
    changed = (change > np.maximum(background.noise * NOISE, LEAST_CHANGE)).view(np.uint8)
    crowd = cv2.boxFilter(
        changed, cv2.CV_8U, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    moved = crowd >= CROWDED
    share = float(np.count_nonzero(moved)) / moved.size
    counted = moved if zone is None else moved & zone
    pixels = int(np.count_nonzero(counted))
    is_learning = offset - background.since < LEARNING_S
    learnt = _learnt(
        background, difference, change, changed, offset, share > ALL_NEW or is_learning
    )
    return learnt, Motion(is_learning or pixels >= LEAST_PIXELS, pixels, share)


def _detail(small: Grey) -> Floats:
    picture = small.astype(np.float32)
    around = cv2.blur(picture, (NEIGHBOURHOOD, NEIGHBOURHOOD))
    return (picture - around) * (USUAL / (around + DARKEST))


def _learnt(
    background: Background,
    difference: Floats,
    change: Floats,
    changed: NDArray[np.uint8],
    offset: float,
    is_quick: bool,
) -> Background:
    step = min(max(offset - background.at, 0.0), LONGEST_STEP_S)
    still = min(1.0, step / (1.0 if is_quick else STILL_S))
    moving = min(1.0, step / (1.0 if is_quick else MOVING_S))
    rate = changed * np.float32(moving - still)
    rate += np.float32(still)
    new = difference * rate
    new += background.detail
    noise = change - background.noise
    rate *= np.float32(0.5)
    noise *= rate
    noise += background.noise
    return Background(new, noise, background.since, offset)
