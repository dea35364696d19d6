"""Reindexes a month while cameras write and officers search, killed once in the middle.

`python -m tests.reindexing URL COUNT` is the process that is killed: it does it itself when so many
sightings are copied.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from elasticsearch import Elasticsearch

from lpr.passages import Passage
from search.elastic.access import Access
from search.elastic.cluster import Cluster
from search.elastic.lifecycle import list_indices
from search.elastic.moving import Mover
from search.elastic.planning import plan
from search.errors import StoreError
from search.opening import open_store
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms

MONTH = "2026-01"
START = datetime(2026, 1, 2, tzinfo=UTC)
LOADED, WRITTEN = 5_000, 20  # passages at once
PATIENT_S = 120.0  # of an answer, where all sightings are read
COMMAND = (
    "import sys; from search.settings import StoreSettings; from search.store_cli import store;"
    " store(sys.argv[1:], obj=StoreSettings())"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it.

    Attributes:
        sightings: there are in the end.
        written: of them while the month was moved.
        bettered: reports that replaced an earlier one meanwhile.
        lost: confirmed passages that are not there, or in an earlier report.
        doubled: sightings that there are too many.
        searches: that were asked meanwhile.
        failed: of them that had an error, or were not answered whole.
        wrong: of them that saw a confirmed sighting not once, or counted too few or too many.
        longest_write_s: that a batch of the camera took.
        seconds: that the moves took in all.
        indices: that keep the month in the end.
    """

    sightings: int
    written: int
    bettered: int
    lost: int
    doubled: int
    searches: int
    failed: int
    wrong: int
    longest_write_s: float
    seconds: float
    indices: tuple[str, ...]


def seen(number: int) -> Passage:
    """A passage that is still going on."""
    text = f"{number:08}"
    return Passage(
        f"C{number % 100:03}",
        START + timedelta(seconds=number % 2_000_000, microseconds=number),
        text,
        0.9,
        track=str(number),
        candidates=((text, 0.9), (f"X{text}", 0.05)),
    )


def ended(number: int) -> Passage:
    """The better report of the same."""
    first = seen(number)
    return replace(first, score=0.95, until=first.at + timedelta(seconds=3))


@dataclass
class Camera:
    """Writes new passages, and better reports of those that are there, until it is told to stop.

    Attributes:
        store: it writes to.
        confirmed: how many passages are there for sure; their numbers are those below.
        begun: how many may be there.
        bettered: numbers whose better report is confirmed.
    """

    store: SightingStore
    confirmed: int = 0
    begun: int = 0
    bettered: set[int] = field(default_factory=set)
    longest_s: float = 0.0

    def load(self, passages: int) -> None:
        """Write what is there before."""
        for begin in range(0, passages, LOADED):
            end = min(begin + LOADED, passages)
            self.store.add([seen(number) for number in range(begin, end)])
        self.confirmed = self.begun = passages

    def write(self, stop: threading.Event) -> None:
        """Write on and on."""
        dice = random.Random(1)
        while not stop.is_set():
            numbers = range(self.confirmed, self.confirmed + WRITTEN)
            better = {dice.randrange(self.confirmed) for _ in range(WRITTEN)}
            self.begun = numbers.stop
            began = time.perf_counter()
            self._insist([*map(seen, numbers), *map(ended, better)])
            self.longest_s = max(self.longest_s, time.perf_counter() - began)
            self.confirmed = numbers.stop
            self.bettered |= better

    def _insist(self, passages: list[Passage]) -> None:
        """As a spool does: again until it is taken."""
        while True:
            try:
                self.store.add(passages)
            except StoreError:
                continue
            return


