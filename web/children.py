"""Processes that a command starts; none of them outlives it."""

import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from lpr.closing import Closing
from web.errors import ChildError

GRACE_S = 8.0  # between the request to end and the end
_SHOWN = 6  # last lines of a child that failed
Child = subprocess.Popen[bytes]
PLATETRAIL = (sys.executable, "-m", "web")
"""The command line, in this Python."""


class Children(Closing):
    """Starts processes and ends them.

    Args:
        logs: folder where each writes what it says.
        variables: environment of all of them.
    """

    def __init__(self, logs: Path, variables: Mapping[str, str]) -> None:
        self._logs, self._variables = logs, dict(variables)
        self._alive: set[Child] = set()
        self._lock = threading.Lock()
        self._is_over = False
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start one, in a session of its own: Ctrl-C reaches this process only.

        Args:
            name: of its log.
            command: program and arguments.

        Raises:
            ChildError: everything is being stopped.
        """
        with self._lock, self.log(name).open("ab") as log:
            if self._is_over:
                raise ChildError("stopped")
            child = subprocess.Popen(
                command,
                env=self._variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self._alive.add(child)
            return child

    def run(self, name: str, command: Sequence[str]) -> None:
        """Start one and wait for its end.

        Raises:
            ChildError: it failed; says its last words.
        """
        status = self.start(name, command).wait()
        if status != 0:
            raise ChildError(f"{name} failed ({status}): {self.last_words(name)}")

    def log(self, name: str) -> Path:
        """Where a child writes what it says."""
        return self._logs / f"{name}.log"

    def last_words(self, name: str) -> str:
        """The end of what a child said."""
        lines = self.log(name).read_text("utf-8", "replace").strip().splitlines()
        return "\n".join(lines[-_SHOWN:]) or "it said nothing"

    def close(self) -> None:
        """End all that still run: first by request, then by force."""
        with self._lock:
            self._is_over = True
            left = list(self._alive)
        for child in left:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in left:
            try:
                child.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
