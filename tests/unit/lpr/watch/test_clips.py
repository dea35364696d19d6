import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import av
import pytest

from lpr.watch.clips import FINAL_S, MOST_CLIP, MOST_KEPT, Clips
from lpr.watch.mp4 import Packet
from tests.encoded import SIZE, encoded, numbers_in, packets_of

BEGIN = datetime(2026, 1, 31, 8, tzinfo=UTC)
CLIP_S = 4.0


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


class Camera:
    """A camera's clips, and what comes from it, ten frames a second."""

    def __init__(self) -> None:
        self.clips = Clips("C1", CLIP_S)
        self.now = 0.0

    def connect(self, video: BytesIO) -> list[Packet]:
        """Open a stream; what it will send."""
        with av.open(video) as container:
            stream = container.streams.video[0]
            self.clips.connect(stream)
            return packets_of(stream)

    def come(
        self, packets: Sequence[Packet], later_s: float = 0.0, size: tuple[int, int] = SIZE
    ) -> None:
        """Packets come, and the times of their pictures are told; the stream's own are other ones.

        Args:
            packets: as they were sent.
            later_s: seconds after BEGIN that the first one's picture was taken.
            size: of the pictures.
        """
        for packet in packets:
            seconds = packet.time_s - packets[0].time_s + later_s
            self.now = max(self.now, seconds)
            self.clips.add(replace(packet, arrived_s=self.now))
            self.clips.mark(packet.time_s, at(seconds), size)

    def numbers(self, begin_s: float, end_s: float) -> list[int]:
        """Of the frames of a clip; empty if there is none."""
        clip = self.clips.cut(at(begin_s), at(end_s))
        return numbers_in(clip) if clip else []


@pytest.fixture
def camera() -> Camera:
    return Camera()


def test_a_clip_begins_with_the_last_key_frame_before_its_begin(camera: Camera) -> None:
    camera.come(camera.connect(encoded()))
    assert camera.numbers(1.55, 2.45) == list(range(10, 25))
    assert camera.numbers(2.0, 2.45) == list(range(20, 25))


def test_a_clip_has_what_there_is_of_its_span(camera: Camera) -> None:
    packets = camera.connect(encoded())
    camera.come(packets[3:])  # what comes before the first key frame is of no use
    assert camera.numbers(-5.0, 1.05) == list(range(10, 14))
    assert camera.numbers(3.2, 9.0) == list(range(30, 40))
    assert camera.numbers(5.0, 9.0) == []
    assert camera.numbers(-9.0, -5.0) == []


