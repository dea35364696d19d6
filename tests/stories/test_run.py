import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpr.passages import Passage
from lpr.spool import SpoolWriter
from search.opening import open_store
from search.terms import SearchTerms
from tests.ports import free_port
from web.children import PLATETRAIL
from web.settings import Settings

PATIENCE_S = 60.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", port=free_port(), web_workers=1)


@pytest.fixture
def running(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    variables = {
        **os.environ,
        "PLATETRAIL_DATA_DIR": str(settings.data_dir),
        "PLATETRAIL_PORT": str(settings.port),
        "PLATETRAIL_WEB_WORKERS": "1",
    }
    with subprocess.Popen([*PLATETRAIL, "run"], env=variables) as process:
        yield process
        process.kill()


def answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/health") as answer:
            return answer.read() == b"ok\n"
    except urllib.error.URLError:
        return False


def sightings(settings: Settings) -> list[str]:
    with open_store(settings.sightings) as store:
        return [s.passage.text for s in store.find(SearchTerms(("*",))).sightings]


def wait_until_true(condition: object, process: "subprocess.Popen[bytes]") -> None:
    assert callable(condition)
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.1)


def test_run_serves_pages_takes_the_spool_in_and_ends_when_told(
    settings: Settings, running: "subprocess.Popen[bytes]"
) -> None:
    with SpoolWriter(settings.spool_dir) as spool:
        spool.append(Passage("C1", datetime(2026, 1, 31, tzinfo=UTC), "30A12345", 0.9, track="1"))
        wait_until_true(lambda: answers(settings), running)
        wait_until_true(lambda: sightings(settings) == ["30A12345"], running)
    running.send_signal(signal.SIGTERM)
    assert running.wait(PATIENCE_S) == 0
    assert not answers(settings)
