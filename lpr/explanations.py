"""Why was it not read: what there is to say about the plates of one picture; pure."""

from dataclasses import dataclass
from math import floor

from lpr.boxes import Frame, PlateBox
from lpr.overlaps import without
from lpr.recognition import SeenPlate

LEAST_SCORE = 0.05  # of the detector; below it boxes lie everywhere
MOST_DROPPED = 12  # dropped boxes that are looked at; of a hundred nobody would look at any


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What was seen in a picture, and what was not taken for a plate.

    Attributes:
        image: path of the picture.
        frame: the picture.
        kept: what `recognise` prints, surest box first.
        dropped: boxes below the threshold and what they would have said, surest first; of many the
            surest.
        more: how many other boxes were dropped.
        min_score: the threshold, `detector_min_score`; None if the picture was taken for one plate
            and no detector looked.
        surest: the best score of the detector anywhere, 0..1; None if there is none.
    """

    image: str
    frame: Frame
    kept: tuple[SeenPlate, ...]
    dropped: tuple[SeenPlate, ...] = ()
    more: int = 0
    min_score: float | None = None
    surest: float | None = None


def dropped_boxes(boxes: list[PlateBox], kept: list[PlateBox], min_score: float) -> list[PlateBox]:
    """The boxes that the threshold took away.

    Args:
        boxes: of a detector without a threshold.
        kept: of the detector with it; what overlaps them is the same plate.
        min_score: the threshold.

    Returns:
        Those from `LEAST_SCORE` up to the threshold, in their order.
    """
    return [box for box in without(boxes, kept) if LEAST_SCORE <= box.score < min_score]


def summary(explanation: Explanation) -> list[str]:
    """What became of the picture, in sentences."""
    if explanation.min_score is None:
        return ["The picture was taken for one plate: no detector looked at it."]
    limit = f"detector_min_score is {explanation.min_score:g}"
    said = [_what_was_found(explanation, limit)]
    if explanation.dropped:
        said.append(_what_was_dropped(explanation, limit))
    return said


def _what_was_found(explanation: Explanation, limit: str) -> str:
    kept, surest = explanation.kept, explanation.surest
    if kept:
        return f"{_boxes(len(kept))} found, {sum(bool(p.reading.text) for p in kept)} of them read."
    if explanation.dropped:
        return "No box was kept."
    if surest is None:
        return "No box at all: no cell of the detector saw anything."
    return f"No box at all: the surest cell had a score of {in_digits(surest)}, and {limit}."


def _boxes(count: int) -> str:
    return "1 box" if count == 1 else f"{count} boxes"


def _what_was_dropped(explanation: Explanation, limit: str) -> str:
    shown, score = len(explanation.dropped), in_digits(explanation.dropped[0].box.score)
    count = shown + explanation.more
    if count == 1:
        return f"1 box was dropped, with a score of {score}: {limit}."
    said = f"{count} boxes were dropped, the surest with a score of {score}: {limit}."
    return f"{said} The surest {shown} are shown." if explanation.more else said


def verdict(plate: SeenPlate, min_score: float | None) -> str:
    """What became of one box, in a sentence or two.

    Args:
        plate: the box and its reading.
        min_score: the threshold that dropped it; None if it was kept.
    """
    text, probability = plate.reading.text, in_digits(plate.reading.score)
    if min_score is None:
        if not text:
            return "Found, but nothing could be read."
        return f"Read as {text} with a probability of {probability}."
    would = f"{text} would have been read with a probability of {probability}."
    return (
        f"A box with score {in_digits(plate.box.score)} was dropped: "
        f"detector_min_score is {min_score:g}. {would if text else 'Nothing could be read in it.'}"
    )


def in_digits(share: float) -> str:
    """A score or probability, 0..1, cut to three digits: never more than it is."""
    thousandths = floor(share * 1000 + 1e-6)
    return f"{thousandths / 1000:g}" if thousandths or not share else "<0.001"
