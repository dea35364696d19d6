"""Video files to frames."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from lpr.boxes import Frame
from lpr.errors import PictureError
from lpr.reasons import reason_of

SUFFIXES = frozenset({".mp4", ".mkv", ".avi", ".mov", ".ts", ".webm", ".m4v"})
CUT_OFF_S = 2.0  # what ends so long before the length that the file itself tells is cut off
_NO_PICTURE = "the video holds no picture, or lacks its end"


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One frame of a video and its time in seconds since the first one."""

    picture: Frame
    offset: float


def read_video(path: Path, fps: float) -> Iterator[VideoFrame]:
    """The frames of a video, thinned out.

    Args:
        path: of the video.
        fps: frames wanted of each second; fewer if it has fewer.

    Yields:
        Frames in order, upright as the video says.

    Raises:
        PictureError: it cannot be opened, holds no picture, or (after every frame that can be
            decoded) parts of it are damaged or its end is missing.
    """
    try:
        if path.stat().st_size == 0:
            raise PictureError("the file is empty")
        with av.open(str(path), timeout=30.0) as container:
            if not container.streams.video:
                raise PictureError(_NO_PICTURE)
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for frame, offset in _thinned(_decoded(container, stream), fps):
                picture = np.rot90(frame.to_ndarray(format="bgr24"), frame.rotation // 90)
                yield VideoFrame(np.ascontiguousarray(picture), offset)
    except av.error.InvalidDataError:
        raise PictureError("not a video, or a damaged one") from None
    except OSError as error:  # those of av too
        raise PictureError(reason_of(error)) from None


def _decoded(
    container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[tuple[av.VideoFrame, float]]:
    """Every frame that can be decoded, with its offset; what could not be is told at the end."""
    first: float | None = None
    damaged, end = 0, 0.0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            damaged += 1
            continue
        for frame in frames:
            if frame.time is None:
                continue
            first = frame.time if first is None else first
            end = frame.time - first + float(frame.duration * (frame.time_base or 0))
            yield frame, frame.time - first
    if damaged:
        raise PictureError(f"the video is damaged in {damaged} places; the rest was read")
    if first is None:
        raise PictureError(_NO_PICTURE)
    if (length := _length_s(container, stream)) > end + CUT_OFF_S:
        raise PictureError(f"the video is cut off after {end:.0f} of {length:.0f} seconds")


def _length_s(container: av.container.InputContainer, stream: av.VideoStream) -> float:
    """What the file itself says, 0 if it does not."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and len(container.streams) == 1:
        return float(container.duration / av.time_base)
    return 0.0


def _thinned(
    frames: Iterator[tuple[av.VideoFrame, float]], fps: float
) -> Iterator[tuple[av.VideoFrame, float]]:
    """At most so many frames of each second, evenly."""
    due = 0.0
    for frame, offset in frames:
        if offset + 1e-6 < due:
            continue
        due += 1 / fps
        if due <= offset:  # first, and after a gap
            due = offset + 1 / fps
        yield frame, offset
