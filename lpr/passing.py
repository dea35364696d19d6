"""From a video to passages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from lpr.errors import PictureError
from lpr.live_passings import CameraPassings
from lpr.passages import Passage
from lpr.recognition import Recogniser
from lpr.reports import Report
from lpr.videos import VideoFrame

KeepPicture = Callable[[bytes], str]
"""Keeps a JPEG and gives its SHA-256."""


def passings(
    frames: Iterable[VideoFrame], recogniser: Recogniser, camera: str, start: datetime
) -> Iterator[Report]:
    """Follow plates through a source.

    Args:
        frames: in time order.
        recogniser: finds and reads plates.
        camera: id.
        start: when the source began, aware UTC.

    Yields:
        Each vehicle once, when nothing more can be said of it.

    Raises:
        PictureError: the frames broke off; what was seen before has been given.
    """
    followed = CameraPassings(camera)
    broken: PictureError | None = None
    try:
        for frame in frames:
            at = start + timedelta(seconds=frame.offset)
            yield from _final(followed.take(frame.picture, at, recogniser.plates(frame.picture)))
    except PictureError as error:
        broken = error
    yield from _final(followed.finish())
    if broken:
        raise broken


def kept_passage(report: Report, keep: KeepPicture | None) -> Passage:
    """The passage of a report, its pictures kept.

    Args:
        report: with its pictures.
        keep: keeps a JPEG; None keeps no pictures, and the passage names none.
    """
    pictures = (report.frame, report.crop)
    frame, crop = (keep(jpeg) if keep and jpeg else None for jpeg in pictures)
    return replace(report.passage, frame=frame, crop=crop)


def _final(reports: Iterable[Report]) -> Iterator[Report]:
    return (report for report in reports if report.is_final)
