"""How many passages a camera has in an hour, against the same hour of former weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from statistics import median

from search.store import SightingStore

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
WEEKS = 4  # that are looked back: a month; older ones are another season
FEWEST_WEEKS = 2  # with passages, before anything counts as usual
FEW = 1 / 3  # of what is usual: weather and holidays leave more
CHANCE = 1e-4  # of so few in an ordinary hour: at 300 cameras less than one a day


@dataclass(frozen=True, slots=True)
class Hours:
    """Passages of every camera in one hour, and in the same hour of former weeks.

    Attributes:
        start: of the hour, aware UTC.
        counts: by camera; who is not in it had none.
        former: the same of the weeks before, newest first.
    """

    start: datetime
    counts: Mapping[str, int]
    former: Sequence[Mapping[str, int]]

    @property
    def end(self) -> datetime:
        """When the hour was over."""
        return self.start + HOUR

    def count(self, camera: str) -> int:
        """Passages of a camera in the hour."""
        return self.counts.get(camera, 0)

    def usual(self, camera: str) -> float | None:
        """What is usual for a camera in this hour; None: that is not known."""
        return usual([counts.get(camera, 0) for counts in self.former])


def count_hours(store: SightingStore, now: datetime) -> Hours:
    """Count the last full hour, and the same hour of the same day in the weeks before.

    Raises:
        StoreError: the store is away.
    """
    start = now.replace(minute=0, second=0, microsecond=0) - HOUR
    hours = [start - week * WEEK for week in range(WEEKS + 1)]
    counts = [store.count_by_camera(hour, hour + HOUR) for hour in hours]
    return Hours(start, counts[0], counts[1:])


def usual(former: Sequence[int]) -> float | None:
    """The median of the weeks that say something.

    Args:
        former: passages in the same hour of former weeks. None at all says nothing: perhaps the
            camera was not there yet, or down.

    Returns:
        None if fewer than FEWEST_WEEKS of them say something.
    """
    known = [count for count in former if count]
    return float(median(known)) if len(known) >= FEWEST_WEEKS else None


def is_few(count: int, expected: float | None) -> bool:
    """Whether an hour has unusually few passages: below a third of the usual, and not by chance.

    Vehicles come about as a Poisson process, so an hour in which 6 are usual may well have 1. It is
    unusual only if so few or fewer would come in less than one of ten thousand hours: where 10 are
    usual with none, at 12 with one, at 20 with 5, and from 24 on with anything below a third.

    Args:
        count: passages of the hour.
        expected: that are usual; None: not known, and nothing is unusual.
    """
    if expected is None or count >= FEW * expected:
        return False
    return poisson_at_most(count, expected) < CHANCE


def poisson_at_most(count: int, expected: float) -> float:
    """The probability, 0..1, of `count` or fewer where `expected` come on average.

    Where both are large it is too small for a float, and 0: `count` has to be well below.
    """
    term = total = exp(-expected)
    for number in range(1, count + 1):
        term *= expected / number
        total += term
    return total
