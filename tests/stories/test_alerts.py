"""From a passage in the spool to the live page, with the processes that really run."""

import os
import random
import subprocess
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from queue import Queue

from lpr.passages import Passage
from lpr.spool import SpoolWriter
from search.alerts.channels import Channel, add_channel
from search.alerts.outbox import list_unsent
from search.registry.opening import open_registry
from tests.alerts_at_work import (
    PASSWORD,
    PATIENCE_S,
    hits,
    listen,
    look_for,
    now,
    prepared,
    running,
    wait_for,
)
from tests.chromium import open_page
from tests.officer import Officer
from tests.receivers import Webhook, webhook
from web.children import PLATETRAIL

KILLS = 12


def test_an_alert_is_on_the_live_page_within_seconds_and_none_of_what_was_taken_off(
    tmp_path: Path,
) -> None:
    settings = prepared(tmp_path)
    look_for(settings, "30A12345", "51F11111")
    officer = Officer(f"http://127.0.0.1:{settings.port}")
    told: Queue[tuple[int, float]] = Queue()
    with running(settings), SpoolWriter(settings.spool_dir) as spool:
        wait_for(officer)
        officer.enter("officer", PASSWORD)
        threading.Thread(target=listen, args=(officer, told), daemon=True).start()
        spool.append(Passage("C1", now(), "29B22222", 0.97, track="1"))
        spool.append(Passage("C1", now(), "30A12345", 0.97, track="2"))
        assert told.get(timeout=PATIENCE_S)[0] == 1
        page = officer.get("/alerts").text
        assert "30A-123.45" in page
        assert "29B-222.22" not in page
        look_for(settings, "30A12345")
        time.sleep(2.0)
        spool.append(Passage("C1", now(), "51F11111", 0.97, track="3"))
        spool.append(Passage("C2", now(), "30A12345", 0.97, track="4"))
        assert told.get(timeout=PATIENCE_S)[0] == 2
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
        wait_for(officer)
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