@dataclass
class Officer:
    """Asks for one sighting and counts all, on and on."""

    store: SightingStore
    camera: Camera
    searches: int = 0
    failed: int = 0
    wrong: list[str] = field(default_factory=list)

    def search(self, stop: threading.Event) -> None:
        """Ask until told to stop."""
        dice = random.Random(2)
        while not stop.is_set():
            at_least = self.camera.confirmed
            number = dice.randrange(at_least)
            self.searches += 2
            try:
                page = self.store.find(SearchTerms((seen(number).text,)))
                counted = self.store.count()
            except StoreError:
                self.failed += 1
                continue
            self.failed += page.partial
            if not page.partial and len(page.sightings) != 1:
                self.wrong.append(f"{number} was seen {len(page.sightings)} times")
            if not at_least <= counted <= self.camera.begun:
                self.wrong.append(f"{counted} of {at_least}..{self.camera.begun} were counted")


def reindex_at_work(url: str, name: str, passages: int, timeout_s: float = 20.0) -> Outcome:
    """Reindex a month, kill that in the middle, and run it again to its end.

    Args:
        url: of Elasticsearch, one node.
        name: that the names of the indices begin with.
        passages: that are there before.
        timeout_s: that an answer may take.
    """
    access = Access(replicas=0, timeout_s=timeout_s)
    address = f"{url}/{name}"
    with (
        open_store(address, access) as written,
        open_store(address, access) as asked,
        Elasticsearch(url, request_timeout=60) as client,
    ):
        camera = Camera(written)
        camera.load(passages)
        officer = Officer(asked, camera)
        with at_work(camera.write, officer.search):
            began = time.perf_counter()
            killed = [sys.executable, "-m", __name__, address, str(passages * 6 // 10)]
            assert subprocess.run(killed, check=False).returncode == -signal.SIGKILL
            (left,) = plan(list_indices(client, name), lambda _: False).moves
            assert left.up_to > passages // 3
            second = reindex(address, timeout_s)
            said = second.communicate()[0]
            took = time.perf_counter() - began
            assert second.returncode == 0, said
        with open_store(address, replace(access, timeout_s=PATIENT_S)) as patient:
            found = list(everything(patient))
        indices = tuple(str(index.name) for index in list_indices(client, name))
    ends = {passage.id: passage.until for passage in found}
    lost = [
        number
        for number in range(camera.confirmed)
        if ends.get(seen(number).id, START)
        != (ended(number).until if number in camera.bettered else None)
    ]
    for wrong in officer.wrong[:5]:
        print(wrong, file=sys.stderr)
    return Outcome(
        sightings=len(found),
        written=camera.confirmed - passages,
        bettered=len(camera.bettered),
        lost=len(lost),
        doubled=len(found) - len(ends),
        searches=officer.searches,
        failed=officer.failed,
        wrong=len(officer.wrong),
        longest_write_s=camera.longest_s,
        seconds=took,
        indices=indices,
    )


def reindex(address: str, timeout_s: float) -> "subprocess.Popen[str]":
    """`platetrail store reindex` in a process of its own."""
    environment = {
        **os.environ,
        "PLATETRAIL_SIGHTINGS_URL": address,
        "PLATETRAIL_SIGHTINGS_REPLICAS": "0",
        "PLATETRAIL_SIGHTINGS_TIMEOUT_S": str(timeout_s),
    }
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "reindex", "--month", MONTH],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def at_work(*jobs) -> Iterator[None]:
    """Run jobs in threads until the block ends."""
    stop = threading.Event()
    threads = [threading.Thread(target=job, args=(stop,)) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def move_and_die(address: str, sightings: int) -> None:
    """Move the month, and die when so many sightings are copied."""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if done >= sightings:
            os.kill(os.getpid(), signal.SIGKILL)

    with Cluster(address, Access(replicas=0)) as cluster:
        (move,) = plan(list_indices(cluster.client, cluster.name), lambda _: True).moves
        Mover(cluster.client, 0, 0).move(move, tell)


def everything(store: SightingStore) -> Iterator[Passage]:
    """All passages, newest first."""
    terms = SearchTerms(("*",), limit=MAX_LIMIT)
    while True:
        page = store.find(terms)
        assert not page.partial
        yield from (sighting.passage for sighting in page.sightings)
        if page.next is None:
            return
        terms = replace(terms, after=page.next)


if __name__ == "__main__":
    move_and_die(sys.argv[1], int(sys.argv[2]))
