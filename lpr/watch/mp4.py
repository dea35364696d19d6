"""Compressed pictures as they came from a camera, put into an MP4; nothing is encoded anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from typing import Any

import av

_TICKS = 90_000  # a second, as in RTP
_INDEX_BYTES, _INDEX_OF_PACKET = 8192, 32  # room for the index in front; it needs 28 a packet
_SET_UNITS = {
    "h264": lambda first: first & 31 in (7, 8),  # SPS, PPS: H.264, table 7-1
    "hevc": lambda first: first >> 1 & 63 in (32, 33, 34),  # VPS, SPS, PPS: H.265, table 7-1
}


@dataclass(frozen=True, slots=True)
class Packet:
    """A compressed picture.

    Attributes:
        data: of it.
        time_s: in its stream; of arrival, if the stream's times mean nothing.
        arrived_s: by the steady clock.
        is_key: whether it can be decoded without others.
    """

    data: bytes
    time_s: float
    arrived_s: float
    is_key: bool


@dataclass(frozen=True, slots=True)
class Form:
    """How packets are to be decoded.

    Attributes:
        codec: its name.
        template: a stream that was never written, with what was told when the camera's was opened.
        sets: parameter sets that a key frame brought, in place of those; empty: it brought none.
    """

    codec: str
    template: Any = field(compare=False, repr=False)
    sets: bytes = b""


def form_of(video: Any) -> Form:
    """The form of an open stream's packets; it outlives the stream.

    Args:
        video: of PyAV.

    Raises:
        ValueError: no MP4 can hold them.
    """
    holder = av.open(BytesIO(), "w", format="mp4")
    return Form(video.codec_context.name, holder.add_stream_from_template(video, opaque=True))


def parameter_sets(form: Form, key_frame: bytes) -> bytes:
    """What a key frame itself says of how it is to be decoded, in Annex B (H.264, H.265); pure.

    Args:
        form: of its stream.
        key_frame: its data.

    Returns:
        Empty if it says nothing, or its units have their lengths in front as in MP4.
    """
    is_set = _SET_UNITS.get(form.codec)
    if is_set is None or (form.template.codec_context.extradata or b"\0")[0] != 0:
        return b""
    units = dict.fromkeys(unit.rstrip(b"\0") for unit in key_frame.split(b"\0\0\1"))
    return b"".join(b"\0\0\0\1" + unit for unit in units if unit and is_set(unit[0]))


def to_mp4(form: Form, size: tuple[int, int], packets: Sequence[Packet]) -> bytes:
    """A video of packets, its index in front, so that it plays before it has come whole.

    Args:
        form: of the packets.
        size: width and height in pixels.
        packets: in the order in which they came; the first is a key frame.

    Raises:
        ValueError, av.error.FFmpegError: they do not go into an MP4 that can be opened.
    """
    room = _INDEX_BYTES + _INDEX_OF_PACKET * len(packets)
    output = BytesIO()
    with av.open(output, "w", format="mp4", options={"moov_size": str(room)}) as container:
        stream = container.add_stream_from_template(form.template, opaque=True)
        stream.time_base = Fraction(1, _TICKS)
        stream.codec_context.width, stream.codec_context.height = size
        if form.sets:
            stream.codec_context.extradata = form.sets
        shown, decoded = ticks(packets)
        lasts = [after - before for before, after in pairwise(decoded)]
        lasts.append(lasts[-1] if lasts else _TICKS // 10)
        for number, packet in enumerate(packets):
            sent = av.Packet(packet.data)
            sent.stream, sent.time_base = stream, stream.time_base
            sent.pts, sent.dts, sent.duration = shown[number], decoded[number], lasts[number]
            sent.is_keyframe = packet.is_key
            container.mux(sent)
    video = output.getvalue()
    with av.open(BytesIO(video)):  # of a damaged key frame it becomes one that nobody can open
        return video


def ticks(packets: Sequence[Packet]) -> tuple[list[int], list[int]]:
    """When each packet is shown and decoded, from 0 on; pure.

    Cameras do not tell reliably when to decode. Pictures are decoded in the order in which they
    come, each in the place of one that is shown, early enough that none is shown before it.
    """
    first = min(packet.time_s for packet in packets)
    shown = [round((packet.time_s - first) * _TICKS) for packet in packets]
    order = sorted(range(len(packets)), key=lambda index: shown[index])
    for before, index in pairwise(order):
        shown[index] = max(shown[index], shown[before] + 1)
    places = sorted(shown)
    late = max(place - time for place, time in zip(places, shown, strict=True))
    return shown, [place - late for place in places]
