"""Typefaces of the machine that training draws with, beside the glyphs of our own.

Debian brings them: `apt-get install` the packages of PACKAGES. Nothing of them is shipped.
"""

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PACKAGES = (
    "fonts-opendin fonts-roadgeek fonts-roboto-unhinted fonts-open-sans fonts-bebas-neue "
    "fonts-national-park fonts-routed-gothic fonts-b612 fonts-play fonts-dosis fonts-league-mono "
    "fonts-clear-sans fonts-allerta fonts-freefont-ttf fonts-lato fonts-cabin fonts-manrope "
    "fonts-liberation fonts-dejavu-core fonts-jetbrains-mono"
)
FOLDERS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts/opentype"))
_NAMES = (
    "RG2014B RG2014C RG2014D RG2014E RG2014EM RG2014EEM OSP-DIN Roboto-Medium Roboto-Bold "
    "RobotoCondensed-Regular RobotoCondensed-Bold OpenSans-CondBold OpenSans-Semibold "
    "BebasNeue-Regular BebasNeue-Bold NationalPark-Heavy NationalPark-Regular routed-gothic "
    "routed-gothic-narrow B612-Bold B612Mono-Bold Play-Bold Dosis-SemiBold Dosis-Bold "
    "LeagueMono-CondensedBold LeagueMono-CondensedSemiBold LeagueMono-NarrowBold ClearSans-Bold "
    "Allerta-Medium FreeSansBold FreeMonoBold Lato-Bold Cabin-Bold Manrope-Bold LiberationSans- "
    "Bold LiberationSansNarrow-Bold LiberationMono-Bold DejaVuSansCondensed-Bold DejaVuSans- "
    "Bold JetBrainsMono-Bold"
)
LEAST = 25  # faces, or the plates drawn with them would look too much alike
DRAWN = 64  # pixels of a character's height when it is drawn


@cache
def faces() -> tuple[Path, ...]:
    """The files of those typefaces that are here, always in the same order.

    Raises:
        FileNotFoundError: there are too few; says what to install.
    """
    there = {f.stem: f for folder in FOLDERS for f in sorted(folder.rglob("*.[ot]tf"))}
    found = tuple(there[name] for name in _NAMES.split() if name in there)
    if len(found) < LEAST:
        raise FileNotFoundError(
            f"expected {LEAST} typefaces to draw with, found {len(found)}: "
            f"apt-get install {PACKAGES}"
        )
    return found


@cache
def _font(face: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face), DRAWN)


def draw_text(text: str, face: Path, spacing: float) -> np.ndarray:
    """A line of text, white on black, cut to what is drawn.

    Args:
        text: one line, not empty.
        face: one of `faces()`.
        spacing: more room after each character, in character heights; 0 as the face wants it.

    Returns:
        (h, w) uint8.
    """
    font = _font(face)
    canvas = Image.new("L", (int(DRAWN * 1.3 * (1 + max(0, spacing)) * len(text)) + 8, 2 * DRAWN))
    pen = ImageDraw.Draw(canvas)
    x = 4.0
    for character in text:
        pen.text((x, DRAWN // 4), character, 255, font)
        x += font.getlength(character) + spacing * DRAWN
    box = canvas.getbbox()
    return np.asarray(canvas.crop(box) if box else canvas.crop((0, 0, DRAWN, DRAWN)))
