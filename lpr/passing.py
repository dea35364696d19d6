"""From a video to passages: one tracker, then one vote for each track."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf

import cv2
import numpy as np

from lpr.boxes import Frame
from lpr.errors import PictureError
from lpr.passages import Passage
from lpr.plates import parse_plate
from lpr.readings import Reading
from lpr.recognition import Recogniser
from lpr.times import format_utc
from lpr.tracks import Look, Track, Tracker
from lpr.videos import VideoFrame
from lpr.votes import vote

LEAST_LOOKS = 2  # a plate seen in one sample only is a passage if it was read surely
SURE = 0.6
SURE_SIGN = 0.9  # the same for a text that no kind of plate has: a telephone number, or foreign
UNREAD_BELOW = 0.05  # probability: such a text is no reading; the plate was seen, not read
JOIN_S = 8.0  # a vehicle that was glimpsed far away and lost is read again within this time
STILL = 0.5  # plate widths; what has moved less and is not read surely is a sign, not a vehicle
MOST_TEXTS = 4  # of one track whose frames are kept, each 3 to 6 MB: the likeliest to win
JPEG_QUALITY = 88
KeepPicture = Callable[[bytes], str]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A look and the whole frame it was had in, (H, W, 3) uint8 BGR."""

    look: Look
    frame: Frame

    @property
    def worth(self) -> tuple[float, float]:
        """How good it is as evidence: probability of its text, then area in pixels."""
        x1, y1, x2, y2 = self.look.plate.box.bounds
        return self.look.plate.reading.score, (x2 - x1) * (y2 - y1)


Evidence = Mapping[str, Shown]
"""The best look for each text that a track was read as."""


@dataclass(frozen=True, slots=True, eq=False)
class Passing:
    """A passage in a source's own time, and the pictures that its text was read from.

    Attributes:
        track: number of the track in its source.
        begin, end: seconds since the source began.
        reading: what its track's readings said together.
        frame: the whole frame of the best look that said `reading.text` (of all looks, if the text
            was made of several), (H, W, 3) uint8 BGR.
        crop: the rectified plate of the same look.
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
        Each vehicle once, when it is gone for JOIN_S.

    Raises:
        PictureError: the frames broke off; what was seen before has been given.
    """
    tracker = Tracker()
    shown: dict[int, Evidence] = {}
    joiner = Joiner()
    broken: PictureError | None = None
    try:
        for frame in frames:
            over = tracker.update(recogniser.plates(frame.picture), frame.offset)
            for track in tracker.open:
                if track.last.offset == frame.offset:
                    known = shown.get(track.number, {})
                    shown[track.number] = remember(known, track, frame.picture)
            joiner.take(_concluded(over, shown))
            begins = (track.looks[0].offset for track in tracker.open)
            yield from joiner.ripe(min((frame.offset, *begins)))
    except PictureError as error:
        broken = error
    joiner.take(_concluded(tracker.finish(), shown))
    yield from joiner.ripe(inf)
    if broken:
        raise broken


class Joiner:
    """Makes one passing of what was one vehicle's: the same text, with a short gap between.

    It keeps passings until no later one can be the same vehicle's.
    """

    def __init__(self) -> None:
        self._waiting: list[Passing] = []

    def take(self, passings: Iterable[Passing]) -> None:
        """Take in passings, in the order in which they ended."""
        for passing in passings:
            same = next((w for w in self._waiting if _is_same(w, passing)), None)
            if same:
                self._waiting.remove(same)
                passing = _joined(same, passing)
            self._waiting.append(passing)

    def ripe(self, since: float) -> list[Passing]:
        """Let those go that ended JOIN_S before `since`, when all that may come has not begun."""
        ripe = [w for w in self._waiting if w.end + JOIN_S < since]
        self._waiting = [w for w in self._waiting if w.end + JOIN_S >= since]
        return ripe


def _is_same(one: Passing, later: Passing) -> bool:
    text = one.reading.text
    return text != "" and text == later.reading.text and later.begin - one.end <= JOIN_S


def _joined(one: Passing, later: Passing) -> Passing:
    """Both as one: from the first look to the last, with the surer reading and its pictures."""
    best = max(one, later, key=lambda p: p.reading.score)
    track = min(one, later, key=lambda p: p.begin).track
    begin, end = min(one.begin, later.begin), max(one.end, later.end)
    return replace(best, track=track, begin=begin, end=end)


def remember(known: Evidence, track: Track, frame: Frame) -> Evidence:
    """Keep the latest look of a track if it is the best one for its text.

    Args:
        known: kept until now.
        track: whose last look was had in the frame.
        frame: (H, W, 3) uint8 BGR.

    Returns:
        What is kept now: at most MOST_TEXTS, those read most surely in all looks together.
    """
    shown = Shown(track.last, frame)
    text = track.last.plate.reading.text
    if text in known and known[text].worth >= shown.worth:
        return known
    weights = dict.fromkeys(known, 0.0)
    for reading in (look.plate.reading for look in track.looks):
        weights[reading.text] = weights.get(reading.text, 0.0) + reading.score
    kept = sorted({**known, text: shown}.items(), key=lambda item: -weights[item[0]])
    return dict(kept[:MOST_TEXTS])


def _concluded(tracks: list[Track], shown: dict[int, Evidence]) -> Iterator[Passing]:
    for track in tracks:
        evidence = shown.pop(track.number)
        reading = vote([look.plate.reading for look in track.looks])
        if reading.score < _least_score(track, reading):
            continue
        best = evidence.get(reading.text) or max(evidence.values(), key=lambda s: s.worth)
        begin, end = track.looks[0].offset, track.last.offset
        told = reading if reading.score >= UNREAD_BELOW else _unread(reading)
        yield Passing(track.number, begin, end, told, best.frame, best.look.plate.crop)


def _unread(reading: Reading) -> Reading:
    """Without the text that is hardly right; what the reader said and held possible stays."""
    return replace(reading, text="", score=0.0, chars=(), kind=None)


def _least_score(track: Track, reading: Reading) -> float:
    """How sure a reading must be for its track to be a vehicle's and not a sign's."""
    if len(track.looks) >= LEAST_LOOKS and not _is_still(track):
        return 0.0
    return SURE if parse_plate(reading.text) else SURE_SIGN


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
