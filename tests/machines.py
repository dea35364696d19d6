"""A camera machine and a centre in folders of their own, with real processes that can be killed."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lpr.closing import Closing
from lpr.spool import spool_state
from search.cameras import Camera, save_cameras
from search.devices import add_device
from search.invocation import closing_registry
from search.opening import open_store
from search.sightings import Sighting
from search.terms import MAX_LIMIT, SearchTerms
from tests.camera_at_work import numbers
from tests.ports import free_port
from web.settings import Settings

PATIENCE_S = 90.0
INTAKE = "import sys; sys.argv[1:] = []; from web.intake_serving import *; serve_intake(S())"
SEND = "from search.send_cli import send; send(obj=S())"
INGEST = """
import time
from search.drain import drain_spool
from search.evidence import FolderEvidence
from search.ingest import Ingest, append_refusals
from search.opening import open_store
s = S()
with open_store(s.sightings) as store:
    way = Ingest(store, FolderEvidence(s.evidence_dir),
                 lambda r: append_refusals(s.data_dir / "refused.ndjson", r), print,
                 lambda: datetime.now(UTC))
    while True:
        drain_spool(s.spool_dir, way)
        time.sleep(0.1)
"""
_BEFORE = (
    "import os; from datetime import UTC, datetime; from web.settings import load_settings;"
    "S = lambda: load_settings(os.environ)\n"
)
Process = subprocess.Popen[bytes]


def until(condition: Callable[[], bool], patience: float = PATIENCE_S) -> None:
    """Wait for something that real processes bring about."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


class Machine(Closing):
    """Processes in one data folder."""

    def __init__(
        self, folder: Path, variables: Mapping[str, str], data: Path | None = None
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        data = data or folder / "data"
        self.variables = {**variables, "PLATETRAIL_DATA_DIR": str(data)}
        self.settings = Settings(data_dir=data)
        self.spool = self.settings.spool_dir
        self._alive: dict[str, Process] = {}

    def start(self, name: str, *command: str) -> Process:
        log = (self.folder / f"{name}.log").open("ab")
        self._alive[name] = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **self.variables},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        return self._alive[name]

    def run(self, name: str, code: str) -> Process:
        return self.start(name, "-c", _BEFORE + code)

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def kill(self, name: str) -> None:
        """SIGKILL, the whole group: no process can do anything about it."""
        process = self._alive.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        """End everything."""
        for name in list(self._alive):
            self.kill(name)


class Centre(Machine):
    """A centre with registered cameras."""

    def __init__(self, folder: Path, *cameras: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        more = {"PLATETRAIL_INTAKE_PORT": str(self.port), "PLATETRAIL_INTAKE_WORKERS": "1"}
        super().__init__(folder, more)
        with closing_registry(self.settings.registry) as registry:
            save_cameras(registry, [Camera(c, c, 21.0, 105.8, None, "route", "W") for c in cameras])

    def token(self, name: str, *cameras: str) -> str:
        with closing_registry(self.settings.registry) as registry:
            return add_device(registry, name, cameras, datetime.now(UTC))

    def start_intake(self) -> None:
        self.run("intake", INTAKE)

    def start_ingest(self) -> None:
        self.run("ingest", INGEST)

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
                return bool(answer.read() == b"ok\n")
        except (urllib.error.URLError, OSError):
            return False

    def count(self) -> int:
        with open_store(self.settings.sightings) as store:
            return store.count()

    def sightings(self) -> Iterator[Sighting]:
        with open_store(self.settings.sightings) as store:
            terms = SearchTerms(("*",), limit=MAX_LIMIT)
            while True:
                page = store.find(terms)
                yield from page.sightings
                if page.next is None:
                    return
                terms = replace(terms, after=page.next)


class CameraMachine(Machine):
    """A machine with one camera, that sends to a centre."""

    def __init__(
        self, folder: Path, url: str, token: str, camera: str = "C1", data: Path | None = None
    ) -> None:
        more = {"PLATETRAIL_INTAKE_URL": url, "PLATETRAIL_INTAKE_TOKEN": token}
        super().__init__(folder, more, data)
        self.camera, self.journal = camera, folder / "journal"

    def start_writer(self, count: int, pause: float, *more: str) -> None:
        place = [str(self.spool), str(self.journal), self.camera, str(count), str(pause)]
        self.start("writer", "-m", "tests.camera_at_work", *place, *more)

    def start_sender(self) -> None:
        self.run("sender", SEND)

    def ended(self) -> int:
        return len(numbers(self.journal))

    def is_drained(self) -> bool:
        return spool_state(self.spool).waiting == 0
