"""The camera's whole pictures of the stops, two beside each other."""

import io
from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, Paragraph, Table, TableStyle

from search.cameras import camera_name
from search.papers.findings import Findings
from search.papers.pictures import FRAME, small_picture
from search.papers.saying import moment
from search.papers.styles import SMALL
from search.papers.timeline import text_of
from search.papers.words import Words
from search.sightings import Sighting

_BESIDE = 2
_HIGHEST = 58 * mm
_GAP = 4 * mm


def frames_of(findings: Findings, width: float, say: Words) -> Iterator[Flowable]:
    """Rows of pictures, each under its stop's number; one that is gone says so."""
    column = width / _BESIDE
    cells = [
        _cell(number, stop, findings, column - _GAP, say)
        for number, stop in enumerate(findings.route.stops, 1)
    ]
    for first in range(0, len(cells), _BESIDE):
        row = cells[first : first + _BESIDE]
        table = Table([row + [""] * (_BESIDE - len(row))], colWidths=[column] * _BESIDE)
        table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]))
        yield table


def _cell(
    number: int, stop: Sighting, findings: Findings, width: float, say: Words
) -> list[Paragraph | Image]:
    seen = stop.passage
    name = camera_name(findings.cameras, seen.camera)
    caption = text_of(f"{number}. {name} · {moment(seen.at)}", SMALL)
    if seen.frame is None:
        return [caption, text_of(say("no picture was kept"), SMALL)]
    picture = small_picture(findings.evidence, seen.frame, FRAME)
    if picture is None:
        return [caption, text_of(say("the picture is gone or damaged"), SMALL)]
    scale = min(width / picture.size[0], _HIGHEST / picture.size[1])
    image = Image(io.BytesIO(picture.jpeg), *(pixels * scale for pixels in picture.size))
    image.hAlign = "LEFT"
    return [caption, image]
