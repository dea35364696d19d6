"""Fakes to hand in where a test needs no disk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from lpr.passages import Passage
from search.matching import as_answer, matches
from search.sightings import Sighting
from search.store import Added, Page
from search.terms import Cursor, SearchTerms


class MemoryStore:
    """`SightingStore` in a dictionary; passes the same contract tests."""

    def __init__(self, passages: Sequence[Passage] = ()) -> None:
        self._passages: dict[str, Passage] = {}
        self.add(passages)

    def add(self, passages: Sequence[Passage]) -> Added:
        """Keep passages."""
        before = len(self._passages)
        for passage in passages:
            self._passages.setdefault(passage.id, passage)
        new = len(self._passages) - before
        return Added(new, len(passages) - new)

    def find(self, terms: SearchTerms) -> Page:
        """Answer a question by looking at every passage."""
        found = [
            as_answer(p, terms, own)
            for p in self._passages.values()
            if (own := _met(p, terms)) is not None
        ]
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

    def count(self) -> int:
        """How many passages there are."""
        return len(self._passages)

    def close(self) -> None:
        """Nothing to let go of."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _met(passage: Passage, terms: SearchTerms) -> bool | None:
    """Whether its own text met the terms (True), only a candidate (False), or neither (None)."""
    if (terms.start and passage.at < terms.start) or (terms.end and passage.at >= terms.end):
        return None
    if terms.cameras is not None and passage.camera not in terms.cameras:
        return None
    if terms.after and not (
        passage.at < terms.after.at
        or (passage.at == terms.after.at and passage.id > terms.after.id)
    ):
        return None
    if any(matches(passage.text, wanted) for wanted in terms.texts):
        return True
    texts = [text for text, _ in passage.candidates]
    other = any(matches(text, wanted) for text in texts for wanted in terms.texts)
    return False if terms.candidates and other else None
