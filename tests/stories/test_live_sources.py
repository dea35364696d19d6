import base64
import json
import os
import subprocess
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr.errors import SourceError
from lpr.render.videos import draw_frame
from lpr.watch.addresses import address_of
from lpr.watch.clocks import real_timepiece
from lpr.watch.live import open_stream
from lpr.watch.watch_file import WatchedCamera
from tests.films import BEGIN, a_stage, a_visit, film
from tests.rtsp import RtspServer
from tests.watchers import Watcher
from web.children import PLATETRAIL

BACK_S = 5.0  # after the end of a fault
PASSWORD = "s3cret/word@home"
QUOTED = "s3cret%2Fword%40home"
LARGE, SMALL = (1280, 720), (960, 540)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three seconds with one vehicle, in two sizes."""
    folder = tmp_path_factory.mktemp("films")
    stage = a_stage(1)
    begin = a_visit(stage).at_s - 1.0
    large = film(folder / "large.mp4", stage, begin, 3.0, 25, LARGE)
    return {"large": large, "small": film(folder / "small.mp4", stage, begin, 1.0, 25, SMALL)}


def test_frames_come_over_tcp_and_udp_with_the_senders_time(films: dict[str, Path]) -> None:
    with RtspServer({"a": films["large"]}) as server:
        tcp, udp = Watcher(server.url("a"), "tcp"), Watcher(server.url("a"), "udp")
        for watcher in (tcp, udp):
            with closing(watcher):
                watcher.until(lambda w: bool(w.came) and w.came[-1].frame.clock == "sender")
                since = len(watcher.came)  # times may jump here, and a clip begins anew
                watcher.until(lambda w, since=since: len(w.came) > since + 40)
        for watcher in (tcp, udp):
            last = watcher.came[-1].frame
            assert watcher.came[0].size == LARGE
            assert watcher.came[0].frame.picture().shape == (720, 1280, 3)
            assert watcher.came[0].frame.small_grey().shape == (90, 160)
            assert watcher.came[0].frame.clock == "arrival"
            assert last.clock_offset_s == pytest.approx(0, abs=0.5)  # the same machine
            assert watcher.troubles == []
            times = [one.frame.at for one in watcher.came]
            assert times == sorted(times)
            clip = watcher.clip(0.5)
            assert 12 <= len(clip) <= 38  # with up to a second before, from a key frame on
            assert set(clip) == {LARGE}


@pytest.mark.parametrize("auth", ["basic", "digest"])
def test_a_wrong_password_is_told_and_the_right_one_lets_in(
    films: dict[str, Path], auth: str
) -> None:
    with RtspServer({"a": films["large"]}, login=f"viewer:{PASSWORD}", auth=auth) as server:
        right = WatchedCamera("C1", address_of(server.url("a"), "viewer", PASSWORD))
        stream = open_stream(right, real_timepiece())
        assert next(stream.frames()).size == LARGE
        stream.close()
        with closing(Watcher(server.url("a", "viewer:another"))) as watcher:
            watcher.until(lambda w: len(w.troubles) >= 2)
            assert set(watcher.troubles) == {"wrong-password"}
            server.tell("password", "viewer", "another")
            assert watcher.until_frames_come() < BACK_S


def test_no_password_is_in_any_message(films: dict[str, Path]) -> None:
    with RtspServer({"a": films["large"]}, login="viewer:right") as server:
        for url in (server.url("a", f"viewer:{QUOTED}"), f"rtsp://viewer:{QUOTED}@127.0.0.1:1/a"):
            camera = WatchedCamera("C1", address_of(url))
            with pytest.raises(SourceError) as refused:
                open_stream(camera, real_timepiece())
            error = refused.value
            told = "".join(traceback.format_exception(error)) + repr(camera) + repr(error)
            assert "s3cret" not in told
            assert error.__context__ is None


def test_faults_of_some_cameras_leave_the_others_alone(films: dict[str, Path]) -> None:
    mounts = dict.fromkeys(("frozen", "noisy", "resized", "calm"), films["large"])
    with RtspServer(mounts) as server:
        watchers = {name: Watcher(server.url(name)) for name in mounts}
        for watcher in watchers.values():
            watcher.until_frames_come()
        server.tell("freeze", "frozen")
        server.tell("garbage", "noisy")
        server.tell("play", "resized", films["small"])
        watchers["resized"].until(lambda w: w.came[-1].size == SMALL)
        watchers["frozen"].until(lambda w: "frozen" in w.troubles)
        watchers["noisy"].until(lambda w: bool(w.troubles))
        server.tell("thaw", "frozen")
        server.tell("clean", "noisy")
        assert watchers["frozen"].until_frames_come() < BACK_S
        assert watchers["noisy"].until_frames_come() < BACK_S
        for watcher in watchers.values():
            watcher.close()
        assert "damaged" in watchers["noisy"].troubles
        assert watchers["calm"].troubles == watchers["resized"].troubles == []
        assert watchers["calm"].longest_gap_s() < 2.0
        assert set(watchers["resized"].clip(1.0)) == {SMALL}
        for watcher in watchers.values():
            offsets = [one.frame.offset for one in watcher.came]
            assert offsets == sorted(offsets)


def test_a_server_that_comes_back_is_found_again(films: dict[str, Path]) -> None:
    with RtspServer({"a": films["large"]}) as server, closing(Watcher(server.url("a"))) as watcher:
        watcher.until_frames_come()
        server.stop()
        watcher.until(lambda w: "unreachable" in w.troubles)
        time.sleep(1.0)
        server.start()
        assert watcher.until_frames_come() < BACK_S


def test_lost_packets_over_udp_are_got_over(films: dict[str, Path]) -> None:
    film = {"a": films["large"]}
    with RtspServer(film) as server, closing(Watcher(server.url("a"), "udp")) as watcher:
        watcher.until_frames_come()
        server.tell("lose", "a", 0.3)
        time.sleep(3.0)
        server.tell("lose", "a", 0)
        assert watcher.until_frames_come() < BACK_S


class Mjpeg(BaseHTTPRequestHandler):
    """A camera that sends one JPEG after the other, to whoever knows the password."""

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(f"viewer:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
        self.end_headers()
        for shade in range(0, 250, 5):
            picture = np.full((480, 640, 3), shade, np.uint8)
            jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
            head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + jpeg + b"\r\n")
            except OSError:
                return
            time.sleep(0.1)

    def log_message(self, *arguments: object) -> None: ...


class Files(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None: ...


@contextmanager
def serving(handler: object) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)  # type: ignore[arg-type]  # a partial
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_mjpeg_over_http_is_read_at_the_pace_of_its_arrival() -> None:
    with serving(Mjpeg) as host:
        with closing(Watcher(f"http://viewer:{QUOTED}@{host}/stream")) as watcher:
            watcher.until(lambda w: len(w.came) >= 20)
        first, last = watcher.came[9].frame, watcher.came[19].frame
        assert watcher.came[0].size == (640, 480)
        assert last.offset - first.offset == pytest.approx(1.0, abs=0.4)
        assert last.clock == "arrival"
        end = watcher.came[-1].frame.at
        within = sum(end - one.frame.at <= timedelta(seconds=1) for one in watcher.came)
        assert within <= len(watcher.clip(1.0)) <= within + 1  # a clip begins with a whole picture
        with closing(Watcher(f"http://viewer:wrong@{host}/stream")) as watcher:
            watcher.until(lambda w: w.troubles == ["wrong-password"])


@contextmanager
def hls_of(path: Path, folder: Path) -> Iterator[None]:
    endless = ("-re", "-stream_loop", "-1", "-i", str(path), "-c", "copy", "-f", "hls")
    pieces = ("-hls_time", "1", "-hls_list_size", "4", "-hls_flags", "delete_segments")
    command = ["ffmpeg", "-v", "error", *endless, *pieces, str(folder / "live.m3u8")]
    with subprocess.Popen(command) as process:
        yield
        process.kill()


def test_hls_is_read_at_the_pace_of_its_own_times(films: dict[str, Path], tmp_path: Path) -> None:
    with hls_of(films["large"], tmp_path), serving(partial(Files, directory=tmp_path)) as host:
        with closing(Watcher(f"http://{host}/live.m3u8")) as watcher:
            watcher.until(lambda w: len(w.came) >= 100)
        steps = np.diff([one.frame.offset for one in watcher.came[60:]])
        assert np.median(steps) == pytest.approx(0.04, abs=0.005)
        assert 75 <= len(watcher.clip(3.0)) <= 101


def try_out(data: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*PLATETRAIL, "cameras", "test", *map(str, arguments)],
        env={**os.environ, "PLATETRAIL_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_trying_a_camera_out_reads_its_plates(films: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "word").write_text(PASSWORD + "\n")
    login = ("--user", "viewer", "--password-file", tmp_path / "word")
    with RtspServer({"a": films["large"]}, login=f"viewer:{PASSWORD}") as server:
        wanted = ("--seconds", "4", "--picture", tmp_path / "seen.jpg", "--json")
        ended = try_out(tmp_path, server.url("a"), *login, *wanted)
    told = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert (told["codec"], told["width"], told["height"]) == ("h264", *LARGE)
    assert told["fps"] == pytest.approx(25, abs=3)
    stage = a_stage(1)
    _, (shown, *_) = draw_frame(stage, a_visit(stage).at_s, BEGIN, np.random.default_rng(1))
    assert shown.plate.text in told["plates"]
    assert told["plate_px"][2] > 20
    assert cv2.imread(str(tmp_path / "seen.jpg")).shape == (720, 1280, 3)
    assert PASSWORD not in ended.stdout + ended.stderr


def test_trying_out_a_camera_that_is_not_there_says_so(tmp_path: Path) -> None:
    ended = try_out(tmp_path, "rtsp://viewer:s3cret@127.0.0.1:1/a")
    assert ended.returncode == 1
    assert ended.stdout == (
        "does not open: rtsp://127.0.0.1:1/a: is it switched on, and is this its address? "
        "(Connection refused)\n"
    )
    assert "s3cret" not in ended.stdout + ended.stderr
