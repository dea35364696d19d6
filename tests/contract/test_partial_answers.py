"""What pages, files and commands say when a month of a real Elasticsearch does not answer."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from lpr.passages import Passage
from search.audit import list_looks
from search.cameras import save_cameras
from search.testing import Shell
from tests.elasticsearch import Server, damage
from web.accounts import add_account
from web.app import create_app
from web.parts import Parts, real_parts
from web.settings import Settings
from web.testing import CAMERAS, NOON, PASSWORD, Visitor

JANUARY = datetime(2026, 1, 31, 12, tzinfo=UTC)
ASKED, ONLY_IN_JANUARY = "30A12345", "29B54321"
INCOMPLETE = "Không đầy đủ: một phần kho không trả lời."


def seen(at: datetime, text: str) -> Passage:
    return Passage("C1", at, text, 0.9, ((text, 0.9),), track="1")


LOST = seen(JANUARY, ONLY_IN_JANUARY)
KEPT = [seen(JANUARY + timedelta(days=1, minutes=i), ASKED) for i in (0, 5)]


@pytest.fixture(scope="module")
def parts(
    server: Callable[[str], Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Parts]:
    """An installation of which January does not answer."""
    running, name = server("8.19.21"), f"t{uuid4().hex}"
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        sightings_url=f"{running.url}/{name}",
        sightings_replicas=0,
        sightings_timeout_s=60,
    )
    made = real_parts(settings)
    add_account(made.registry, "nam", "officer", PASSWORD, NOON)
    save_cameras(made.registry, CAMERAS)
    with Elasticsearch(running.url, request_timeout=60) as client:
        made.store.add([LOST, seen(JANUARY, ASKED), *KEPT])
        damage(client, running, f"{name}-2026-01-v2")
        yield made
        client.indices.delete(index=f"{name}*")


@pytest.fixture(scope="module")
def officer(parts: Parts) -> Visitor:
    visitor = Visitor(create_app(parts.settings, parts).test_client())
    visitor.sign_in("nam", PASSWORD)
    visitor.state("trộm xe máy")
    return visitor


@pytest.fixture
def shell(parts: Parts, tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.settings = parts.settings
    return made


def test_pages_show_what_was_found_and_say_that_more_may_be_lacking(officer: Visitor) -> None:
    address = officer.asked(ASKED, candidates="y")
    for page in (address, f"{address}/route"):
        shown = officer.get(page)
        assert shown.status_code == 200
        assert INCOMPLETE in shown.text
        assert KEPT[0].id in shown.text
    passings = officer.get(officer.fill("/passings", span="all").location).text
    assert INCOMPLETE in passings
    assert LOST.id not in passings


def test_a_plate_that_may_be_in_the_other_part_is_not_said_to_be_nowhere(officer: Visitor) -> None:
    page = officer.get(officer.asked(ONLY_IN_JANUARY)).text
    assert "phần còn lại chưa hỏi được" in page
    assert "Không tìm thấy" not in page


def test_sightings_open_or_are_said_to_be_in_the_other_part(officer: Visitor, parts: Parts) -> None:
    question = officer.asked(ASKED).removeprefix("/q/")
    shown = officer.get(f"/sightings/{KEPT[0].id}?q={question}")
    assert shown.status_code == 200
    assert "Có thể bỏ sót" in shown.text
    assert f"/sightings/{KEPT[1].id}" in shown.text, "the newer one"
    lost = officer.get(f"/sightings/{LOST.id}")
    assert lost.status_code == 503
    assert "Một phần kho lượt ghi nhận không trả lời" in lost.text
    assert list_looks(parts.registry)[0].details["sighting"] == LOST.id
    assert parts.outages.now() is None, "the rest answers"


def test_files_say_it(officer: Visitor) -> None:
    address = officer.asked(ASKED, candidates="y")
    for page in (address, f"{address}/route"):
        sheet = officer.get(f"{page}.csv")
        assert "incomplete-" in sheet.headers["Content-Disposition"]
        lines = list(csv.reader(io.StringIO(sheet.text)))
        assert lines[1][0].startswith("INCOMPLETE: ")
        assert len(lines) == 2 + len(KEPT)
    assert officer.get(f"{address}.json").json[0] == {"incomplete": True}
    assert officer.get(f"{address}/route.geojson").json["incomplete"] is True


def test_commands_print_what_was_found_and_end_with_a_warning(shell: Shell) -> None:
    warning = "did not answer in time: sightings may be lacking"
    found = shell.run("search", ASKED, "--reason", "a test")
    assert (found.exit_code, len(found.stdout.splitlines())) == (1, len(KEPT))
    assert found.stderr.count(warning) == 1
    route = shell.run("route", ASKED, "--reason", "a test", "--format", "json")
    fields = json.loads(route.stdout)
    assert (route.exit_code, fields["incomplete"], len(fields["stops"])) == (1, True, len(KEPT))
    assert warning in route.stderr
    table = shell.run("route", ONLY_IN_JANUARY, "--reason", "a test").stdout
    assert "INCOMPLETE" in table
    assert "not in the part of the store that answered" in table
