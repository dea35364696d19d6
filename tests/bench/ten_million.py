"""How quickly a city's year of sightings is searched in Elasticsearch, on one node.

`python -m tests.bench.ten_million --count 10000000` loads what is lacking, minutes the first time,
and asks the store, then the pages while passages are taken in. The data of the node stays in
`.cache/elasticsearch-data` for the next run.
"""

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import click
from elasticsearch import Elasticsearch

from search.elastic.access import Access
from search.opening import open_store
from search.store import SightingStore
from search.terms import SearchTerms
from tests.bench.city_pages import page_rows
from tests.bench.city_questions import AIMS_MS, questions
from tests.bench.city_year import SEEN_AGAIN, parts_of, sightings, size_of, span_of
from tests.bench.store import Row
from tests.bench.timing import middle_and_most
from tests.elasticsearch import elasticsearch

VERSION = "8.19.21"
KEPT = Path(".cache/elasticsearch-data")  # of the node: loading takes minutes
PATIENT = Access(replicas=0, timeout_s=600)
AT_ONCE = 2000  # passages of one call
LOADERS = 2  # processes


@contextmanager
def city(count: int) -> Iterator[str]:
    """A node that holds so many sightings, until the block ends; its data stays.

    Yields:
        The URL of the node; `store_of` says where they are.
    """
    data = KEPT.absolute()
    data.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(data, "nobody", "nogroup")
    with elasticsearch(VERSION, path__data=str(data)) as server:
        with Elasticsearch(server.url, request_timeout=600) as client:
            client.cluster.health(wait_for_status="green", timeout="10m")  # what is kept is there
        load(server.url, count)
        yield server.url


def store_of(server: str, count: int) -> str:
    """The URL of the store of so many sightings; the data of several counts can be kept."""
    return f"{server}/year-{count}"


def load(server: str, count: int) -> None:
    """Write the parts that are lacking; says how far it is."""
    url = store_of(server, count)
    with open_store(url, PATIENT) as store:
        if store.count() == count:
            return
        lacking = [part for part in range(parts_of(count)) if not _is_there(store, part, count)]
        click.echo(f"{len(lacking)} of {parts_of(count)} parts to load into {KEPT}", err=True)
        began = time.monotonic()
        with ProcessPoolExecutor(LOADERS) as processes:
            done = processes.map(partial(_load_part, url, count), lacking)
            for number, _ in enumerate(done, 1):
                left = (time.monotonic() - began) / number * (len(lacking) - number)
                click.echo(f"{number} of {len(lacking)} parts, {left:,.0f} s to go", err=True)
        store.add(())
        assert store.count() == count, store.count()


def city_rows(count: int = 1_000_000, with_pages: bool = True) -> Iterator[Row]:
    """Questions to the store, and to the pages while passages are taken in."""
    asked = questions(count // SEEN_AGAIN)
    with city(count) as server:
        with open_store(store_of(server, count), PATIENT) as store:
            yield from _store_rows(store, asked)
        if with_pages:
            yield from page_rows(server, store_of(server, count), asked)


def _store_rows(store: SightingStore, asked: Mapping[str, Sequence[SearchTerms]]) -> Iterator[Row]:
    """Every question twice; the first round, which warms, does not count."""
    for kind, all_of_it in asked.items():
        _asked(store, all_of_it)
        p50, p95 = middle_and_most(_asked(store, all_of_it))
        yield f"{kind}, p50", p50, "ms", None
        yield f"{kind}, p95", p95, "ms", AIMS_MS.get(kind)


def _is_there(store: SightingStore, part: int, count: int) -> bool:
    return sum(store.count_by_camera(*span_of(part, count)).values()) == size_of(part, count)


def _load_part(url: str, count: int, part: int) -> None:
    with open_store(url, PATIENT) as store:
        rest = sightings(part, count)
        while batch := list(islice(rest, AT_ONCE)):
            store.add(batch, can_wait=True)


def _asked(store: SightingStore, asked: Sequence[SearchTerms]) -> list[float]:
    took = []
    for terms in asked:
        start = time.perf_counter()
        page = store.find(terms)
        took.append(1000 * (time.perf_counter() - start))
        assert not page.partial
    return took


@click.command()
@click.option("--count", default=10_000_000, show_default=True, help="Sightings.")
@click.option("--pages/--no-pages", default=True, help="Ask the pages, too.")
def main(count: int, pages: bool) -> None:
    """Measure on this machine, now."""
    for what, value, unit, aim in city_rows(count, pages):
        click.echo(f"{what}: {value:,.1f} {unit}" + (f" (aim < {aim:g})" if aim else ""))


if __name__ == "__main__":
    main()
