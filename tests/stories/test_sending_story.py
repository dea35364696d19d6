import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3

from lpr.passages import Passage
from lpr.spool import PICTURES, SpoolWriter, picture_path, spool_state
from search.devices import list_devices, revoke_device, rotate_token
from search.evidence import FolderEvidence
from search.health.keeping import list_machines
from search.intake.refusals import list_refusals
from search.invocation import closing_registry
from search.transfer import DIGEST, PASSAGES, digest_of, pack_lines
from tests.certificates import write_certificate
from tests.machines import CameraMachine, Centre, until

NOW = datetime.now(UTC)


def seen(track: int, camera: str = "C1", at: datetime = NOW, **more: str) -> Passage:
    return Passage(camera, at, "30A12345", 0.9, track=str(track), **more)


def reasons(centre: Centre) -> list[str]:
    with closing_registry(centre.settings.registry) as registry:
        return [kept.what.reason for kept in list_refusals(registry)]


def set_aside(box: CameraMachine) -> list[str]:
    file = box.settings.data_dir / "refused.ndjson"
    return [json.loads(line)["reason"] for line in file.read_text().splitlines()]


def tracks(centre: Centre) -> set[str | None]:
    return {sighting.passage.track for sighting in centre.sightings()}


def test_what_the_centre_does_not_take_is_visible_there_and_here_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    with (
        Centre(tmp_path / "centre", "C1", "C2") as centre,
        CameraMachine(tmp_path / "box", centre.url, centre.token("box", "C1", "C3")) as box,
    ):
        with SpoolWriter(box.spool) as writer:
            wrong = writer.put_picture(b"what it was")
            picture_path(box.spool / PICTURES, wrong).write_bytes(b"what the disk made of it")
            writer.append(seen(1))
            writer.append(seen(2, "C2"))
            writer.append(seen(3, "C3"))
            writer.append(seen(4, at=NOW + timedelta(hours=1)))
            writer.append(seen(5, at=datetime(1970, 1, 1, tzinfo=UTC)))
            writer.append(seen(6, frame=wrong))
            writer.append(seen(7))
        (box.settings.data_dir / "health.json").write_text(
            '{"at": "2026-01-31T08:15:04Z", "cameras": ['
            '{"camera": "C1", "condition": "down"}, {"camera": "C2", "condition": "good"}]}'
        )
        centre.start_intake()
        centre.start_ingest()
        box.start_sender()
        until(lambda: box.is_drained() and centre.count() == 3)
        until(lambda: len(reasons(centre)) == 5)  # how the machine is comes after its passages

        assert tracks(centre) == {"1", "6", "7"}
        told = " | ".join(sorted(reasons(centre)))
        for reason in ("not for camera C2", "C3 is not registered", "future", "before 2000"):
            assert reason in told
            assert any(reason in own for own in set_aside(box))
        assert "health: the token of box is not for camera C2" in told
        assert len(set_aside(box)) == 4
        assert not FolderEvidence(centre.settings.evidence_dir).has(wrong)
        assert f"picture {wrong} is not what its name says" in box.said("sender")
        with closing_registry(centre.settings.registry) as registry:
            assert list_devices(registry)[0].seen_at is not None
            (machine,) = list_machines(registry, centre.settings.health_file, datetime.now(UTC))
        assert machine.said is not None
        assert [(c.camera, c.condition) for c in machine.said.cameras] == [("C1", "down")]


def test_a_batch_that_is_cut_on_its_way_leaves_nothing_behind(tmp_path: Path) -> None:
    with Centre(tmp_path / "centre", "C1") as centre:
        token = centre.token("box", "C1")
        centre.start_intake()
        until(centre.is_up)
        body = pack_lines([b'{"camera": "C1"}\n'] * 100)
        head = {"Authorization": f"Bearer {token}", DIGEST: digest_of(body)}
        whole = urllib3.request("POST", centre.url + PASSAGES, body=body[:20], headers=head)
        assert whole.status == 400
        announced = head | {"Content-Length": str(len(body))}
        with pytest.raises(urllib3.exceptions.HTTPError):
            urllib3.request(
                "POST", centre.url + PASSAGES, body=iter([body[:20]]), headers=announced,
                retries=False, timeout=1.0,
            )  # fmt: skip
        until(lambda: len(reasons(centre)) >= 1)
        assert spool_state(centre.spool).waiting == 0


def test_a_revoked_token_is_told_and_nothing_is_thrown_away(tmp_path: Path) -> None:
    with (
        Centre(tmp_path / "centre", "C1") as centre,
        CameraMachine(tmp_path / "box", centre.url, centre.token("box", "C1")) as box,
        SpoolWriter(box.spool) as writer,
    ):
        centre.start_intake()
        centre.start_ingest()
        box.start_sender()
        writer.append(seen(1))
        until(lambda: centre.count() == 1)
        with closing_registry(centre.settings.registry) as registry:
            revoke_device(registry, "box", NOW)
        name = writer.put_picture(b"a picture")
        writer.append(seen(2, frame=name))
        until(lambda: "the centre refuses this device" in box.said("sender"))
        assert spool_state(box.spool).waiting == 1
        assert not (box.settings.data_dir / "refused.ndjson").exists()
        assert json.loads((box.spool / "sending.json").read_text())["state"] == "token refused"

        box.kill("sender")
        box.variables["PLATETRAIL_INTAKE_TOKEN"] = centre.token("box 2", "C1")
        box.start_sender()
        until(lambda: centre.count() == 2)
        assert FolderEvidence(centre.settings.evidence_dir).get(name) == b"a picture"


def test_over_https_a_token_in_a_file_is_rotated_while_everything_runs(tmp_path: Path) -> None:
    certificate, key, token_file = (tmp_path / name for name in ("cert.pem", "key.pem", "token"))
    write_certificate(certificate, key)
    with Centre(tmp_path / "centre", "C1") as centre:
        token_file.write_text(centre.token("box", "C1") + "\n")
        centre.variables["PLATETRAIL_INTAKE_CERTIFICATE"] = str(certificate)
        centre.variables["PLATETRAIL_INTAKE_KEY"] = str(key)
        with (
            CameraMachine(tmp_path / "box", centre.url.replace("http", "https"), "") as box,
            SpoolWriter(box.spool) as writer,
        ):
            box.variables["PLATETRAIL_INTAKE_TOKEN_FILE"] = str(token_file)
            centre.start_intake()
            centre.start_ingest()
            box.start_sender()
            writer.append(seen(1))
            until(lambda: "CERTIFICATE_VERIFY_FAILED" in box.said("sender"))
            assert centre.count() == 0

            box.kill("sender")
            box.variables["PLATETRAIL_INTAKE_CA_FILE"] = str(certificate)
            box.start_sender()
            until(lambda: centre.count() == 1)
            with closing_registry(centre.settings.registry) as registry:
                new = rotate_token(registry, "box", NOW)
            writer.append(seen(2))
            until(lambda: centre.count() == 2)
            token_file.write_text(new)
            writer.append(replace(seen(3), until=NOW))
            until(lambda: centre.count() == 3)
            with closing_registry(centre.settings.registry) as registry:
                assert not list_devices(registry)[0].is_rotating
        assert new not in (tmp_path / "centre" / "intake.log").read_text()
