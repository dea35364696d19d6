"""The JSON lines that `platetrail recognise` prints."""

from collections.abc import Iterable
from typing import Any

from lpr.boxes import Frame
from lpr.passages import Passage, passage_to_fields
from lpr.recognition import SeenPlate


def picture_fields(image: str, picture: Frame, plates: Iterable[SeenPlate]) -> dict[str, Any]:
    """The line of one picture or frame."""
    return {
        "image": image,
        "width": picture.shape[1],
        "height": picture.shape[0],
        "plates": [plate_fields(plate) for plate in plates],
    }


def plate_fields(plate: SeenPlate) -> dict[str, Any]:
    """One plate of a line: pixels to a tenth, probabilities to four digits."""
    reading = plate.reading
    return {
        "box": [round(v, 1) for v in plate.box.bounds],
        "corners": [[round(x, 1), round(y, 1)] for x, y in plate.box.corners],
        "text": reading.text,
        "raw": reading.raw,
        "score": round(reading.score, 4),
        "chars": [[[c, round(p, 4)] for c, p in slot] for slot in reading.chars],
        "candidates": [[text, round(p, 4)] for text, p in reading.candidates],
        "rows": reading.rows,
        "colour": reading.colour,
        "kind": reading.kind,
    }


def unplaced_fields(passage: Passage, offset: float) -> dict[str, Any]:
    """A passage of a video whose start is not known: seconds in place of times."""
    fields = passage_to_fields(passage)
    del fields["at"]
    fields.pop("until", None)
    return {"camera": fields.pop("camera"), "offset": round(offset, 3), **fields}
