"""Months are moved into other indices, on a real server, and nobody notices."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from lpr.passages import Passage
from search.elastic import mapping
from search.elastic.access import Access
from search.elastic.cluster import Cluster
from search.elastic.documents import document_id, to_document
from search.elastic.lifecycle import list_indices
from search.elastic.moving import Mover
from search.elastic.planning import Move, has_older_mapping
from search.errors import StoreError
from search.opening import open_store
from search.settings import StoreSettings
from search.store import Added, TextCounts
from search.terms import SearchTerms
from search.testing import Shell
from tests.elasticsearch import Server, versions_that_run
from tests.reindexing import reindex_at_work

VERSION = "8.19.21"
JANUARY = datetime(2026, 1, 31, 12, tzinfo=UTC)
FEBRUARY = JANUARY + timedelta(days=1)
MONTH = "2026-01"
ONE_NODE = Access(replicas=0, timeout_s=60)  # this machine may have other work
LINGER_S = 0.1  # nobody searches meanwhile
ALL = SearchTerms(("*",), limit=10_000)


def seen(track: int, at: datetime = JANUARY, **more: Any) -> Passage:
    return Passage("C001", at, f"30A{track:05}", 0.9, track=str(track), **more)


def ended(track: int) -> Passage:
    return replace(seen(track), text="29B11111", until=JANUARY + timedelta(seconds=9))


@pytest.fixture(scope="module", params=versions_that_run())
def url(request: pytest.FixtureRequest, server: Callable[[str], Server]) -> str:
    return server(request.param).url


@pytest.fixture
def shell(url: str, name: str, tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.settings = StoreSettings(
        data_dir=tmp_path,
        sightings_url=f"{url}/{name}",
        sightings_replicas=0,
        sightings_timeout_s=LINGER_S,
    )
    return shell


def add(url: str, name: str, *passages: Passage) -> Added:
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        return store.add(passages)


def tracks(url: str, name: str) -> list[str]:
    """Of all that is found, oldest first."""
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        return sorted(s.passage.track or "" for s in store.find(ALL).sightings)


def kept(client: Elasticsearch, name: str) -> list[str]:
    """Our indices without the name, those that are not searched in brackets."""
    return [
        text if index.is_searched else f"({text})"
        for index in list_indices(client, name)
        for text in [str(index.name).removeprefix(f"{name}-")]
    ]


def half_moved(client: Elasticsearch, name: str) -> Move:
    """A move whose mover was killed when all was copied and nobody could write."""
    (old,) = list_indices(client, name)
    move = Move(old, old.name.next(mapping.VERSION))
    mover = Mover(client, 0, LINGER_S)
    mover._begin(move)
    mover._copy(move, -1, mover._settled(str(old.name)), bool)
    client.indices.add_block(index=str(old.name), block="write")
    return move


def test_nothing_is_lost_doubled_or_missed_while_a_killed_reindex_is_run_again(
    server: Callable[[str], Server],
) -> None:
    name = f"t{uuid4().hex}"
    outcome = reindex_at_work(server(VERSION).url, name, 20_000)
    assert outcome.indices == (f"{name}-{MONTH}-v2-r2",)
    assert (outcome.lost, outcome.doubled, outcome.failed, outcome.wrong) == (0, 0, 0, 0)
    assert outcome.sightings == 20_000 + outcome.written
    assert min(outcome.written, outcome.bettered, outcome.searches) > 100


def test_a_month_with_an_older_mapping_is_made_anew_and_others_stay(
    client: Elasticsearch, url: str, name: str, shell: Shell
) -> None:
    properties = {**mapping.MAPPINGS["properties"]}
    properties["text"] = {"type": "keyword", "doc_values": False}
    meta = {"made_by": mapping.MADE_BY, "version": 1}
    older = {**mapping.MAPPINGS, "_meta": meta, "properties": properties}
    aliases = {name: {}, f"{name}-{MONTH}": {"is_write_index": True}}
    index = f"{name}-{MONTH}-v1"
    client.indices.create(
        index=index, mappings=older, settings=mapping.settings(0), aliases=aliases
    )
    for number in range(30):
        passage = seen(number)
        client.index(
            index=index,
            id=document_id(passage.id),
            document=to_document(passage.id, passage),
            version=0,
            version_type="external",
        )
    add(url, name, seen(1, FEBRUARY), ended(7))
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        before = store.find(ALL)
        counts = {"30A00001": 2, "30A00002": 1}
        asked = SearchTerms((*counts, "30A99999"))
        assert store.count_by_text(asked) == TextCounts(counts)
        told = shell.run("store", "status").stdout
        assert f"to do: {MONTH}: mapping older than 2: platetrail store migrate" in told
        assert shell.run("store", "migrate").stdout == f"{index} is now {name}-{MONTH}-v2\n"
        assert store.find(ALL) == before
        assert store.count_by_text(asked) == TextCounts(counts)
    assert kept(client, name) == [f"{MONTH}-v2", "2026-02-v2"]
    about = client.indices.get(index=f"{name}-{MONTH}-v2")[f"{name}-{MONTH}-v2"]
    assert about["mappings"]["_meta"] == {"made_by": "PlateTrail", "version": 2}
    assert about["aliases"] == {name: {}, f"{name}-{MONTH}": {"is_write_index": True}}
    assert add(url, name, seen(7), ended(7), seen(99)) == Added(1, 2)
    assert shell.run("store", "migrate").stdout == "nothing to do\n"


def test_a_month_with_other_settings_is_made_anew_and_named_ones_are(
    client: Elasticsearch, url: str, name: str, shell: Shell
) -> None:
    add(url, name, seen(1), seen(2, FEBRUARY))
    assert shell.run("store", "reindex").stdout == "nothing to do\n"
    client.indices.put_settings(index=f"{name}-{MONTH}", settings={"max_result_window": 20_000})
    for round_number in (2, 3):
        month = ("--month", MONTH) if round_number == 3 else ()
        said = shell.run("store", "reindex", *month)
        assert said.stdout.endswith(f"is now {name}-{MONTH}-v2-r{round_number}\n")
    assert kept(client, name) == [f"{MONTH}-v2-r3", "2026-02-v2"]
    assert tracks(url, name) == ["1", "2"]
    said = shell.run("store", "reindex", "--month", "2025-12")
    assert (said.exit_code, said.stderr) == (1, "Error: there are no sightings of 2025-12\n")


def test_a_camera_waits_for_the_moment_in_which_a_month_is_closed(
    client: Elasticsearch, url: str, name: str, shell: Shell
) -> None:
    add(url, name, *map(seen, range(50)))
    half_moved(client, name)
    add(url, name, seen(50, FEBRUARY))  # other months take what comes
    said = shell.run("store", "status")
    assert said.exit_code == 1
    assert f"ILL: {MONTH}: a month takes nothing" in said.stdout
    with ThreadPoolExecutor(1) as camera:
        adding = camera.submit(add, url, name, seen(51), ended(3))
        assert shell.run("store", "migrate").exit_code == 0
        assert adding.result() == Added(1, 1)
    assert kept(client, name) == [f"{MONTH}-v2-r2", "2026-02-v2"]
    assert len(tracks(url, name)) == 52
    assert shell.run("store", "status").stdout.splitlines()[1] == "well"


def test_what_a_month_took_until_it_was_dropped_is_taken_over(
    client: Elasticsearch, url: str, name: str, shell: Shell
) -> None:
    add(url, name, *map(seen, range(50)))
    move = half_moved(client, name)
    mover = Mover(client, 0, LINGER_S)
    mover._compare(str(move.old.name), str(move.new))
    mover._swap(move)  # and then it is killed; somebody lifts the block and writes
    client.indices.put_settings(index=str(move.old.name), settings={"index.blocks.write": None})
    late = seen(77)
    client.index(
        index=str(move.old.name),
        id=document_id(late.id),
        document=to_document(late.id, late),
        version=0,
        version_type="external",
        refresh=True,
    )
    assert kept(client, name) == [f"({MONTH}-v2)", f"{MONTH}-v2-r2"]
    assert "not searched: " in shell.run("store", "status").stdout
    assert shell.run("store", "reindex").exit_code == 0
    assert kept(client, name) == [f"{MONTH}-v2-r2"]
    client.indices.refresh(index=name)
    assert len(tracks(url, name)) == 51


def test_of_two_that_move_a_month_one_fails_and_harms_nothing(
    client: Elasticsearch, url: str, name: str, shell: Shell
) -> None:
    add(url, name, *map(seen, range(50)))
    move = half_moved(client, name)
    assert shell.run("store", "migrate").exit_code == 0
    add(url, name, seen(50))
    with (
        Cluster(f"{url}/{name}", ONE_NODE) as cluster,
        pytest.raises(StoreError, match=r"404|index_not_found"),
        cluster.told(),
    ):
        Mover(client, 0, LINGER_S)._swap(move)
    assert kept(client, name) == [f"{MONTH}-v2-r2"]
    assert len(tracks(url, name)) == 51


def test_a_copy_whose_month_was_dropped_goes(
    client: Elasticsearch, url: str, name: str, shell: Shell
) -> None:
    add(url, name, *map(seen, range(5)))
    move = half_moved(client, name)
    client.indices.delete(index=str(move.old.name))
    assert kept(client, name) == [f"({MONTH}-v2-r2)"]
    assert shell.run("store", "migrate").stdout == "nothing to do\n"
    assert kept(client, name) == []
    assert add(url, name, seen(1)) == Added(1, 0)


def test_what_was_deleted_meanwhile_is_never_brought_back(
    client: Elasticsearch, url: str, name: str, shell: Shell
) -> None:
    add(url, name, *map(seen, range(5)))
    move = half_moved(client, name)
    old = str(move.old.name)
    client.indices.put_settings(index=old, settings={"index.blocks.write": None})
    client.delete(index=old, id=document_id(seen(3).id), refresh=True)
    said = shell.run("store", "migrate")
    assert "has 4 sightings and its copy" in said.stderr
    assert f"delete the index {move.new} and run it again" in said.stderr
    assert add(url, name, seen(6)) == Added(1, 0)  # and cameras may write
    client.indices.delete(index=str(move.new))
    with Cluster(f"{url}/{name}", replace(ONE_NODE, timeout_s=LINGER_S)) as cluster:
        assert cluster.move_months(has_older_mapping) == ()
    assert shell.run("store", "reindex", "--month", MONTH).exit_code == 0
    assert tracks(url, name) == ["0", "1", "2", "4", "6"]
