"""Alerts of a process that takes passages in, also while the registry is away.

What could not be held against the lists waits in a file of the data folder, and is looked at when
the registry answers again: sightings do not wait for it.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from itertools import islice
from typing import IO

from sqlalchemy import Engine

from lpr.errors import PassageError
from lpr.passage_lines import parse_passage
from lpr.passages import Passage, format_passage
from search.alerts.watch import Watch
from search.confusing import load_confusions
from search.errors import RegistryError, WaitingError
from search.registry.opening import open_registry
from search.settings import StoreSettings
from search.store import SightingStore

FILE = "alerts-waiting.ndjson"
_AT_ONCE = 2000  # passages
_LOG = logging.getLogger("platetrail.alerts")


class Alerting:
    """Raises alerts of what is taken in; none is lost, and none is doubled.

    Args:
        settings: of the installation.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._file = settings.data_dir / FILE
        self._engine: Engine | None = None
        self._watch: Watch | None = None

    def look(self, store: SightingStore, passages: Sequence[Passage]) -> None:
        """Hold passages against the lists, or keep them for later.

        Args:
            store: where they are kept already.
            passages: reports, in the order in which they came.

        Raises:
            OSError: they could not be kept for later either.
        """
        try:
            self._opened().look(store, passages)
        except WaitingError as error:
            self._put_off(error, error.passages)
        except RegistryError as error:  # it cannot be opened
            self._put_off(error, passages)

    def catch_up(self, store: SightingStore) -> None:
        """Look at what was kept for later, if the registry answers."""
        if not self._file.exists() or not self._file.stat().st_size:
            return
        with self._waiting() as file, suppress(RegistryError):
            lines = iter(file)
            while part := list(islice(lines, _AT_ONCE)):
                self._opened().look(store, [p for line in part if (p := _passage(line))])
            file.truncate(0)

    def close(self) -> None:
        """Let go of the registry."""
        if self._engine is not None:
            self._engine.dispose()

    def _opened(self) -> Watch:
        if self._watch is None:
            self._engine = open_registry(self._settings.registry)
            confusions = load_confusions(self._settings.models_dir)
            self._watch = Watch(self._engine, confusions, lambda: datetime.now(UTC))
        return self._watch

    def _put_off(self, why: RegistryError, passages: Sequence[Passage]) -> None:
        if not passages:
            return
        _LOG.error("alerts wait: %s; trying again", why)
        with self._waiting() as file:
            file.seek(0, os.SEEK_END)
            file.writelines(f"\n{format_passage(passage)}" for passage in passages)
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def _waiting(self) -> Iterator[IO[str]]:
        """The file, from its beginning; one process at a time has it."""
        with self._file.open("a+", encoding="utf-8") as file:
            flock(file, LOCK_EX)
            file.seek(0)
            yield file


def _passage(line: str) -> Passage | None:
    """A passage that waits; None for what a crash left of one, which was not confirmed."""
    try:
        return parse_passage(line)
    except PassageError:
        return None
