"""Holds what comes in against the watchlists, which it knows again as they change."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lpr.passages import Passage
from search.alerts.clones import Clones, Meeting
from search.alerts.matcher import Matcher
from search.alerts.raising import open_hits, raise_hits
from search.alerts.weighing import Hit, Weigher
from search.cameras import list_cameras
from search.confusing import Confusions
from search.errors import StoreError, WaitingError
from search.registry.faults import cause_of
from search.registry.tables import WatchlistChangeRow
from search.reports import OPEN, extent
from search.store import SightingStore
from search.terms import SearchTerms
from search.watchlists.keeping import entries_changed, list_entries, list_watchlists

FRESH_S = 1.0  # after which it is asked whether a list was changed
CAMERAS_S = 60.0  # after which the cameras are read again


class Watch:
    """Raises alerts; one for each process that takes passages in.

    Args:
        engine: of the registry.
        confusions: of the reader.
        clock: the time now, aware UTC.
    """

    def __init__(
        self, engine: Engine, confusions: Confusions, clock: Callable[[], datetime]
    ) -> None:
        self._engine, self._confusions, self._clock = engine, confusions, clock
        self._matcher = Matcher(confusions)
        self._change: int | None = None
        self._clones = Clones()
        self._areas: Mapping[str, str] = {}
        self._open: dict[str, frozenset[str]] = {}
        self._looked = self._read_cameras = float("-inf")

    def look(self, store: SightingStore, passages: Sequence[Passage]) -> None:
        """Raise alerts for those that the lists look for; doing it twice changes nothing.

        Args:
            store: where they are kept already.
            passages: reports, in the order in which they came.

        Raises:
            WaitingError: the registry is away: look at those that it names again later.
        """
        trouble: SQLAlchemyError | None = None
        try:
            self._refresh()
        except SQLAlchemyError as error:
            if self._change is None:  # nobody knows the lists
                raise WaitingError(cause_of(error), passages) from error
            trouble = error
        hits, gone = self._judge(store, passages)
        try:
            if trouble is not None:
                raise trouble
            if hits or gone:
                raise_hits(self._engine, hits, gone, self._areas, self._clock())
        except SQLAlchemyError as error:
            self._clones.take_back()
            waiting = {p.id: p for p in (*(hit.passage for hit in hits), *(p for p, _ in gone))}
            raise WaitingError(cause_of(error), list(waiting.values())) from error
        for passage, _ in gone:
            self._open.pop(passage.id, None)

    def _judge(
        self, store: SightingStore, passages: Sequence[Passage]
    ) -> tuple[list[Hit], list[tuple[Passage, str]]]:
        """What they hit, and what they do not hit any more."""
        weigher = Weigher(store, self._confusions)
        hits: list[Hit] = []
        gone: list[tuple[Passage, str]] = []
        self._clones.begin()
        for passage in passages:
            found = self._matcher.find(passage, self._areas.get(passage.camera, ""))
            of = weigher.hits(passage, found) if found else []
            hits += of
            if meeting := self._clones.look(passage):
                hits += _of_both(store, passage, meeting)
            gone += self._no_more(passage, {hit.found.list.name for hit in of})
        return hits, gone

    def _no_more(self, passage: Passage, hit: set[str]) -> list[tuple[Passage, str]]:
        """Lists that an earlier report of the passage hit, and that its last one does not."""
        if extent(passage) != OPEN:
            before = self._open.get(passage.id, frozenset()) if self._open else frozenset()
            return [(passage, name) for name in before - hit]
        if hit:
            self._open[passage.id] = self._open.get(passage.id, frozenset()) | hit
        return []

    def _refresh(self) -> None:
        """Take in what was changed in the lists since the last look."""
        now = time.monotonic()
        if now - self._looked < FRESH_S:
            return
        with Session(self._engine) as session:
            newest = session.scalar(select(func.max(WatchlistChangeRow.id))) or 0
        if self._change is None:
            self._open = open_hits(self._engine)
        if newest != self._change:
            self._take(newest)
        if now - self._read_cameras > CAMERAS_S:
            cameras = list_cameras(self._engine)
            self._areas = {camera.id: camera.area for camera in cameras}
            self._clones.places = {camera.id: (camera.lon, camera.lat) for camera in cameras}
            self._read_cameras = now
        self._looked = now

    def _take(self, newest: int) -> None:
        for watchlist in list_watchlists(self._engine):
            self._matcher.set_list(watchlist)
        if self._change is None:
            for entry in list_entries(self._engine).values():
                self._matcher.put(entry)
        else:
            for key, changed in entries_changed(self._engine, self._change).items():
                if changed is None:
                    self._matcher.drop(*key)
                else:
                    self._matcher.put(changed)
        self._change = newest


def _of_both(store: SightingStore, passage: Passage, meeting: Meeting) -> list[Hit]:
    """Both sightings, the earlier one if the store can be asked for it."""
    instant = timedelta(microseconds=1)
    there = frozenset((meeting.camera,))
    terms = SearchTerms((passage.text,), meeting.at, meeting.at + instant, there, limit=1)
    try:
        other = [sighting.passage for sighting in store.find(terms).sightings]
    except StoreError:
        other = []
    found = meeting.found(passage)
    return [Hit(found, one, meeting.likelihood) for one in (*other, passage)]
