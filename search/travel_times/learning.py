"""Learns travel times while sightings come in."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from lpr.closing import Closing
from lpr.passages import Passage
from lpr.plates import parse_plate
from search.errors import RegistryError
from search.registry.faults import cause_of
from search.registry.opening import open_registry
from search.travel_times.estimate import hour_of_week
from search.travel_times.keeping import Key, add_legs, forget

SURE = 0.9  # score of both sightings of a leg
LONGEST = timedelta(minutes=30)  # that a leg may take; what takes longer was elsewhere
TOGETHER = 20_000  # passages that are put in order and looked at together, or
EVERY_S = 60.0  # those of so many seconds
MOST_LEGS = 200_000  # that wait while the registry is away
OLD = timedelta(days=120)  # what nothing told since is forgotten
_LOG = logging.getLogger("platetrail.ingest")


class Learner(Closing):
    """Learns from what comes in; what a crash takes with it is a minute of traffic.

    Args:
        registry: URL of the registry, which is opened when there is something to keep.
    """

    def __init__(self, registry: str) -> None:
        self._registry = registry
        self._engine: Engine | None = None
        self._passages: list[Passage] = []
        self._last: dict[str, tuple[datetime, str]] = {}
        self._legs: defaultdict[Key, list[float]] = defaultdict(list)
        self._kept = time.monotonic()
        self._forgot: datetime | None = None

    def look(self, passages: Iterable[Passage]) -> None:
        """Take passages in, in any order; those that were read surely count."""
        self._passages += (p for p in passages if p.score >= SURE)
        is_due = time.monotonic() - self._kept >= EVERY_S
        if len(self._passages) >= TOGETHER or (is_due and self._passages):
            self.keep()

    def keep(self) -> None:
        """Write down what was learnt, or keep it for the next time."""
        self._kept = time.monotonic()
        for key, seconds in self._follow(self._passages):
            self._legs[key].append(seconds)
        self._passages = []
        if not self._legs:
            return
        now = datetime.now(UTC)
        try:
            self._engine = self._engine or open_registry(self._registry)
            add_legs(self._engine, self._legs, now)
            self._legs.clear()
            if self._forgot is None or now - self._forgot > timedelta(days=1):
                forget(self._engine, now - OLD)
                self._forgot = now
        except (SQLAlchemyError, RegistryError) as error:
            why = error if isinstance(error, RegistryError) else cause_of(error)
            _LOG.warning("travel times cannot be kept now: %s", why)
            if sum(map(len, self._legs.values())) > MOST_LEGS:
                self._legs.clear()

    def close(self) -> None:
        """Keep the rest, and let go of the registry."""
        if self._passages or self._legs:
            self.keep()
        if self._engine is not None:
            self._engine.dispose()

    def _follow(self, passages: Sequence[Passage]) -> Iterable[tuple[Key, float]]:
        """The legs between sightings of one text that follow each other."""
        for passage in sorted(passages, key=attrgetter("at")):
            last = self._last.get(passage.text)
            if last is not None and passage.at <= last[0]:
                continue
            self._last[passage.text] = (passage.at, passage.camera)
            if last is None or last[1] == passage.camera or passage.at - last[0] > LONGEST:
                continue
            if parse_plate(passage.text):  # other texts may be on several vehicles
                seconds = (passage.at - last[0]).total_seconds()
                yield Key(last[1], passage.camera, hour_of_week(last[0])), seconds
        if passages:
            oldest = max(passage.at for passage in passages) - LONGEST
            self._last = {text: last for text, last in self._last.items() if last[0] >= oldest}
