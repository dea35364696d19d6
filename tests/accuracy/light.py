"""The light that a plate was seen in, from its grey levels; pure."""

import cv2
import numpy as np

from lpr.boxes import Frame

LIGHTS = ("dark", "ordinary", "bright", "glare")
WASHED_OUT = 250  # grey level from which a pixel shows nothing any more
GLARE_SHARE = 0.1  # least share of such pixels that is glare
GROUND = 0.9  # share of pixels below the level that stands for the plate's background
DARK_BELOW, BRIGHT_FROM = 140, 230  # grey levels of it

DEFINITION = (
    f"glare: {GLARE_SHARE:.0%} or more of the pixels in the label's upright box are {WASHED_OUT} "
    f"or brighter. Otherwise by the grey level that {GROUND:.0%} of them do not exceed: dark below "
    f"{DARK_BELOW}, bright from {BRIGHT_FROM}. Blue and red plates count as dark sooner."
)


def light_of(crop: Frame) -> str:
    """One of `LIGHTS`; `DEFINITION` says which.

    Args:
        crop: of the plate, (H, W, 3) uint8 BGR, at least one pixel.
    """
    grey = cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_BGR2GRAY)
    if float((grey >= WASHED_OUT).mean()) >= GLARE_SHARE:
        return "glare"
    ground = float(np.quantile(grey, GROUND))
    if ground < DARK_BELOW:
        return "dark"
    return "bright" if ground >= BRIGHT_FROM else "ordinary"


def upright_cut(picture: Frame, box: tuple[float, float, float, float] | None) -> Frame:
    """What lies in an upright box, one pixel at least; without a box the whole picture."""
    if box is None:
        return picture
    height, width = picture.shape[:2]
    x1, y1 = min(max(0, int(box[0])), width - 1), min(max(0, int(box[1])), height - 1)
    x2, y2 = max(x1 + 1, round(box[2])), max(y1 + 1, round(box[3]))
    return picture[y1:y2, x1:x2]
