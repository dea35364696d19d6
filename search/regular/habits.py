"""Habits: cameras that a vehicle passes about the same time on the same days of the week; pure.

Whoever drives everywhere at all hours also drives here at seven now and then. So each habit is held
against a vehicle that passes this camera as often, on any day and at any time of it: what counts is
by how many findings as good such a vehicle would have.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median_low
from typing import Protocol

from scipy.special import bdtrc

from search.local_time import HANOI

BY_CHANCE = 0.01  # findings in one vehicle without habits, under which one is told
LEAST = 3  # days: twice is a coincidence
SHARE = 1 / 3  # of the days, from which on it is told; of its days, for a camera on the way
MOST = 10  # habits of a vehicle
LENGTHS = (20, 30, 60, 120)  # minutes of a window
GRID = 10  # minutes; windows begin on it
PEAK = 3.0  # times as much traffic as on the average of a day, at its busiest
DAY = 24 * 60  # minutes
KINDS: Mapping[str, frozenset[int]] = {
    "every day": frozenset(range(7)),
    "Monday to Friday": frozenset(range(5)),
    "Monday to Saturday": frozenset(range(6)),
    "Saturday and Sunday": frozenset((5, 6)),
} | {
    name: frozenset((number,))
    for number, name in enumerate(
        ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    )
}


@dataclass(frozen=True, slots=True)
class Passed:
    """That it passed a camera; `at` is aware."""

    camera: str
    at: datetime


Trip = tuple[Passed, ...]
"""Of one trip, oldest first, one or more."""
Along = Mapping[str, Mapping[date, Passed]]
"""By camera what was passed on the trips of a habit, by day."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time of the day in Hanoi: minutes after midnight, and how many; it may go past midnight."""

    start: int
    minutes: int

    def day_of(self, at: datetime) -> date | None:
        """The day on which the window that holds a time begins; None if none holds it."""
        moved = at.astimezone(HANOI) - timedelta(minutes=self.start)
        return moved.date() if 60 * moved.hour + moved.minute < self.minutes else None

    def on(self, day: date) -> tuple[datetime, datetime]:
        """From when until before when it is on a day."""
        start = datetime.combine(day, time(), HANOI) + timedelta(minutes=self.start)
        return start, start + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A camera that a habit leads past.

    Attributes:
        camera: its id.
        days: on which it was seen there.
        earliest, middle, latest: time of these days, minutes after midnight, of the day before or
            after where it is under 0 or over.
    """

    camera: str
    days: int
    earliest: int
    middle: int
    latest: int


@dataclass(frozen=True, slots=True)
class Habit:
    """What a vehicle does again and again.

    Attributes:
        kind: of days, of `KINDS`.
        camera: by which it is told; it is on the way.
        days: on which it was there in the window.
        of: days of this kind on which that camera was at work.
        way: cameras that it was seen by on a third of these days or more, in the usual order.
        by_chance: how many findings as good a vehicle without habits would have.
    """

    kind: str
    camera: str
    days: int
    of: int
    way: tuple[Waypoint, ...]
    by_chance: float


class AtWork(Protocol):
    """On which days cameras were at work; see `search.at_work`."""

    def days(self, camera: str, /) -> Set[date]:
        """Days on which it was at work."""

    def days_at(self, camera: str, window: Window, /) -> Set[date]:
        """Days on which it was at work in a window."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    camera: str
    window: Window
    kind: str
    surprise: float


def find_habits(trips: Sequence[Trip], at_work: AtWork) -> list[Habit]:
    """What is regular, the most surprising first.

    What one habit explains is left out before the next one is sought.

    Args:
        trips: in which passings are sought.
        at_work: days that count.
    """
    left, found = list(trips), list[Habit]()
    while len(found) < MOST and (best := _best(left, at_work)):
        habit, explained = _habit(best, left, at_work)
        if habit.by_chance < BY_CHANCE:
            found.append(habit)
        left = [tuple(passed for passed in trip if passed not in explained) for trip in left]
    return found


