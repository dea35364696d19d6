"""What a track is concluded to be: a vehicle with its text, or a sign; pure."""

from dataclasses import replace

import numpy as np

from lpr.plates import parse_plate
from lpr.readings import Reading
from lpr.tracks import Track
from lpr.votes import vote

LEAST_LOOKS = 2  # a plate seen in one sample only is a passage if it was read surely
SURE = 0.6
SURE_SIGN = 0.95  # the same for a text that no kind of plate has: a telephone number, or foreign
NEVER = 2.0  # no reading is so sure
UNREAD_BELOW = 0.05  # probability: such a text is no reading; the plate was seen, not read
FEW_DIGITS = 3  # fewer than on any plate: the roof of a taxi, read as TAXI or TAX1
STILL = 0.5  # plate widths; what has moved less and is not read surely is a sign, not a vehicle
EARLY = 0.9  # of the surest look of a track that is concluded before its vehicle has gone,
EARLY_LOOKS = 2  # if so many looks read the same;
EARLY_S = 0.8  # otherwise so long after it was first read at all surely


def conclude(track: Track) -> Reading | None:
    """What its looks say together.

    Args:
        track: with at least one look.

    Returns:
        The reading of a vehicle's plate, with an empty text if it could not be read; None if it
        was a sign, or nothing.
    """
    looks = track.looks
    reading = vote([look.reading for look in looks], [look.clarity for look in looks])
    if reading.score < _least_score(track, reading):
        return None
    return reading if reading.score >= UNREAD_BELOW else _unread(reading)


def is_told_early(track: Track, now: float) -> bool:
    """Whether a track has been read well enough to be concluded while its vehicle is in view.

    Args:
        track: that is open.
        now: seconds since the source began.
    """
    text = track.text
    looks = sum(look.reading.text == text for look in track.looks)
    if looks >= EARLY_LOOKS and track.surest.score >= EARLY and track.surest.text == text:
        return True
    read = (look.offset for look in track.looks if look.reading.score >= SURE)
    return now - next(read, now) >= EARLY_S


def _unread(reading: Reading) -> Reading:
    """Without the text that is hardly right; what the reader said and held possible stays."""
    return replace(reading, text="", score=0.0, chars=(), kind=None)


def _least_score(track: Track, reading: Reading) -> float:
    """How sure a reading must be for its track to be a vehicle's and not a sign's."""
    moves = len(track.looks) >= LEAST_LOOKS and not _is_still(track)
    if moves and not _is_lettering(reading):
        return 0.0
    if parse_plate(reading.text):
        return SURE
    return SURE_SIGN if moves or not _is_lettering(reading) else NEVER


def _is_lettering(reading: Reading) -> bool:
    digits = sum(character.isdecimal() for character in reading.text)
    return reading.score >= UNREAD_BELOW and digits < FEW_DIGITS


def _is_still(track: Track) -> bool:
    corners = np.array([look.box.corners for look in track.looks])
    width = np.ptp(corners[..., 0], axis=1).max()
    return bool(np.ptp(corners.mean(axis=1), axis=0).max() < STILL * width)
