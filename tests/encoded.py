"""Small videos as cameras send them, whose frames show their numbers."""

from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from lpr.watch.mp4 import Packet

SIZE = (64, 48)
_BITS = 8
_MPEG_TS = {"libx264": "mpegts", "libx265": "mpegts", "mjpeg": "mjpeg"}
_OPTIONS = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
}


def encoded(
    codec: str = "libx264",
    frames: int = 40,
    *,
    fps: int = 10,
    group: int = 10,
    size: tuple[int, int] = SIZE,
    b_frames: int = 0,
) -> BytesIO:
    """A video with a key frame every `group` frames; frame n shows the bits of n as bars."""
    file = BytesIO()
    with av.open(file, "w", format=_MPEG_TS[codec]) as container:
        options = {**_OPTIONS.get(codec, {}), "bf": str(b_frames), "sc_threshold": "0"}
        stream = container.add_stream(codec, rate=fps, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = group
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(_bars(number, size), format="bgr24")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    file.seek(0)
    return file


def packets_of(stream: Any) -> list[Packet]:
    """The packets of a stream of ten frames a second; those of MJPEG by when they came."""
    is_timed = stream.codec_context.name != "mjpeg"
    found = [packet for packet in stream.container.demux(stream) if packet.size]
    times = [float(p.pts * p.time_base) if is_timed else n / 10 for n, p in enumerate(found)]
    return [
        Packet(bytes(p), time, time, p.is_keyframe) for p, time in zip(found, times, strict=True)
    ]


def _bars(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    bits = [255 * (number >> bit & 1) for bit in range(_BITS)]
    row = np.repeat(np.array(bits, np.uint8), size[0] // _BITS)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (size[1], size[0], 3)))


def numbers_in(video: bytes | BytesIO) -> list[int]:
    """The numbers of the frames of a video, as they are shown."""
    file = BytesIO(video) if isinstance(video, bytes) else video
    with av.open(file) as container:
        return [_number(frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]


def _number(grey: NDArray[Any]) -> int:
    bars = grey.reshape(grey.shape[0], _BITS, -1).mean(axis=(0, 2))
    return sum(1 << bit for bit, bar in enumerate(bars) if bar > 128)
