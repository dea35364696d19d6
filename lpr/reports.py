"""Reports: what is known of a passage by now, with its pictures; pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from lpr.passages import Direction, Passage
from lpr.readings import Reading
from lpr.shown import Shown


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What is known of a passage by now. All reports of one passage have the same id.

    Attributes:
        passage: with the SHA-256 names of the pictures; its first report has no `until`.
        frame: the picture as JPEG; None if it was reported before the camera's process began.
        crop: of the plate, in the same way.
        is_final: whether nothing more will come.
    """

    passage: Passage
    frame: bytes | None
    crop: bytes | None
    is_final: bool


def read_report(vehicle: Passage, reading: Reading, shown: Shown) -> Report:
    """A report of what was read.

    Args:
        vehicle: whose camera, `at`, `at_given` and `track`, and so its id, it gets.
        reading: of its plate.
        shown: that the reading's text was read from.
    """
    passage = Passage(
        camera=vehicle.camera,
        at=vehicle.at,
        at_given=vehicle.at_given,
        track=vehicle.track,
        text=reading.text,
        score=reading.score,
        candidates=reading.candidates,
        raw=reading.raw,
        chars=reading.chars,
        rows=reading.rows,
        colour=reading.colour,
        kind=reading.kind,
        frame=sha256(shown.frame).hexdigest(),
        crop=sha256(shown.crop).hexdigest(),
        model=reading.model or None,
    )
    return Report(passage, shown.frame, shown.crop, is_final=False)


def earlier_report(passage: Passage) -> Report:
    """What was reported before the camera's process began anew; its pictures are elsewhere."""
    return Report(passage, None, None, is_final=False)


def ended(
    report: Report, until: datetime | None, direction: Direction | None, is_final: bool
) -> Report:
    """The same, with what is known of its end.

    Args:
        report: of what was read.
        until: when the vehicle was seen last, aware UTC; None in the first report.
        direction: of the vehicle; None keeps the one that is known.
        is_final: whether nothing more will come.
    """
    known = direction or report.passage.direction
    return replace(
        report,
        passage=replace(report.passage, until=until, direction=known),
        is_final=is_final,
    )


def is_better_than(report: Report, reading: Reading) -> bool:
    """Whether what was reported before the process began anew is surer than what is read now."""
    passage = report.passage
    return report.frame is None and passage.text == reading.text and passage.score > reading.score
