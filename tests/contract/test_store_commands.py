"""`platetrail store copy` and `store verify` with real servers."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import boto3
import click
import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from lpr.passages import Passage
from lpr.spool import SpoolWriter, picture_path
from search.evidence_opening import open_evidence
from search.opening import access_of, open_sightings, open_store
from search.settings import StoreSettings
from search.sightings import Sighting
from search.store import SightingStore
from search.store_copy_cli import copy
from search.store_verify_cli import verify_store
from search.terms import MAX_LIMIT, SearchTerms
from search.testing import Shell
from tests.elasticsearch import Server, versions_that_run
from tests.questions import reports
from tests.s3 import s3_store

NOW = datetime.now(UTC).replace(microsecond=0)
PASSAGES = 3000  # more than are copied at once


@pytest.fixture(params=versions_that_run())
def url(request: pytest.FixtureRequest, server: Callable[[str], Server]) -> Iterator[str]:
    """A place in Elasticsearch."""
    name = f"t{uuid4().hex}"
    address = server(request.param).url
    yield f"{address}/{name}"
    with Elasticsearch(address, request_timeout=60) as client:
        client.indices.delete(index=f"{name}-*")


def settings_on(folder: Path, url: str, **more: str) -> StoreSettings:
    return StoreSettings(
        data_dir=folder, sightings_url=url, sightings_replicas=0, sightings_timeout_s=60, **more
    )


def run(command: click.Command, settings: StoreSettings, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=settings)


def all_of(store: SightingStore) -> tuple[Sighting, ...]:
    return store.find(SearchTerms(("*",), limit=MAX_LIMIT)).sightings


def test_a_district_goes_to_elasticsearch_and_back_as_it_is(url: str, tmp_path: Path) -> None:
    settings = settings_on(tmp_path, url)
    before, after = (f"sqlite:///{tmp_path}/{name}.db" for name in ("before", "after"))
    given = reports(random.Random(3), PASSAGES)
    with open_store(before) as store:
        store.add(given[: len(given) // 2])
        assert run(copy, settings, before, url).exit_code == 0
        store.add(given)
        kept = all_of(store)
    said = run(copy, settings, before, url)
    assert (said.exit_code, said.stdout.split(" sightings")[0]) == (0, f"{len(kept):,}")
    again = run(copy, settings, before, url)
    assert again.stdout.endswith(": 0 new, 0 known by a report that said less\n")
    with open_store(url, access_of(settings)) as store:
        assert all_of(store) == kept
    back = run(copy, settings, url, after)
    assert f": {len(kept):,} new, 0 known" in back.stdout
    with open_store(after) as store:
        assert all_of(store) == kept


def test_what_is_missing_of_a_centre_is_named(url: str, tmp_path: Path) -> None:
    with s3_store() as endpoint:
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        raw = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
        raw.create_bucket(Bucket="verified")
        settings = settings_on(
            tmp_path,
            url,
            evidence_url="s3://verified/hanoi",
            evidence_endpoint=endpoint,
            evidence_key_id="key",
            evidence_secret="secret",
        )
        shell = Shell(tmp_path)
        shell.settings = settings
        evidence = open_evidence(settings)
        frames = [evidence.put(b"frame %d" % number) for number in range(3)]
        crops = [evidence.put(b"crop %d" % number) for number in range(3)]
        passages = [
            Passage("C1", NOW, "30A12345", 0.9, track=frame, frame=frame, crop=crop)
            for frame, crop in zip(frames, crops, strict=True)
        ]
        with SpoolWriter(settings.spool_dir) as spool:
            for passage in passages:
                spool.append(passage)
        assert shell.run("ingest").exit_code == 0
        whole = run(verify_store, settings, "--pictures")
        assert (whole.exit_code, whole.stdout) == (0, "")
        assert whole.stderr.startswith("3 passages of the spool, 0 more wait; 3 sightings; 6 pic")

        raw.delete_object(Bucket="verified", Key=_key(frames[0]))
        raw.put_object(Bucket="verified", Key=_key(crops[1]), Body=b"another")
        lacks = _lacks(run(verify_store, settings))
        assert [(lack["lacking"], lack["picture"]) for lack in lacks] == [("picture", frames[0])]
        lacks = _lacks(run(verify_store, settings, "--pictures"))
        assert {(lack["lacking"], lack["picture"], lack["sighting"]) for lack in lacks} == {
            ("picture", frames[0], passages[0].id),
            ("content", crops[1], passages[1].id),
        }
    with open_sightings(settings) as store:
        assert store.count() == 3


def _key(name: str) -> str:
    return picture_path(Path("hanoi"), name).as_posix()


def _lacks(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 1, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]
