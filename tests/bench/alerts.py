"""Alerts of a crowded city with known truth: how many come, how many are false, how quickly.

`python -m tests.bench.alerts`. The first run draws and reads plates for some minutes; what was read
stays in .cache for the next one.
"""

import gc
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click
from sqlalchemy import Engine

from search.alerts.keeping import list_hits
from search.alerts.matcher import Matcher
from search.alerts.watch import Watch
from search.alerts.weighing import Weigher
from search.confusing import Confusions, load_confusions
from search.opening import open_store
from search.registry.opening import open_registry
from search.sqlite import SqliteStore
from search.watchlists.entry import Entry, Watchlist
from search.watchlists.keeping import save_entries
from tests.bench.crowded_city import DAYS, START, Seen, crowded_city
from tests.bench.read_plates import read_plates
from tests.bench.store import Row

T = TypeVar("T")
READ, READ_SEED = 15_000, 104  # rendered plates; the constants were chosen on those of 103
CITY_SEED = 12  # they were chosen on the city of 11
LEAST_SCORE = 0.05  # below which a text is no reading
ENTRIES = 10_000
MANY, PATTERNS = 100_000, 1_000
BATCH = 2000  # passages, as ingest takes them
UNTIL = START + timedelta(days=10 * DAYS)
EVER = START + timedelta(days=20 * DAYS)
RATE = 5000.0  # passages a second
LEAST_ALERTED, MOST_FALSE = 0.98, 2.0


def alert_rows(
    count: int = 300_000, city_seed: int = CITY_SEED, read_seed: int = READ_SEED
) -> Iterator[Row]:
    """Rows of the second half of a month, after the sightings of the first."""
    readings = [one for one in read_plates(READ, read_seed) if one.score >= LEAST_SCORE]
    seen = list(crowded_city(count, city_seed, readings))
    with TemporaryDirectory(prefix="platetrail-bench-") as folder:
        registry = open_registry(f"sqlite:///{folder}/registry.db")
        with open_store(f"sqlite:///{folder}/sightings.db") as store:
            yield from _outcome_rows(seen, registry, store)
        yield from _matching_rows(seen, Path(folder))


def _outcome_rows(seen: Sequence[Seen], registry: Engine, store: SqliteStore) -> Iterator[Row]:
    half = len(seen) // 2
    for part in _parts(seen[:half]):
        store.add([one.passage for one in part], can_wait=True)
    plates = sorted({one.plate for one in seen})
    listed = set(random.Random(1).sample(plates, ENTRIES))
    save_entries(registry, _entries(sorted(listed)), {"stolen": ""}, "bench", START)
    watch = Watch(registry, load_confusions(None), lambda: EVER)
    took = 0.0
    for part in _parts(seen[half:]):
        passages = [one.passage for one in part]
        store.add(passages, can_wait=True)
        start = time.perf_counter()
        watch.look(store, passages)
        watch.look(store, passages[: BATCH // 2])  # a part of it comes again
        took += time.perf_counter() - start
    truth = {one.passage.id: one.plate for one in seen[half:]}
    hits = list_hits(registry)
    right = {hit.sighting_id for hit in hits if truth[hit.sighting_id] == hit.entry}
    wanted = {name for name, plate in truth.items() if plate in listed}
    doubled = sum(n - 1 for n in Counter(hit.sighting_id for hit in hits).values())
    misread = {
        one.passage.id
        for one in seen[half:]
        if one.plate in listed and one.passage.text != one.plate
    }
    false = 10_000 * (len(hits) - len(right)) / len(truth)
    missed = 1 - len(right & wanted) / len(wanted)
    yield f"of {len(wanted):,} listed passages: no alert", missed, "share", 1 - LEAST_ALERTED
    yield "of those that were misread", 1 - len(right & misread) / len(misread), "share", None
    yield "false alerts in 10,000 passages", false, "", MOST_FALSE
    yield "alerts doubled", float(doubled), "", 0.5
    yield "raising them, with the store asked, of a passage", took / len(truth) * 1e6, "us", None


def _matching_rows(seen: Sequence[Seen], folder: Path) -> Iterator[Row]:
    """Matching alone, on one core, with an empty store."""
    confusions = load_confusions(None)
    matcher = _matcher(sorted({one.plate for one in seen})[:MANY], confusions)
    passages = [one.passage for one in seen[:50_000]]
    gc.collect()
    with open_store(f"sqlite:///{folder}/empty.db") as store:
        start = time.perf_counter()
        for part in _parts(passages):
            weigher = Weigher(store, confusions)
            for passage in part:
                if found := matcher.find(passage, ""):
                    weigher.hits(passage, found)
        took = time.perf_counter() - start
    what = f"matching a passage against {MANY:,} entries and {PATTERNS:,} patterns"
    yield what, took / len(passages) * 1e6, "us", 1e6 / RATE


def _matcher(plates: Sequence[str], confusions: Confusions) -> Matcher:
    matcher = Matcher(confusions)
    matcher.set_list(Watchlist("stolen"))
    for entry in _entries(plates).values():
        matcher.put(entry)
    for plate in random.Random(1).sample(plates, PATTERNS):
        matcher.put(Entry("stolen", f"{plate[:-2]}*", "bench", UNTIL))
    return matcher


def _entries(plates: Sequence[str]) -> dict[tuple[str, str], Entry]:
    return {("stolen", plate): Entry("stolen", plate, "bench", UNTIL) for plate in plates}


def _parts(items: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, BATCH)):
        yield part


@click.command()
@click.option("--count", default=300_000, show_default=True, help="Passages.")
@click.option("--city-seed", default=CITY_SEED, show_default=True)
@click.option("--read-seed", default=READ_SEED, show_default=True)
def main(count: int, city_seed: int, read_seed: int) -> None:
    """Measure on this machine, now."""
    for what, value, unit, aim in alert_rows(count, city_seed, read_seed):
        click.echo(f"{what}: {value:,.4f} {unit}" + (f" (aim < {aim:g})" if aim else ""))


if __name__ == "__main__":
    main()
