"""What was read for each labelled plate, by the scorer's rules; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.accuracy.alignment import align, edits
from tests.accuracy.calibration import Outcome
from tests.accuracy.labels import Box, LabelledPicture, LabelledPlate

READS = 0.2  # least overlap at which a reading is of a labelled plate
HALF = 0.5  # least overlap at which a box is a labelled plate
IGNORED = 0.1  # overlap with an ignored plate above which a box is left out


@dataclass(frozen=True, slots=True)
class ReadPlate:
    """One plate of a line that `platetrail recognise` printed.

    Attributes:
        box: upright.
        text: after the grammar.
        raw: before it.
        score: probability 0..1 that the text is right.
        sure: probability 0..1 of each character of the text.
    """

    box: Box
    text: str
    raw: str
    score: float
    sure: tuple[float, ...]


def read_plates(line: dict[str, Any]) -> tuple[ReadPlate, ...]:
    """The plates of a line; none if the picture could not be read."""
    return tuple(_read_plate(plate) for plate in line.get("plates", ()))


def _read_plate(fields: dict[str, Any]) -> ReadPlate:
    text, slots = fields["text"], [dict(slot) for slot in fields["chars"]]
    written = [slot.get(c, 0.0) for c, slot in zip(text, slots, strict=True)]
    x1, y1, x2, y2 = fields["box"]
    return ReadPlate((x1, y1, x2, y2), text, fields["raw"], fields["score"], tuple(written))


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled plate with a text, and the nearest of the readings that overlap it.

    Attributes:
        plate: as labelled.
        picture: that it is in.
        read: None if nothing overlaps it.
        light: that it was seen in; empty if nobody looked.
    """

    plate: LabelledPlate
    picture: LabelledPicture
    read: ReadPlate | None
    light: str = ""

    @property
    def text(self) -> str:
        """What was read."""
        return self.read.text if self.read else ""

    @property
    def is_exact(self) -> bool:
        """Whether every character is right."""
        return self.text == self.plate.text


def judge(
    picture: LabelledPicture,
    read: Sequence[ReadPlate],
    are_crops: bool,
    lights: Sequence[str] | None = None,
) -> list[Judged]:
    """Judge every plate of a picture whose text is known.

    Args:
        picture: as labelled.
        read: in it.
        are_crops: whether the picture is one plate, so that boxes do not matter.
        lights: of its plates, in their order.
    """
    judged = []
    for plate, light in zip(picture.plates, lights or [""] * len(picture.plates), strict=True):
        if plate.text:
            over = [r for r in read if are_crops or _is_over(plate, r, READS)]
            nearest = min(over, key=lambda r: edits(plate.text, r.text), default=None)
            judged.append(Judged(plate, picture, nearest, light))
    return judged


@dataclass(frozen=True, slots=True)
class Tally:
    """How well plates were read.

    Attributes:
        plates: with a text.
        exact: of them read exactly.
        located: of them overlapped by a reading.
        edits: to the right texts.
        characters: of the right texts.
    """

    plates: int
    exact: int
    located: int
    edits: int
    characters: int


def tally(judged: Sequence[Judged]) -> Tally:
    """Count plates that were judged."""
    return Tally(
        plates=len(judged),
        exact=sum(one.is_exact for one in judged),
        located=sum(one.read is not None for one in judged),
        edits=sum(edits(one.plate.text, one.text) for one in judged),
        characters=sum(len(one.plate.text) for one in judged),
    )


def shown_boxes(picture: LabelledPicture, read: Sequence[ReadPlate]) -> tuple[int, int]:
    """How many boxes count, and how many of them are labelled plates.

    As the scorer does it: each labelled plate takes the box that overlaps it most, by half at
    least. A box over an ignored plate does not count unless it was taken; ambiguous plates are
    plates. Pictures with plates that are not labelled, or without any labelled one, do not count.
    """
    plates = [plate for plate in picture.plates if plate.box and not plate.ignore]
    ignored = [plate for plate in picture.plates if plate.box and plate.ignore]
    if not plates or not picture.is_complete:
        return 0, 0
    taken: set[int] = set()
    for plate in plates:
        free = [n for n in range(len(read)) if n not in taken and _is_over(plate, read[n], HALF)]
        if free:
            taken.add(max(free, key=lambda n: (overlap(plate.box or read[n].box, read[n].box), n)))
    left_out = sum(
        n not in taken
        and any(overlap(plate.box or one.box, one.box) > IGNORED for plate in ignored)
        for n, one in enumerate(read)
    )
    return len(read) - left_out, len(taken)


def shown_texts(
    picture: LabelledPicture, read: Sequence[ReadPlate], are_crops: bool
) -> list[Outcome]:
    """Of each text that is shown over a labelled plate its score, and whether it is right.

    A text counts for the plate that it overlaps most. Plates whose text cannot be judged do not
    count, nor what has no text.
    """
    outcomes = []
    for one in read:
        over = [p for p in picture.plates if are_crops or _is_over(p, one, READS)]
        if over and one.text:
            plate = max(over, key=lambda p: overlap(p.box or one.box, one.box))
            if plate.text:
                outcomes.append((one.score, one.text == plate.text))
    return outcomes


def character_outcomes(judged: Iterable[Judged]) -> list[Outcome]:
    """Of each character that was read its probability, and whether it is right.

    Characters are laid beside the right ones by the fewest edits; one that stands where there is
    none is wrong, and one that was not read has no probability.
    """
    outcomes = []
    for one in judged:
        if one.read:
            pairs = [pair for pair in align(one.plate.text, one.text) if pair[1]]
            said = zip(one.read.sure, pairs, strict=True)
            outcomes += [(sure, right == found) for sure, (right, found) in said]
    return outcomes


def overlap(one: Box, other: Box) -> float:
    """Share of the union of two upright boxes that both have."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (_area(one) + _area(other) - width * height)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_over(plate: LabelledPlate, read: ReadPlate, least: float) -> bool:
    return plate.box is None or overlap(plate.box, read.box) >= least
