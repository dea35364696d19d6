import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lpr.passages import Passage
from lpr.spool import PICTURES as SPOOL_PICTURES
from lpr.spool import SpoolWriter, picture_path
from lpr.spool.lines import SpoolLine, format_line
from lpr.spool.segments import good_lines, list_segments
from search.cameras import Camera, save_cameras
from search.devices import add_device, list_devices, revoke_device
from search.evidence import FolderEvidence
from search.health.keeping import Machine, list_machines
from search.intake.receiving import AHEAD, Receiving
from search.intake.refusals import count_gone, is_gone, list_refusals
from search.registry.opening import open_registry
from search.transfer import (
    DIGEST,
    PASSAGES,
    PICTURES,
    STATE,
    digest_of,
    pack_lines,
    pack_pictures,
)
from web.intake import create_intake
from web.intake_serving import intake_fault
from web.settings import Settings

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
JPEG = b"\xff\xd8 a picture"
NAME = sha256(JPEG).hexdigest()


def seen(track: int = 1, camera: str = "C1", at: datetime = NOW, **more: str) -> Passage:
    return Passage(camera, at, "30A12345", 0.9, track=str(track), **more)


class Office:
    """An intake with a device of the camera C1; C2 is registered and another's."""

    def __init__(self, folder: Path, max_bytes: int | None = None) -> None:
        self.registry = open_registry(f"sqlite:///{folder}/registry.db")
        cameras = [Camera(c, c, 21.0, 105.8, None, "route", "W") for c in ("C1", "C2")]
        save_cameras(self.registry, cameras)
        self.token = add_device(self.registry, "box", ["C1", "C3"], NOW)
        self.spool = folder / "spool"
        self.writer = SpoolWriter(self.spool, max_bytes, gives_up=False, clock=lambda: NOW)
        self.evidence = FolderEvidence(folder / "evidence")
        receiving = Receiving(self.writer, self.spool, self.evidence, self.registry, lambda: NOW)
        self.client: FlaskClient = create_intake(receiving).test_client()

    def post(self, path: str, body: bytes, **headers: str) -> TestResponse:
        own = {"Authorization": f"Bearer {self.token}", DIGEST: digest_of(body)}
        return self.client.post(path, data=body, headers=own | headers)

    def send(self, *lines: bytes | Passage) -> TestResponse:
        contents = [x if isinstance(x, bytes) else format_line(SpoolLine(x, NOW)) for x in lines]
        return self.post(PASSAGES, pack_lines(contents))

    def kept(self) -> list[str | None]:
        lines = [line for s in list_segments(self.spool) for line in good_lines(s)]
        return [line.passage.track for line in lines]

    def reasons(self) -> list[str]:
        return [kept.what.reason for kept in list_refusals(self.registry)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.writer.close()
    made.registry.dispose()


def test_passages_lie_in_the_spool_when_they_are_confirmed(office: Office) -> None:
    answer = office.send(seen(1), seen(2))
    assert (answer.status_code, answer.json) == (200, {"taken": 2, "refused": [], "lacking": []})
    assert office.kept() == ["1", "2"]


def test_a_passage_waits_for_the_pictures_that_the_centre_lacks(office: Office) -> None:
    with_picture = seen(1, frame=NAME)
    answer = office.send(with_picture, seen(2))
    assert answer.json == {"taken": 1, "refused": [], "lacking": [NAME]}
    assert office.kept() == ["2"]
    assert office.post(PICTURES, pack_pictures([(NAME, JPEG)])).json["taken"] == 1
    assert picture_path(office.spool / SPOOL_PICTURES, NAME).read_bytes() == JPEG
    assert office.send(with_picture).json == {"taken": 1, "refused": [], "lacking": []}


def test_a_clip_comes_as_pictures_do_and_nothing_else_under_its_name(office: Office) -> None:
    clip = b"\0\0\0\x20ftypisom some seconds"
    name = f"{sha256(clip).hexdigest()}.mp4"
    assert office.send(seen(1, clip=name)).json["lacking"] == [name]
    wrong = f"{sha256(JPEG).hexdigest()}.mp4"
    answer = office.post(PICTURES, pack_pictures([(name, clip), (wrong, JPEG)]))
    assert [refused["what"] for refused in answer.json["refused"]] == [wrong]
    assert picture_path(office.spool / SPOOL_PICTURES, name).read_bytes() == clip
    assert office.send(seen(1, clip=name)).json == {"taken": 1, "refused": [], "lacking": []}


def test_a_picture_that_ingest_has_taken_in_is_not_asked_for(office: Office) -> None:
    office.evidence.put(JPEG)
    assert office.send(seen(1, frame=NAME)).json["lacking"] == []


def test_a_picture_that_is_gone_is_not_asked_for_and_known_to_be_gone(office: Office) -> None:
    passage = seen(1, frame=NAME, crop="b" * 64)
    office.evidence.put(JPEG)
    line = format_line(SpoolLine(passage, NOW, gone=("b" * 64,)))
    assert office.send(line).json["taken"] == 1
    assert office.send(line).json["taken"] == 1
    assert is_gone(office.registry, passage.id, "b" * 64)
    assert not is_gone(office.registry, passage.id, NAME)
    assert count_gone(office.registry) == {"C1": 1}


BAD = [
    (seen(9, "C2"), "the token of box is not for camera C2"),
    (seen(9, "C3"), "C3 is not registered"),
    (seen(9, at=NOW + AHEAD + timedelta(seconds=1)), "in the future"),
    (seen(9, at=datetime(1970, 1, 1, tzinfo=UTC)), "before 2000"),
    (b"nonsense\n", "not JSON"),
    (b"\xff\xfe\n", "not UTF-8"),
    (format_line(SpoolLine(seen(9), NOW)).replace(b"30A", b"30B"), "damaged"),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_passage_is_refused_with_its_reason_and_the_rest_is_taken(
    office: Office, bad: bytes | Passage, reason: str
) -> None:
    answer = office.send(seen(1), bad, seen(2)).json
    assert (answer["taken"], office.kept()) == (2, ["1", "2"])
    assert [one["what"] for one in answer["refused"]] == [2]
    assert reason in answer["refused"][0]["reason"]
    office.send(bad)
    (kept,) = list_refusals(office.registry)
    assert reason in kept.what.reason
    assert (kept.what.device, kept.times) == ("box", 2)


def test_a_clock_that_is_ahead_a_little_is_taken(office: Office) -> None:
    assert office.send(seen(1, at=NOW + AHEAD)).json["taken"] == 1


def test_a_picture_whose_hash_is_not_its_name_is_refused_and_the_rest_kept(office: Office) -> None:
    body = pack_pictures([("a" * 64, b"another"), (NAME, JPEG)])
    answer = office.post(PICTURES, body).json
    assert (answer["taken"], [r["what"] for r in answer["refused"]]) == (1, ["a" * 64])
    assert len(list((office.spool / SPOOL_PICTURES).rglob("*.jpg"))) == 1
    assert office.reasons() == [answer["refused"][0]["reason"]]


def test_a_batch_that_was_cut_in_half_is_refused_and_nothing_of_it_is_kept(office: Office) -> None:
    body = pack_lines([format_line(SpoolLine(seen(i), NOW)) for i in range(50)])
    half = body[: len(body) // 2]
    for headers in ({DIGEST: digest_of(body)}, {}):
        answer = office.post(PASSAGES, half, **headers)
        assert answer.status_code == 400
    assert office.kept() == []
    assert len(office.reasons()) == 2


def test_a_body_that_is_too_large_is_refused(office: Office) -> None:
    office.client.application.config["MAX_CONTENT_LENGTH"] = 100
    answer = office.post(PASSAGES, b"x" * 200)
    assert answer.status_code == 413
    assert office.reasons() == ["the batch is too large"]


@pytest.mark.parametrize("header", ["", "Bearer pt_nonsense", "Basic abc", "Bearer "])
@pytest.mark.parametrize("path", [PASSAGES, PICTURES, STATE])
def test_without_a_token_nothing_is_taken(office: Office, header: str, path: str) -> None:
    body = pack_lines([format_line(SpoolLine(seen(1), NOW))])
    answer = office.post(path, body, Authorization=header)
    assert answer.status_code == 401
    assert "devices" in answer.json["error"]
    assert office.kept() == []


def test_a_revoked_token_is_refused_and_that_is_visible(office: Office) -> None:
    assert office.send(seen(1)).status_code == 200
    revoke_device(office.registry, "box", NOW)
    assert office.send(seen(2)).status_code == 401
    assert office.kept() == ["1"]
    assert office.reasons() == ["a token that is not known, or was revoked"]


def test_a_centre_without_room_confirms_nothing_and_says_when_to_come_again(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, max_bytes=10_000)
    answer = office.post(PICTURES, pack_pictures([(NAME, JPEG), big(20_000)]))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert office.send(seen(1)).status_code == 200


def big(size: int) -> tuple[str, bytes]:
    return sha256(b"x" * size).hexdigest(), b"x" * size


def test_a_device_says_how_its_spool_stands(office: Office) -> None:
    assert office.post(STATE, json.dumps({"waiting": 3}).encode()).status_code == 200
    (device,) = list_devices(office.registry)
    assert (device.state, device.seen_at) == ({"waiting": 3}, NOW)
    assert office.post(STATE, b"[1]").status_code == 400


def tell(office: Office, health: object, **state: object) -> TestResponse:
    fields = {"at": "2026-01-31T11:59:59Z", "waiting": 3, **state, "health": health}
    return office.post(STATE, json.dumps(fields).encode())


def a_health(*cameras: str, **more: object) -> dict[str, object]:
    said = [{"camera": camera, "condition": "good", **more} for camera in cameras]
    return {"at": "2026-01-31T11:59:58Z", "cameras": said}


def told(office: Office, folder: Path) -> Machine:
    (machine,) = list_machines(office.registry, folder / "health.json", NOW)
    return machine


def test_a_device_says_how_its_cameras_are(office: Office, tmp_path: Path) -> None:
    answer = tell(office, a_health("C1", fps=25))
    assert (answer.status_code, answer.json["refused"]) == (200, [])
    machine = told(office, tmp_path)
    assert machine.said is not None
    assert [(c.camera, c.fps) for c in machine.said.cameras] == [("C1", 25.0)]
    assert (machine.sent_at, machine.came_at) == (NOW - timedelta(seconds=1), NOW)
    assert office.post(STATE, b'{"waiting": 4}').status_code == 200
    again = told(office, tmp_path)
    assert (again.said, again.spool and again.spool.waiting) == (machine.said, 4)
    assert list_devices(office.registry)[0].state == {"waiting": 4}


def test_health_of_cameras_of_others_is_refused_and_the_rest_kept(
    office: Office, tmp_path: Path
) -> None:
    answer = tell(office, a_health("C2", "C1"))
    reason = "health: the token of box is not for camera C2"
    assert answer.json["refused"] == [{"what": "health", "reason": reason}]
    said = told(office, tmp_path).said
    assert said is not None
    assert [camera.camera for camera in said.cameras] == ["C1"]
    (kept,) = list_refusals(office.registry)
    assert (kept.what.device, kept.what.camera, kept.what.reason) == ("box", "C2", reason)


@pytest.mark.parametrize(
    "bad",
    ["nonsense", [], {"cameras": []}, a_health("C1", fps="<script>"), a_health("C1", hour=-1)],
)
def test_health_that_cannot_be_is_refused_and_the_state_of_the_spool_kept(
    office: Office, tmp_path: Path, bad: object
) -> None:
    tell(office, a_health("C1", fps=25))
    answer = tell(office, bad, waiting=9)
    assert answer.status_code == 200
    assert answer.json["refused"][0]["reason"].startswith("health: ")
    assert office.reasons() == [answer.json["refused"][0]["reason"]]
    machine = told(office, tmp_path)
    assert machine.spool is not None
    assert machine.said is not None
    assert (machine.spool.waiting, machine.said.cameras[0].fps) == (9, 25.0)


def test_a_state_that_cannot_be_is_refused_and_the_one_before_kept(
    office: Office, tmp_path: Path
) -> None:
    tell(office, a_health("C1"))
    answer = tell(office, a_health("C1"), waiting="<b>many</b>")
    assert "state: waiting: " in answer.json["refused"][0]["reason"]
    assert list_devices(office.registry)[0].state["waiting"] == 3


def test_health_needs_no_token(office: Office) -> None:
    assert office.client.get("/health").data == b"ok\n"


def test_first_and_final_reports_are_both_taken(office: Office) -> None:
    final = replace(seen(1), until=NOW)
    assert office.send(seen(1), final).json["taken"] == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"intake_host": "0.0.0.0"}, "plain HTTP on 0.0.0.0"),
        ({"intake_certificate": "a.pem"}, "set both or none"),
        ({"intake_certificate": "a.pem", "intake_key": "b.pem"}, "there is no file a.pem"),
        ({}, None),
        ({"intake_host": "::1"}, None),
        ({"intake_host": "0.0.0.0", "intake_behind_proxy": True}, None),
    ],
)
def test_an_intake_in_the_clear_is_for_this_machine_only(
    changes: dict[str, object], said: str | None
) -> None:
    fault = intake_fault(Settings(**changes))
    assert (fault is None) if said is None else (said in (fault or ""))
