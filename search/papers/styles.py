"""How the text of a PDF looks."""

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle

from search.papers.fonts import BOLD, REGULAR
from search.papers.map_marks import INK

MUTED, BAD = "#5a6372", "#a4161a"
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=8.5, leading=11, textColor=HexColor(INK))
STRONG = ParagraphStyle("strong", TEXT, fontName=BOLD)
SMALL = ParagraphStyle("small", TEXT, fontSize=7.2, leading=9.2, textColor=HexColor(MUTED))
LEG = ParagraphStyle("leg", SMALL, textColor=HexColor(INK))
BAD_LEG = ParagraphStyle("bad leg", LEG, fontName=BOLD, textColor=HexColor(BAD))
WARNING = ParagraphStyle("warning", STRONG, textColor=HexColor(BAD), spaceBefore=4)
HEADING = ParagraphStyle(
    "heading", STRONG, fontSize=12, leading=16, spaceBefore=8, spaceAfter=3, keepWithNext=1
)
