"""Stops Elasticsearch for a while, as cameras write and people look, and sees what comes of it."""

import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.camera_at_work import numbers, reports
from tests.city import City
from tests.elasticsearch import lone_node
from tests.machines import until
from tests.officer import Officer

VERSION = "8.19.21"
CAMERA = "C1"
PAUSE_S = 0.1  # between two passages of the camera
LOOK_S = 1.0  # between two looks at the pages
BEHIND = 10  # lines of the spool that wait when it has caught up: the camera goes on
PLATE, SHOWN = "30B00000", 'href="/sightings/'
SAID = "không trả lời từ"
PATIENCE_S = 900.0


@dataclass
class Outcome:
    """What was seen.

    Attributes:
        written: passages that had ended.
        waited: lines of the spool at the end of the outage.
        lost, doubled: of the passages.
        opened: pages that were asked for while the store was away.
        wrong: what they said otherwise than that it is away, since when.
        longest: seconds that one of them took.
        caught_up: seconds from when the server had started until hardly anything waited.
    """

    written: int = 0
    waited: int = 0
    lost: int = 0
    doubled: int = 0
    opened: int = 0
    wrong: list[str] = field(default_factory=list)
    longest: float = 0.0
    caught_up: float = 0.0


def stop_for(hangs: float, away: float, timeout_s: float) -> Outcome:
    """Let it hang for so many seconds, then kill it, and start it again after some more."""
    outcome = Outcome()
    with (
        TemporaryDirectory(prefix="platetrail-outage-") as folder,
        lone_node(VERSION) as node,
        City(Path(folder) / "city", node.server.url, 0, timeout_s) as city,
    ):
        city.start_run()
        officer, admin = city.visitor("officer"), city.visitor("admin")
        journal = Path(folder) / "journal"
        writer = [str(city.spool), str(journal), CAMERA, "1000000", str(PAUSE_S)]
        city.start("camera", "-m", "tests.camera_at_work", *writer)
        until(lambda: SHOWN in officer.search(PLATE).text, PATIENCE_S)
        address = officer.search(PLATE).address
        node.signal(signal.SIGSTOP)
        _look(outcome, (officer, admin), address, hangs)
        node.kill()
        _look(outcome, (officer, admin), address, away)
        outcome.waited = city.waiting()
        node.start()
        node.wait()
        began = time.monotonic()
        until(lambda: city.waiting() <= BEHIND, PATIENCE_S)
        outcome.caught_up = time.monotonic() - began
        until(lambda: SHOWN in officer.get(address).text)
        assert SAID not in officer.get("/").text
        city.kill("camera")
        until(lambda: city.waiting() == 0, PATIENCE_S)
        _count(outcome, city, numbers(journal))
    return outcome


def _look(outcome: Outcome, people: tuple[Officer, Officer], address: str, seconds: float) -> None:
    """Open one page after the other, for so long; the first learns of the outage."""
    officer, admin = people
    pages = (
        (officer, address, 503),
        (officer, f"{address}/route", 503),
        (officer, f"{address}.csv", 503),
        (officer, "/", 200),
        (officer, "/passings", 200),
        (admin, "/cameras", 200),
    )
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for visitor, page, status in pages:
            answer = visitor.get(page)
            outcome.opened += 1
            outcome.longest = max(outcome.longest, answer.seconds)
            if answer.status != status or SAID not in answer.text.lower():
                outcome.wrong.append(f"{page}: {answer.status}")
        time.sleep(LOOK_S)


def _count(outcome: Outcome, city: City, ended: list[int]) -> None:
    found = city.found()
    ids = {next(reports(CAMERA, number)).id for number in ended}
    outcome.written = len(ended)
    outcome.lost = len(ids - found.keys())
    outcome.doubled = found.total() - len(found)
