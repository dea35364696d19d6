"""How often habits are found that are there, and that are not: `python -m tests.judge.habits`."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from search.local_time import HANOI
from search.regular.habits import Passed, Trip, Window, find_habits
from search.regular.nights import usual_nights

MONDAY = date(2026, 9, 7)
DAYS = [MONDAY + timedelta(days=i) for i in range(42)]
CITY = 40  # cameras
MISSED = 0.15  # of passings
WAY = tuple(f"W{i}" for i in range(6))  # of a commuter, two minutes from each to the next
STARTS = 425  # minutes after midnight when it sets out, on the average
DRAWN = 200  # vehicles of a line
BACK = 540  # minutes later it drives back


class Always:
    """Cameras that never fail."""

    def days(self, camera: str) -> frozenset[date]:
        """Every day."""
        return frozenset(DAYS)

    def days_at(self, camera: str, window: Window) -> frozenset[date]:
        """Every day."""
        return frozenset(DAYS)


def at(day: date, minute: float) -> datetime:
    """A time of a day in Hanoi, by its minutes after midnight."""
    return datetime.combine(day, time(), HANOI) + timedelta(minutes=minute)


def rush_hours(chance: random.Random) -> float:
    """A minute of the day; at the busiest hours three times as much traffic as on the average."""
    while True:
        minute = chance.uniform(0, 1440)
        hour = minute // 60
        often = 3.0 if hour in (7, 17) else 1.1 if 6 <= hour < 22 else 0.325
        if chance.uniform(0, 3) < often:
            return minute


def wanderer(chance: random.Random, cameras: int, most: int) -> list[Trip]:
    """A vehicle without habits: up to so many trips a day past up to four of so many cameras."""
    driven = [
        _driven(chance, [f"C{c}" for c in chance.sample(range(cameras), min(cameras, 4))], day, m)
        for day in DAYS
        for m in sorted(rush_hours(chance) for _ in range(chance.randint(0, most)))
    ]
    return [trip for trip in driven if trip]


def commuter(chance: random.Random, days: Sequence[int], share: float, spread: float) -> list[Trip]:
    """One that also drives to work and back.

    Args:
        chance: to draw from.
        days: of the week, Monday is 0.
        share: of these days on which it does.
        spread: standard deviation of when it sets out, minutes.
    """
    trips = wanderer(chance, CITY, 2)
    for day in DAYS:
        if day.weekday() in days and chance.random() < share:
            for way, start in ((WAY, STARTS), (WAY[::-1], STARTS + BACK)):
                trips.append(_driven(chance, way, day, chance.gauss(start, spread)))
    return sorted(filter(None, trips), key=lambda trip: trip[0].at)


def _driven(chance: random.Random, cameras: Sequence[str], day: date, minute: float) -> Trip:
    """What was seen of a trip."""
    passed = (Passed(camera, at(day, minute + 2 * i)) for i, camera in enumerate(cameras))
    return tuple(one for one in passed if chance.random() > MISSED)


def _lines() -> Iterator[str]:
    yield "| without habits | vehicles | with a finding | with a place at night |"
    for cameras, most in ((CITY, 2), (3, 3), (CITY, 12), (5, 12)):
        drawn = [wanderer(random.Random(n), cameras, most) for n in range(DRAWN)]
        found = sum(bool(find_habits(trips, Always())) for trips in drawn)
        nights = [usual_nights(trips) for trips in drawn]
        at_night = sum(bool(one.last or one.first) for one in nights)
        yield f"| {cameras} cameras, up to {most} trips a day | {DRAWN} | {found} | {at_night} |"
    yield "| with a habit | spread | vehicles | found | on the right days |"
    kinds: list[tuple[Sequence[int], str]] = [(range(5), "Monday to Friday"), ((0,), "Mondays")]
    for days, kind in kinds:
        for share in (1.0, 0.8, 0.5):
            for spread in (5, 15, 30):
                found, right = _found(days, kind, share, spread)
                told = f"{kind}, {share:.0%} of them | {spread} min | {DRAWN}"
                yield f"| {told} | {found} | {right} |"


def _found(days: Sequence[int], kind: str, share: float, spread: float) -> tuple[int, int]:
    """Of how many vehicles the habit is found, and told of its days."""
    found = right = 0
    for number in range(DRAWN):
        trips = commuter(random.Random(number), days, share, spread)
        ours = [habit for habit in find_habits(trips, Always()) if habit.camera in WAY]
        found += bool(ours)
        right += any(habit.kind == kind for habit in ours)
    return found, right


if __name__ == "__main__":
    for line in _lines():
        print(line, flush=True)
