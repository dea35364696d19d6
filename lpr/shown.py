"""What is kept as evidence of a track: the best look for each text that it was read as."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2

from lpr.boxes import Frame
from lpr.recognition import SeenPlate
from lpr.tracks import Track

MOST_TEXTS = 4  # of one track whose pictures are kept: the likeliest to win
JPEG_QUALITY = 88
SURER, LARGER = 0.02, 1.2  # probability, area: a look that is hardly better replaces none


class Shot:
    """A frame that is encoded once, and not before it is wanted.

    Args:
        picture: (H, W, 3) uint8 BGR.
    """

    def __init__(self, picture: Frame) -> None:
        self._picture = picture
        self._jpeg: bytes | None = None

    def jpeg(self) -> bytes:
        """As JPEG."""
        if self._jpeg is None:
            self._jpeg = to_jpeg(self._picture)
        return self._jpeg


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The pictures of one look, as JPEG: a frame of 6 MB is kept in a tenth of that.

    Attributes:
        frame: the whole frame.
        crop: the rectified plate.
        score: of the reading.
        area: of the plate in the frame, square pixels.
    """

    frame: bytes
    crop: bytes
    score: float
    area: float

    def is_worse(self, score: float, area: float) -> bool:
        """Whether a look with that score and area is clearly better."""
        if abs(score - self.score) > SURER:
            return score > self.score
        return area > LARGER * self.area


Evidence = Mapping[str, Shown]
"""The best look for each text that a track was read as."""


def remember(known: Evidence, track: Track, plate: SeenPlate, shot: Shot) -> Evidence:
    """Keep a look if it is the best one for its text.

    Args:
        known: kept until now.
        track: that the look has been added to.
        plate: what was seen.
        shot: the frame that it was seen in.

    Returns:
        What is kept now: at most MOST_TEXTS, those read most surely in all looks together.
    """
    text, score = plate.reading.text, plate.reading.score
    x1, y1, x2, y2 = plate.box.bounds
    area = (x2 - x1) * (y2 - y1)
    if text in known and not known[text].is_worse(score, area):
        return known
    texts = dict.fromkeys((*known, text))
    kept = sorted(texts, key=lambda one: -track.weight(one))[:MOST_TEXTS]
    if text not in kept:
        return known
    shown = Shown(shot.jpeg(), to_jpeg(plate.crop), score, area)
    return {one: shown if one == text else known[one] for one in kept}


def together(one: Evidence, other: Evidence, track: Track) -> Evidence:
    """What is kept of two tracks that became one."""
    both = dict(one)
    for text, shown in other.items():
        if text not in both or both[text].is_worse(shown.score, shown.area):
            both[text] = shown
    kept = sorted(both, key=lambda text: -track.weight(text))[:MOST_TEXTS]
    return {text: both[text] for text in kept}


def best_for(evidence: Evidence, text: str) -> Shown:
    """The look that the text was read from; of all looks the best, if it was made of several."""
    if text in evidence:
        return evidence[text]
    return max(evidence.values(), key=lambda shown: (shown.score, shown.area))


def to_jpeg(picture: Frame) -> bytes:
    """A picture as JPEG."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1])
