"""From a passage in the spool to the live page, with the processes that really run."""

import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

from lpr.passages import Passage
from lpr.spool import SpoolWriter
from search.alerts.channels import Channel, add_channel
from search.alerts.keeping import AlertHit, list_hits
from search.alerts.outbox import list_unsent
from search.registry.opening import open_registry
from search.watchlists.entry import Entry
from search.watchlists.keeping import save_entries
from tests.chromium import open_page
from tests.officer import Officer
from tests.ports import free_port
from tests.receivers import Webhook, webhook
from web.accounts import add_account
from web.children import PLATETRAIL
from web.settings import Settings

PATIENCE_S = 30.0
PASSWORD = "mật khẩu để thử"
KILLS = 12


@contextmanager
def running(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
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
    settings = Settings(data_dir=tmp_path / "data", port=free_port())
    settings.data_dir.mkdir()
    add_account(open_registry(settings.registry), "officer", "officer", PASSWORD, now())
    return settings


def look_for(settings: Settings, *plates: str) -> None:
    until = now() + timedelta(days=1)
    entries = {("stolen", plate): Entry("stolen", plate, "taken", until) for plate in plates}
    save_entries(open_registry(settings.registry), entries, {"stolen": ""}, "a test", now())


def now() -> datetime:
    return datetime.now(UTC)


def hits(settings: Settings) -> list[AlertHit]:
    return list_hits(open_registry(settings.registry))


def listen(officer: Officer, told: "Queue[int]") -> None:
    """Follow the stream of the live page until it ends."""
    with officer.open("/alerts/events?after=0") as stream:
        for line in stream:
            if line.startswith(b"data: "):
                told.put(int(line.removeprefix(b"data: ")))


def test_an_alert_is_on_the_live_page_within_seconds_and_none_of_what_was_taken_off(
    tmp_path: Path,
) -> None:
    settings = prepared(tmp_path)
    look_for(settings, "30A12345", "51F11111")
    officer = Officer(f"http://127.0.0.1:{settings.port}")
    told: Queue[int] = Queue()
    with running(settings), SpoolWriter(settings.spool_dir) as spool:
        end = time.monotonic() + PATIENCE_S
        while not officer.is_answered() and time.monotonic() < end:
            time.sleep(0.1)
        officer.enter("officer", PASSWORD)
        threading.Thread(target=listen, args=(officer, told), daemon=True).start()
        spool.append(Passage("C1", now(), "29B22222", 0.97, track="1"))
        spool.append(Passage("C1", now(), "30A12345", 0.97, track="2"))
        assert told.get(timeout=PATIENCE_S) == 1
        page = officer.get("/alerts").text
        assert "30A-123.45" in page
        assert "29B-222.22" not in page
        look_for(settings, "30A12345")
        time.sleep(2.0)
        spool.append(Passage("C1", now(), "51F11111", 0.97, track="3"))
        spool.append(Passage("C2", now(), "30A12345", 0.97, track="4"))
        assert told.get(timeout=PATIENCE_S) == 2
    assert [(hit.text, hit.camera) for hit in hits(settings)] == [
        ("30A12345", "C1"),
        ("30A12345", "C2"),
    ]


def test_an_officer_sees_an_alert_come_and_judges_it_with_the_keyboard(tmp_path: Path) -> None:
    settings = prepared(tmp_path)
    look_for(settings, "30A12345")
    url = f"http://127.0.0.1:{settings.port}"
    officer = Officer(url)
    with running(settings), SpoolWriter(settings.spool_dir) as spool, open_page() as page:
        end = time.monotonic() + PATIENCE_S
        while not officer.is_answered() and time.monotonic() < end:
            time.sleep(0.1)
        page.goto(f"{url}/alerts")
        page.fill("#username", "officer")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.fill("#reason", "trộm xe máy")
        page.keyboard.press("Enter")
        page.wait_for_selector("#alerts")
        assert page.locator("[data-row]").count() == 0
        spool.append(Passage("C1", now(), "30A12345", 0.97, track="1"))
        page.wait_for_selector("[data-row] .open", timeout=1000 * PATIENCE_S)
        assert "30A-123.45" in page.inner_text("#alerts")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_selector("form.judge")
        page.keyboard.press("c")
        page.wait_for_selector(".state.confirmed")
    (hit,) = hits(settings)
    assert hit.state == "confirmed"


def test_no_alert_is_lost_or_doubled_by_an_ingest_that_is_killed(tmp_path: Path) -> None:
    settings = prepared(tmp_path)
    look_for(settings, *(f"30A{number:05}" for number in range(0, 60_000, 100)))
    dice = random.Random(1)
    variables = {**os.environ, "PLATETRAIL_DATA_DIR": str(settings.data_dir)}
    command = [*PLATETRAIL, "ingest", "--follow"]
    registry = open_registry(settings.registry)
    wanted: list[str] = []
    there = Webhook()
    with webhook(there):
        add_channel(registry, Channel("duty", "webhook", there.url))
    with SpoolWriter(settings.spool_dir) as spool:
        for kill in range(KILLS):
            is_there = webhook(there) if kill % 3 else nullcontext()
            with is_there, subprocess.Popen(command, env=variables) as ingest:
                for number in range(400):
                    text = f"30A{kill:02}{number:03}"
                    chars = tuple(((c, 0.999),) for c in text)
                    track = f"{kill}-{number}"
                    passage = Passage("C1", now(), text, 0.97, track=track, chars=chars)
                    spool.append(passage)
                    wanted += [passage.id] * (number % 100 == 0)
                time.sleep(dice.uniform(0.2, 2.0))
                ingest.kill()
        with webhook(there), subprocess.Popen(command, env=variables) as ingest:
            end = time.monotonic() + 3 * PATIENCE_S
            while (len(hits(settings)) < len(wanted) or list_unsent(registry)) and (
                time.monotonic() < end
            ):
                time.sleep(0.2)
            ingest.terminate()
    assert sorted(hit.sighting_id for hit in hits(settings)) == sorted(wanted)
    assert list_unsent(registry) == []
    told = {said["delivery"]: said["text"] for said in there.said}
    assert sorted(told.values()) == sorted(hit.text for hit in hits(settings))
