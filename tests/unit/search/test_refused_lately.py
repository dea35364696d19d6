import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpr.errors import PassageError
from lpr.passages import Passage
from lpr.spool.lines import SpoolLine, format_line
from search.devices import Device
from search.errors import BatchError, HealthError
from search.health.refused import (
    TAIL,
    NotTakenIn,
    kind_of,
    masked,
    refused_by_devices,
    set_aside,
)
from search.health.said import read_health, read_spool
from search.ingest import CHANGED, Refusal, append_refusals, read_believable
from search.intake.receiving import check_camera
from search.intake.refusals import KeptRefusal, NotTaken
from search.transfer import check_body, unpack_lines

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOX = Device("box", frozenset({"C1"}), NOW, None, None, {})
PLATE = "30A-123.45"


def line(**changes: object) -> bytes:
    fields = {"camera": "C1", "at": "2026-01-31T12:00:00Z", "text": "30A12345", "score": 0.9}
    return json.dumps({**fields, **changes}).encode()


def reason_of(content: bytes) -> str:
    with pytest.raises(PassageError) as refused:
        read_believable(content, NOW, HOUR)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (line(at="2031-01-31T12:00:00Z"), "future"),
        (line(at="1970-01-01T00:00:00Z"), "past"),
        (b"nonsense", "damaged"),
        (b"\xff\xfe", "damaged"),
        (line(raw="\ud800"), "damaged"),
        (
            format_line(SpoolLine(Passage("C1", NOW, "30A1", 0.9), NOW)).replace(b"A", b"B"),
            "damaged",
        ),
        (b"x" * 100_000, "too-large"),
        (b"[1]", "no-passage"),
        (b"{}", "no-passage"),
        (line(text=PLATE), "no-passage"),
        (line(score=7), "no-passage"),
        (line(at="yesterday"), "no-passage"),
        (line(at="2026-01-31T12:00:00"), "no-passage"),
        (line(at="0001-01-01T00:00:00+07:00"), "no-passage"),
        (line(track=[PLATE]), "no-passage"),
    ],
)
def test_a_refused_line_is_of_a_kind_and_its_reason_shows_no_plate(
    content: bytes, kind: str
) -> None:
    reason = reason_of(content)
    assert kind_of(reason) == kind
    assert PLATE not in masked(reason)


@pytest.mark.parametrize("camera", ["C1", "C2"])
def test_a_camera_of_another_device_is_told_from_one_that_is_not_registered(camera: str) -> None:
    with pytest.raises(PassageError) as refused:
        check_camera(camera, BOX, frozenset())
    assert kind_of(str(refused.value)) == ("unregistered" if camera == "C1" else "other-camera")


def test_batches_and_what_machines_say_have_their_kinds() -> None:
    kinds = []
    for bad, error in (
        (lambda: check_body(b"half", 8, "x"), BatchError),
        (lambda: check_body(b"half", 4, "x"), BatchError),
        (lambda: unpack_lines(b"no gzip at all"), BatchError),
        (lambda: read_health("[]"), HealthError),
        (lambda: read_spool({"waiting": "x"}), HealthError),
    ):
        with pytest.raises(error) as refused:
            bad()
        kinds.append(kind_of(str(refused.value)))
    assert kinds == ["cut", "damaged", "damaged", "health", "health"]
    assert [kind_of(reason) for reason in (CHANGED, "the batch is too large", "the sky fell")] == [
        "picture",
        "too-large",
        "other",
    ]


def test_refusals_of_devices_are_counted_by_reason_and_camera() -> None:
    def kept(
        camera: str, reason: str, times: int, hours_ago: int, device: str = "box"
    ) -> KeptRefusal:
        at = NOW - hours_ago * HOUR
        return KeptRefusal(NotTaken(device, camera, reason, PLATE), times, at, at)

    refusals = [
        kept("C1", "at: 2031-01-01T00:00:00Z is in the future; set the camera's clock", 2, 1),
        kept("C9", "camera: the token of box is not for camera C9", 5, 2),
        kept("C1", "at: 2032-01-01T00:00:00Z is in the future; set the camera's clock", 3, 3),
        kept("", "a token that is not known, or was revoked", 1, 4, device=""),
    ]
    future, other, token = refused_by_devices(refusals)
    assert future == NotTakenIn(
        "future",
        "box",
        "C1",
        5,
        NOW - HOUR,
        "at: … is in the future; set the camera's clock",
    )
    assert (other.kind, other.camera, other.times) == ("other-camera", "C9", 5)
    assert (token.kind, token.device, token.where) == ("token", "", PLATE)
    assert refused_by_devices([]) == []


def test_what_ingest_set_aside_is_counted_and_the_newest_named(tmp_path: Path) -> None:
    file = tmp_path / "refused.ndjson"
    assert set_aside(file) == []
    bad = line(text=PLATE).decode()
    reason = reason_of(line(text=PLATE))
    append_refusals(
        file,
        [
            Refusal("a.ndjson", 3, reason, bad),
            Refusal("a.ndjson", 4, "not JSON: Expecting value", "{"),
            Refusal("b\n.ndjson", 7, reason, bad),
            Refusal("b", 8, "not JSON", json.dumps({"camera": "C\n1"})),
        ],
    )
    with file.open("a") as end:
        end.write('{"half": \n[]\n')
    damaged, text = set_aside(file)
    assert (damaged.kind, damaged.camera, damaged.times, damaged.where) == ("damaged", "", 2, "b:8")
    assert (text.kind, text.camera, text.times, text.where) == (
        "no-passage",
        "C1",
        2,
        "b�.ndjson:7",
    )
    assert PLATE not in f"{damaged}{text}"
    assert "30A" not in f"{damaged}{text}"


def test_of_a_long_file_only_the_end_is_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "refused.ndjson"
    append_refusals(file, [Refusal("a", i, "not JSON", "x" * 1000) for i in range(2000)])
    (found,) = set_aside(file)
    assert found.where == "a:1999"
    assert 900 < found.times <= TAIL // 1000
