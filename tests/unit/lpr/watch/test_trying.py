from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from lpr.errors import SourceError, Trouble
from lpr.testing import Seen, a_box, a_reading, scripted
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame, Still
from lpr.watch.live import Told
from lpr.watch.telling import advice_of, fields_of, lines_of
from lpr.watch.trying import Trial, draw, try_out
from web.cli import main

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
URL = "rtsp://camera/a"
TOLD = Told("h264", 640, 360, 25.0, False)
PLATE: Seen = (a_box(300, 200, 100, 25), a_reading("30A12345", 0.9))
SMALL: Seen = (a_box(300, 200, 40, 10), a_reading("30A12345", 0.97))
UNREAD: Seen = (a_box(100, 300, 60, 15), a_reading(""))


class Camera:
    """Sends so many frames, 25 a second, and then has a trouble or goes on."""

    def __init__(
        self, count: int = 1000, trouble: Trouble | None = None, offset_s: float | None = 0.2
    ) -> None:
        self.told, self.damaged = TOLD, 0
        self.count, self.trouble, self.offset_s = count, trouble, offset_s
        self.now, self.is_open = 0.0, True

    def frames(self) -> Iterator[LiveFrame]:
        rough = np.random.default_rng(1).integers(0, 255, (360, 640, 3), np.uint8)
        for number in range(self.count):
            self.now = number / 25
            yield LiveFrame(Still(rough), NOON, "sender", self.now, self.offset_s)
        raise SourceError(self.trouble or "ended", f"{URL}: it has stopped")

    def close(self) -> None:
        self.is_open = False

    @property
    def timepiece(self) -> Timepiece:
        return Timepiece(lambda: NOON, lambda: self.now, lambda _: None)


def tried(camera: Camera, *shown: list[Seen], seconds: float = 4.0) -> Trial:
    looks = [*shown, *[[]] * 1000]
    trial = try_out(URL, lambda: camera, lambda: scripted(looks), 5.0, seconds, camera.timepiece)
    assert not camera.is_open
    return trial


def test_a_camera_is_watched_for_so_long_and_some_frames_looked_at() -> None:
    trial = tried(Camera())
    assert (trial.seconds, trial.frames, len(trial.looks)) == (4.0, 101, 21)
    assert trial.fps == pytest.approx(25.0)
    assert (trial.clock, trial.clock_offset_s, trial.trouble) == ("sender", 0.2, None)
    assert (trial.heights, trial.read) == ([], {})


def test_plates_are_measured_and_read() -> None:
    trial = tried(Camera(), [PLATE], [SMALL, UNREAD], [])
    assert trial.heights == [10.0, 15.0, 25.0]
    assert trial.read == {"30A12345": 0.97}


def test_the_picture_is_the_one_that_showed_most() -> None:
    trial = tried(Camera(), [], [PLATE, UNREAD], [UNREAD], [])
    assert trial.picture is not None
    green, red = (60, 200, 60), (60, 60, 230)
    assert (trial.picture == green).all(axis=2).any()
    assert (trial.picture == red).all(axis=2).any()


def test_drawing_leaves_the_picture_alone() -> None:
    picture = np.zeros((360, 640, 3), np.uint8)
    (plate,) = scripted([[PLATE]]).plates(picture)
    assert draw(picture, [plate]).any()
    assert not picture.any()


def test_frames_that_have_waited_long_are_not_looked_at() -> None:
    camera = Camera()
    late = Timepiece(lambda: NOON, lambda: camera.now + 5, lambda _: None)
    trial = try_out(URL, lambda: camera, lambda: scripted([]), 5.0, 4.0, late)
    assert (trial.frames, len(trial.looks)) == (101, 1)


def test_a_camera_that_does_not_open_is_told() -> None:
    def refuse() -> Camera:
        raise SourceError("wrong-password", f"{URL}: user or password is wrong")

    trial = try_out(URL, refuse, lambda: scripted([]), 5.0, 4.0, Camera().timepiece)
    assert lines_of(trial) == [f"does not open: {URL}: user or password is wrong"]
    fields = fields_of(trial)
    assert (fields["opens"], fields["trouble"], fields["frames"]) == (False, "wrong-password", 0)


def test_a_camera_that_breaks_off_is_told_with_what_came() -> None:
    trial = tried(Camera(30, "frozen"), [PLATE])
    assert (trial.trouble, trial.frames) == ("frozen", 30)
    assert f"it broke off: {URL}: it has stopped" in advice_of(trial)


def test_a_file_that_ends_early_has_no_trouble() -> None:
    assert tried(Camera(30, "finished")).trouble is None
    assert tried(Camera(0, "ended")).trouble == "ended"


def test_everything_is_told_in_words() -> None:
    lines = lines_of(tried(Camera(), [PLATE], [SMALL]))
    assert lines[:4] == [
        f"opens: {URL}",
        "video: h264, 640x360",
        "frames a second: 25 told, 25.0 came (in 4 s)",
        "damaged packets: 0",
    ]
    assert lines[5:] == [
        "plates: seen 2 times in 21 frames",
        "plate height: 10 to 25 pixels, 18 in the middle",
        "plates read: 1: 30A12345 (0.97); probability in the middle 0.97",
        "clock: 0.20 s behind this machine's, the way here in it",
        "advice: plates are below 20 pixels: zoom in or go nearer",
    ]


@pytest.mark.parametrize(
    ("camera", "said"),
    [
        (Camera(offset_s=3600.0), "its clock is wrong and is not used: set its time server (NTP)"),
        (Camera(), "no plate was seen: let a vehicle pass, or turn the camera to the lane"),
    ],
)
def test_advice_says_what_to_do(camera: Camera, said: str) -> None:
    assert said in advice_of(tried(camera))


def test_a_camera_without_a_clock_is_told() -> None:
    told = "clock: the camera does not tell its time; the time of arrival counts"
    assert told in lines_of(tried(Camera(offset_s=None)))


def test_everything_is_told_as_json() -> None:
    fields = fields_of(tried(Camera(), [PLATE]))
    assert fields["plates"] == {"30A12345": 0.9}
    assert fields["plate_px"] == [25.0, 25.0, 25.0]
    assert (fields["fps_told"], fields["fps"], fields["looked"]) == (25.0, 25.0, 21)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ftp://u:s3cret@h/a"], "dahua+https or a path, got 'ftp://h/a'"),
        (["dahua+http://h", "--picture", "a.png"], "--picture: this camera tells what it reads"),
        (["rtsp://h/a", "--password-file", "nowhere"], "password_file nowhere: no such file"),
        (["a.mp4", "--user", "viewer"], "'a.mp4' is a path: it takes no user and no password"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["cameras", "test", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert "s3cret" not in result.output


def test_a_file_that_is_not_there_does_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["cameras", "test", "a.mp4"])
    assert result.exit_code == 1
    assert result.output.startswith("does not open: a.mp4: nothing is there under this path")
