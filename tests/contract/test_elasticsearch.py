"""What only Elasticsearch does, on real servers."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from elasticsearch import Elasticsearch

from lpr.passages import Passage
from lpr.spool import SpoolWriter
from lpr.times import format_utc
from search.elastic import mapping
from search.elastic.access import Access
from search.elastic.lifecycle import drop_months
from search.errors import StoreError
from search.opening import open_store
from search.settings import StoreSettings
from search.store import Added
from search.terms import SearchTerms
from search.testing import Shell
from tests.certificates import write_certificate
from tests.elasticsearch import USER, Server, damage, elasticsearch
from tests.ports import free_port

VERSION = "8.19.21"
JANUARY = datetime(2026, 1, 31, 12, tzinfo=UTC)
FEBRUARY = JANUARY + timedelta(days=1)
ONE_NODE = Access(replicas=0, timeout_s=60)  # this machine may have other work
PASSWORD = "rather-a-long-one"
RIGHTS = {"ingest": ["index", "manage"], "pages": ["read", "view_index_metadata"]}
RIGHTS["run"] = RIGHTS["ingest"] + RIGHTS["pages"]  # pages and ingest in one
ALL = SearchTerms(("*",), limit=10_000)


def seen(at: datetime = JANUARY, text: str = "30A12345", track: str = "1") -> Passage:
    return Passage("C001", at, text, 0.9, track=track)


@pytest.fixture(scope="module")
def url(server: Callable[[str], Server]) -> str:
    return server(VERSION).url


@pytest.fixture(scope="module")
def secured() -> Iterator[Server]:
    """A node that wants HTTPS and a password, and takes little at once."""
    few = {"thread_pool__write__size": "1", "thread_pool__write__queue_size": "1"}
    with elasticsearch(VERSION, PASSWORD, RIGHTS, **few) as running:
        yield running


def shell_on(url: str, name: str, folder: Path) -> Shell:
    shell = Shell(folder)
    shell.settings = StoreSettings(
        data_dir=folder,
        sightings_url=f"{url}/{name}",
        sightings_replicas=0,
        sightings_timeout_s=60,
    )
    return shell


def entering(server: Server, **other: object) -> Access:
    access = Access(USER, PASSWORD, ca_file=server.ca_file, timeout_s=60, replicas=0)
    return replace(access, **other)


def test_each_month_has_an_index_with_our_mapping(
    client: Elasticsearch, url: str, name: str
) -> None:
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        assert store.add([seen(), seen(FEBRUARY), seen(track="2")]) == Added(3, 0)
    found = client.indices.get(index=name).body
    assert sorted(found) == [f"{name}-2026-01-v2", f"{name}-2026-02-v2"]
    for index in found.values():
        assert index["mappings"]["_meta"] == {"made_by": "PlateTrail", "version": 2}
        assert index["mappings"]["dynamic"] == "strict"
        assert index["settings"]["index"]["codec"] == "best_compression"
    assert client.count(index=f"{name}-2026-01")["count"] == 2


def test_old_months_are_dropped_whole_and_may_come_again(
    client: Elasticsearch, url: str, name: str
) -> None:
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        store.add([seen(), seen(FEBRUARY)])
        assert drop_months(client, name, JANUARY) == ()
        assert drop_months(client, name, FEBRUARY) == (f"{name}-2026-01-v2",)
        assert [s.passage.at for s in store.find(ALL).sightings] == [FEBRUARY]
        assert store.add([seen(), seen(FEBRUARY)]) == Added(1, 1)


def test_writers_that_begin_a_month_at_once_lose_and_double_nothing(url: str, name: str) -> None:
    passages = [seen(track=str(number)) for number in range(200)]

    def add(_: int) -> Added:
        with open_store(f"{url}/{name}", ONE_NODE) as store:
            return store.add(passages)

    with ThreadPoolExecutor(4) as threads:
        added = list(threads.map(add, range(4)))
    assert (sum(a.new for a in added), sum(a.known for a in added)) == (200, 600)


def test_whatever_is_a_passage_is_taken(url: str, name: str) -> None:
    odd = [
        replace(seen(text=""), candidates=(("Đ" * 40_000, 0.5), ("", 0.1))),
        replace(
            seen(track="ü" * 40_000), raw="\x00\n\u2028", until=datetime(1960, 1, 1, tzinfo=UTC)
        ),
        seen(datetime(1, 1, 1, tzinfo=UTC)),
        seen(datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
    ]
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        assert store.add(odd) == Added(4, 0)
        assert [store.get(p.id).passage.at for p in odd] == [p.at for p in odd]  # type: ignore[union-attr]  # None fails as well
        assert [s.passage.at.year for s in store.find(ALL).sightings] == [9999, 2026, 2026, 1]


def test_a_part_that_does_not_answer_is_said_and_never_counted_as_nothing(
    client: Elasticsearch, server: Callable[[str], Server], name: str, tmp_path: Path
) -> None:
    with open_store(f"{server(VERSION).url}/{name}", ONE_NODE) as store:
        store.add([seen(), seen(FEBRUARY)])
        damage(client, server(VERSION), f"{name}-2026-01-v2")
        page = store.find(ALL)
        assert ([s.passage.at for s in page.sightings], page.partial) == ([FEBRUARY], True)
        for ask in (store.count, store.latest, lambda: store.get(seen().id)):
            with pytest.raises(StoreError, match="not all of it answered"):
                ask()
        with pytest.raises(StoreError, match="sightings_replicas"):
            store.add([seen(track="2")])
    said = shell_on(server(VERSION).url, name, tmp_path).run("search", "*", "--reason", "a test")
    assert [json.loads(line)["at"] for line in said.stdout.splitlines()] == [format_utc(FEBRUARY)]
    assert "did not answer in time: sightings may be lacking" in said.stderr


def test_the_command_line_takes_in_what_the_spool_holds_and_finds_it(
    url: str, name: str, tmp_path: Path
) -> None:
    shell = shell_on(url, name, tmp_path)
    with SpoolWriter(shell.settings.spool_dir) as spool:
        for passage in (seen(), replace(seen(), text="30A99999", until=FEBRUARY), seen(FEBRUARY)):
            spool.append(passage)
    said = shell.run("ingest")
    assert (said.exit_code, said.stderr.splitlines()[-1]) == (0, "2 new, 1 known, 0 refused")
    assert [line["text"] for line in shell.found("30A*")] == ["30A12345", "30A99999"]
    assert shell.run("ingest", "-", given="no passage\n").exit_code == 1


def test_an_index_of_another_program_is_left_alone(
    client: Elasticsearch, url: str, name: str
) -> None:
    client.indices.create(index=name)
    with pytest.raises(StoreError, match=f"index {name} is another program's: give sightings_url"):
        open_store(f"{url}/{name}", ONE_NODE)
    with open_store(f"{url}/{name}-more", ONE_NODE) as store:
        client.indices.create(index=f"{name}-more-2026-01-v2")
        with pytest.raises(StoreError, match="another program's: give sightings_url"):
            store.add([seen()])
    with open_store(f"{url}/{name}-late", ONE_NODE) as store:
        client.indices.create(index=f"{name}-late")
        with pytest.raises(StoreError, match="another program's: give sightings_url"):
            store.add([seen()])


def test_an_index_of_a_newer_version_is_refused(client: Elasticsearch, url: str, name: str) -> None:
    newer = {"_meta": {"made_by": mapping.MADE_BY, "version": mapping.VERSION + 1}}
    client.indices.create(index=f"{name}-2026-01-v3", mappings=newer, aliases={name: {}})
    with pytest.raises(StoreError, match=r"newer PlateTrail .mapping 3, this one knows 2.: update"):
        open_store(f"{url}/{name}", ONE_NODE)


def test_a_full_disk_is_said_and_what_is_there_is_still_found(
    client: Elasticsearch, url: str, name: str
) -> None:
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        store.add([seen()])
        full = "index.blocks.read_only_allow_delete"  # what Elasticsearch sets on a full disk
        client.indices.put_settings(index=name, settings={full: True})
        with pytest.raises(StoreError, match="its disk is full"):
            store.add([seen(track="2")])
        assert store.count() == len(store.find(ALL).sightings) == 1
        client.indices.put_settings(index=name, settings={full: None})
        assert store.add([seen(track="2")]) == Added(1, 0)


def test_a_second_copy_that_no_node_can_take_is_said_and_the_setting_helps(
    url: str, name: str
) -> None:
    with open_store(f"{url}/{name}", replace(ONE_NODE, replicas=1)) as store:
        with pytest.raises(StoreError, match="sightings_replicas = 0"):
            store.add([seen()])
        assert store.count() == 0
    with open_store(f"{url}/{name}", ONE_NODE) as store:
        assert store.add([seen()]) == Added(1, 0)


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(StoreError, match=r"cannot be reached: .* sightings_url"):
        open_store(f"http://127.0.0.1:{free_port()}")


def test_a_server_that_is_something_else_is_said(tmp_path: Path) -> None:
    here = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    (tmp_path / "platetrail").write_text("{}")
    with ThreadingHTTPServer(("127.0.0.1", 0), here) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(StoreError, match=r"no Elasticsearch 8.19 or 9: see sightings_url"):
            open_store(f"http://127.0.0.1:{other.server_port}")
        other.shutdown()


def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_the_setting_says() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(StoreError, match=r"did not answer in time .sightings_timeout_s."):
            open_store(f"http://127.0.0.1:{port}", Access(timeout_s=0.2))


def test_a_secured_server_lets_in_who_has_password_and_certificate(secured: Server) -> None:
    with open_store(secured.url, entering(secured)) as store:
        assert store.add([seen()]) == Added(1, 0)
        assert store.count() == 1


def test_who_takes_in_may_not_read_and_who_reads_may_not_write(secured: Server) -> None:
    may_not = "sightings_user may not do this"
    with open_store(f"{secured.url}/own", entering(secured, user="ingest")) as store:
        assert store.add([seen(), seen(FEBRUARY)]) == Added(2, 0)
        with pytest.raises(StoreError, match=may_not):
            store.find(ALL)
    with open_store(f"{secured.url}/own", entering(secured, user="pages")) as store:
        assert len(store.find(ALL).sightings) == store.count() == 2
        with pytest.raises(StoreError, match=may_not):
            store.add([seen(track="2")])
        assert list(store.latest()) == ["C001"]
        assert store.count_by_camera(JANUARY, FEBRUARY) == {"C001": 1}
        assert store.get(seen().id) is not None
    with open_store(f"{secured.url}/own", entering(secured, user="run")) as store:
        assert store.add([seen(track="2")]) == Added(1, 0)
        assert store.count() == 3


def test_init_and_status_say_which_rights_a_user_lacks(secured: Server, tmp_path: Path) -> None:
    def said(user: str, command: str) -> str:
        shell = shell_on(secured.url, "looked-after", tmp_path)
        entered = {"user": user, "password": PASSWORD, "ca_file": secured.ca_file}
        more = {f"sightings_{key}": value for key, value in entered.items()}
        shell.settings = StoreSettings(**(shell.settings.model_dump() | more))
        result = shell.run("store", command)
        assert result.exit_code == 0, result.output
        return result.stdout

    assert "this user may take in, look after and find sightings" in said(USER, "init")
    assert "this user has not the right read" in said("ingest", "init")
    assert "node one: " in said(USER, "status")
    assert "to do: free disks are shown to a user with the right monitor" in said(
        "ingest", "status"
    )


def test_what_keeps_us_out_of_a_secured_server_is_said(secured: Server, tmp_path: Path) -> None:
    write_certificate(tmp_path / "other.pem", tmp_path / "key.pem")
    (tmp_path / "none.pem").write_text("no certificate")
    plain = secured.url.replace("https", "http")
    tried = [
        (secured.url, {"password": "wrong"}, "sightings_user and sightings_password"),
        (secured.url, {"api_key": "d3Jvbmc6a2V5"}, "sightings_api_key"),
        (secured.url, {"ca_file": tmp_path / "other.pem"}, "not believed: set sightings_ca_file"),
        (secured.url, {"ca_file": None}, "not believed: set sightings_ca_file"),
        (secured.url, {"ca_file": tmp_path / "none.pem"}, "sightings_ca_file: .*none.pem cannot"),
        (secured.url, {"ca_file": tmp_path / "missing"}, "sightings_ca_file: .*missing cannot"),
        (plain, {}, "http or https as it speaks"),
    ]
    for url, other, said in tried:
        with pytest.raises(StoreError, match=said) as caught:
            open_store(url, entering(secured, **other))
        assert PASSWORD not in str(caught.value)


def test_a_server_without_https_is_told_from_one_with_a_wrong_certificate(url: str) -> None:
    with pytest.raises(StoreError, match="does not speak HTTPS: set sightings_url to http://"):
        open_store(url.replace("http", "https"), ONE_NODE)


def test_what_a_busy_server_turns_away_is_sent_again(secured: Server) -> None:
    batches = [[seen(track=f"{n}-{i}", text=f"30A{i:05}") for i in range(500)] for n in range(12)]

    with open_store(f"{secured.url}/busy", entering(secured)) as store:
        store.add([seen(track="first")])
        with ThreadPoolExecutor(len(batches)) as threads:
            assert list(threads.map(store.add, batches)) == [Added(500, 0)] * len(batches)
        assert store.count() == 6001
    login = (USER, PASSWORD)
    with Elasticsearch(secured.url, basic_auth=login, ca_certs=str(secured.ca_file)) as client:
        (node,) = client.nodes.stats(metric="thread_pool")["nodes"].values()
    assert node["thread_pool"]["write"]["rejected"] > 0, "it was never busy"
