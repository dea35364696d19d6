"""What the signs of a map mean."""

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from search.papers.fonts import REGULAR
from search.papers.map_marks import ACCENT, DASH, INK, ROAD, draw_dot
from search.papers.words import Words

_LINE, _SIGN, _SIZE = 12.0, 26.0, 7.2  # points: height, width of a sign, letters
SIGNS = (
    "seen: the plate was read as asked",
    "perhaps seen: read otherwise (?)",
    "inferred: nobody saw it there; paler is less sure",
    "road",
)


class Legend(Flowable):  # type: ignore[misc]  # reportlab is not typed
    """Signs in two columns, each with its words.

    Args:
        width: in points.
        say: in which language.
    """

    def __init__(self, width: float, say: Words) -> None:
        super().__init__()
        self.width, self.height = width, 2 * _LINE + 4
        self._words = [say(sign) for sign in SIGNS]
        self._notice = say("Map: © OpenStreetMap contributors, or as imported")

    def draw(self) -> None:
        """Draw it; reportlab calls this."""
        canvas = self.canv
        for number, words in enumerate(self._words):
            x, y = number // 2 * self.width * 0.40, self.height - (number % 2 + 1) * _LINE
            self._sign(number, x, y + 2.5)
            canvas.setFillColor(HexColor(INK))
            canvas.setFont(REGULAR, _SIZE)
            canvas.drawString(x + _SIGN, y, words)
        canvas.setFont(REGULAR, 6)
        left = self.width - stringWidth(self._notice, REGULAR, 6)
        canvas.drawString(left, self.height - 2 * _LINE, self._notice)

    def _sign(self, number: int, x: float, y: float) -> None:
        canvas = self.canv
        if number < 2:
            draw_dot(canvas, x + _SIGN / 2, y, number == 0)
            return
        is_guess = number == 2
        canvas.setStrokeColor(HexColor(ACCENT if is_guess else ROAD))
        canvas.setLineWidth(2.2 if is_guess else 1.0)
        canvas.setDash(*DASH) if is_guess else canvas.setDash()
        canvas.line(x + 2, y, x + _SIGN - 4, y)
        canvas.setDash()
