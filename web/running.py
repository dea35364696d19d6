"""Everything on one machine: the pages in a process of their own, ingest here."""

import logging
import signal
import subprocess
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import FrameType

from search.alerts.delivering import deliver
from search.evidence_opening import open_evidence
from search.following import PAUSE_S, ingest_once
from search.watching import Watching
from web.children import PLATETRAIL
from web.settings import Settings

STOP_S = 10.0  # that a child has to end by itself
_AGAIN = timedelta(seconds=5)  # before a child that ended is started again
_LOG = logging.getLogger("platetrail.run")


@dataclass
class Kept:
    """A process that is kept running.

    Attributes:
        command: of `platetrail`, with its arguments.
    """

    command: Sequence[str]
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _not_before: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def keep(self, now: datetime) -> None:
        """Start it if it does not run; not again at once after it failed."""
        if self._process is not None and self._process.poll() is not None:
            _LOG.error("%s ended with status %s", self.command[0], self._process.returncode)
            self._process = None
            self._not_before = now + _AGAIN
        if self._process is None and now >= self._not_before:
            self._process = subprocess.Popen([*PLATETRAIL, *self.command])

    def stop(self) -> None:
        """End it, and wait for that."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def run(settings: Settings, commands: Sequence[Sequence[str]] = (("serve",),)) -> None:
    """Keep processes running and take in what the spool holds, until told to stop.

    Args:
        settings: of the installation.
        commands: of `platetrail`, each kept running as a process of its own.

    Raises:
        EvidenceError: a setting of the pictures cannot be.
    """
    evidence = open_evidence(settings)
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    children = [Kept(command) for command in commands]
    with ExitStack() as stack:
        watching = stack.enter_context(Watching(settings))
        for child in children:
            stack.callback(child.stop)
        deliver(settings, evidence, stopped)
        while not stopped.is_set():
            for child in children:
                child.keep(datetime.now(UTC))
            ingest_once(settings, evidence, watching)
            stopped.wait(PAUSE_S)
