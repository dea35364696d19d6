"""An event becomes a passage; pure.

A camera's own measure of how sure it is of a plate is no probability: most write 90 and more
whatever they read. So a score is MOST times that measure; where a camera tells none it is UNTOLD. A
text that cannot be a Vietnamese plate gets half.
"""

from datetime import datetime
from hashlib import sha256

from lpr.anpr.events import UNSURE, Device, Seen
from lpr.passages import Passage
from lpr.plates import doubt_about, normal_text, vehicle_kind
from lpr.reports import Report
from lpr.times import format_utc

MOST = 0.9  # no camera is believed more, as nobody has measured what its numbers mean
UNTOLD = MOST * UNSURE  # 0.6: it counts as read, and never as sure
_LONGEST = 16  # characters of a plate in normal form
_RAW = 40  # characters of what a camera wrote


def report_of(camera: str, seen: Seen, at: datetime, device: Device, make: str) -> Report:
    """What is reported of an event.

    Args:
        camera: its id.
        seen: the event with its pictures.
        at: when it was, aware UTC.
        device: that told it.
        make: of the device.
    """
    event = seen.event
    text = plate_in(event.plate)
    score = score_of(text, event.surety)
    passage = Passage(
        camera=camera,
        at=at,
        at_given=format_utc(at),
        until=at,
        track=event.key,
        text=text,
        score=score,
        candidates=((text, score),) if text else (),
        raw=_printable(event.plate)[:_RAW] or None,
        colour=event.colour,
        kind=event.kind or vehicle_kind(text, None, event.colour),
        direction=event.direction,
        frame=_name(seen.scene),
        crop=_name(seen.plate),
        model=model_of(device, make),
    )
    return Report(passage, seen.scene, seen.plate, is_final=True)


def plate_in(told: str) -> str:
    """The normal form of what a camera wrote, empty if that is no plate.

    Of a plate that it could not read it writes unknown, noPlate, unlicensed or such; a plate has a
    digit.
    """
    text = normal_text(told)
    return text if any(c.isdigit() for c in text) and len(text) <= _LONGEST else ""


def score_of(text: str, surety: float | None) -> float:
    """How probable it is that a text is right, carefully.

    Args:
        text: normal form; empty if nothing was read.
        surety: 0..1, by the camera's own measure; None if it tells none.
    """
    if not text:
        return 0.0
    score = UNTOLD if surety is None else MOST * surety
    return score / 2 if doubt_about(text) else score


def model_of(device: Device, make: str) -> str:
    """Such as `hikvision DS-2CD7A26G0/P-IZS V5.7.3`."""
    return _printable(" ".join(filter(None, (make, device.model, device.firmware))))[:80]


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()


def _name(picture: bytes | None) -> str | None:
    return None if picture is None else sha256(picture).hexdigest()
