"""Video files to frames."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from lpr.boxes import Frame
from lpr.errors import PictureError

SUFFIXES = frozenset({".mp4", ".mkv", ".avi", ".mov", ".ts", ".webm", ".m4v"})


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
        PictureError: it cannot be opened or decoded, or holds no picture.
    """
    try:
        with av.open(str(path), timeout=30.0) as container:
            if not container.streams.video:
                raise PictureError("the video holds no picture")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            yield from _sampled(container, stream, fps)
    except PermissionError:
        raise PictureError("no right to read it: give this user the right") from None
    except (av.error.FFmpegError, OSError) as error:
        raise PictureError(f"the video cannot be decoded: {error.strerror}") from None


def _sampled(
    container: av.container.InputContainer, stream: av.VideoStream, fps: float
) -> Iterator[VideoFrame]:
    first: float | None = None
    due = 0.0
    for frame in container.decode(stream):
        if frame.time is None:
            continue
        first = frame.time if first is None else first
        offset = frame.time - first
        if offset + 1e-6 < due:
            continue
        due = max(due + 1 / fps, offset)
        picture = np.rot90(frame.to_ndarray(format="bgr24"), frame.rotation // 90)
        yield VideoFrame(np.ascontiguousarray(picture), offset)
    if first is None:
        raise PictureError("the video holds no picture")
