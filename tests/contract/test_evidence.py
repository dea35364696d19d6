"""What every store of evidence must do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import boto3
import pytest

from lpr.spool import picture_path
from search.errors import EvidenceAwayError, EvidenceError
from search.evidence import EvidenceStore, FolderEvidence
from search.evidence_s3 import Bucket, S3Evidence
from tests.s3 import s3_store

JPEG = b"\xff\xd8 a picture \xff\xd9"
CLIP = b"\0\0\0\x18ftypmp42 a clip"
NAMES = {JPEG: sha256(JPEG).hexdigest(), CLIP: sha256(CLIP).hexdigest() + ".mp4"}
Change = Callable[[str, bytes], object]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_store() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[EvidenceStore, Change]:
    """A store, and a way behind its back."""
    if request.param == "folder":
        folder = tmp_path / "not" / "yet"
        return FolderEvidence(folder), lambda name, to: picture_path(folder, name).write_bytes(to)
    endpoint = request.getfixturevalue("endpoint")
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    raw = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
    bucket = f"evidence-{abs(hash(str(tmp_path)))}"
    raw.create_bucket(Bucket=bucket)

    def change(name: str, to: bytes) -> None:
        key = f"city/2026/{name[:2]}/{name}.jpg"
        raw.head_object(Bucket=bucket, Key=key)
        raw.put_object(Bucket=bucket, Key=key, Body=to)

    return S3Evidence(Bucket(bucket, "city/2026", endpoint, key_id="key", secret="secret")), change


@pytest.fixture
def evidence(kept: tuple[EvidenceStore, Change]) -> EvidenceStore:
    return kept[0]


@pytest.mark.parametrize("content", [JPEG, CLIP], ids=["picture", "clip"])
def test_it_comes_back_under_its_hash_however_often_it_is_kept(
    evidence: EvidenceStore, content: bytes
) -> None:
    name = NAMES[content]
    assert not evidence.has(name)
    assert [evidence.put(content) for _ in range(2)] == [name] * 2
    assert evidence.get(name) == content
    assert evidence.has(name)


def test_what_is_not_there_is_said_to_be_missing_and_not_away(evidence: EvidenceStore) -> None:
    with pytest.raises(EvidenceError, match="no picture") as caught:
        evidence.get(NAMES[JPEG])
    assert not isinstance(caught.value, EvidenceAwayError)


def test_what_was_changed_is_never_handed_out(kept: tuple[EvidenceStore, Change]) -> None:
    evidence, change = kept
    evidence.put(JPEG)
    change(NAMES[JPEG], b"something else")
    with pytest.raises(EvidenceError, match="was changed"):
        evidence.get(NAMES[JPEG])


def test_only_a_hash_names_a_picture(evidence: EvidenceStore) -> None:
    for name in ("", "ab", "../../etc/passwd", NAMES[JPEG].upper(), NAMES[JPEG] + "\n"):
        assert not evidence.has(name)
        with pytest.raises(EvidenceError, match="64 hexadecimal digits"):
            evidence.get(name)


def test_threads_share_it(evidence: EvidenceStore) -> None:
    contents = [b"\xff\xd8" + bytes([i]) * 5000 for i in range(24)]
    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(evidence.put, contents * 2))
        assert list(threads.map(evidence.get, names)) == contents * 2


def test_what_is_removed_is_gone_and_may_be_kept_again(evidence: EvidenceStore) -> None:
    evidence.put(JPEG)
    evidence.put(CLIP)
    assert [evidence.remove(NAMES[JPEG]) for _ in range(2)] == [True, False]
    assert [evidence.has(name) for name in NAMES.values()] == [False, True]
    assert evidence.put(JPEG) == NAMES[JPEG]
    assert evidence.get(NAMES[JPEG]) == JPEG
    with pytest.raises(EvidenceError, match="64 hexadecimal digits"):
        evidence.remove("../../etc/passwd")


def test_pictures_are_listed_that_were_kept_before_a_time(evidence: EvidenceStore) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert list(evidence.kept_before(tomorrow)) == []
    for content in NAMES:
        evidence.put(content)
    assert list(evidence.kept_before(tomorrow)) == sorted(NAMES.values())
    assert list(evidence.kept_before(tomorrow - timedelta(days=2))) == []
