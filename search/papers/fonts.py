"""The letters of PDFs: DejaVu Sans, which the build brings into `search/fonts`."""

from functools import cache
from importlib.resources import files

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from search.errors import PaperError

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"


@cache
def register_fonts() -> None:
    """Make both known to reportlab, which embeds the letters that are used.

    Raises:
        PaperError: the build did not bring them.
    """
    rl_config.useA85 = 0  # pictures as bytes: as letters they are larger and take half a second
    folder = files("search") / "fonts"
    for name in (REGULAR, BOLD):
        try:
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
        except TTFError as error:
            raise PaperError(
                f"no PDF can be written: the font {name}.ttf is missing from search/fonts: "
                "install PlateTrail from its wheel, or run npm ci && npm run build in web"
            ) from error
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
