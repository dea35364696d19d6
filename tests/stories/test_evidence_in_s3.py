"""An installation whose pictures are in a store that speaks S3: taken in, shown, and away."""

from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner

from lpr.spool import write_picture
from search.evidence import FolderEvidence
from search.registry.opening import open_registry
from search.terms import SearchTerms
from tests.s3 import s3_store
from web.accounts import add_account
from web.app import create_app
from web.cli import main
from web.parts import real_parts
from web.settings import load_settings
from web.testing import NOON, PASSWORD, Visitor

FRAME, CROP = b"\xff\xd8 the frame", b"\xff\xd8 the crop"
NAMES = tuple(sha256(content).hexdigest() for content in (FRAME, CROP))
PASSAGE = (
    '{"camera": "C1", "at": "2026-01-31T08:15:04Z", "text": "30A12345", "score": 0.97, '
    f'"frame": "{NAMES[0]}", "crop": "{NAMES[1]}"}}\n'
)


@pytest.mark.parametrize("by", ["settings", "boto3's own variables"])
def test_pictures_are_taken_in_and_shown_and_said_to_be_away(
    tmp_path: Path, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_store() as endpoint:
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        raw = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **keys)
        raw.create_bucket(Bucket="evidence")
        (tmp_path / "word").write_text("secret\n")
        variables = {
            "PLATETRAIL_DATA_DIR": str(tmp_path / "data"),
            "PLATETRAIL_EVIDENCE_URL": "s3://evidence/hanoi",
            "PLATETRAIL_EVIDENCE_ENDPOINT": endpoint,
        }
        if by == "settings":
            variables["PLATETRAIL_EVIDENCE_KEY_ID"] = "key"
            variables["PLATETRAIL_EVIDENCE_SECRET_FILE"] = str(tmp_path / "word")
        else:
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        for content in (FRAME, CROP):
            write_picture(tmp_path / "pictures", content)
        given = ("ingest", "-", "--pictures", str(tmp_path / "pictures"))
        for counted in ("1 new, 0 known, 0 refused", "0 new, 1 known, 0 refused"):
            result = CliRunner().invoke(main, given, input=PASSAGE, env=variables)
            assert (result.exit_code, result.stderr) == (0, f"{counted}\n")
        kept = [one["Key"] for one in raw.list_objects_v2(Bucket="evidence")["Contents"]]
        assert kept == sorted(f"hanoi/{name[:2]}/{name}.jpg" for name in NAMES)

        settings = load_settings(variables)
        assert not any(FolderEvidence(settings.evidence_dir).has(name) for name in NAMES)
        registry = open_registry(settings.registry)
        add_account(registry, "nam", "officer", PASSWORD, NOON)
        registry.dispose()
        app = create_app(settings, real_parts(settings))
        officer = Visitor(app.test_client())
        officer.sign_in("nam", PASSWORD)
        officer.state("trộm xe máy")
        with app.extensions["platetrail"].store as store:
            (sighting,) = store.find(SearchTerms(("*",))).sightings
            page = f"/sightings/{sighting.id}"
            assert officer.get(f"{page}/frame.jpg").data == FRAME
            assert officer.get(f"{page}/crop.jpg").data == CROP
            raw.delete_object(Bucket="evidence", Key=kept[0])
            raw.delete_object(Bucket="evidence", Key=kept[1])
            assert officer.get(f"{page}/frame.jpg").status_code == 404
    assert officer.get(f"{page}/crop.jpg").status_code == 503
