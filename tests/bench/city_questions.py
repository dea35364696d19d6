"""Questions of every kind to a city's year of sightings, 200 different ones of each."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from search.terms import SearchTerms
from tests.bench.city_year import CAMERAS, START, YEAR, plate

QUESTIONS = 200
AIMS_MS = {"one plate": 50, "prefix": 100, "inner ? and *": 200, "*12*": 300, "one edit": 150}
PAGE = 50  # sightings, as the pages ask for


def questions(vehicles: int) -> Mapping[str, list[SearchTerms]]:
    """Questions by their kind, the five of `AIMS_MS` and each of them of a span and some cameras.

    Args:
        vehicles: of which plates are asked for.
    """
    dice = random.Random(7)
    asked: dict[str, list[SearchTerms]] = {}
    for kind, texts_of in _KINDS.items():
        texts = _different(texts_of, vehicles, dice)
        asked[kind] = [SearchTerms(one, limit=PAGE) for one in texts]
    for kind in AIMS_MS:
        asked[f"{kind}, of a week at 20 cameras"] = [_narrowed(t, dice) for t in asked[kind]]
    return asked


def _different(
    texts_of: Callable[[str], tuple[str, ...]], vehicles: int, dice: random.Random
) -> list[tuple[str, ...]]:
    found: dict[tuple[str, ...], None] = {}
    while len(found) < QUESTIONS:
        found[texts_of(plate(int(vehicles * dice.random() ** 2)))] = None
    return list(found)


def _narrowed(terms: SearchTerms, dice: random.Random) -> SearchTerms:
    start = START + (YEAR - timedelta(7)) * dice.random()
    cameras = frozenset(f"C{n:03}" for n in dice.sample(range(CAMERAS), 20))
    return replace(terms, start=start, end=start + timedelta(7), cameras=cameras)


def _near(plate: str) -> tuple[str, ...]:
    """Every text that is one edit away, a `?` for a character that may be any."""
    put = (f"{plate[:i]}?{plate[i:]}" for i in range(len(plate) + 1))
    left_out = (plate[:i] + plate[i + 1 :] for i in range(len(plate)))
    changed = (f"{plate[:i]}?{plate[i + 1 :]}" for i in range(len(plate)))
    return tuple(dict.fromkeys((*changed, *left_out, *put)))


_KINDS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "one plate": lambda p: (p,),
    "prefix": lambda p: (p[: 3 + int(p[-1]) % 3] + "*",),
    "inner ? and *": lambda p: (f"{p[:2]}?{p[3:6]}*{p[-1]}",),
    "*12*": lambda p: (f"*{p[2:4] if int(p[-1]) % 2 else p[-5:-3]}*",),
    "one edit": _near,
}