def _best(trips: Sequence[Trip], at_work: AtWork) -> _Candidate | None:
    """The most surprising one; None if none is."""
    often = Counter(passed.camera for trip in trips for passed in trip)
    worked = {camera: at_work.days(camera) for camera in often}
    tried = _tried(often)
    best: _Candidate | None = None
    for (camera, window), days in _seen(trips).items():
        counts, possible = _weekdays(days & worked[camera]), _weekdays(worked[camera])
        if sum(counts) < LEAST:
            continue
        chance = _chance(often[camera], len(worked[camera]), window)
        for kind, weekdays in KINDS.items():
            count, of = (sum(days[i] for i in weekdays) for days in (counts, possible))
            if count < LEAST or count < SHARE * of:
                continue
            surprise = tried * bdtrc(count - 1, of, chance)
            if surprise < min(BY_CHANCE, best.surprise if best else 1.0):
                best = _Candidate(camera, window, kind, surprise)
    return best


def _seen(trips: Sequence[Trip]) -> dict[tuple[str, Window], set[date]]:
    """On which days it was seen by a camera in a window."""
    seen: defaultdict[tuple[str, Window], set[date]] = defaultdict(set)
    for trip in trips:
        for passed in trip:
            local = passed.at.astimezone(HANOI)
            last = (60 * local.hour + local.minute) // GRID * GRID
            for minutes in LENGTHS:
                for start in range(last, last - minutes, -GRID):
                    window = Window(start % DAY, minutes)
                    if (day := window.day_of(passed.at)) is not None:
                        seen[passed.camera, window].add(day)
    return seen


def _habit(
    best: _Candidate, trips: Sequence[Trip], at_work: AtWork
) -> tuple[Habit, frozenset[Passed]]:
    """What is to be told of it, and the passings that it explains."""
    often = Counter(passed.camera for trip in trips for passed in trip)
    along = _along(best, trips, at_work.days(best.camera))
    starts = along[best.camera]  # on these days the camera was at work
    worked = starts.keys() | {
        day
        for day in at_work.days_at(best.camera, best.window)
        if day.weekday() in KINDS[best.kind]
    }
    along = {c: there for c, there in along.items() if len(there) >= SHARE * len(starts)}
    way = [_waypoint(camera, along[camera]) for camera in _in_order(along, starts)]
    explained = frozenset(passed for there in along.values() for passed in there.values())
    chance = _chance(often[best.camera], len(at_work.days(best.camera)), best.window)
    by_chance = _tried(often) * bdtrc(len(starts) - 1, len(worked), chance)
    habit = Habit(best.kind, best.camera, len(starts), len(worked), tuple(way), by_chance)
    return habit, explained


def _along(best: _Candidate, trips: Sequence[Trip], worked: Set[date]) -> Along:
    """What it passed on the trips that are met, of each camera the nearest passing in time.

    No window is longer than a vehicle is parked between two trips, so a day has one.
    """
    along: defaultdict[str, dict[date, Passed]] = defaultdict(dict)
    for trip in trips:
        met = ((best.window.day_of(p.at), p) for p in trip if p.camera == best.camera)
        for day, passed in met:
            if day is None or day not in worked or day.weekday() not in KINDS[best.kind]:
                continue
            for other in sorted(trip, key=lambda one: abs(one.at - passed.at)):
                along[other.camera].setdefault(day, other)
            break
    return along


def _in_order(along: Along, starts: Mapping[date, Passed]) -> list[str]:
    """Cameras in the order in which they usually come, by the time from `starts`."""
    usual = {
        camera: median_low(passed.at - starts[day].at for day, passed in there.items())
        for camera, there in along.items()
    }
    return sorted(along, key=lambda camera: (usual[camera], camera))


def _waypoint(camera: str, there: Mapping[date, Passed]) -> Waypoint:
    times = sorted(
        (passed.at - datetime.combine(day, time(), HANOI)) // timedelta(minutes=1)
        for day, passed in there.items()
    )
    return Waypoint(camera, len(times), times[0], median_low(times), times[-1])


def _weekdays(days: Set[date]) -> list[int]:
    """How many there are of each weekday, Monday first."""
    counts = [0] * 7
    for day in days:
        counts[day.weekday()] += 1
    return counts


def _chance(passings: int, days: int, window: Window) -> float:
    """That a vehicle without habits which passes so often is there in the window of one day."""
    return min(1.0, passings / max(1, days) * PEAK * window.minutes / DAY)


def _tried(often: Mapping[str, int]) -> int:
    """How many findings are possible: whoever looks for so many finds some by chance."""
    return len(often) * len(KINDS) * len(LENGTHS) * (DAY // GRID)
