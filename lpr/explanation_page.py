"""An explanation as a page of HTML, one file that needs no other; pure."""

from base64 import b64encode
from dataclasses import dataclass
from itertools import zip_longest
from math import floor

import cv2
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from lpr.boxes import Frame, PlateBox
from lpr.explanations import LEAST_SCORE, Explanation, in_digits, summary, verdict
from lpr.readings import Character, Reading
from lpr.recognition import SeenPlate

_LONGEST = 2560  # pixels of the frame's longer side on the page
_QUALITY = 85  # of its JPEG
_KINDS = {".jpg": "jpeg", ".png": "png"}
_CROP_WIDTH, _CROP_HEIGHT = 320, 160  # pixels that an enlarged crop may take on the page
_CANDIDATES = 5  # whole texts listed
_ALTERNATIVES = 4  # characters listed of a position
_LEAST_PROBABILITY = 0.01  # of a character that is listed behind the likeliest
_NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class _Box:
    """A box as the page prints it.

    Attributes:
        number: that it has on the page.
        mark: kept or dropped.
        verdict: what became of it.
        score: of the detector.
        points: its corners in the frame, as SVG writes them.
        label: where its label lies, as CSS writes it.
        crop: the crop as a data URI.
        crop_width: pixels that it takes on the page.
        facts: names and values.
        characters: rows of cells, the likeliest row first; a cell is a character, its probability,
            and how strongly it is coloured, 0..100.
    """

    number: int
    mark: str
    verdict: str
    score: str
    points: str
    label: str
    crop: str
    crop_width: int
    facts: list[tuple[str, str]]
    characters: list[list[tuple[str, str, int]]]


def page_of(explanation: Explanation) -> str:
    """The page of one picture: HTML that may be written as UTF-8."""
    height, width = explanation.frame.shape[:2]
    kept = [(plate, None) for plate in explanation.kept]
    dropped = [(plate, explanation.min_score) for plate in explanation.dropped]
    seen: list[tuple[SeenPlate, float | None]] = [*kept, *dropped]
    boxes = [_box(i, plate, limit, explanation) for i, (plate, limit) in enumerate(seen, 1)]
    environment = Environment(
        loader=PackageLoader("lpr"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("explanation.html").render(
        image=_printable(explanation.image),
        width=width,
        height=height,
        frame=_jpeg(explanation.frame) if explanation.min_score is not None else None,
        summary=summary(explanation),
        boxes=boxes,
        least_score=f"{LEAST_SCORE:g}",
    )


def _box(number: int, plate: SeenPlate, limit: float | None, explanation: Explanation) -> _Box:
    height, width = explanation.frame.shape[:2]
    crop_height, crop_width = plate.crop.shape[:2]
    return _Box(
        number,
        "kept" if limit is None else "dropped",
        verdict(plate, limit),
        in_digits(plate.box.score),
        " ".join(f"{x:.1f},{y:.1f}" for x, y in plate.box.corners),
        _label(plate.box, width, height),
        _png(plate.crop),
        round(min(_CROP_WIDTH, _CROP_HEIGHT * crop_width / crop_height)),
        [*_box_facts(plate, limit, explanation.min_score), *_reading_facts(plate.reading)],
        _characters(plate.reading.chars),
    )


def _box_facts(
    plate: SeenPlate, limit: float | None, min_score: float | None
) -> list[tuple[str, str]]:
    if min_score is None:
        return [("Size", _size(plate.box))]
    score = in_digits(plate.box.score)
    became = "kept" if limit is None else "dropped"
    sign = "at least" if limit is None else "below"
    return [
        ("Detector's score", f"{score}: {became}, {sign} detector_min_score = {min_score:g}"),
        ("Size in the frame", _size(plate.box)),
    ]


def _size(box: PlateBox) -> str:
    x1, y1, x2, y2 = box.bounds
    return f"{x2 - x1:.0f} × {y2 - y1:.0f} px, at {x1:.0f}, {y1:.0f}"


def _reading_facts(reading: Reading) -> list[tuple[str, str]]:
    if not reading.text:
        return [("Reader's raw text", reading.raw or "nothing"), ("After the grammar", "nothing")]
    changed = "the same" if reading.text == reading.raw else "changed"
    likely = reading.candidates[:_CANDIDATES]
    return [
        ("Reader's raw text", reading.raw),
        ("After the grammar", f"{reading.text} ({changed})"),
        ("Probability", in_digits(reading.score)),
        (
            "Candidates",
            ", ".join(f"{text}\N{NO-BREAK SPACE}{in_digits(p)}" for text, p in likely) or "none",
        ),
        ("Rows", _NOT_KNOWN if reading.rows is None else str(reading.rows)),
        ("Colour", reading.colour or _NOT_KNOWN),
        ("Kind", reading.kind or _NOT_KNOWN),
        ("Model", reading.model or _NOT_KNOWN),
    ]


def _characters(chars: tuple[Character, ...]) -> list[list[tuple[str, str, int]]]:
    """Ranks as rows, positions as columns; a rank that a position does not have is empty."""
    likely = [[c for c in slot if c[1] >= _LEAST_PROBABILITY] or slot[:1] for slot in chars]
    ranks = list(zip_longest(*likely))[:_ALTERNATIVES]
    return [[_cell(character) for character in rank] for rank in ranks]


def _cell(character: tuple[str, float] | None) -> tuple[str, str, int]:
    if character is None:
        return "", "", 0
    percent = floor(100 * character[1] + 1e-4)  # never more than it is
    return character[0] or "–", f"{percent / 100:.2f}", percent


def _label(box: PlateBox, width: int, height: int) -> str:
    """Above the box, or below it at the top of the frame; never out at the right."""
    x1, y1, x2, y2 = box.bounds
    left, right = 100 * x1 / width, 100 * (1 - x2 / width)
    across = f"left: {max(0.0, left):.2f}%" if left < 75 else f"right: {max(0.0, right):.2f}%"
    if y1 > height / 8:
        return f"{across}; bottom: {100 * (1 - y1 / height):.2f}%"
    return f"{across}; top: {min(90.0, 100 * y2 / height):.2f}%"


def _jpeg(frame: Frame) -> str:
    height, width = frame.shape[:2]
    factor = min(1.0, _LONGEST / max(height, width))
    if factor < 1:
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        frame = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
    return _data_uri(".jpg", frame, cv2.IMWRITE_JPEG_QUALITY, _QUALITY)


def _png(crop: Frame) -> str:
    return _data_uri(".png", crop)


def _data_uri(ending: str, picture: Frame, *how: int) -> str:
    content = b64encode(cv2.imencode(ending, picture, how)[1].tobytes())
    return f"data:image/{_KINDS[ending]};base64,{content.decode()}"


def _printable(path: str) -> str:
    """A file name that is not UTF-8 comes out with escapes."""
    return path.encode("utf-8", "backslashreplace").decode()
