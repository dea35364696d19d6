"""The sighting store as the pages ask it: one that is away keeps nobody waiting."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from lpr.closing import Closing
from lpr.passages import Passage
from search.errors import PartialStoreError, StoreError
from search.sightings import Sighting
from search.store import Added, Page, SightingStore, TextCounts
from search.terms import SearchTerms
from web.outages import Outages

T = TypeVar("T")


class AskedStore(Closing):
    """`SightingStore` that is opened when it is first asked, and remembers that it is away.

    While it is, a question fails at once, but for one in a while that tries. A question that takes
    too long while others are answered is no outage.

    Args:
        opening: the store; raises StoreError while it is away.
        outages: where that is remembered.
        clock: the time now, aware UTC.
    """

    def __init__(
        self,
        opening: Callable[[], SightingStore],
        outages: Outages,
        clock: Callable[[], datetime],
    ) -> None:
        self._opening, self._outages, self._clock = opening, outages, clock
        self._store: SightingStore | None = None
        self._lock = threading.Lock()
        self._answered = 0.0  # of `time.monotonic`: when it last did

    def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
        """Keep passages; what prevents that may still let it answer."""
        return self._opened().add(passages, can_wait)

    def find(self, terms: SearchTerms) -> Page:
        """Answer a question."""
        return self._ask(lambda store: store.find(terms))

    def get(self, sighting_id: str) -> Sighting | None:
        """One sighting by its id."""
        return self._ask(lambda store: store.get(sighting_id))

    def latest(self) -> Mapping[str, datetime]:
        """The newest `at` of each camera."""
        return self._ask(lambda store: store.latest())

    def count_by_camera(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """How many sightings each camera has in a span."""
        return self._ask(lambda store: store.count_by_camera(start, end))

    def count_by_text(self, terms: SearchTerms) -> TextCounts:
        """How many sightings were read as each text."""
        return self._ask(lambda store: store.count_by_text(terms))

    def count(self) -> int:
        """How many sightings are kept."""
        return self._ask(lambda store: store.count())

    def close(self) -> None:
        """Close the store, if it was opened."""
        if self._store is not None:
            self._store.close()

    def _ask(self, question: Callable[[SightingStore], T]) -> T:
        self._outages.check()
        began, at = time.monotonic(), self._clock()
        try:
            answer = question(self._opened())
        except PartialStoreError:
            self._has_answered()
            raise
        except StoreError as error:
            if self._answered < began:
                self._outages.note(at, str(error))
            raise
        self._has_answered()
        return answer

    def _has_answered(self) -> None:
        self._answered = time.monotonic()
        self._outages.end()

    def _opened(self) -> SightingStore:
        """The store; several that are opened at once do not wait for one another."""
        if self._store is not None:
            return self._store
        opened = self._opening()
        with self._lock:
            if self._store is None:
                self._store = opened
                return opened
        opened.close()
        return self._store