def test_what_is_too_old_is_forgotten_by_whole_groups(camera: Camera) -> None:
    packets = camera.connect(encoded(frames=200))
    camera.come(packets)
    assert camera.numbers(0.0, 2.0) == []
    oldest = 199 - round(10 * (CLIP_S + FINAL_S))
    assert camera.numbers(0.0, 30.0) == list(range(oldest // 10 * 10, 200))


def test_what_is_too_much_is_forgotten(camera: Camera) -> None:
    packets = camera.connect(encoded("mjpeg", frames=2))
    large = replace(packets[0], data=packets[0].data + bytes(1_000_000))
    camera.come([replace(large, time_s=n / 10) for n in range(100)])
    clip = camera.clips.cut(at(3.0), at(4.0))
    count = MOST_KEPT // len(large.data)
    assert clip is not None
    assert len(numbers_in(clip)) == 40 - (100 - count)


def test_a_clip_that_would_be_too_large_is_narrower(camera: Camera) -> None:
    packets = camera.connect(encoded("mjpeg", frames=2))
    large = replace(packets[0], data=packets[0].data + bytes(1_000_000))
    camera.come([replace(large, time_s=n / 10) for n in range(50)])
    clip = camera.clips.cut(at(0.5), at(4.5))
    assert clip is not None
    assert len(clip) <= MOST_CLIP
    assert len(numbers_in(clip)) == 10  # 2.0 to 3.0


def test_one_group_that_is_too_much_is_forgotten_until_the_next_key_frame(camera: Camera) -> None:
    packets = camera.connect(encoded())
    endless = [replace(p, data=p.data + bytes(8_000_000)) for p in packets[:10]]
    camera.come([*endless, *packets[10:]])
    assert camera.numbers(0.0, 9.0) == list(range(10, 40))


def test_what_came_before_a_break_is_kept_for_passages_that_ended_with_it(camera: Camera) -> None:
    camera.come(camera.connect(encoded()))
    camera.come(camera.connect(encoded(frames=20)), later_s=6.0)
    assert camera.numbers(1.0, 5.0) == list(range(10, 40))
    assert camera.numbers(5.0, 9.0) == list(range(20))
    camera.come(camera.connect(encoded()), later_s=4.1 + CLIP_S + FINAL_S)
    assert camera.numbers(1.0, 5.0) == []


def test_pictures_of_another_size_begin_anew_in_the_midst_of_a_connection(camera: Camera) -> None:
    packets = camera.connect(encoded())
    with av.open(encoded(size=(32, 16))) as container:
        smaller = packets_of(container.streams.video[0])
    camera.come(packets)
    camera.come([replace(p, time_s=p.time_s + 4.0) for p in smaller], 4.0, (32, 16))
    clip = camera.clips.cut(at(3.5), at(7.5))
    assert clip is not None
    assert numbers_in(clip) == list(range(35))
    with av.open(BytesIO(clip)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (32, 16)


def test_a_key_frame_that_does_not_repeat_how_it_is_decoded_goes_on(camera: Camera) -> None:
    packets = camera.connect(encoded())
    start = packets[10].data.index(b"\0\0\1\x65")  # the picture itself, H.264, table 7-1
    camera.come([*packets[:10], replace(packets[10], data=packets[10].data[start:])])
    camera.come(packets[11:], later_s=1.1)
    assert camera.numbers(0.0, 4.0) == list(range(40))


def test_parameter_sets_that_come_alone_belong_to_the_picture_after_them(camera: Camera) -> None:
    packets = camera.connect(encoded())
    parts: list[Packet] = []
    for packet in packets:
        start = packet.data.find(b"\0\0\1\x65")  # of a key frame; before it are its sets
        ends = [(0, start), (start, None)] if packet.is_key else [(0, None)]
        parts += [replace(packet, data=packet.data[a:b]) for a, b in ends]
    assert len(parts) == 44
    camera.come([replace(parts[0], data=2 * parts[0].data), *parts[1:]])
    clip = camera.clips.cut(at(1.05), at(4.0))
    assert clip is not None
    assert numbers_in(clip) == list(range(10, 40))
    with av.open(BytesIO(clip)) as container:
        assert sum(1 for packet in container.demux(video=0) if packet.size) == 30


def test_times_that_jump_begin_anew(camera: Camera) -> None:
    packets = camera.connect(encoded())
    camera.come(packets[:20])
    camera.come([replace(p, time_s=p.time_s + 1000.0) for p in packets[20:]], later_s=2.0)
    assert camera.numbers(2.0, 4.0) == list(range(20, 40))
    assert camera.numbers(0.0, 1.95) == list(range(20))


def test_a_stream_that_comes_in_bursts_is_one(camera: Camera) -> None:
    packets = camera.connect(encoded())
    for packet in packets:
        camera.clips.add(replace(packet, arrived_s=10.0 * (packet.time_s // 2)))
    camera.clips.mark(packets[0].time_s, at(0), SIZE)
    assert camera.numbers(0.0, 4.0) == list(range(40))


def test_a_damaged_key_frame_costs_the_clips_until_the_next_one(
    camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    packets = camera.connect(encoded())
    damaged = replace(packets[0], data=b"\0\0\0\1\x67\0" + packets[0].data[300:])
    with caplog.at_level(logging.ERROR):
        camera.come([damaged, *packets[1:]])
        assert [camera.numbers(0.0, 0.8) for _ in range(2)] == [[], []]
        assert camera.numbers(1.0, 4.0) == list(range(10, 40))
    assert ["no clip" in record.message for record in caplog.records] == [True]


def test_of_a_video_that_no_mp4_can_hold_there_are_no_clips(
    camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    file = BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("ffvhuff", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(*SIZE, format="yuv420p")))
        container.mux(stream.encode())
    file.seek(0)
    with caplog.at_level(logging.ERROR):
        camera.come(camera.connect(file))
        assert camera.numbers(-1.0, 1.0) == []
    assert ["no clip" in record.message for record in caplog.records] == [True]
