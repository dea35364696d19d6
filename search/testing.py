"""What tests need: a store without a disk, small maps to drive on, a shell to type into."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import cos, radians
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result

from lpr.closing import Closing
from lpr.passages import Passage
from search.cameras import Camera
from search.cli import add_commands
from search.geometry import METRES_A_DEGREE, Point, line_m
from search.matching import Question
from search.reports import betters
from search.roads.road import Road
from search.settings import StoreSettings
from search.sightings import Sighting
from search.store import Added, Page, TextCounts
from search.terms import MAX_LIMIT, Cursor, SearchTerms

Corner = tuple[float, float]
"""Metres east and north of `HERE`."""
HERE: Point = (105.85, 21.03)  # in Hanoi


def on_map(corner: Corner) -> Point:
    """Where a corner of a small map lies."""
    east, north = (metres / METRES_A_DEGREE for metres in corner)
    return HERE[0] + east / cos(radians(HERE[1])), HERE[1] + north


def street(
    name: str, *corners: Corner, kmh: float = 36.0, oneway: bool = False, called: str = ""
) -> Road:
    """A road of a small map; at 36 km/h ten metres take a second.

    Args:
        name: its id.
        corners: its line; roads that end at the same corner meet there.
        kmh: how fast it may be driven.
        oneway: in the order of the corners only.
        called: its name.
    """
    points = tuple(on_map(corner) for corner in corners)
    start, end = (f"{corner[0]},{corner[1]}" for corner in (corners[0], corners[-1]))
    return Road(name, points, start, end, line_m(points), kmh, oneway, called)


def camera_at(name: str, corner: Corner, heading: float | None = None) -> Camera:
    """A camera of a small map.

    Args:
        name: its id.
        corner: where it stands.
        heading: compass degrees of the traffic that it reads, None for both ways.
    """
    lon, lat = on_map(corner)
    return Camera(name, f"Camera {name}", lat, lon, heading, "route", "Hoàn Kiếm")


class MemoryStore(Closing):
    """`SightingStore` in a dictionary; passes the same contract tests."""

    def __init__(self, passages: Sequence[Passage] = ()) -> None:
        self._passages: dict[str, Passage] = {}
        self.add(passages)

    def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
        """Keep passages."""
        before = len(self._passages)
        for passage in passages:
            kept = self._passages.setdefault(passage.id, passage)
            if betters(passage, kept):
                self._passages[passage.id] = passage
        new = len(self._passages) - before
        return Added(new, len(passages) - new)

    def find(self, terms: SearchTerms) -> Page:
        """Answer a question by looking at every passage."""
        question = Question(terms)
        found = [question.answer(p) for p in self._passages.values() if _meets(p, terms, question)]
        found.sort(key=lambda s: s.id)
        found.sort(key=lambda s: s.passage.at, reverse=True)
        page = tuple(found[: terms.limit])
        more = len(found) > terms.limit
        return Page(page, Cursor(page[-1].passage.at, page[-1].id) if more else None)

    def get(self, sighting_id: str) -> Sighting | None:
        """One sighting by its id."""
        passage = self._passages.get(sighting_id)
        return None if passage is None else Sighting(sighting_id, passage, likelihood=passage.score)

    def latest(self) -> Mapping[str, datetime]:
        """The newest `at` of each camera."""
        ordered = sorted(self._passages.values(), key=lambda p: p.at)
        return {p.camera: p.at for p in ordered}

    def count_by_camera(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """How many passages each camera has in a span."""
        return Counter(p.camera for p in self._passages.values() if start <= p.at < end)

    def count_by_text(self, terms: SearchTerms) -> TextCounts:
        """How many passages were read as each text."""
        terms = replace(terms, candidates=False, limit=MAX_LIMIT, after=None)
        return TextCounts(Counter(s.passage.text for s in self.find(terms).sightings))

    def count(self) -> int:
        """How many passages there are."""
        return len(self._passages)

    def drop_before(self, time: datetime) -> int:
        """Drop old passages."""
        old = [name for name, passage in self._passages.items() if passage.at < time]
        for name in old:
            del self._passages[name]
        return len(old)

    def close(self) -> None:
        """Nothing to let go of."""


class Shell:
    """A command line with a data folder of its own.

    Args:
        folder: empty; holds the data folder.
    """

    def __init__(self, folder: Path) -> None:
        self.settings = StoreSettings(data_dir=folder / "data")
        self.group = click.Group()
        add_commands(self.group)

    def run(self, *arguments: str, given: str = "") -> Result:
        """Type a command; `given` is its standard input."""
        return CliRunner().invoke(self.group, arguments, input=given, obj=self.settings)

    def found(self, *arguments: str) -> list[dict[str, Any]]:
        """What `search` prints for a plate and options."""
        result = self.run("search", "--reason", "a test", *arguments)
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]


def _meets(passage: Passage, terms: SearchTerms, question: Question) -> bool:
    if (terms.start and passage.at < terms.start) or (terms.end and passage.at >= terms.end):
        return False
    if terms.cameras is not None and passage.camera not in terms.cameras:
        return False
    if terms.after and not (
        passage.at < terms.after.at
        or (passage.at == terms.after.at and passage.id > terms.after.id)
    ):
        return False
    texts = [passage.text, *(text for text, _ in passage.candidates if terms.candidates)]
    return any(map(question.is_met_by, texts))
