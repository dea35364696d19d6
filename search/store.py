"""The seam between questions and the engine that keeps the sightings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from lpr.passages import Passage
from search.sightings import Sighting
from search.terms import Cursor, SearchTerms


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a batch: how many sightings are new, and how many reports were of known ones.

    A report that bettered a known sighting counts as known.
    """

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class Page:
    """Sightings, newest first then by id.

    Attributes:
        sightings: that were found.
        next: where the next page begins; None: no more.
        partial: whether a part of the store did not answer in time, so that some may be lacking.
    """

    sightings: tuple[Sighting, ...]
    next: Cursor | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class TextCounts:
    """How many sightings texts have.

    Attributes:
        counts: by text; those that have none are left out.
        partial: whether a part of the store did not answer in time, so that some may lack.
    """

    counts: Mapping[str, int]
    partial: bool = False


class SightingStore(Protocol):
    """Keeps passages as sightings, once each, and answers questions about them.

    Every method raises `search.errors.StoreError` when the store cannot be reached or is ill, and
    its `PartialStoreError` when only a part of it answers and the rest would be missed; an empty
    answer that is not partial always means that there is nothing.
    """

    def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
        """Keep passages; when it returns all of them are on the disk and can be found.

        With `can_wait` they are on the disk, and can be found soon; the next call without it, with
        no passages too, returns when all can.

        When it raises, some may be kept: add them all again, which changes nothing for those.

        Of several reports of one passage the one that `search.reports.betters` the others is kept
        whole, and found by its own text and candidates only; the order in which they come, in one
        batch or several, makes no difference. Of equal ones the first stays.
        """
        ...

    def find(self, terms: SearchTerms) -> Page:
        """Answer a question."""
        ...

    def get(self, sighting_id: str) -> Sighting | None:
        """One sighting by its id."""
        ...

    def latest(self) -> Mapping[str, datetime]:
        """The newest `at` of each camera that has sightings."""
        ...

    def count_by_camera(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """How many sightings each camera has in a span, its start included and its end excluded.

        Cameras that have none in it are left out.
        """
        ...

    def count_by_text(self, terms: SearchTerms) -> TextCounts:
        """How many sightings that meet the terms were read as each of their texts.

        The texts are whole ones; `candidates`, `limit` and `after` do not count.
        """
        ...

    def count(self) -> int:
        """How many sightings are kept."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class AgeingStore(SightingStore, Protocol):
    """A sighting store that old sightings can be dropped from."""

    def drop_before(self, time: datetime) -> int:
        """Drop all sightings of before a time; how many.

        When it raises, some may be gone: do it again.
        """
        ...
