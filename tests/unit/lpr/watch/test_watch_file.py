from pathlib import Path

import pytest

from lpr.errors import WatchFileError
from lpr.passages import CAMERA_ID
from lpr.watch.addresses import EXPECTED, Address
from lpr.watch.regions import Zone
from lpr.watch.watch_file import KEYS, WatchedCamera, parse_watch_file, read_watch_file

HERE = Path("/etc/platetrail")
ADDRESS = 'source = "rtsp://10.1.2.3/a"\n'
POLYGONS = "expected polygons of three or more [x, y], each from 0 to 1, got"
KINDS = f"expected {EXPECTED}, got"
TWICE = 'password = "a"\npassword_file = "b"\n'


def one(text: str) -> WatchedCamera:
    (camera,) = parse_watch_file(f'["C012"]\n{text}', 5.0, HERE)
    return camera


def test_a_source_alone_is_enough() -> None:
    assert one(ADDRESS) == WatchedCamera("C012", Address("rtsp://10.1.2.3/a", "rtsp"), fps=5.0)


def test_every_key_is_taken(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("s3cret\nnot this\n")
    (tmp_path / "watch.toml").write_text(
        """
        [C1]
        source = "rtsp://10.1.2.3/a"
        user = "viewer"
        password_file = "word"
        transport = "udp"
        fps = 8
        regions = [[[0, 0.25], [1, 0.25], [1, 1]]]
        masks = [[[0, 0], [0.1, 0], [0.1, 0.1], [0, 0.1]]]
        heading = 360
        latency_ms = 180
        clip_s = 8

        ["C 2"]
        source = "uploads/C2"
        """
    )
    first, second = read_watch_file(tmp_path / "watch.toml", 5.0)
    region, mask = ((0, 0.25), (1, 0.25), (1, 1)), ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1))
    address = Address("rtsp://viewer:s3cret@10.1.2.3/a", "rtsp")
    zone = Zone((region,), (mask,))
    assert first == WatchedCamera("C1", address, "udp", 8.0, zone, 0.0, 180.0, 8.0)
    assert "s3cret" not in repr(first)
    assert second == WatchedCamera("C 2", Address(str(tmp_path / "uploads/C2"), "stills"), fps=5.0)


def test_a_camera_that_reads_by_itself_has_no_frames_to_look_at() -> None:
    camera = one('source = "hikvision+http://h:8080"\nuser = "a"\npassword = "b"\nheading = 90')
    address = Address("hikvision+http://a:b@h:8080", "hikvision")
    assert camera == WatchedCamera("C012", address, fps=0.0, heading=90.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'it lists no camera: expected ["C012"] and source = "rtsp://..."'),
        ('source = "a.mp4"', "source stands outside of any camera: expected a table [source]"),
        ('["C\\n1"]\n' + ADDRESS, f"'C\\n1' cannot be a camera: expected {CAMERA_ID}"),
        ('[C1]\npassword = "s3cret\n', "not TOML at line 2, column 19"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(text: str, said: str) -> None:
    with pytest.raises(WatchFileError) as refused:
        parse_watch_file(text, 5.0, HERE)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "source is missing: expected a URL or a path"),
        ("source = 5", "source: expected a text in quotes"),
        ('source = "ftp://h/a"', f"source: {KINDS} 'ftp://h/a'"),
        ('source = "ftp://u:s3cret@h/a"', f"source: {KINDS} 'ftp://h/a'"),
        ("speed = 1\n" + ADDRESS, f"speed is not known: expected {', '.join(KEYS)}"),
        ('transport = "sctp"\n' + ADDRESS, "transport: expected tcp or udp, got 'sctp'"),
        ("fps = 0\n" + ADDRESS, "fps: expected 0.01 to 60, got 0"),
        ("fps = true\n" + ADDRESS, "fps: expected 0.01 to 60, got True"),
        ("fps = nan\n" + ADDRESS, "fps: expected 0.01 to 60, got nan"),
        ("heading = 400\n" + ADDRESS, "heading: expected 0 to 360, got 400"),
        ("latency_ms = []\n" + ADDRESS, "latency_ms: expected 0 to 60000, got []"),
        ("clip_s = 21\n" + ADDRESS, "clip_s: expected 1 to 20, got 21"),
        ("clip_s = 0.5\n" + ADDRESS, "clip_s: expected 1 to 20, got 0.5"),
        (
            'clip_s = 5\nsource = "uploads/C2"',
            "clip_s: only a camera's stream is kept, no files and no stills",
        ),
        ("regions = 1\n" + ADDRESS, "regions: expected a list of polygons, got 1"),
        ("regions = [[[0, 0], [1, 1]]]\n" + ADDRESS, f"regions: {POLYGONS} [[0, 0], [1, 1]]"),
        (
            "masks = [[[0, 0], [1, 1], [2, 1]]]\n" + ADDRESS,
            f"masks: {POLYGONS} [[0, 0], [1, 1], [2, 1]]",
        ),
        (
            'regions = []\nsource = "dahua+http://h"',
            "regions: this camera tells what it reads, and no pictures to look at",
        ),
        (TWICE + ADDRESS, "password and password_file: give one of them"),
        ("password = 5\n" + ADDRESS, "password: expected a text in quotes"),
        (
            'source = "recorder/street.mkv"',
            "source: expected a video whose name tells when it begins, such as "
            "20260131_151504.mkv, got 'recorder/street.mkv'",
        ),
        (
            'user = "a"\nsource = "b.mp4"',
            "source: 'b.mp4' is a path: it takes no user and no password",
        ),
    ],
)
def test_a_camera_that_cannot_be_used_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(WatchFileError) as refused:
        parse_watch_file(f"[C1]\n{text}", 5.0, HERE)
    assert str(refused.value) == f"camera C1: {said}"


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no such file or folder"), ("", "has nothing in its first line")]
)
def test_a_password_file_that_does_not_help_is_named(
    tmp_path: Path, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "word").write_text(content)
    with pytest.raises(WatchFileError, match=said):
        parse_watch_file('[C1]\npassword_file = "word"\n' + ADDRESS, 5.0, tmp_path)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WatchFileError, match=r"watch\.toml: no such file or folder"):
        read_watch_file(tmp_path / "watch.toml", 5.0)
