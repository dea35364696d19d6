"""A route as a spreadsheet (XLSX); what is unsure is marked in words and by its colour."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from lpr.times import format_utc
from search.cameras import camera_name
from search.legs import Leg
from search.local_time import HANOI
from search.papers.findings import Findings
from search.papers.saying import found_words, named_way, span_words, verdict_words
from search.papers.words import Words
from search.plain_text import one_line
from search.sightings import Sighting
from search.spreadsheets import INCOMPLETE, guarded

_STOP_HEADINGS = (
    "stop",
    "time in Hanoi",
    "UTC",
    "camera",
    "name",
    "latitude",
    "longitude",
    "read as",
    "how sure",
    "score",
    "likelihood",
)
_LEG_HEADINGS = (
    "seconds to the next",
    "metres to the next",
    "km/h",
    "leg",
    "inferred way",
    "probability of the way",
)
_DATE = "dd/mm/yyyy hh:mm:ss"
_UNSURE = PatternFill("solid", fgColor="FFF2CC")
_HEADING = PatternFill("solid", fgColor="D9E1EC")
_WIDTHS = {"time in Hanoi": 20, "UTC": 26, "name": 32, "read as": 14, "leg": 36, "inferred way": 60}
_WIDTH = 13  # characters of any other column
_AS_ASKED = ("UTC", "km/h")  # the same in every language


def route_to_xlsx(findings: Findings) -> bytes:
    """Three sheets: the stops with the legs that lead on, what is doubtful, the question."""
    route, say = findings.route, Words(findings.asked.language)
    book = Workbook()
    stops: Worksheet = book.active
    stops.title = say("Route")
    _head(stops, (*_STOP_HEADINGS, *_LEG_HEADINGS), say)
    doubtful: Worksheet = book.create_sheet(say("Doubtful"))
    _head(doubtful, _STOP_HEADINGS, say)
    if route.is_partial:
        for sheet in (stops, doubtful):
            _append(sheet, [INCOMPLETE])
    for index, stop in enumerate(route.stops):
        is_sure = stop.match == "exact"
        leg = route.legs[index] if index < len(route.legs) else None
        legs = _leg_cells(leg, findings, say) if leg else []
        sure = "by hand" if stop.id in route.by_hand else "sure" if is_sure else "unsure"
        row = [index + 1, *_cells(stop, findings, say(sure)), *legs]
        _append(stops, row, None if is_sure else _UNSURE)
    for sighting in route.doubtful:
        sure = "by hand" if sighting.id in route.by_hand else "Doubtful"
        _append(doubtful, ["", *_cells(sighting, findings, say(sure))], _UNSURE)
    _question(book.create_sheet(say("Question")), findings, say)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, headings: Sequence[str], say: Words) -> None:
    sheet.append([h if h in _AS_ASKED else say(h) for h in headings])
    for cell, heading in zip(sheet[1], headings, strict=True):
        cell.font, cell.fill = Font(bold=True), _HEADING
        sheet.column_dimensions[cell.column_letter].width = _WIDTHS.get(heading, _WIDTH)
    sheet.freeze_panes = "A2"


def _append(sheet: Worksheet, values: Sequence[Any], fill: PatternFill | None = None) -> None:
    """A row; a text is never a formula."""
    number = sheet.max_row + 1
    for column, value in enumerate(values, 1):
        is_text = isinstance(value, str)
        cell = sheet.cell(number, column, guarded(one_line(value)) if is_text else value)
        if is_text:
            cell.data_type = "s"
        if isinstance(value, datetime):
            cell.number_format = _DATE
        if fill is not None:
            cell.fill = fill


def _cells(sighting: Sighting, findings: Findings, sure: str) -> list[Any]:
    seen, camera = sighting.passage, findings.cameras.get(sighting.passage.camera)
    return [
        seen.at.astimezone(HANOI).replace(tzinfo=None, microsecond=0),  # cells know no offset
        format_utc(seen.at),
        seen.camera,
        camera_name(findings.cameras, seen.camera),
        camera.lat if camera else None,
        camera.lon if camera else None,
        seen.text,
        sure,
        round(seen.score, 4),
        round(sighting.likelihood, 4),
    ]


def _leg_cells(leg: Leg, findings: Findings, say: Words) -> list[Any]:
    cells = [
        round(leg.seconds, 1),
        None if leg.metres is None else round(leg.metres),
        None if leg.kmh is None else round(leg.kmh, 1),
        verdict_words(leg, say),
    ]
    if leg.paths:
        best = leg.paths[0]
        cells += [named_way(findings.names(best.way), say), round(best.probability, 3)]
    return cells


def _question(sheet: Worksheet, findings: Findings, say: Words) -> None:
    route, asked = findings.route, findings.asked
    for key, value in (
        ("Plate", route.plate),
        ("Span", span_words(route, say)),
        ("Found", found_words(route, say)),
        ("Asked by", asked.who),
        ("Reason", asked.reason),
        ("Case", asked.case_number),
        ("Made", format_utc(asked.at)),
    ):
        _append(sheet, [say(key), value])
    sheet.delete_rows(1)  # openpyxl begins with an empty one
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 90
