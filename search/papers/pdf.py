"""A route as a PDF: the question, the map, the timeline and the pictures."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from lpr.plates import printed_form
from search.papers.findings import Findings
from search.papers.fonts import BOLD, REGULAR, register_fonts
from search.papers.frames import frames_of
from search.papers.legend import Legend
from search.papers.map_marks import ROAD
from search.papers.route_map import RouteMap, has_map
from search.papers.saying import found_words, moment, span_words
from search.papers.styles import HEADING, MUTED, SMALL, STRONG, TEXT, WARNING
from search.papers.timeline import doubtful_table, text_of, timeline_table
from search.papers.words import Words
from search.plain_text import one_line
from search.routes import Route, newest_part

MOST_PRINTED = 300  # stops: nobody reads more on paper, and it takes ten seconds
SIDE, TOP, BOTTOM = 16 * mm, 20 * mm, 20 * mm
WIDTH = A4[0] - 2 * SIDE
_MAP_HEIGHT = 158 * mm
_PADDING = 6  # points, that reportlab leaves inside its margins
_KEYS = 32 * mm  # width of the names of facts
_GUESSES = "Dashed lines and what is called inferred are guesses: nobody saw the vehicle there."


def route_to_pdf(findings: Findings) -> bytes:
    """The paper; the newest MOST_PRINTED stops of a longer route.

    Raises:
        PaperError: the fonts are missing.
        EvidenceAwayError: the pictures cannot be reached.
    """
    register_fonts()
    whole, say = findings.route, Words(findings.asked.language)
    route = replace(newest_part(whole, MOST_PRINTED), doubtful=whole.doubtful[-MOST_PRINTED:])
    findings = replace(findings, route=route)
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=SIDE - _PADDING,
        rightMargin=SIDE - _PADDING,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=f"{say('Route of a vehicle')} {printed_form(whole.plate)}",
        author=findings.asked.who,
        creator="PlateTrail",
        lang=findings.asked.language,
    )
    document.build(list(_story(findings, whole, say)), canvasmaker=partial(_Pages, findings, say))
    return out.getvalue()


def _story(findings: Findings, whole: Route, say: Words) -> Iterator[Flowable]:
    route = findings.route
    yield Paragraph(say("Route of a vehicle"), HEADING)
    yield _facts(findings, whole, say)
    if route.is_partial:
        yield Paragraph(
            say(
                "INCOMPLETE: a part of the store did not answer. Stops may be lacking, and what "
                "stands between two of them may be wrong."
            ),
            WARNING,
        )
    if whole.is_cut or len(route.stops) < len(whole.stops):
        words = "Only the newest {count} stops are here: ask for a shorter span."
        yield Paragraph(say(words, count=len(route.stops)), WARNING)
    if route.stops:
        yield from _map(findings, say)
        yield Paragraph(say("Timeline"), HEADING)
        yield timeline_table(findings, WIDTH, say)
    if route.doubtful:
        words = "Doubtful: perhaps this vehicle, and not part of the route"
        yield Paragraph(say(words), HEADING)
        yield doubtful_table(findings, WIDTH, say)
    if route.stops:
        yield Paragraph(say("Pictures"), HEADING)
        words = "Pictures are reduced; the originals are in the evidence pack."
        yield Paragraph(say(words), SMALL)
        yield from frames_of(findings, WIDTH, say)


def _map(findings: Findings, say: Words) -> Iterator[Flowable]:
    yield Paragraph(say("Map"), HEADING)
    if has_map(findings):
        yield RouteMap(findings, (WIDTH, _MAP_HEIGHT))
        yield Spacer(1, 4)
        yield Legend(WIDTH, say)
    else:
        yield Paragraph(say("No stop has a known place: there is no map."), TEXT)


def _facts(findings: Findings, whole: Route, say: Words) -> Table:
    asked = findings.asked
    rows = [
        ("Plate", printed_form(whole.plate), STRONG),
        ("Span", span_words(whole, say), TEXT),
        ("Found", found_words(whole, say), TEXT),
        ("Asked by", asked.who, TEXT),
        ("Reason", asked.reason, TEXT),
        ("Case", asked.case_number, TEXT),
        ("Made", moment(asked.at), TEXT),
    ]
    cells = [[text_of(say(key), SMALL), text_of(said, style)] for key, said, style in rows if said]
    table = Table(cells, colWidths=(_KEYS, WIDTH - _KEYS))
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


class _Pages(Canvas):  # type: ignore[misc]  # reportlab is not typed
    """Writes head and foot of each page when it is known how many there are."""

    def __init__(self, findings: Findings, say: Words, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._findings, self._say = findings, say
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        """Keep a page."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write the pages that were kept."""
        for page in self._kept:
            self.__dict__.update(page)
            self._write_edges(len(self._kept))
            super().showPage()
        super().save()

    def _write_edges(self, pages: int) -> None:
        say, asked = self._say, self._findings.asked
        plate = printed_form(self._findings.route.plate)
        self.setFillColor(HexColor(MUTED))
        self.setStrokeColor(HexColor(ROAD))
        self.setLineWidth(0.4)
        top, foot = A4[1] - 13 * mm, 12 * mm
        self.setFont(BOLD, 7.5)
        self.drawString(SIDE, top, f"PlateTrail · {say('Route of a vehicle')}")
        self.drawRightString(A4[0] - SIDE, top, plate)
        self.line(SIDE, top - 4, A4[0] - SIDE, top - 4)
        self.line(SIDE, foot + 11, A4[0] - SIDE, foot + 11)
        number = say("page {page} of {pages}", page=self._pageNumber, pages=pages)
        self.setFont(REGULAR, 6.5)
        self.drawRightString(A4[0] - SIDE, foot + 2, number)
        made = f"{say('Made')} {moment(asked.at)} · {say('Asked by')} {asked.who}"
        room = WIDTH - stringWidth(number, REGULAR, 6.5) - 10
        why = f"{made} · {say('Reason')}: {asked.reason}"
        self.drawString(SIDE, foot + 2, _fitting(one_line(why), room))
        self.drawString(SIDE, foot - 7, say(_GUESSES))


def _fitting(words: str, room: float) -> str:
    """The words, cut where there is no room for more; the first page has them whole."""
    if stringWidth(words, REGULAR, 6.5) <= room:
        return words
    while words and stringWidth(f"{words}…", REGULAR, 6.5) > room:
        words = words[:-1]
    return f"{words}…"
