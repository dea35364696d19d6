import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.films import a_stage, a_visit, film
from tests.rtsp import RtspServer
from tests.watch_process import Watching
from web.children import PLATETRAIL

SIZE = (1280, 720)
FINISHED_S = 5.0  # after SIGTERM


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A film of three seconds in which one vehicle passes, and its plate."""
    stage = a_stage(1)
    visit = a_visit(stage)
    path = tmp_path_factory.mktemp("films") / "passing.mp4"
    film(path, stage, visit.at_s - 1.0, 3.0, 10, SIZE)
    return path, visit.vehicle.vehicle.plate.plate.text


@contextmanager
def watching(folder: Path, server: RtspServer, *mounts: str) -> Iterator[Watching]:
    with Watching(folder, {mount.upper(): server.url(mount) for mount in mounts}) as one:
        yield one


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
        ('[C1]\nsource = "street.mkv"\n', "camera C1: source: expected a video whose name tells"),
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
