"""Since when the sighting store does not answer: kept in a file, for all workers.

While it does, there is no file.
"""

import json
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from lpr.times import format_utc, parse_utc
from search.errors import StoreError

FILE = "sightings-away.json"  # in the data folder
GIVES_UP = 2  # attempts in vain: a single answer that came too late keeps nobody else out
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outage:
    """A time without an answer that lasts.

    Attributes:
        since: begin of the first question that was not answered, aware UTC.
        tried: when it was asked last.
        reason: what went wrong then, and what to do.
        failed: attempts so far.
    """

    since: datetime
    tried: datetime
    reason: str
    failed: int


class Outages:
    """Remembers an outage, so that pages do not wait for what will not come.

    Args:
        file: that tells the other processes.
        clock: the time now, aware UTC.
        pause: between two attempts.
    """

    def __init__(self, file: Path, clock: Callable[[], datetime], pause: timedelta) -> None:
        self._file, self._clock, self._pause = file, clock, pause
        self._lock = threading.Lock()

    def now(self) -> Outage | None:
        """The outage that lasts; None: the store answered last time."""
        try:
            fields = json.loads(self._file.read_text("utf-8"))
            since, tried = (parse_utc(fields[key]) for key in ("since", "tried"))
            return Outage(since, tried, str(fields["reason"]), int(fields["failed"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            _LOG.error("%s cannot be read: %s", self._file, error)
            return None

    def check(self) -> None:
        """Let one question through in each pause while an outage lasts, and every one otherwise.

        Raises:
            StoreError: the store was asked just now, and did not answer.
        """
        with self._lock:
            outage, now = self.now(), self._clock()
            if outage is None or outage.failed < GIVES_UP:
                return
            if timedelta(0) <= now - outage.tried < self._pause:
                raise StoreError(outage.reason)
            self._write(replace(outage, tried=now))  # whoever comes next does not wait as well

    def note(self, began: datetime, reason: str) -> None:
        """A question that began then was not answered."""
        with self._lock:
            outage = self.now()
            if outage is None:
                _LOG.error("no answer: %s", reason)
            since, failed = (outage.since, outage.failed) if outage else (began, 0)
            self._write(Outage(since, self._clock(), reason, failed + 1))

    def end(self) -> None:
        """A question was answered."""
        with suppress(FileNotFoundError):
            self._file.unlink()
            _LOG.error("the sighting store answers again")

    def _write(self, outage: Outage) -> None:
        fields = {
            "since": format_utc(outage.since),
            "tried": format_utc(outage.tried),
            "reason": outage.reason,
            "failed": outage.failed,
        }
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            temporary.write_text(json.dumps(fields, ensure_ascii=False), "utf-8")
            temporary.rename(self._file)
        except OSError as error:  # a full disk: pages wait longer, and say no time
            _LOG.error("%s cannot be written: %s", self._file, error)
