"""On which days cameras were at work: one that was down does not speak against a habit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from statistics import median

from search.local_time import HANOI
from search.regular.habits import DAY, Window
from search.store import SightingStore

AROUND = 60  # minutes, before and after a window
FEW = 3  # vehicles; where a camera usually sees fewer, that it saw none says nothing


class DaysAtWork:
    """Tells by what the cameras saw.

    A camera was at work on a day if it saw any vehicle in the window or an hour before or after;
    where it usually sees hardly anyone then, if it saw any on that day; and where it usually sees
    hardly anyone on a day, on all days from the first to the last on which it saw any.

    Args:
        store: of the sightings of all vehicles.
        days: of Hanoi, that count, oldest first.
    """

    def __init__(self, store: SightingStore, days: Sequence[date]) -> None:
        self._store, self._all = store, days
        self._counts = lru_cache(maxsize=None)(self._count)

    def days(self, camera: str) -> frozenset[date]:
        """Days on which it was at work."""
        counts = self._by_day(camera, Window(0, DAY))
        seen = [day for day, count in counts if count]
        if seen and _usual(counts) < FEW:
            return frozenset(day for day in self._all if seen[0] <= day <= seen[-1])
        return frozenset(seen)

    def days_at(self, camera: str, window: Window) -> frozenset[date]:
        """Days on which it was at work in a window."""
        counts = self._by_day(camera, Window(window.start - AROUND, window.minutes + 2 * AROUND))
        if _usual(counts) < FEW:
            return self.days(camera)
        return frozenset(day for day, count in counts if count)

    def _by_day(self, camera: str, window: Window) -> list[tuple[date, int]]:
        return [(day, self._counts(*window.on(day)).get(camera, 0)) for day in self._all]

    def _count(self, start: datetime, end: datetime) -> Mapping[str, int]:
        return self._store.count_by_camera(start, end)


def _usual(counts: Sequence[tuple[date, int]]) -> float:
    """Vehicles of a day on which it saw any, the median; 0 if there is none."""
    return median([count for _, count in counts if count] or [0])


def whole_days(start: datetime, end: datetime) -> list[date]:
    """The days of Hanoi that lie in a span as a whole, oldest first."""
    first, last = start.astimezone(HANOI), end.astimezone(HANOI).date()
    day = first.date() + timedelta(days=first.time() > time())
    return [day + timedelta(days=i) for i in range((last - day).days)]
