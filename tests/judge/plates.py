"""Plates of a scene, and how a reader reads them."""

import random
from dataclasses import dataclass

from lpr.readings import Candidate

DIGITS = "0123456789"
PROVINCES = ("29", "30", "30", "30", "51", "15")
SERIES = "ABCDEFGHKLM"
LIKE = {  # what a character is taken for
    "0": "8D", "1": "74", "2": "7Z", "3": "89", "4": "1A", "5": "6S", "6": "58", "7": "12",
    "8": "360B", "9": "3", "A": "4", "B": "8", "C": "G", "D": "0", "E": "F", "F": "E", "G": "C",
    "H": "K", "K": "H", "L": "T", "M": "N",
}  # fmt: skip
NAMED = 0.67  # of misreadings have the plate among their candidates


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader says of a plate.

    Attributes:
        text: likeliest.
        score: probability 0..1 of it.
        candidates: texts with their probabilities, best first.
    """

    text: str
    score: float
    candidates: tuple[Candidate, ...]


def draw_plates(count: int, alike: float, chance: random.Random) -> list[str]:
    """Plates, each once.

    Args:
        count: of them.
        alike: share of them that differ from another one by one digit that is often confused.
        chance: to draw by.
    """
    drawn: list[str] = []
    known: set[str] = set()
    while len(drawn) < count:
        is_alike = drawn and chance.random() < alike
        plate = _look_alike(chance.choice(drawn), chance) if is_alike else _plate(chance)
        if plate not in known:
            known.add(plate)
            drawn.append(plate)
    return drawn


def read_right(plate: str, chance: random.Random) -> Read:
    """A plate that is read as it is, with a look-alike as the other candidate."""
    score = min(0.995, max(0.4, 1 - chance.expovariate(1 / 0.03)))
    other = _misread(plate, chance)
    return Read(plate, score, ((plate, score), (other, (1 - score) * 0.6)))


def read_wrong(plate: str, chance: random.Random) -> Read:
    """A plate of which one character is taken for another."""
    text, score = _misread(plate, chance), min(0.97, max(0.3, chance.betavariate(6, 3)))
    candidates = [(text, score)]
    if chance.random() < NAMED:
        candidates.append((plate, (1 - score) * chance.uniform(0.4, 0.95)))
    return Read(text, score, tuple(candidates))


def _plate(chance: random.Random) -> str:
    number = "".join(chance.choice(DIGITS) for _ in range(5))
    return chance.choice(PROVINCES) + chance.choice(SERIES) + number


def _look_alike(plate: str, chance: random.Random) -> str:
    place = chance.randrange(3, len(plate))
    digit = chance.choice([character for character in LIKE[plate[place]] if character in DIGITS])
    return plate[:place] + digit + plate[place + 1 :]


def _misread(plate: str, chance: random.Random) -> str:
    place = chance.randrange(len(plate))
    return plate[:place] + chance.choice(LIKE[plate[place]]) + plate[place + 1 :]
