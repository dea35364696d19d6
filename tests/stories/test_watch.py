import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lpr.passages import Passage
from lpr.spool.segments import good_lines, list_segments
from tests.films import a_stage, a_visit, film
from tests.ports import free_port
from tests.rtsp import RtspServer
from web.children import PLATETRAIL

SIZE = (1280, 720)
PATIENCE_S = 60.0
FINISHED_S = 5.0  # after SIGTERM


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A film of three seconds in which one vehicle passes, and its plate."""
    stage = a_stage(1)
    visit = a_visit(stage)
    path = tmp_path_factory.mktemp("films") / "passing.mp4"
    film(path, stage, visit.at_s - 1.0, 3.0, 10, SIZE)
    return path, visit.vehicle.vehicle.plate.plate.text


class Watching:
    """`platetrail watch` on cameras that speak RTSP."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        lines = (f'[{name}]\nsource = "{url}"\n' for name, url in urls.items())
        (folder / "watch.toml").write_text("".join(lines), "utf-8")
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        variables = {
            **os.environ,
            "PLATETRAIL_DATA_DIR": str(self.folder),
            "PLATETRAIL_METRICS_PORT": str(self.port),
        }
        return subprocess.Popen([*PLATETRAIL, "watch"], env=variables)

    def kill_and_start(self) -> None:
        """As after a power cut."""
        self.process.kill()
        self.process.wait()
        self.process = self._started()

    def stop(self) -> float:
        """End it by SIGTERM; how long that took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0
        return time.monotonic() - begun

    @property
    def passages(self) -> list[Passage]:
        """Every report in the spool, in order."""
        spool = self.folder / "spool"
        return [line.passage for one in list_segments(spool) for line in good_lines(one)]

    @property
    def health(self) -> dict[str, dict[str, Any]]:
        """Of each camera by its id; empty before the first second."""
        file = self.folder / "health.json"
        if not file.exists():
            return {}
        return {one["camera"]: one for one in json.loads(file.read_text("utf-8"))["cameras"]}

    def until(self, is_so: Callable[[], Any]) -> None:
        """Wait for something."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, f"not so after {PATIENCE_S} s: {self.health}"
            time.sleep(0.1)

    def children(self) -> dict[str, list[int]]:
        """Process numbers of what it started, by what they are."""
        found: dict[str, list[int]] = {"decoding": [], "watch": []}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    variables = (entry / "environ").read_bytes()
                except OSError:
                    continue
                if f"PLATETRAIL_DATA_DIR={self.folder}".encode() in variables:
                    is_decoder = b"lpr.watch.decoding" in words
                    found["decoding" if is_decoder else "watch"].append(int(entry.name))
        return found


@contextmanager
def watching(folder: Path, server: RtspServer, *mounts: str) -> Iterator[Watching]:
    one = Watching(folder, {mount.upper(): server.url(mount) for mount in mounts})
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait()


def test_a_vehicle_in_view_is_one_passage_over_a_power_cut(
    tmp_path: Path, passing: tuple[Path, str]
) -> None:
    path, text = passing
    with RtspServer({"a": path}) as server, watching(tmp_path, server, "a") as one:
        # the film goes on and on, so the vehicle is back before it could be another passage
        one.until(lambda: one.passages)
        one.kill_and_start()
        before = len(one.passages)
        one.until(lambda: len(one.health) == 1 and one.health["A"]["looked"] > 20)
        assert one.stop() < FINISHED_S
        one.until(lambda: one.children() == {"decoding": [], "watch": []})
        assert len(one.passages) > before  # the last report came at SIGTERM
        assert {passage.text for passage in one.passages} == {text}
        assert len({passage.id for passage in one.passages}) == 1
        last = one.passages[-1]
        assert last.until is not None
        assert last.until > last.at
        for name in (last.frame, last.crop):
            assert name is not None
            assert (tmp_path / "spool/pictures" / name[:2] / f"{name}.jpg").exists()


def test_what_breaks_at_one_camera_leaves_the_others_alone(
    tmp_path: Path, passing: tuple[Path, str]
) -> None:
    path, _ = passing
    with (
        RtspServer({"a": path, "b": path}) as server,
        watching(tmp_path, server, "a", "b") as one,
    ):
        one.until(lambda: all(c["condition"] == "good" for c in one.health.values()) and one.health)
        killed = one.children()["decoding"][0]
        os.kill(killed, signal.SIGKILL)
        one.until(lambda: sum(c["restarts"] for c in one.health.values()) == 1)
        one.until(lambda: all(c["condition"] == "good" for c in one.health.values()))
        assert len(one.children()["decoding"]) == 2
        server.tell("garbage", "b")
        one.until(lambda: one.health["B"]["condition"] != "good" or one.health["B"]["damaged"] > 0)
        looked = one.health["A"]["looked"]
        one.until(lambda: one.health["A"]["looked"] > looked + 10)
        assert one.health["A"]["condition"] == "good"
        server.tell("clean", "b")
        one.until(lambda: one.health["B"]["condition"] == "good")
        with urllib.request.urlopen(f"http://127.0.0.1:{one.port}/metrics") as answer:
            metrics = answer.read().decode()
        assert "platetrail_watching 1.0" in metrics
        assert 'platetrail_camera_condition{camera="A",condition="good"} 1.0' in metrics
        variables = {**os.environ, "PLATETRAIL_DATA_DIR": str(tmp_path)}
        command = [*PLATETRAIL, "cameras", "status"]
        status = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        assert status.returncode == 0, status.stderr
        assert status.stdout.splitlines()[1].split()[:2] == ["A", "good"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "watch.toml"),
        ('[C1]\nsource = "rtsp://10.0.0.1/a"\nspeed = 4\n', "camera C1: speed is not known"),
        ('[C1]\nsource = "uploads"\n', "give those to platetrail recognise --spool"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "watch.toml").write_text(content, "utf-8")
    variables = {**os.environ, "PLATETRAIL_DATA_DIR": str(tmp_path)}
    ended = subprocess.run(
        [*PLATETRAIL, "watch"], env=variables, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
