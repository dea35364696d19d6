"""Tracks: the plate boxes of one vehicle over time. One tracker for each camera."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lpr.recognition import SeenPlate

LOST_AFTER_S = 1.0  # a track not seen for so long is over; at five frames a second four are missed
REACH = 2.5  # plate widths that a plate may move between two looks, beyond what was predicted
GROWTH = 2.0  # factor by which a plate's width may change between two looks
STAYED = 0.25  # plate widths that it counts for when a plate is not where it was predicted
MOST_LOOKS = 60  # kept of a track: a vehicle may stand in the picture for hours
FAR = 1e6  # cost of a pair that cannot be


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One look at a vehicle's plate; the same only as itself.

    Attributes:
        offset: seconds since the source began.
        plate: what was seen.
        frame: number of the frame it was seen in.
    """

    offset: float
    plate: SeenPlate
    frame: int


@dataclass(slots=True, eq=False)
class Track:
    """The looks at one vehicle, in time order; of very many the surest."""

    number: int
    looks: list[Look] = field(default_factory=list)

    @property
    def last(self) -> Look:
        """The latest look."""
        return self.looks[-1]

    def add(self, look: Look) -> None:
        """Take in the next look; the first and the last two always stay."""
        self.looks.append(look)
        if len(self.looks) > MOST_LOOKS:
            between = range(1, len(self.looks) - 2)
            del self.looks[min(between, key=lambda i: self.looks[i].plate.reading.score)]

    def predicted(self, offset: float) -> NDArray[np.float64]:
        """Where its middle should be at that time, by its last two looks; (2,) pixels."""
        here = _middle(self.last)
        if len(self.looks) < 2:
            return here
        before = self.looks[-2]
        seconds = max(1e-3, self.last.offset - before.offset)
        speed = (here - _middle(before)) / seconds
        return here + speed * (offset - self.last.offset)


class Tracker:
    """Joins what is seen frame by frame into tracks."""

    def __init__(self) -> None:
        self._open: list[Track] = []
        self._count = 0
        self._frame = 0

    @property
    def open(self) -> tuple[Track, ...]:
        """Tracks that are not over."""
        return tuple(self._open)

    def update(self, plates: list[SeenPlate], offset: float) -> list[Track]:
        """Take in one frame.

        Args:
            plates: everything seen in it.
            offset: of the frame, in seconds since the source began; never goes back.

        Returns:
            Tracks that are over.
        """
        self._frame += 1
        over = [t for t in self._open if offset - t.last.offset > LOST_AFTER_S]
        self._open = [t for t in self._open if t not in over]
        looks = [Look(offset, plate, self._frame) for plate in plates]
        for track, look in _pairs(self._open, looks, offset):
            track.add(look)
            looks.remove(look)
        for look in looks:
            self._count += 1
            self._open.append(Track(self._count, [look]))
        return over

    def finish(self) -> list[Track]:
        """Every track that is still open; the tracker is empty afterwards."""
        over, self._open = self._open, []
        return over


def _pairs(tracks: list[Track], looks: list[Look], offset: float) -> list[tuple[Track, Look]]:
    if not tracks or not looks:
        return []
    costs = np.array([[_cost(track, look, offset) for look in looks] for track in tracks])
    pairs = []
    while (best := int(costs.argmin())) >= 0 and costs.flat[best] < FAR:
        row, column = divmod(best, len(looks))
        pairs.append((tracks[row], looks[column]))
        costs[row, :] = costs[:, column] = FAR
    return pairs


def _cost(track: Track, look: Look, offset: float) -> float:
    """Distance in plate widths, nearer where both read the same; FAR where it cannot be."""
    width, last_width = _width(look), _width(track.last)
    if not 1 / GROWTH < width / last_width < GROWTH:
        return FAR
    size = max(width, last_width)
    away = float(np.linalg.norm(_middle(look) - track.predicted(offset))) / size
    still = float(np.linalg.norm(_middle(look) - _middle(track.last))) / size
    if min(away, still) > REACH:
        return FAR
    alike = _alike(track.last.plate.reading.text, look.plate.reading.text)
    return min(away, still + STAYED) + (1 - alike)


def _alike(one: str, other: str) -> float:
    """Share of characters that agree, 0..1; one half where either is unread."""
    if not one or not other:
        return 0.5
    same = sum(a == b for a, b in zip(one, other, strict=False))
    return same / max(len(one), len(other))


def _middle(look: Look) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = np.asarray(look.plate.box.corners, np.float64).mean(axis=0)
    return middle


def _width(look: Look) -> float:
    x1, _, x2, _ = look.plate.box.bounds
    return max(1.0, x2 - x1)
