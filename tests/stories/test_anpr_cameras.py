"""Cameras that read by themselves: a real server in a process of its own, and real watching."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lpr.passages import Passage
from lpr.spool import PICTURES, picture_path
from tests.anpr_camera import USER, WORD, AnprCamera, Login
from tests.anpr_events import (
    BOUNDARY,
    DAHUA_HEARTBEAT,
    dahua_event,
    hikvision_event,
    hikvision_heartbeat,
    part,
    plate_picture,
    street_picture,
)
from tests.certificates import write_certificate
from tests.watch_process import Watching
from web.children import PLATETRAIL

PLATES = [f"30A{number:05}" for number in range(12345, 12375)]
FINISHED_S = 5.0  # after SIGTERM


@dataclass(frozen=True, slots=True)
class Make:
    """How events of a maker are written."""

    name: str

    def event(self, number: int, at: datetime) -> bytes:
        if self.name == "dahua":
            return dahua_event(PLATES[number], at, 5000 + number)
        return hikvision_event(PLATES[number], at, f"a0fe72d4-{number:04}")

    def heartbeat(self) -> bytes:
        return DAHUA_HEARTBEAT if self.name == "dahua" else hikvision_heartbeat(now())


MAKES = pytest.mark.parametrize("make", [Make("hikvision"), Make("dahua")], ids=lambda m: m.name)


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def watching(folder: Path, **cameras: AnprCamera) -> Iterator[Watching]:
    (folder / "word").write_text(f"{WORD}\n", "utf-8")
    more = f'user = "{USER}"\npassword_file = "word"\n'
    urls = {name: camera.url for name, camera in cameras.items()}
    with Watching(folder, urls, more) as one:
        yield one


def health(one: Watching, camera: str = "C1") -> dict[str, Any]:
    """Of a camera; empty before the first second."""
    return one.health.get(camera, {})


def latest(one: Watching) -> dict[str, Passage]:
    """The last report of each passage, by its id."""
    return {passage.id: passage for passage in one.passages}


def kill_its_process(one: Watching) -> None:
    """SIGKILL for the process that follows the only camera."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if {b"lpr.anpr.following", str(one.folder / "spool").encode()} <= set(words):
                    os.kill(int(entry.name), signal.SIGKILL)


def texts(one: Watching) -> list[str]:
    return sorted(passage.text for passage in latest(one).values())


