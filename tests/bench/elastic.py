"""How quickly passages are kept in Elasticsearch, how much room they take, and how they are found.

`python -m tests.bench.elastic --count 20000` measures less than `make bench` does. Rows are as in
`tests.bench.store`.
"""

import gc
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import click
from elasticsearch import Elasticsearch, helpers

from lpr.passage_lines import parse_passage
from lpr.passages import Passage, format_passage
from lpr.readings import Character
from lpr.spool.segments import read_lines
from search.elastic import mapping
from search.elastic.access import Access
from search.elastic.documents import document_id, to_document
from search.evidence import FolderEvidence
from search.ingest import BATCH, Ingest, Source, ingest_lines
from search.opening import open_store
from tests.bench.store import DAYS, START, Row, passages, question_rows
from tests.elasticsearch import elasticsearch

VERSION = "8.19.21"
PATIENT = Access(replicas=0, timeout_s=60)
ROUNDS = 4  # of both ways in turn, so that they meet the same disturbances
MOST_BYTES = 250.0  # of a sighting
ONE_UNSURE_OF = 30  # characters
SURE = (0.996, 0.998)  # probabilities of the others
RATE = 0.8  # of a bare bulk; what takes 1 / .8 of its time has it


def elastic_rows(count: int = 200_000) -> list[Row]:
    """Ingest beside a bare bulk, bytes on disk, and questions, on one node of this machine."""
    with (
        elasticsearch(VERSION) as server,
        Elasticsearch(server.url, request_timeout=600) as client,
        TemporaryDirectory(prefix="platetrail-bench-") as folder,
    ):
        rows = _rate_rows(client, server.url, Path(folder), count // ROUNDS)
        without = (replace(passage, chars=()) for passage in as_cameras_send(count))
        for words, seen in (
            ("all but the characters", without),
            ("of a reader that is never sure", as_cameras_send(count, is_unsure=True)),
            ("every field", as_cameras_send(count)),
        ):
            name = _name()
            with open_store(f"{server.url}/{name}", PATIENT) as store:
                while batch := list(islice(seen, BATCH)):
                    store.add(batch)
                size = _bytes(client, name)
            rows.append((f"on disk a sighting, {words}", size, "bytes", MOST_BYTES))
        with open_store(f"{server.url}/{name}", PATIENT) as store:
            asked = question_rows(store)
        rows += [(f"Elasticsearch, {what}", took, unit, None) for what, took, unit, _ in asked]
    return rows


def _rate_rows(client: Elasticsearch, url: str, folder: Path, count: int) -> list[Row]:
    """Both ways in turn, each round with passages of its own and an empty index for each way."""
    bare = ours = 0.0
    for seed in range(ROUNDS):
        file = folder / f"{seed}.ndjson"
        lines = [format_passage(passage) for passage in passages(count, seed)]
        file.write_text("".join(line + "\n" for line in lines))
        actions = [_action(parse_passage(line)) for line in lines]
        gc.collect()
        gc.freeze()  # what the benchmark holds is no garbage that either way has to look through
        bare += _seconds(partial(_bulk, client, _name(), actions))
        ours += _seconds(partial(_ingest, f"{url}/{_name()}", file, folder, count))
    return [
        (f"bare bulk of {ROUNDS * count:,} documents into Elasticsearch", bare, "s", None),
        ("ingest of the same passages", ours, "s", None),
        ("that is, as long as the bare bulk", ours / bare, "times", 1 / RATE),
    ]


def _bulk(client: Elasticsearch, name: str, actions: list[dict[str, object]]) -> None:
    """As the client's own helper does it, into an index like ours."""
    client.indices.create(index=name, mappings=mapping.MAPPINGS, settings=mapping.settings(0))
    helpers.bulk(client, actions, index=name, chunk_size=BATCH)
    client.indices.refresh(index=name)


def _ingest(url: str, file: Path, folder: Path, count: int) -> None:
    with open_store(url, PATIENT) as store, file.open("rb") as lines:
        later = START + timedelta(days=2 * DAYS)
        way = Ingest(store, FolderEvidence(folder), print, print, lambda: later)
        counts = ingest_lines(read_lines(lines), Source("bench"), way)
    assert counts.new == count, counts


def _action(passage: Passage) -> dict[str, object]:
    return {"_id": document_id(passage.id), "_source": to_document(passage.id, passage)}


def as_cameras_send(count: int, is_unsure: bool = False) -> Iterator[Passage]:
    """Passages to the millisecond, with an end, pictures, and scores that differ.

    Args:
        count: of passages.
        is_unsure: whether their reader holds another character possible everywhere; ours does so
            at one place of `ONE_UNSURE_OF`.
    """
    dice = random.Random(1)
    for passage in passages(count):
        at = passage.at.replace(microsecond=dice.randrange(1000) * 1000)
        yield replace(
            passage,
            at=at,
            until=at + timedelta(milliseconds=dice.randrange(300, 9000)),
            score=dice.betavariate(20, 1),
            candidates=tuple((text, dice.random()) for text, _ in passage.candidates),
            chars=tuple(_slot(slot, is_unsure, dice) for slot in passage.chars),
            frame=dice.randbytes(32).hex(),
            crop=dice.randbytes(32).hex(),
            direction=dice.choice(("towards", "away")),
        )


def _slot(slot: Character, is_unsure: bool, dice: random.Random) -> Character:
    if is_unsure or dice.random() * ONE_UNSURE_OF < 1:
        return tuple((character, dice.random()) for character, _ in slot)
    return ((slot[0][0], dice.uniform(*SURE)),)


def _bytes(client: Elasticsearch, name: str) -> float:
    """Of each sighting, when its segments are merged."""
    client.indices.forcemerge(index=name, max_num_segments=1)
    client.indices.flush(index=name)
    primaries = client.indices.stats(index=name)["_all"]["primaries"]
    return float(primaries["store"]["size_in_bytes"] / primaries["docs"]["count"])


def _name() -> str:
    return f"b{uuid4().hex}"


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


@click.command()
@click.option("--count", default=200_000, show_default=True, help="Passages.")
def main(count: int) -> None:
    """Measure on this machine, now."""
    for what, value, unit, aim in elastic_rows(count):
        click.echo(f"{what}: {value:,.2f} {unit}" + (f" (aim < {aim:g})" if aim else ""))


if __name__ == "__main__":
    main()
