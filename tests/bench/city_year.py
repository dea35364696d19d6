"""Made-up traffic of a city's year in parts, each of which can be made by itself and again."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from lpr.passages import Passage

START = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
CAMERAS = 400
PART = 20_000  # sightings; they are of neighbouring times, so a part is a span
LETTERS = "ABCDEFGHKLMNPSTUVXYZ"  # of series
_CODES = {29: 20, 30: 35, 31: 4, 32: 2, 33: 2, 40: 1, 88: 5, 89: 4, 90: 4, 99: 6, 15: 3, 34: 4}
_COMMON = tuple(_CODES), tuple(accumulate(_CODES.values()))  # codes, and how often each is seen
SEEN_AGAIN = 10  # sightings of a vehicle in a year, on average
_MODELS = ("reader-1", "reader-2")


def parts_of(count: int) -> int:
    """How many parts so many sightings have."""
    return -(-count // PART)


def span_of(part: int, count: int) -> tuple[datetime, datetime]:
    """The time that a part is of, its start included and its end excluded."""
    step = YEAR / parts_of(count)
    return START + part * step, START + (part + 1) * step


def size_of(part: int, count: int) -> int:
    """How many sightings a part has."""
    return min(PART, count - part * PART)


def sightings(part: int, count: int) -> Iterator[Passage]:
    """The passages of a part, with every field, as cameras send them.

    Some vehicles are seen daily and most seldom; two of five are motorbikes.
    """
    dice = random.Random(f"{part} of {count}")
    start, end = span_of(part, count)
    for number in range(size_of(part, count)):
        text = plate(int(count / SEEN_AGAIN * dice.random() ** 2))
        at = start + (end - start) * dice.random()
        at = max(start, at.replace(microsecond=at.microsecond // 1000 * 1000))
        place = dice.randrange(len(text))
        other = text[:place] + dice.choice("0123456789") + text[place + 1 :]
        yield Passage(
            camera=f"C{dice.randrange(CAMERAS):03}",
            at=at,
            text=text,
            score=_likely(dice),
            candidates=((text, _likely(dice)), (other, _unlikely(dice)), (text[:-1], 0.001)),
            track=f"{part}-{number}",
            until=at + timedelta(milliseconds=dice.randrange(300, 9000)),
            raw=text,
            chars=tuple(((c, _likely(dice)), ("8", _unlikely(dice))) for c in text),
            rows=2 if len(text) == 9 else 1,
            colour="white",
            frame=dice.randbytes(32).hex(),
            crop=dice.randbytes(32).hex(),
            model=dice.choice(_MODELS),
            direction=dice.choice(("towards", "away")),
        )


def plate(vehicle: int) -> str:
    """The plate of a vehicle: 30A12345 of a car, 29B112345 of a motorbike."""
    dice = random.Random(vehicle)
    code = dice.choices(_COMMON[0], cum_weights=_COMMON[1])[0]
    series = dice.choice(LETTERS)
    if dice.random() < 0.4:
        series += str(dice.randrange(1, 10))
    return f"{code}{series}{dice.randrange(100_000):05}"


def _likely(dice: random.Random) -> float:
    return round(dice.betavariate(20, 1), 4)


def _unlikely(dice: random.Random) -> float:
    return round(dice.random() / 20, 4)
