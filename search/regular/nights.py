"""Where a vehicle is parked over night, as far as cameras tell; pure.

Nobody sees it parked: what counts is by which camera it was last seen before a night, and by which
one first after it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from scipy.special import bdtrc

from search.local_time import HANOI
from search.regular.habits import BY_CHANCE, LEAST, SHARE, Passed, Trip

NIGHT = timedelta(hours=3)  # after midnight: whoever is between two trips then is parked


@dataclass(frozen=True, slots=True)
class Place:
    """A camera at the end of a night's rest.

    Attributes:
        camera: its id.
        nights: how many.
        by_chance: how many cameras would be at either end of the nights as often by chance.
    """

    camera: str
    nights: int
    by_chance: float


@dataclass(frozen=True, slots=True)
class Nights:
    """Nights between two trips; it was seen the day before, and the day after.

    Attributes:
        count: how many.
        last: cameras that usually saw it last before, the most frequent first.
        first: those that usually saw it first after.
    """

    count: int
    last: tuple[Place, ...]
    first: tuple[Place, ...]


def usual_nights(trips: Sequence[Trip]) -> Nights:
    """Where it is parked over night.

    Args:
        trips: oldest first.
    """
    nights = [
        (before[-1], after[0])
        for before, after in pairwise(trips)
        if _night(after[0]) - _night(before[-1]) == timedelta(days=1)
    ]
    often = Counter(passed.camera for trip in trips for passed in trip)
    return Nights(
        len(nights),
        _usual((last.camera for last, _ in nights), often),
        _usual((first.camera for _, first in nights), often),
    )


def _night(passed: Passed) -> date:
    """The day that it belongs to: days begin in the middle of the night."""
    return (passed.at.astimezone(HANOI) - NIGHT).date()


def _usual(cameras: Iterable[str], often: Mapping[str, int]) -> tuple[Place, ...]:
    """Those that are there oftener than a camera is that saw it so often."""
    counts = Counter(cameras)
    nights, passings = counts.total(), sum(often.values())
    tried = 2 * len(often)  # cameras, at either end
    places = (
        Place(camera, count, tried * bdtrc(count - 1, nights, often[camera] / passings))
        for camera, count in counts.most_common()
        if count >= max(LEAST, SHARE * nights)
    )
    return tuple(place for place in places if place.by_chance < BY_CHANCE)