@MAKES
def test_what_a_camera_reads_is_a_passage_with_its_pictures(
    tmp_path: Path, make: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    with AnprCamera(make.name) as camera, watching(tmp_path, C1=camera) as one:
        camera.until_open()
        camera.send(make.heartbeat() + make.event(0, at := now()) + make.heartbeat())
        one.until(lambda: one.passages)
        (passage,) = one.passages
        assert passage.text == PLATES[0]
        assert passage.camera == "C1"
        assert abs(passage.at - at) < timedelta(seconds=1)
        assert passage.model in ("hikvision DS-2CD7A26G0 V5.7.3", "dahua ITC413 2.8")
        assert 0.5 < passage.score <= 0.9
        for name, jpeg in (
            (passage.frame, street_picture()),
            (passage.crop, plate_picture(PLATES[0])),
        ):
            assert name == sha256(jpeg).hexdigest()
            assert picture_path(tmp_path / "spool" / PICTURES, name).read_bytes() == jpeg
        one.until(lambda: health(one).get("clock"))
        found = health(one)
        assert (found["condition"], found["hour"], found["hour_read"]) == ("good", 1, 1)
        assert (found["clock"], found["troubles"]) == ("sender", [])
        assert abs(found["clock_offset_s"]) < 2
        variables = {"PLATETRAIL_DATA_DIR": str(tmp_path), "PATH": ""}
        status = subprocess.run(
            [*PLATETRAIL, "cameras", "status"], env=variables, capture_output=True, text=True
        )
        assert status.returncode == 0
        assert "good" in status.stdout
        assert one.stop() < FINISHED_S
    said = "".join(capfd.readouterr()) + (tmp_path / "health.json").read_text()
    assert WORD not in said + status.stdout


@MAKES
def test_nothing_is_lost_or_doubled_over_breaks_garbage_and_kills(
    tmp_path: Path, make: Make
) -> None:
    with AnprCamera(make.name) as camera, watching(tmp_path, C1=camera) as one:
        camera.until_open()
        begun = now()
        for number in range(5):
            camera.keep(make.event(number, begun + timedelta(seconds=number / 10)))
        one.until(lambda: texts(one) == PLATES[:5])
        whole = make.event(5, now())
        camera.send(whole[: len(whole) // 2])  # and breaks off in the middle of its picture
        camera.order(**{"break": True})
        camera.keep(whole)
        camera.until_open()
        one.until(lambda: texts(one) == PLATES[:6])
        camera.send(b"\0garbage\xff\r\n" * 500 + part(b"<half", "application/xml"))
        camera.send(part(b"\xff\xd8\xff junk", "image/jpeg") + make.heartbeat())
        camera.keep(make.event(6, now()))
        one.until(lambda: texts(one) == PLATES[:7])
        for number in range(7, 11):
            camera.keep(make.event(number, now()))
            if number % 2:
                one.kill_and_start()
                camera.until_open()
        one.until(lambda: texts(one) == PLATES[:11])
        one.until(lambda: health(one).get("condition") == "good")
        kill_its_process(one)
        one.until(lambda: health(one).get("restarts") == 1)
        one.kill_and_start()  # and everything is sent once more
        camera.until_open()
        camera.keep(make.event(11, now()))
        one.until(lambda: PLATES[11] in texts(one))
        assert texts(one) == PLATES[:12]
        assert all(p.frame and p.crop for p in latest(one).values())


def test_a_part_that_never_ends_and_noise_do_not_disturb_other_cameras(tmp_path: Path) -> None:
    with (
        AnprCamera("hikvision") as good,
        AnprCamera("dahua") as noisy,
        watching(tmp_path, GOOD=good, NOISY=noisy) as one,
    ):
        good.until_open()
        noisy.until_open()
        head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: 999999999\r\n\r\n"
        noisy.keep(head.encode())
        one.until(lambda: health(one, "NOISY").get("trouble") == "damaged")
        assert "a part of 999999999 bytes" in health(one, "NOISY")["message"]
        noisy.order(forget=True)
        one.until(lambda: health(one, "NOISY").get("condition") == "good")
        noise = bytes(range(256)) * 4096
        for number in range(3):
            noisy.send(noise * 6)  # 6 MiB each, of no part at all
            good.send(Make("hikvision").event(number, now()))
            one.until(lambda n=number: texts(one) == PLATES[: n + 1])  # type: ignore[misc]  # of a loop
        noisy.keep(DAHUA_HEARTBEAT + Make("dahua").event(9, now()))
        one.until(lambda: PLATES[9] in texts(one))
        assert health(one, "GOOD").get("condition") == "good"
        assert health(one, "GOOD").get("restarts") == health(one, "NOISY").get("restarts") == 0


def test_a_wrong_clock_is_told_and_not_used(tmp_path: Path) -> None:
    make = Make("hikvision")
    with AnprCamera(make.name) as camera, watching(tmp_path, C1=camera) as one:
        camera.order(behind=600)
        camera.order(**{"break": True})
        one.until(lambda: health(one).get("troubles") == ["clock"])
        camera.until_open()
        camera.keep(make.event(0, now() - timedelta(seconds=600)))
        one.until(lambda: one.passages)
        (passage,) = one.passages
        assert abs(passage.at - now()) < timedelta(seconds=10)
        one.until(lambda: health(one).get("clock") == "arrival")
        assert abs(health(one)["clock_offset_s"] - 600) < 2
        one.kill_and_start()
        camera.until_open()
        camera.keep(make.event(1, now()))
        one.until(lambda: texts(one) == PLATES[:2])  # the first came again, and is still one


def test_a_wrong_password_is_tried_once_and_told(tmp_path: Path) -> None:
    with AnprCamera() as camera:
        camera.order(password="another")
        with watching(tmp_path, C1=camera) as one:
            one.until(lambda: health(one).get("trouble") == "wrong-password")
            one.until(lambda: health(one).get("condition") == "down")
            camera.order(away=False)
            assert camera.refused == 1
            assert "user or password is wrong" in health(one)["message"]
            assert one.stop() < FINISHED_S


def test_a_camera_that_was_away_is_back_at_once(tmp_path: Path) -> None:
    make = Make("dahua")
    with AnprCamera(make.name) as camera, watching(tmp_path, C1=camera) as one:
        camera.until_open()
        camera.order(away=True)
        camera.order(**{"break": True})
        one.until(lambda: health(one).get("condition") == "down")
        one.until(lambda: "HTTP 503" in health(one)["message"])
        camera.order(away=False)
        camera.until_open()
        camera.send(make.event(0, now()))
        one.until(lambda: texts(one) == PLATES[:1])


def tried(folder: Path, camera: AnprCamera) -> "subprocess.CompletedProcess[str]":
    """`platetrail cameras test` for a second."""
    (folder / "word").write_text(WORD, "utf-8")
    options = ["--user", USER, "--password-file", str(folder / "word"), "--seconds", "1", "--json"]
    return subprocess.run(
        [*PLATETRAIL, "cameras", "test", camera.url, *options],
        env={"PLATETRAIL_DATA_DIR": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("login", ["digest", "digest-sha256", "basic", "both"])
def test_a_camera_is_tried_out_whatever_way_it_asks_for_a_password(
    tmp_path: Path, login: Login
) -> None:
    with AnprCamera("dahua", login) as camera:
        camera.keep(Make("dahua").event(0, now()) + Make("dahua").event(1, now()))
        result = tried(tmp_path, camera)
        told = json.loads(result.stdout)
        assert (told["opens"], told["events"], told["read"]) == (True, 2, 2)
        assert (told["model"], told["score"]) == ("dahua ITC413 2.8", 0.6)
        assert (told["plate_pictures"], told["scene_pictures"]) == (2, 2)
        assert told["advice"] == []
        camera.order()
        assert camera.refused == 0
    assert WORD not in result.stdout + result.stderr


def test_a_camera_is_tried_out_over_https(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    write_certificate(certificate, key)
    with AnprCamera("hikvision", "digest", certificate, key) as camera:
        camera.keep(Make("hikvision").event(0, now()))
        told = json.loads(tried(tmp_path, camera).stdout)
        assert (told["opens"], told["events"], told["plate_pictures"]) == (True, 1, 1)
        assert told["model"] == "hikvision DS-2CD7A26G0 V5.7.3"


def test_a_camera_that_does_not_open_is_told(tmp_path: Path) -> None:
    with AnprCamera() as camera:
        camera.order(password="another")
        result = tried(tmp_path, camera)
        assert result.returncode == 1
        told = json.loads(result.stdout)
        assert (told["opens"], told["trouble"]) == (False, "wrong-password")
        camera.order()
        assert camera.refused == 1
