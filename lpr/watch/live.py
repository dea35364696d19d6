"""An open stream: its frames as they arrive."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Protocol

import av

from lpr.errors import SourceError
from lpr.reasons import reason_of
from lpr.watch.addresses import Address
from lpr.watch.clips import Clips
from lpr.watch.clocks import Timepiece
from lpr.watch.following import FileTimes, GrowingFile
from lpr.watch.frames import Decoded, LiveFrame
from lpr.watch.mp4 import Packet
from lpr.watch.named_times import start_of
from lpr.watch.opening import opened, opening_of, patient, reason_in, source_error, trouble_reading
from lpr.watch.timing import Arrival, FrameTime, LiveTimes
from lpr.watch.watch_file import WatchedCamera

MOST_DAMAGED = 60  # packets more than pictures: two seconds of a usual camera
PICTURELESS_S = 10.0  # packets come for so long, and no picture: garbage that the decoder skips
_KEPT = 64  # packets whose pictures are awaited; decoders hold back 16 at most
_UNTIMED = ("mjpeg", "usb")  # their stream's times are made up by the demuxer


@dataclass(frozen=True, slots=True)
class Told:
    """What a stream says about itself.

    Attributes:
        codec: its name.
        width, height: in pixels.
        fps: frames a second, None if it does not say.
        is_hardware: whether a hardware decoder decodes it.
    """

    codec: str
    width: int
    height: int
    fps: float | None
    is_hardware: bool


class Times(Protocol):
    """Tells when frames were taken."""

    def of(self, arrival: Arrival) -> FrameTime:
        """The time of the next frame."""
        ...


class Stream:
    """A camera's open stream.

    Args:
        container: opened.
        address: of it.
        timepiece: of this machine.
        times: tells when its frames were taken.
        frozen_s: a packet that took so long is the one that FFmpeg held back until PyAV's time-out
            interrupted it: nothing more came.
        clips: keeps its packets, None: nobody does.

    Attributes:
        key_frames_only: may be set at any time; then only frames that need no others are decoded,
            and after it only from the next of these on.
        damaged: packets that could not be decoded.
    """

    def __init__(
        self,
        container: Any,
        address: Address,
        timepiece: Timepiece,
        times: Times,
        frozen_s: float = inf,
        clips: Clips | None = None,
    ) -> None:
        self._container, self._video = container, container.streams.video[0]
        self._address = address
        self._is_timed = address.kind not in _UNTIMED
        self._timepiece, self._times, self._frozen_s = timepiece, times, frozen_s
        self._arrivals: dict[int | None, Arrival] = {}
        self._excess = 0  # of damaged packets over pictures
        self._wants_key = False
        self.key_frames_only = False
        self.damaged = 0
        self._clips = clips
        if clips is not None:
            clips.connect(self._video)
        self._video.codec_context.thread_type = "NONE"
        self._video.codec_context.thread_count = 1  # many cameras share this machine

    @property
    def told(self) -> Told:
        """What it says about itself."""
        context, rate = self._video.codec_context, self._video.average_rate
        fps = float(rate) if rate else None
        return Told(context.name, context.width, context.height, fps, context.is_hwaccel)

    def frames(self) -> Iterator[LiveFrame]:
        """Frames as they arrive, for as long as they do.

        Raises:
            SourceError: they come no more, and why.
        """
        packets = iter(self._container.demux(self._video))
        pictured = self._timepiece.steady()
        while True:
            packet = self._next(packets)
            if isinstance(packet, SourceError):
                raise packet  # here, where no error that knows the password is its context
            utc, steady = self._timepiece.utc(), self._timepiece.steady()
            arrival = Arrival(utc, steady, self._stream_s(packet), sender_time(packet))
            self._keep(packet, arrival)
            for frame in self._decoded(packet, arrival):
                pictured = steady
                yield frame
            self._check(steady - pictured if self._address.is_live else 0.0)

    def _next(self, packets: Iterator[Any]) -> Any:
        """The next packet, or why there is none."""
        asked = self._timepiece.steady()
        try:
            packet = next(packets)
            if self._timepiece.steady() - asked < self._frozen_s:
                return packet
            return source_error(self._address, "frozen")
        except StopIteration:
            is_file = self._address.kind == "file"
            return source_error(self._address, "finished" if is_file else "ended")
        except (av.error.FFmpegError, OSError) as error:
            return source_error(self._address, trouble_reading(error), reason_in(error))

    def _stream_s(self, packet: Any) -> float | None:
        if self._is_timed and packet.pts is not None:
            return float(packet.pts * packet.time_base)
        return None

    def _keep(self, packet: Any, arrival: Arrival) -> None:
        """Keep a packet for clips, whether it will be decoded or not."""
        if self._clips is not None and packet.size:
            is_key = packet.is_keyframe
            self._clips.add(Packet(bytes(packet), arrival.time_s, arrival.steady_s, is_key))

    def _decoded(self, packet: Any, arrival: Arrival) -> Iterator[LiveFrame]:
        if self.key_frames_only:
            self._wants_key = True
        if self._wants_key and not packet.is_keyframe:
            return
        self._wants_key = False
        self._note(packet, arrival)
        try:
            pictures = packet.decode()
            if self.key_frames_only:  # it may hold its picture back for others to come
                pictures += self._video.codec_context.decode(None)
                self._video.codec_context.flush_buffers()
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            self._excess += 1
            return
        for picture in pictures:
            self._excess = max(0, self._excess - 1)
            yield self._live(picture, arrival)

    def _note(self, packet: Any, arrival: Arrival) -> None:
        """Keep when a packet arrived, until its picture comes."""
        self._arrivals[packet.pts] = arrival
        while len(self._arrivals) > _KEPT:
            self._arrivals.pop(next(iter(self._arrivals)))

    def _live(self, picture: av.VideoFrame, latest: Arrival) -> LiveFrame:
        arrival = self._arrivals.pop(picture.pts, None)
        time = self._times.of(arrival or Arrival(latest.utc, latest.steady_s))
        if self._clips is not None and arrival is not None:
            self._clips.mark(arrival.time_s, time.at, (picture.width, picture.height))
        return LiveFrame(
            Decoded(picture),
            time.at,
            time.clock,
            time.offset,
            time.clock_offset_s,
            bool(picture.key_frame),
        )

    def _check(self, pictureless_s: float) -> None:
        """Whether what comes is video at all."""
        is_garbage = self._excess >= MOST_DAMAGED
        if is_garbage or (pictureless_s > PICTURELESS_S and not self.key_frames_only):
            raise source_error(self._address, "damaged", f"{self.damaged} damaged packets")

    def close(self) -> None:
        """Let the connection go."""
        with suppress(av.error.FFmpegError, OSError):
            self._container.close()


def open_stream(
    camera: WatchedCamera, timepiece: Timepiece, attempts: int = 0, clips: Clips | None = None
) -> Stream:
    """Connect to a camera.

    Args:
        camera: that is no folder; a file is followed until it grows no more.
        timepiece: of this machine.
        attempts: that failed in a row before; after many it is given more time.
        clips: keeps the packets of a live one, None: nobody does.

    Raises:
        SourceError: it does not open, and why.
    """
    address = camera.address
    if address.kind == "file":
        return _open_file(address, timepiece)
    how = patient(opening_of(address.kind, camera.transport), attempts)
    container = opened(address, address.url, how, timepiece)
    times = LiveTimes(camera.latency_ms / 1000)
    return Stream(container, address, timepiece, times, how.frozen_s, clips)


def _open_file(address: Address, timepiece: Timepiece) -> Stream:
    try:
        file = GrowingFile(Path(address.url), timepiece)
    except OSError as error:
        raise source_error(address, "not-found", reason_of(error)) from None
    try:
        container = opened(address, file, opening_of("file", "tcp"), timepiece)
    except SourceError:
        file.close()
        raise
    length_s = container.duration / av.time_base if container.duration else None
    start = start_of(address.url, file.modified, length_s)
    return Stream(container, address, timepiece, FileTimes(start))


def sender_time(packet: Any) -> float | None:
    """When a packet's picture was taken by its sender's clock, seconds since 1970.

    FFmpeg puts it there (AVProducerReferenceTime: int64 microseconds, then flags) once an RTCP
    sender report (RFC 3550, 6.4.1) has come.

    Args:
        packet: of PyAV.

    Returns:
        None if the sender has not told.
    """
    if not packet.has_sidedata("prft"):
        return None
    content = bytes(packet.get_sidedata("prft"))
    return float(struct.unpack_from("=q", content)[0]) / 1e6 if len(content) >= 8 else None
