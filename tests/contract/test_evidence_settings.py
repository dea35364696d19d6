from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from search.errors import EvidenceAwayError, EvidenceError
from search.evidence import FolderEvidence
from search.evidence_opening import open_evidence
from search.settings import StoreSettings
from tests.ports import free_port
from tests.s3 import s3_store
from web.cli import main

NAME = "ab" * 32
KEY: dict[str, Any] = {"evidence_key_id": "key", "evidence_secret": SecretStr("secret")}
BUCKET = {"evidence_url": "s3://bucket/prefix/"}


def settings(tmp_path: Path, **values: Any) -> StoreSettings:
    return StoreSettings(data_dir=tmp_path, **values)


def test_without_an_address_evidence_lies_in_the_data_folder(tmp_path: Path) -> None:
    evidence = open_evidence(settings(tmp_path))
    assert isinstance(evidence, FolderEvidence)
    name = evidence.put(b"a picture")
    assert FolderEvidence(tmp_path / "evidence").has(name)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"evidence_url": "https://bucket"}, "evidence_url: expected s3://"),
        ({"evidence_url": "s3://Bucket"}, "evidence_url: expected s3://"),
        ({**BUCKET, **KEY, "evidence_endpoint": "store:9000"}, "evidence_endpoint: expected https"),
        ({**BUCKET, "evidence_key_id": "key"}, "evidence_key_id: it and evidence_secret belong"),
        ({**BUCKET, **KEY, "evidence_secret_file": Path("word")}, "evidence_secret: expected eith"),
        (
            {**BUCKET, "evidence_key_id": "key", "evidence_secret_file": Path("missing")},
            "evidence_secret_file: missing: No such file",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    tmp_path: Path, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(EvidenceError, match=said):
        open_evidence(settings(tmp_path, **values))


@pytest.mark.parametrize("command", ["serve", "run", "intake"])
def test_processes_do_not_start_with_it(tmp_path: Path, command: str) -> None:
    variables = {"PLATETRAIL_DATA_DIR": str(tmp_path), "PLATETRAIL_EVIDENCE_URL": "bucket"}
    result = CliRunner().invoke(main, [command], env=variables)
    assert result.exit_code == 2
    assert "evidence_url: expected s3://BUCKET/PREFIX, got 'bucket'" in result.stderr


def test_a_bucket_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("secret\n")
    values = {"evidence_key_id": "key", "evidence_secret_file": tmp_path / "word"}
    with s3_store() as endpoint:
        evidence = open_evidence(settings(tmp_path, evidence_endpoint=endpoint, **BUCKET, **values))
        with pytest.raises(EvidenceAwayError, match="evidence_url: expected a bucket that exists"):
            evidence.put(b"a picture")
        with pytest.raises(EvidenceAwayError, match="evidence_url: expected a bucket that exists"):
            evidence.get(NAME)


def test_a_store_that_is_away_is_never_taken_for_an_empty_one(tmp_path: Path) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    evidence = open_evidence(settings(tmp_path, evidence_endpoint=endpoint, **BUCKET, **KEY))
    for ask in (evidence.has, evidence.get):
        with pytest.raises(EvidenceAwayError, match=f"evidence_endpoint.*{endpoint}.*reached"):
            ask(NAME)
    with pytest.raises(EvidenceAwayError, match="evidence_endpoint"):
        evidence.put(b"a picture")
