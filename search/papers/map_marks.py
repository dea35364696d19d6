"""Marks on the map of a route: dots, numbers, colours, scale bar, north."""

from collections.abc import Sequence

from reportlab.lib.colors import Color, HexColor, white
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from search.papers.fonts import BOLD, REGULAR
from search.papers.projection import Projection, round_length
from search.papers.words import Words

Corner = tuple[float, float]
"""Points from the lower left corner of the map."""
Area = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""
ACCENT, ROAD, PAPER, INK = "#1e5ab4", "#b9bec6", "#fafaf7", "#1c2330"
DASH = (4.5, 2.5)  # points
DOT_RADIUS = 3.2  # points, radius
_LABEL = 6.2  # points, letters
_AWAY = ((5, 4), (5, -10), (-5, 4), (-5, -10), (5, 12), (-5, 12), (5, -19), (-5, -19), (14, -3))
"""Where the number of a stop may stand, in points from its dot; leftwards it ends there."""


def guess_colour(probability: float) -> Color:
    """Of a guessed way: paler the less sure."""
    accent = HexColor(ACCENT)
    share = 0.3 + 0.7 * probability
    return Color(*(1 - share * (1 - part) for part in (accent.red, accent.green, accent.blue)))


def draw_dot(canvas: Canvas, x: float, y: float, is_sure: bool) -> None:
    """A stop: solid where the plate was read, hollow where that is not sure."""
    canvas.setLineWidth(1.3)
    canvas.setStrokeColor(HexColor(ACCENT))
    canvas.setFillColor(HexColor(ACCENT) if is_sure else white)
    canvas.circle(x, y, DOT_RADIUS, fill=1)


def draw_label(canvas: Canvas, dot: Corner, label: str, taken: Sequence[Area]) -> Area:
    """Write the numbers of stops beside their dot, where nothing stands yet; the area they take."""
    width = stringWidth(label, BOLD, _LABEL) + 3
    areas = []
    for right, up in _AWAY:
        x = dot[0] + right - (width if right < 0 else 0)
        areas.append((x, dot[1] + up - 2, x + width, dot[1] + up + _LABEL))
    area = next((a for a in areas if not any(_overlap(a, other) for other in taken)), areas[0])
    canvas.setFillColor(white)
    canvas.setStrokeColor(HexColor(ACCENT))
    canvas.setLineWidth(0.4)
    canvas.roundRect(area[0], area[1], width, area[3] - area[1], 2, fill=1)
    canvas.setFillColor(HexColor(INK))
    canvas.setFont(BOLD, _LABEL)
    canvas.drawString(area[0] + 1.5, area[1] + 1.9, label)
    return area


def _overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def draw_scale(canvas: Canvas, projection: Projection, say: Words) -> None:
    """How long a round distance is, in the lower left corner."""
    metres = round_length(projection.size[0] / 4 * projection.metres)
    length, label = metres / projection.metres, say.round_distance(metres)
    canvas.setFillColor(white)
    canvas.setStrokeColor(white)
    canvas.rect(6, 6, length + 12, 18, fill=1)
    canvas.setStrokeColor(HexColor(INK))
    canvas.setLineWidth(1)
    canvas.lines([(12, 10, 12 + length, 10), (12, 8, 12, 12), (12 + length, 8, 12 + length, 12)])
    canvas.setFillColor(HexColor(INK))
    canvas.setFont(REGULAR, 6.5)
    canvas.drawCentredString(12 + length / 2, 14, label)


def draw_north(canvas: Canvas, width: float, height: float, say: Words) -> None:
    """An arrow in the upper right corner."""
    x, y = width - 16, height - 34
    arrow = canvas.beginPath()
    for move, place in enumerate(((x, y + 16), (x - 4.5, y), (x, y + 4), (x + 4.5, y))):
        (arrow.lineTo if move else arrow.moveTo)(*place)
    arrow.close()
    canvas.setFillColor(HexColor(INK))
    canvas.drawPath(arrow, stroke=0, fill=1)
    canvas.setFont(BOLD, 8)
    canvas.drawCentredString(x, y + 19, say("N"))
