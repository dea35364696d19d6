"""The timeline of a route as a table of a PDF: stops, and between them the legs."""

import io
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Image, LongTable, Paragraph, TableStyle

from lpr.plates import printed_form
from lpr.times import format_utc
from search.cameras import camera_name
from search.legs import Leg
from search.local_time import format_at
from search.papers.findings import Findings
from search.papers.map_marks import DASH, ROAD, guess_colour
from search.papers.pictures import CROP, small_picture
from search.papers.saying import leg_words, way_lines
from search.papers.styles import BAD_LEG, LEG, SMALL, STRONG, TEXT
from search.papers.words import Words
from search.plain_text import format_percent, one_line
from search.sightings import Sighting

HEADINGS = ("stop", "time in Hanoi", "camera", "read as", "plate")
_WIDTHS = (10 * mm, 42 * mm, 49 * mm, 42 * mm)  # of all columns but the last
_CROP = (32 * mm, 15 * mm)
Cell: TypeAlias = Any
"""Of a table: text, or flowables, which reportlab does not type."""
_STYLE = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ("LEFTPADDING", (0, 0), (-1, -1), 3),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor(ROAD)),
)


def text_of(words: str, style: ParagraphStyle = TEXT) -> Paragraph:
    """A paragraph of plain words; nothing in them is taken for a mark."""
    return Paragraph(escape(one_line(words)), style)


def timeline_table(findings: Findings, width: float, say: Words) -> LongTable:
    """A row for each stop, one for each leg; the guessed ways have a dashed line beside them."""
    route = findings.route
    rows, style = [_heading(say)], list(_STYLE)
    for index, stop in enumerate(route.stops):
        style.append(("LINEABOVE", (0, len(rows)), (-1, len(rows)), 0.4, HexColor(ROAD)))
        rows.append(_cells(str(index + 1), stop, findings, say))
        if index < len(route.legs):
            leg, at = route.legs[index], len(rows)
            rows.append(["", _leg_cell(leg, findings, say), "", "", ""])
            style.append(("SPAN", (1, at), (-1, at)))
            if leg.paths:
                colour = guess_colour(leg.paths[0].probability)
                style.append(("LINEAFTER", (0, at), (0, at), 1.6, colour, 0, DASH))
    return _table(rows, style, width)


def doubtful_table(findings: Findings, width: float, say: Words) -> LongTable:
    """A row for each doubtful sighting."""
    rows = [_heading(say)]
    rows += [_cells("?", sighting, findings, say) for sighting in findings.route.doubtful]
    return _table(rows, [*_STYLE, ("LINEABOVE", (0, 1), (-1, -1), 0.4, HexColor(ROAD))], width)


def _table(rows: list[list[Cell]], style: list[tuple[object, ...]], width: float) -> LongTable:
    widths = (*_WIDTHS, width - sum(_WIDTHS))
    table = LongTable(rows, colWidths=widths, repeatRows=1)
    table.setStyle(TableStyle(style))
    return table


def _heading(say: Words) -> list[Cell]:
    return [text_of(say(heading), SMALL) for heading in HEADINGS]


def _cells(number: str, sighting: Sighting, findings: Findings, say: Words) -> list[Cell]:
    seen = sighting.passage
    camera = findings.cameras.get(seen.camera)
    place = f"{camera.lat:.5f}, {camera.lon:.5f}" if camera else ""
    read = f"{printed_form(seen.text, seen.rows)} · {format_percent(seen.score)}"
    likely = format_percent(sighting.likelihood)
    doubts = say("{percent} likely this vehicle", percent=likely)
    is_sure = sighting.match == "exact" and number != "?"
    return [
        text_of(number, STRONG),
        [text_of(format_at(seen.at)), text_of(format_utc(seen.at), SMALL)],
        [
            text_of(camera_name(findings.cameras, seen.camera)),
            text_of(f"{seen.camera}  {place}".strip(), SMALL),
        ],
        [text_of(read)] + ([] if is_sure else [text_of(f"{say('unsure')}: {doubts}", SMALL)]),
        _crop(sighting, findings, say),
    ]


def _leg_cell(leg: Leg, findings: Findings, say: Words) -> Cell:
    style = BAD_LEG if leg.verdict == "impossible" else LEG
    ways = [text_of(line, SMALL) for line in way_lines(leg, findings.names, say)]
    return [text_of(leg_words(leg, say), style), *ways]


def _crop(sighting: Sighting, findings: Findings, say: Words) -> Cell:
    if sighting.passage.crop is None:
        return text_of(say("no picture was kept"), SMALL)
    picture = small_picture(findings.evidence, sighting.passage.crop, CROP)
    if picture is None:
        return text_of(say("the picture is gone or damaged"), SMALL)
    scale = min(most / pixels for most, pixels in zip(_CROP, picture.size, strict=True))
    width, height = (pixels * scale for pixels in picture.size)
    image = Image(io.BytesIO(picture.jpeg), width, height)
    image.hAlign = "LEFT"
    return [image]
