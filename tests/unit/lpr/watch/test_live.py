import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import cv2
import numpy as np
import pytest

from lpr.errors import SourceError
from lpr.watch.addresses import Address
from lpr.watch.clips import Clips
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import Decoded, LiveFrame, Still
from lpr.watch.live import MOST_DAMAGED, Stream, open_stream, sender_time
from lpr.watch.timing import LiveTimes
from lpr.watch.watch_file import WatchedCamera

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
CAMERA = Address("rtsp://viewer:s3cret@camera/a", "rtsp")
GOP = 10


class Clock:
    """A clock that each look moves on."""

    def __init__(self, step_s: float = 0.01) -> None:
        self.now, self.step_s = 0.0, step_s
        self.slept: list[float] = []

    def steady(self) -> float:
        self.now += self.step_s
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def timepiece(self) -> Timepiece:
        return Timepiece(lambda: NOON + timedelta(seconds=self.now), self.steady, self.sleep)


def picture(number: int, size: tuple[int, int] = (320, 180)) -> np.ndarray:
    frame = np.full((size[1], size[0], 3), 60, np.uint8)
    x = number * 5 % (size[0] - 40)
    frame[60:100, x : x + 40] = (40, 200, 240)
    return frame


def record(path: Path, count: int = 40, fps: int = 10, size: tuple[int, int] = (320, 180)) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"bf": "0", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.gop_size = GOP
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(picture(number, size), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


class Noisy:
    """A container some of whose packets are garbage: those with these numbers."""

    def __init__(self, path: Path, garbage: range) -> None:
        self._container, self._garbage = av.open(str(path)), garbage
        self.streams = self._container.streams

    def demux(self, stream: Any) -> Iterator[Any]:
        noise = np.random.default_rng(1)
        for number, packet in enumerate(self._container.demux(stream)):
            if number not in self._garbage:
                yield packet
                continue
            bad = av.Packet(b"\x00\x00\x00\x30\x65" + noise.bytes(47))
            bad.stream, bad.pts, bad.time_base = stream, packet.pts, packet.time_base
            yield bad

    def close(self) -> None:
        self._container.close()


def live(container: Any, clock: Clock | None = None) -> Stream:
    return Stream(container, CAMERA, (clock or Clock()).timepiece, LiveTimes(0.0))


def all_of(stream: Stream) -> tuple[list[LiveFrame], SourceError]:
    frames: list[LiveFrame] = []
    with pytest.raises(SourceError) as over:
        frames.extend(stream.frames())
    return frames, over.value


def test_every_frame_comes_and_the_end_is_told(tmp_path: Path) -> None:
    stream = live(av.open(str(record(tmp_path / "a.mp4"))))
    frames, over = all_of(stream)
    assert len(frames) == 40
    assert (over.trouble, str(over)) == ("ended", "rtsp://camera/a: it has ended the stream")
    assert [i for i, frame in enumerate(frames) if frame.is_key] == [0, 10, 20, 30]
    assert stream.told.codec == "h264"
    assert (stream.told.width, stream.told.height, stream.told.fps) == (320, 180, 10.0)
    stream.close()


def test_what_is_not_decoded_is_kept_for_clips_all_the_same(tmp_path: Path) -> None:
    clips, video = Clips("C1", 20.0), av.open(str(record(tmp_path / "a.mp4")))
    stream = Stream(video, CAMERA, Clock().timepiece, LiveTimes(0.0), clips=clips)
    stream.key_frames_only = True
    frames, _ = all_of(stream)
    assert len(frames) == 4
    stream.close()
    clip = clips.cut(NOON - timedelta(minutes=1), NOON + timedelta(minutes=1))
    assert clip is not None
    with av.open(BytesIO(clip)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 40


def test_the_small_picture_is_the_brightness_of_the_large_one(tmp_path: Path) -> None:
    frames, _ = all_of(live(av.open(str(record(tmp_path / "a.mp4", 8)))))
    large = frames[5].picture()
    assert large.shape == (180, 320, 3)
    grey = cv2.cvtColor(large, cv2.COLOR_BGR2GRAY)
    wanted = cv2.resize(grey, (160, 90), interpolation=cv2.INTER_AREA).astype(int)
    small = frames[5].small_grey()
    assert (small.shape, small.dtype) == ((90, 160), np.uint8)
    inner = np.s_[34:46, 16:28]  # of what moves; the decoder's black is 16, not 0
    assert abs(small[inner].astype(int).mean() - (16 + wanted[inner].mean() * 219 / 255)) < 3
    assert small[inner].mean() > small[60:].mean() + 60


def test_a_still_has_a_small_picture_too() -> None:
    frame = LiveFrame(Still(picture(3, (640, 360))), NOON, "file", 0.0)
    assert (frame.size, frame.small_grey().shape) == ((640, 360), (90, 160))
    assert frame.picture().shape == (360, 640, 3)


def test_a_picture_of_any_kind_has_brightness() -> None:
    for kind in ("yuv420p", "nv12", "yuv420p10le", "rgb24", "gray"):
        frame = av.VideoFrame.from_ndarray(picture(0), format="bgr24").reformat(format=kind)
        small = LiveFrame(Decoded(frame), NOON, "arrival", 0.0).small_grey()
        assert small[40, 10] > small[80, 100] + 60


def test_key_frames_alone_can_be_had_and_the_others_again(tmp_path: Path) -> None:
    stream = live(av.open(str(record(tmp_path / "a.mp4", 60))))
    frames: list[LiveFrame] = []
    coming = stream.frames()
    for count in range(1, 29):
        frames.append(next(coming))
        stream.key_frames_only = 15 <= count < 18
    keys = [frame.is_key for frame in frames]
    assert keys[:15] == [number % GOP == 0 for number in range(15)]
    assert keys[15:18] == [True] * 3
    assert keys[18:] == [True] + [False] * (GOP - 1)
    assert abs(frames[-1].picture().astype(int) - picture(59)).mean() < 3


def test_damaged_packets_are_counted_and_passed_over(tmp_path: Path) -> None:
    stream = live(Noisy(record(tmp_path / "a.mp4"), range(12, 15)))
    frames, over = all_of(stream)
    assert over.trouble == "ended"
    assert stream.damaged == 3
    assert len(frames) == 37


def test_nothing_but_garbage_is_an_error(tmp_path: Path) -> None:
    path = record(tmp_path / "a.mp4", 2 * MOST_DAMAGED)
    stream = live(Noisy(path, range(5, 2 * MOST_DAMAGED)))
    frames, over = all_of(stream)
    assert len(frames) < 25  # some garbage happens to be a picture
    assert over.trouble == "damaged"
    told = f"rtsp://camera/a: what it sends cannot be decoded ({stream.damaged} damaged packets)"
    assert str(over) == told


def test_packets_without_any_picture_are_garbage_after_a_while(tmp_path: Path) -> None:
    stream = live(av.open(str(record(tmp_path / "a.mp4"))), Clock(step_s=3.0))
    stream._video = SimpleNamespace(  # type: ignore[assignment]  # a decoder that gives nothing
        codec_context=SimpleNamespace(), average_rate=None
    )
    packet = SimpleNamespace(
        pts=1,
        time_base=Fraction(1),
        is_keyframe=True,
        has_sidedata=lambda _: False,
        decode=lambda: [],
    )
    stream._container = SimpleNamespace(demux=lambda _: iter([packet] * 9))
    _, over = all_of(stream)
    assert over.trouble == "damaged"


def test_a_packet_that_was_waited_for_too_long_is_a_frozen_stream(tmp_path: Path) -> None:
    container = av.open(str(record(tmp_path / "a.mp4")))
    timepiece = Clock(step_s=5.0).timepiece
    _, over = all_of(Stream(container, CAMERA, timepiece, LiveTimes(0.0), frozen_s=5.0))
    assert over.trouble == "frozen"


def test_a_senders_time_is_read_from_its_packet() -> None:
    told = (1_769_860_800_250_000).to_bytes(8, "little") + bytes(8)
    packet = SimpleNamespace(has_sidedata=lambda kind: kind == "prft", get_sidedata=lambda _: told)
    assert sender_time(packet) == 1_769_860_800.25
    assert sender_time(SimpleNamespace(has_sidedata=lambda _: False)) is None


def a_file(path: Path) -> WatchedCamera:
    return WatchedCamera("C1", Address(str(path), "file"))


def test_a_file_is_read_without_waiting_and_by_its_own_times(tmp_path: Path) -> None:
    clock = Clock()
    path = record(tmp_path / "20260131_190000.mp4", 20)
    os.utime(path, (0, 0))  # finished long ago
    frames, over = all_of(open_stream(a_file(path), clock.timepiece))
    assert over.trouble == "finished"
    assert [frame.clock for frame in frames] == ["file"] * 20
    assert [(frame.at - NOON).total_seconds() for frame in frames] == pytest.approx(
        [number / 10 for number in range(20)], abs=0.001
    )
    assert clock.slept == []
    assert frames[-1].offset - frames[0].offset == pytest.approx(1.9, abs=0.01)


@pytest.mark.parametrize(
    ("content", "trouble", "said"),
    [
        (None, "not-found", "no such file or folder"),
        (b"", "not-video", "Invalid data found when processing input"),
        (b"dear colleague " * 99, "not-video", "Invalid data found when processing input"),
    ],
)
def test_a_file_that_is_no_video_says_so(
    tmp_path: Path, content: bytes | None, trouble: str, said: str
) -> None:
    path = tmp_path / "a.ts"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as refused:
        open_stream(a_file(path), Clock().timepiece)
    assert refused.value.trouble == trouble
    assert str(refused.value).endswith(f"({said})")
