"""Sightings of a crowded city, read as our reader reads rendered plates, and what was misread."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lpr.passages import Passage
from tests.bench.read_plates import ReadPlate

PLATES = 200_000
SERIES, IN_SERIES = 36, 0.7  # most plates are of few series
MISREAD = 0.05
STRANGE = 3  # characters of a plate that are not there in a reading of another length, at most
START, DAYS, CAMERAS = datetime(2026, 1, 1, tzinfo=UTC), 30, 400
LETTERS = "ABCDEFGHKLMNPSTUVXYZ"


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage, and the plate that it really was of."""

    passage: Passage
    plate: str


def crowded_city(count: int, seed: int, readings: Sequence[ReadPlate]) -> Iterator[Seen]:
    """So many passages in time order.

    Args:
        count: of passages.
        seed: of all chance.
        readings: whose scores, characters and candidates are put on the plates of the city.
    """
    dice = random.Random(seed)
    plates = _plates(dice)
    right, wrong = _by_length(readings)
    for number in range(count):
        plate = plates[int(len(plates) * dice.random() ** 1.5)]
        reading = None
        if dice.random() < MISREAD:
            reading = _misreading(plate, wrong[len(plate)], dice)
        reading = reading or _onto(plate, dice.choice(right[len(plate)]))
        yield Seen(
            Passage(
                camera=f"C{dice.randrange(CAMERAS):03}",
                at=START + timedelta(days=DAYS) * number / count,
                text=reading.text,
                score=reading.score,
                candidates=reading.candidates,
                track=str(number),
                chars=reading.chars,
                rows=reading.rows,
                model=reading.model,
            ),
            plate,
        )


def _plates(dice: random.Random) -> list[str]:
    """Different plates, those of cars and of motorbikes."""
    codes = [f"{n}" for n in range(11, 100)]
    common = [f"{dice.choice(('29', '30'))}{dice.choice(LETTERS)}" for _ in range(SERIES)]
    found: dict[str, None] = {}
    while len(found) < PLATES:
        series = (
            dice.choice(common)
            if dice.random() < IN_SERIES
            else dice.choice(codes) + dice.choice(LETTERS)
        )
        if series[-1] in "ABCDEF":  # of motorbikes
            series += str(1 + dice.randrange(9) if dice.random() < 0.5 else 1)
        found[f"{series}{dice.randrange(100_000):05}"] = None
    plates = list(found)
    dice.shuffle(plates)
    return plates


def is_movable(one: ReadPlate) -> bool:
    """Whether a reading can be put onto another plate: not so a text that is another altogether."""
    length = len(one.plate)
    return len(one.text) == length or _ends_alike(one.plate, one.text) >= length - STRANGE


def _by_length(
    readings: Sequence[ReadPlate],
) -> tuple[dict[int, list[ReadPlate]], dict[int, list[ReadPlate]]]:
    """Right and wrong readings."""
    right, wrong = defaultdict(list), defaultdict(list)
    for one in filter(is_movable, readings):
        (right if one.text == one.plate else wrong)[len(one.plate)].append(one)
    return right, wrong


def _ends_alike(plate: str, read: str) -> int:
    head = _alike(plate, read)
    return head + min(_alike(plate[::-1], read[::-1]), len(read) - head)


def _misreading(plate: str, wrong: Sequence[ReadPlate], dice: random.Random) -> ReadPlate | None:
    """A real misreading of a plate that has the same characters where it was misread."""
    for _ in range(300):
        one = dice.choice(wrong)
        spots = _misread_spots(one)
        if all(one.plate[i] == plate[i] for i in spots):
            return _onto(plate, one)
    return None


def _misread_spots(one: ReadPlate) -> list[int]:
    """Places of the plate at which something else was read, or, of other lengths, nothing."""
    if len(one.text) != len(one.plate):
        return []
    return [i for i, (p, r) in enumerate(zip(one.plate, one.text, strict=True)) if p != r]


def _onto(plate: str, one: ReadPlate) -> ReadPlate:
    """A reading as it would be of another plate of the same length."""
    moved = _Moved(one.plate, plate)
    text = moved.text(one.text)
    chars = tuple(
        tuple((_one_of(c, one.text[i], text[i]), p) for c, p in slot)
        for i, slot in enumerate(one.chars[: len(text)])
    )
    candidates = {moved.text(other): p for other, p in reversed(one.candidates)}
    ordered = sorted(candidates.items(), key=lambda pair: -pair[1])
    return ReadPlate(plate, text, one.score, chars, tuple(ordered), one.rows, one.model)


def _one_of(character: str, before: str, now: str) -> str:
    """A character that was possible at a place: what was read there becomes what is read now."""
    return now if character == before else before if character == now else character


class _Moved:
    """Puts texts that were read of one plate onto another of the same length."""

    def __init__(self, before: str, now: str) -> None:
        self._before, self._now = before, now

    def text(self, read: str) -> str:
        """Each character that was right is that of the other plate; what was wrong stays."""
        length = len(self._before)
        if len(read) == length:
            pairs = zip(read, self._before, self._now, strict=True)
            return "".join(now if c == before else c for c, before, now in pairs)
        head = _alike(read, self._before)
        tail = min(_alike(read[::-1], self._before[::-1]), len(read) - head, length - head)
        middle = read[head : len(read) - tail]
        return self._now[:head] + middle + self._now[length - tail :]


def _alike(one: str, other: str) -> int:
    for i, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return i
    return min(len(one), len(other))
