from io import BytesIO

import av
import pytest

from lpr.watch.mp4 import Form, Packet, form_of, parameter_sets, ticks, to_mp4
from tests.encoded import SIZE, encoded, numbers_in, packets_of


def sent(video: BytesIO) -> tuple[Form, list[Packet]]:
    """A stream's form, and its packets from one key frame on; the stream is closed."""
    with av.open(video) as container:
        stream = container.streams.video[0]
        form = form_of(stream)
        return form, packets_of(stream)


@pytest.mark.parametrize(
    ("codec", "name", "b_frames"),
    [("libx264", "h264", 0), ("libx264", "h264", 2), ("libx265", "hevc", 0), ("mjpeg", "mjpeg", 0)],
)
def test_packets_are_a_video_of_the_same_pictures(codec: str, name: str, b_frames: int) -> None:
    form, packets = sent(encoded(codec, b_frames=b_frames))
    video = to_mp4(form, SIZE, packets)
    assert numbers_in(video) == list(range(40))
    with av.open(BytesIO(video)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == (name, *SIZE)
        assert container.duration == pytest.approx(4_000_000, abs=110_000)
        times = [float(frame.time or 0) for frame in container.decode(stream)]
        assert times == pytest.approx([n / 10 for n in range(40)], abs=1e-3)


def test_nothing_is_encoded_anew() -> None:
    form, packets = sent(encoded())
    with av.open(BytesIO(to_mp4(form, SIZE, packets))) as container:
        sizes = [packet.size for packet in container.demux(video=0) if packet.size]
    # in MP4 each unit has its length in front, four bytes, in place of three or four
    assert sizes == pytest.approx([len(packet.data) for packet in packets], abs=8)


def test_the_index_is_in_front_so_that_a_page_plays_it_at_once() -> None:
    form, packets = sent(encoded())
    video = to_mp4(form, SIZE, packets)
    assert video[4:8] == b"ftyp"
    assert 0 < video.find(b"moov") < video.find(b"mdat")


def test_key_frames_say_how_they_are_decoded() -> None:
    form, packets = sent(encoded())
    small, others = sent(encoded(size=(32, 32)))
    sets = parameter_sets(form, packets[0].data)
    assert sets.startswith(b"\0\0\0\1")
    assert sets == parameter_sets(form, packets[10].data)
    assert sets != parameter_sets(small, others[0].data)
    assert parameter_sets(form, packets[1].data) == b""
    form, packets = sent(encoded("mjpeg"))
    assert parameter_sets(form, packets[0].data) == b""


def test_what_a_key_frame_says_counts_more_than_what_was_told_at_the_opening() -> None:
    form, _ = sent(encoded())
    small, packets = sent(encoded(size=(32, 16)))
    sets = parameter_sets(small, packets[0].data)
    video = to_mp4(Form(form.codec, form.template, sets), (32, 16), packets)
    assert numbers_in(video) == list(range(40))
    with av.open(BytesIO(video)) as container:
        assert container.streams.video[0].codec_context.extradata_size > 0
        assert (container.streams.video[0].width, container.streams.video[0].height) == (32, 16)


def test_units_with_their_lengths_in_front_are_left_as_they_are() -> None:
    form, packets = sent(encoded())
    prefixed, again = sent(BytesIO(to_mp4(form, SIZE, packets)))
    assert parameter_sets(prefixed, again[0].data) == b""
    assert numbers_in(to_mp4(prefixed, SIZE, again)) == list(range(40))


def test_what_no_mp4_can_hold_is_refused() -> None:
    file = BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("ffvhuff", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for _ in range(2):
            container.mux(stream.encode(av.VideoFrame(*SIZE, format="yuv420p")))
    file.seek(0)
    with av.open(file) as container, pytest.raises(ValueError, match="does not support"):
        form_of(container.streams.video[0])


def at(*times: float) -> list[Packet]:
    return [Packet(b"", time, time, is_key=True) for time in times]


@pytest.mark.parametrize(
    ("times", "shown", "decoded"),
    [
        ((5.0, 5.1, 5.2), [0, 9000, 18000], [0, 9000, 18000]),
        ((0.0, 0.3, 0.1, 0.2), [0, 27000, 9000, 18000], [-9000, 0, 9000, 18000]),
        ((1.0, 1.0, 1.0), [0, 1, 2], [0, 1, 2]),
    ],
)
def test_each_picture_is_decoded_before_it_is_shown(
    times: tuple[float, ...], shown: list[int], decoded: list[int]
) -> None:
    assert ticks(at(*times)) == (shown, decoded)
