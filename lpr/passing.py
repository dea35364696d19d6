"""From a video to passages: one tracker, then one vote for each track."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np

from lpr.boxes import Frame
from lpr.passages import Passage
from lpr.readings import Reading
from lpr.recognition import Recogniser
from lpr.times import format_utc
from lpr.tracks import Look, Track, Tracker
from lpr.videos import VideoFrame
from lpr.votes import vote

LEAST_LOOKS = 2  # a plate seen in one sample only is a passage if it was read surely
SURE = 0.6
STILL = 0.5  # plate widths; what has moved less and is not read surely is a sign, not a vehicle
JPEG_QUALITY = 88
KeepPicture = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Passing:
    """A passage in a source's own time, and the pictures that its text was read from.

    Attributes:
        track: number of the track in its source.
        begin, end: seconds since the source began.
        reading: what its track's readings said together.
        frame: the whole frame of the best look, (H, W, 3) uint8 BGR.
        crop: its rectified plate.
    """

    track: int
    begin: float
    end: float
    reading: Reading
    frame: Frame
    crop: Frame


def passings(frames: Iterable[VideoFrame], recogniser: Recogniser) -> Iterator[Passing]:
    """Follow plates through a source.

    Args:
        frames: in time order.
        recogniser: finds and reads plates.

    Yields:
        Each vehicle once, when it is gone.
    """
    tracker = Tracker()
    best: dict[int, tuple[Look, Frame]] = {}
    for frame in frames:
        plates = recogniser.plates(frame.picture)
        over = tracker.update(plates, frame.offset)
        for track in tracker.open:
            if track.last.offset == frame.offset:
                _remember(best, track, frame.picture)
        yield from _concluded(over, best)
    yield from _concluded(tracker.finish(), best)


def _remember(best: dict[int, tuple[Look, Frame]], track: Track, picture: Frame) -> None:
    known = best.get(track.number)
    if known is None or _worth(track.last) > _worth(known[0]):
        best[track.number] = (track.last, picture)


def _worth(look: Look) -> tuple[float, float]:
    x1, y1, x2, y2 = look.plate.box.bounds
    return look.plate.reading.score, (x2 - x1) * (y2 - y1)


def _concluded(tracks: list[Track], best: dict[int, tuple[Look, Frame]]) -> Iterator[Passing]:
    for track in tracks:
        look, frame = best.pop(track.number)
        reading = vote([one.plate.reading for one in track.looks])
        if reading.score < SURE and (len(track.looks) < LEAST_LOOKS or _is_still(track)):
            continue
        begin, end = track.looks[0].offset, track.last.offset
        yield Passing(track.number, begin, end, reading, frame, look.plate.crop)


def _is_still(track: Track) -> bool:
    corners = np.array([look.plate.box.corners for look in track.looks])
    width = np.ptp(corners[..., 0], axis=1).max()
    return bool(np.ptp(corners.mean(axis=1), axis=0).max() < STILL * width)


def to_passage(passing: Passing, camera: str, start: datetime, keep: KeepPicture | None) -> Passage:
    """A passing in the time of its camera.

    Args:
        passing: in a source's own time.
        camera: id.
        start: when the source began, aware UTC.
        keep: keeps a JPEG and gives its SHA-256; None keeps no pictures.

    Returns:
        The passage.
    """
    reading = passing.reading
    at = start + timedelta(seconds=round(passing.begin, 3))
    return Passage(
        camera=camera,
        at=at,
        at_given=format_utc(at),
        text=reading.text,
        score=reading.score,
        candidates=reading.candidates,
        track=str(passing.track),
        until=start + timedelta(seconds=round(passing.end, 3)),
        raw=reading.raw,
        chars=reading.chars,
        rows=reading.rows,
        colour=reading.colour,
        kind=reading.kind,
        frame=keep(_jpeg(passing.frame)) if keep else None,
        crop=keep(_jpeg(passing.crop)) if keep else None,
        model=reading.model or None,
    )


def _jpeg(picture: Frame) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1])
