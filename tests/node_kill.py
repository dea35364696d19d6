"""Kills one of three nodes as passages are taken in and people look, and counts what is left."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from elasticsearch import Elasticsearch

from lpr.passages import Passage
from lpr.spool.lines import SpoolLine, format_line
from lpr.spool.segments import list_segments, read_place
from tests.city import City
from tests.elasticsearch import Node, three_nodes
from tests.machines import until
from tests.officer import Officer

VERSION = "8.19.21"
MONTHS = 3  # so that every node holds some of it
START = datetime(2026, 1, 15, tzinfo=UTC)
KNOWN = Passage("C2", START, "29B54321", 0.99, track="known", candidates=(("29B54321", 0.99),))
SHOWN = 'href="/sightings/'
LOOK_S = 0.2  # between two looks at the pages
WITHOUT = 20  # searches before the killed node is started again
PATIENCE_S = 1200.0


@dataclass
class Outcome:
    """What was seen.

    Attributes:
        killed_at: passages that were taken in when it was killed.
        lost, doubled: of the passages.
        asked: searches, each a page.
        unanswered: what was wrong with those that were not whole answers.
        longest: seconds that one of them took.
        seconds: until everything was taken in.
    """

    killed_at: int = 0
    lost: int = 0
    doubled: int = 0
    asked: int = 0
    unanswered: list[str] = field(default_factory=list)
    longest: float = 0.0
    seconds: float = 0.0


def kill_one(count: int, timeout_s: float) -> Outcome:
    """Take so many passages in, and kill the node that writes some of them halfway."""
    outcome = Outcome()
    with (
        TemporaryDirectory(prefix="platetrail-three-") as folder,
        three_nodes(VERSION) as nodes,
        City(Path(folder), _hosts(nodes), 1, timeout_s) as city,
    ):
        _fill(city.spool, "passages-20260101T000000.ndjson", [KNOWN])
        city.start_run()
        officer = city.visitor("officer")
        until(lambda: SHOWN in officer.search(KNOWN.text).text, PATIENCE_S)
        passages = list(_passages(count))
        _fill(city.spool, "passages-20260102T000000.ndjson", passages)
        ids = {passage.id for passage in passages}
        began = time.monotonic()
        is_over = Event()
        looking = Thread(target=_look, args=(outcome, officer, is_over))
        looking.start()
        try:
            until(lambda: _taken(city.spool) >= count // 2, PATIENCE_S)
            victim = _writer(nodes)
            victim.kill()
            outcome.killed_at = _taken(city.spool)
            searches = outcome.asked + WITHOUT
            until(lambda: outcome.asked >= searches, PATIENCE_S)
            victim.start()
            victim.wait()
            until(lambda: city.waiting() == 0, PATIENCE_S)
        finally:
            is_over.set()
            looking.join()
        outcome.seconds = time.monotonic() - began
        found = city.found()
        outcome.lost = len(ids - found.keys())
        outcome.doubled = found.total() - len(ids | {KNOWN.id})
    return outcome


def _hosts(nodes: list[Node]) -> str:
    return "http://" + ",".join(node.server.url.removeprefix("http://") for node in nodes)


def _look(outcome: Outcome, officer: Officer, is_over: Event) -> None:
    """Look the known plate up again and again."""
    address = officer.search(KNOWN.text).address
    while not is_over.wait(LOOK_S):
        answer = officer.get(address)
        outcome.asked += 1
        outcome.longest = max(outcome.longest, answer.seconds)
        is_whole = answer.status == 200 and SHOWN in answer.text
        if not is_whole or "Không đầy đủ" in answer.text:
            outcome.unanswered.append(f"{answer.status} after {answer.seconds:.1f} s")


def _fill(spool: Path, name: str, passages: Iterable[Passage]) -> None:
    """What cameras left in a spool, made without syncing."""
    spool.mkdir(parents=True, exist_ok=True)
    whole = spool.with_name(name)
    whole.write_bytes(b"".join(format_line(SpoolLine(seen, seen.at)) for seen in passages))
    whole.rename(spool / name)


def _passages(count: int) -> Iterator[Passage]:
    for number in range(count):
        text = f"30A{number % 100_000:05}"
        month = timedelta(days=31 * (number % MONTHS))
        at = START + month + timedelta(seconds=number)
        yield Passage("C1", at, text, 0.9, ((text, 0.9),), track=str(number))


def _taken(spool: Path) -> int:
    """Lines that are confirmed."""
    return sum(read_place(segment).number for segment in list_segments(spool))


def _writer(nodes: list[Node]) -> Node:
    """The node that writes one of the months."""
    with Elasticsearch(nodes[0].server.url, request_timeout=60) as client:
        shards = client.cat.shards(format="json", h="node,prirep,state").body
    writers = [s["node"] for s in shards if (s["prirep"], s["state"]) == ("p", "STARTED")]
    first = min(writers)
    return nodes[("one", "two", "three").index(first)]
