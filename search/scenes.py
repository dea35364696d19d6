"""Vehicles that were at several scenes, or again and again near another one.

Whoever drives much is near much: so each vehicle is held against how often it passes the same
cameras about the same hour on other days. What is told beside it is how many vehicles would be
there as often by chance.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp

from search.errors import TermsError
from search.local_time import HANOI
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms

SURE = 0.5  # score from which a reading counts
BEFORE = timedelta(days=14)  # in which others days count
AROUND = timedelta(hours=1)  # before and after a scene, on them
TRIP = timedelta(minutes=30)  # without a sighting, after which another trip begins
MOST = 50_000  # sightings at a scene
ASKED = 200  # vehicles whose other days are looked at
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A place and a span of time: cameras, from `start` to before `end`, aware."""

    cameras: frozenset[str]
    start: datetime
    end: datetime


Occasion = tuple[Scene, ...]
"""Scenes that count once, such as those of one trip."""


@dataclass(frozen=True, slots=True)
class Present:
    """A vehicle that was there more than once.

    Attributes:
        text: that was read.
        occasions: numbers of those it was at, from 0.
        sightings: how many there.
        by_chance: how many vehicles of those that were there would be expected so often by chance.
    """

    text: str
    occasions: tuple[int, ...]
    sightings: int
    by_chance: float


def find_present(
    store: SightingStore, occasions: Sequence[Occasion], least: int = 2, without: str = ""
) -> list[Present]:
    """Those that were at several occasions, the most surprising first.

    Args:
        store: of the sightings.
        occasions: two or more.
        least: occasions that one must have been at.
        without: a text that does not count.

    Raises:
        TermsError: more passed a scene than can be looked through.
    """
    seen: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for number, occasion in enumerate(occasions):
        for scene in occasion:
            for text in _texts(store, scene):
                seen[text][number] += 1
    seen.pop(without, None)
    often = sorted(seen, key=lambda text: (-len(seen[text]), text))
    asked = [text for text in often if len(seen[text]) >= least][:ASKED]
    counts = {text: _other_days(store, text, occasions) for text in asked}
    hours = _hours(occasions)
    usual = sum(counts.values()) / (len(counts) * hours) if any(counts.values()) else 0.1 / hours
    found = []
    for text, count in counts.items():
        chances = _chances((count + 1) / (hours + 1 / usual), occasions)
        # of those that were at one, since nobody knows how many vehicles there are
        share = at_least(chances, len(seen[text])) / at_least(chances, 1)
        there = tuple(sorted(seen[text]))
        found.append(Present(text, there, sum(seen[text].values()), len(seen) * share))
    return sorted(found, key=lambda one: (one.by_chance, one.text))


def trips_of(
    store: SightingStore, terms: SearchTerms, within: timedelta
) -> tuple[list[Occasion], int]:
    """The trips of a vehicle, each with a scene around every sighting; and how many sightings."""
    page = store.find(replace(terms, candidates=False, limit=MAX_LIMIT))
    passages = [s.passage for s in reversed(page.sightings) if s.passage.score >= SURE]
    scenes = [Scene(frozenset((p.camera,)), p.at - within, p.at + within) for p in passages]
    trips: list[list[Scene]] = [scenes[:1]] if scenes else []
    for before, scene in pairwise(scenes):
        if scene.start - before.end > TRIP:
            trips.append([])
        trips[-1].append(scene)
    return [tuple(trip) for trip in trips], len(passages)


def at_least(chances: Sequence[float], count: int) -> float:
    """Probability that so many or more of independent events happen, each with its chance."""
    of = [1.0] + [0.0] * len(chances)
    for number, chance in enumerate(chances):
        for k in range(number + 1, 0, -1):
            of[k] = of[k] * (1 - chance) + of[k - 1] * chance
        of[0] *= 1 - chance
    return min(1.0, sum(of[count:]))


def _texts(store: SightingStore, scene: Scene) -> Iterator[str]:
    terms = SearchTerms(("*",), scene.start, scene.end, scene.cameras, limit=MAX_LIMIT)
    page = store.find(terms)
    looked = 0
    while True:
        looked += len(page.sightings)
        if looked > MOST:
            raise TermsError("too many vehicles passed a scene: name fewer cameras, a shorter span")
        yield from (
            s.passage.text for s in page.sightings if s.passage.text and s.passage.score >= SURE
        )
        if page.next is None:
            return
        page = store.find(replace(terms, after=page.next))


def _other_days(store: SightingStore, text: str, occasions: Sequence[Occasion]) -> int:
    """How often a vehicle passed the cameras of the scenes about their hours on other days."""
    scenes = [scene for occasion in occasions for scene in occasion]
    cameras = frozenset().union(*(scene.cameras for scene in scenes))
    start = min(scene.start for scene in scenes) - BEFORE
    end = max(scene.end for scene in scenes)
    page = store.find(SearchTerms((text,), start, end, cameras, limit=MAX_LIMIT))
    return sum(
        any(_is_alike(sighting.passage.camera, sighting.passage.at, scene) for scene in scenes)
        for sighting in page.sightings
        if not any(_is_in(sighting.passage.camera, sighting.passage.at, s) for s in scenes)
    )


def _is_in(camera: str, at: datetime, scene: Scene) -> bool:
    return camera in scene.cameras and scene.start <= at < scene.end


def _is_alike(camera: str, at: datetime, scene: Scene) -> bool:
    """Whether a camera of the scene saw it about the same hour, on whatever day."""
    if camera not in scene.cameras:
        return False
    day = timedelta(days=1)
    since = (at.astimezone(HANOI) - (scene.start - AROUND).astimezone(HANOI)) % day
    return since < scene.end - scene.start + 2 * AROUND


def _hours(occasions: Sequence[Occasion]) -> float:
    """Hours of other days that count for one scene, on the average."""
    scenes = [scene for occasion in occasions for scene in occasion]
    days = (max(s.end for s in scenes) - min(s.start for s in scenes) + BEFORE) / timedelta(days=1)
    lengths = [min(24.0, (s.end - s.start + 2 * AROUND) / _HOUR) for s in scenes]
    return days * sum(lengths) / len(lengths)


def _chances(rate: float, occasions: Sequence[Occasion]) -> list[float]:
    """Of being at each occasion, for a vehicle that passes so often an hour."""
    spans = [sum((s.end - s.start) / _HOUR for s in occasion) for occasion in occasions]
    return [1 - exp(-rate * hours) for hours in spans]


def in_fields(present: Present) -> Mapping[str, object]:
    """One line of JSON."""
    return {
        "text": present.text,
        "occasions": list(present.occasions),
        "sightings": present.sightings,
        "by_chance": float(f"{present.by_chance:.3g}"),
    }
