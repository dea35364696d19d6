import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from lpr.errors import PictureError
from lpr.testing import AS_ANYBODY
from lpr.videos import VideoFrame, read_video

IDENTITY = b"".join(n.to_bytes(4) for n in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))
MINUS = (-0x10000).to_bytes(4, signed=True)
ONE, NOUGHT = (0x10000).to_bytes(4), bytes(4)


def a_picture(shade: int, noise: np.random.Generator | None = None) -> np.ndarray:
    """96 x 64 pixels: the left upper quarter white, the rest of one shade (or of any)."""
    if noise is None:
        picture = np.full((64, 96, 3), shade, np.uint8)
    else:
        picture = noise.integers(0, 255, (8, 12, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    picture[:32, :48] = 255
    return picture


def _pixels(codec: str) -> str:
    return "yuvj420p" if codec == "mjpeg" else "yuv420p"


def record(
    path: Path,
    ticks: Sequence[int],
    fps: int = 30,
    codec: str = "libx264",
    noise: np.random.Generator | None = None,
    **options: str,
) -> Path:
    """Write a video with a frame at each of these ticks, so many a second; their shade is 2 x."""
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = 96, 64, _pixels(codec)
        stream.codec_context.time_base = Fraction(1, fps)
        stream.codec_context.gop_size = 5
        for tick in ticks:
            frame = av.VideoFrame.from_ndarray(a_picture(2 * tick % 256, noise), format="bgr24")
            frame.pts, frame.time_base = tick, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def offsets(path: Path, fps: float) -> list[float]:
    return [round(frame.offset, 3) for frame in read_video(path, fps)]


def shades(frames: list[VideoFrame]) -> list[int]:
    return [round(float(frame.picture[-16:, -16:].mean()) / 2) for frame in frames]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov", "a.ts", "a.m4v"])
def test_frames_come_upright_in_order_with_their_times(tmp_path: Path, name: str) -> None:
    frames = list(read_video(record(tmp_path / name, range(0, 60)), 60))
    assert [frame.offset for frame in frames] == pytest.approx(
        [i / 30 for i in range(60)], abs=1e-3
    )
    assert shades(frames)[::10] == pytest.approx([0, 10, 20, 30, 40, 50], abs=2)
    assert {(f.picture.shape, f.picture.dtype) for f in frames} == {((64, 96, 3), np.dtype("u1"))}
    assert frames[0].picture[:28, :44].min() > 240


@pytest.mark.parametrize(
    ("name", "codec"), [("a.avi", "mpeg4"), ("a.webm", "libvpx"), ("a.mkv", "mjpeg")]
)
def test_older_and_freer_codecs_are_read(tmp_path: Path, name: str, codec: str) -> None:
    assert offsets(record(tmp_path / name, range(30), codec=codec), 5) == [0.0, 0.2, 0.4, 0.6, 0.8]


@pytest.mark.parametrize(
    ("ticks", "fps", "taken"),
    [
        ([7], 5.0, [0.0]),
        (range(30), 5.0, [0.0, 0.2, 0.4, 0.6, 0.8]),
        (range(30), 4.0, [0.0, 0.267, 0.5, 0.767]),
        (range(0, 30, 10), 5.0, [0.0, 0.333, 0.667]),
        (range(60), 1.0, [0.0, 1.0]),
        (range(60), 0.5, [0.0]),
        ([0, 1, 2, 450, 451, 452, 456, 457], 5.0, [0.0, 15.0, 15.2]),
        (range(100, 115), 5.0, [0.0, 0.2, 0.4]),
    ],
)
def test_a_video_is_thinned_out_evenly(
    tmp_path: Path, ticks: Sequence[int], fps: float, taken: list[float]
) -> None:
    assert offsets(record(tmp_path / "a.mp4", ticks), fps) == taken


@pytest.mark.parametrize(
    ("matrix", "shape", "white"),
    [
        ((ONE, NOUGHT, NOUGHT, ONE), (64, 96), (0, 0)),
        ((NOUGHT, ONE, MINUS, NOUGHT), (96, 64), (0, -1)),  # a telephone held upright
        ((MINUS, NOUGHT, NOUGHT, MINUS), (64, 96), (-1, -1)),
        ((NOUGHT, MINUS, ONE, NOUGHT), (96, 64), (-1, 0)),
    ],
)
def test_a_video_is_turned_as_it_says(
    tmp_path: Path,
    matrix: tuple[bytes, bytes, bytes, bytes],
    shape: tuple[int, int],
    white: tuple[int, int],
) -> None:
    path = record(tmp_path / "a.mp4", range(3))
    a, b, c, d = matrix
    turned = a + b + NOUGHT + c + d + NOUGHT + IDENTITY[-12:]
    content = path.read_bytes()
    header = content.index(b"tkhd")
    place = content.index(IDENTITY, header)
    path.write_bytes(content[:place] + turned + content[place + 36 :])
    frame = next(read_video(path, 5))
    assert frame.picture.shape == (*shape, 3)
    corners = {(y, x): int(frame.picture[y, x].min()) for y in (0, -1) for x in (0, -1)}
    assert [place for place, shade in corners.items() if shade > 200] == [white]


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("dear colleague, please find enclosed a letter, not a video\n" * 9)


def _playlist(path: Path) -> None:
    record(path.with_name("part.ts"), range(9))
    path.write_text("#EXTM3U\n#EXTINF:1,\npart.ts\n#EXT-X-ENDLIST\n")


def _sound(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        for index in range(9):
            silence = np.zeros((1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44100, 1024 * index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _without_its_end(path: Path) -> None:
    record(path, range(60), noise=np.random.default_rng(1))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _folder(path: Path) -> None:
    path.mkdir()


def _nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_empty, "the file is empty"),
        (_text, "not a video, or a damaged one"),
        (_playlist, "not a video, or a damaged one"),
        (_sound, "the video holds no picture, or lacks its end"),
        (_without_its_end, "not a video, or a damaged one"),
        (_folder, "Is a directory"),
        (_nothing, "no such file or folder"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, made: Callable[[Path], None], said: str
) -> None:
    made(tmp_path / "video.mp4")
    with pytest.raises(PictureError) as refused:
        list(read_video(tmp_path / "video.mp4", 5))
    assert str(refused.value) == said


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_of_a_video_that_is_cut_off_the_beginning_is_read_and_the_rest_told(
    tmp_path: Path, name: str
) -> None:
    faststart = {"movflags": "faststart"} if name == "a.mp4" else {}
    path = record(tmp_path / name, range(80), fps=10, noise=np.random.default_rng(1), **faststart)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    frames: list[float] = []
    with pytest.raises(PictureError, match=r"the video is cut off after [345] of 8 seconds"):
        frames.extend(frame.offset for frame in read_video(path, 10))
    assert len(frames) == pytest.approx(40, abs=10)


def test_a_damaged_part_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = record(tmp_path / "a.mp4", range(60), fps=10, noise=np.random.default_rng(1))
    content = path.read_bytes()
    start, end = (content.index(b"mdat") + len(content) * n // 10 for n in (3, 4))
    path.write_bytes(content[:start] + bytes(end - start) + content[end:])
    frames: list[float] = []
    with pytest.raises(
        PictureError, match=r"the video is damaged in \d+ places; the rest was read"
    ):
        frames.extend(frame.offset for frame in read_video(path, 10))
    assert len(frames) > 40
    assert frames[-1] == pytest.approx(5.9)


def test_a_last_frame_that_stands_for_long_is_not_an_end_cut_off(tmp_path: Path) -> None:
    assert offsets(record(tmp_path / "a.mp4", [0, 10, 20, 320], fps=10), 5) == [0.0, 1.0, 2.0, 32.0]


def test_without_the_right_to_read_it_says_so(tmp_path: Path) -> None:
    path = record(tmp_path / "a.mp4", range(3))
    path.chmod(0)
    code = (
        "import json, sys; from pathlib import Path; from lpr.videos import read_video\n"
        "try: list(read_video(Path(sys.argv[1]), 5))\n"
        "except Exception as error: print(json.dumps([type(error).__name__, str(error)]))"
    )
    command = [*AS_ANYBODY, sys.executable, "-c", code, str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    no_right = "no right to read it: give this user the right"
    assert json.loads(ended.stdout) == ["PictureError", no_right]
