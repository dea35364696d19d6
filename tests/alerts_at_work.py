"""An installation that looks for plates and really runs, with an officer at its live page."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

from search.alerts.keeping import AlertHit, list_hits
from search.registry.opening import open_registry
from search.watchlists.entry import Entry
from search.watchlists.keeping import save_entries
from tests.officer import Officer
from tests.ports import free_port
from web.accounts import add_account
from web.children import PLATETRAIL
from web.settings import Settings

PATIENCE_S = 30.0
PASSWORD = "mật khẩu để thử"


@contextmanager
def running(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """`platetrail run`."""
    variables = {
        **os.environ,
        "PLATETRAIL_DATA_DIR": str(settings.data_dir),
        "PLATETRAIL_PORT": str(settings.port),
        "PLATETRAIL_WEB_WORKERS": "1",
    }
    with subprocess.Popen([*PLATETRAIL, "run"], env=variables) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def prepared(tmp_path: Path) -> Settings:
    """An installation with an account."""
    settings = Settings(data_dir=tmp_path / "data", port=free_port())
    settings.data_dir.mkdir()
    add_account(open_registry(settings.registry), "officer", "officer", PASSWORD, now())
    return settings


def look_for(settings: Settings, *plates: str) -> None:
    """Have a list that holds these plates and no others."""
    until = now() + timedelta(days=1)
    entries = {("stolen", plate): Entry("stolen", plate, "taken", until) for plate in plates}
    save_entries(open_registry(settings.registry), entries, {"stolen": ""}, "a test", now())


def now() -> datetime:
    """Aware UTC."""
    return datetime.now(UTC)


def hits(settings: Settings) -> list[AlertHit]:
    """What the list hit."""
    return list_hits(open_registry(settings.registry))


def listen(officer: Officer, told: "Queue[tuple[int, float]]") -> None:
    """Follow the stream of the live page until it ends: numbers, and when each came (monotonic)."""
    with officer.open("/alerts/events?after=0") as stream:
        for line in stream:
            if line.startswith(b"data: "):
                told.put((int(line.removeprefix(b"data: ")), time.monotonic()))


def wait_for(officer: Officer) -> None:
    """Until the pages answer."""
    end = time.monotonic() + PATIENCE_S
    while not officer.is_answered() and time.monotonic() < end:
        time.sleep(0.1)
