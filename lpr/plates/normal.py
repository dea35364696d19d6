"""Normal form: A-Z and 0-9 only, also from what a Vietnamese keyboard makes of a plate."""

import re
import unicodedata
from itertools import product

from lpr.plates.grammar import parse_plate

_NOT_TEXT = re.compile(r"[^A-Z0-9]")
_NOT_PATTERN = re.compile(r"[^A-Z0-9?*]")
_STARS = re.compile(r"\*+")
MAX_MEANINGS = 8  # of one typed text; more only come from pasted prose

_MEANT = {
    "\u0302": ("=", "6"),  # circumflex: the letter twice (Telex) or 6 (VNI)
    "\u0301": ("1", "S"),  # acute: 1 (VNI) or S (Telex)
    "\u0300": ("2", "F"),
    "\u0309": ("3", "R"),
    "\u0303": ("4", "X"),
    "\u0323": ("5", "J"),
    "\u031b": ("7", "W"),  # horn
    "\u0306": ("8", "W"),  # breve
    "\u0335": ("=", "9"),  # the bar of Đ
}
"""What a mark may have been typed as, likeliest first; `=` is its letter once more."""


def normal_text(text: str) -> str:
    """Upper case, Đ to D, other diacritics and everything but A-Z and 0-9 taken off."""
    return _NOT_TEXT.sub("", _decomposed(text))


def normal_pattern(text: str) -> str:
    """The same, keeping `?` (one character) and `*` (any number of them)."""
    return _STARS.sub("*", _NOT_PATTERN.sub("", _decomposed(text)))


def typed_texts(text: str) -> tuple[str, ...]:
    """What somebody may have meant who typed that on a Vietnamese keyboard.

    A Telex keyboard makes `29Â12345` of `29AA12345`, a VNI keyboard `30Á2345` of `30A12345`: the
    mark has swallowed a character. Where giving it back makes a possible plate (or the text is a
    pattern), that is what was meant; which of two keyboards it was cannot be known.

    Args:
        text: as typed.

    Returns:
        Normal patterns, likeliest first, the one with the marks just taken off last; at most
        MAX_MEANINGS. Text without marks has one.
    """
    stripped = normal_pattern(text)
    meanings = [m for m in _expanded(_decomposed(text)) if _possible(m)]
    return tuple(dict.fromkeys([*meanings[: MAX_MEANINGS - 1], stripped]))


def _possible(pattern: str) -> bool:
    return "?" in pattern or "*" in pattern or bool(parse_plate(pattern))


def _expanded(decomposed: str) -> list[str]:
    options: list[tuple[str, ...]] = []
    letter = ""
    for character in decomposed:
        if character in _MEANT:
            barred = character == "\u0335" and _ends_special(options)
            if not barred:  # MĐ and TĐ are real series
                meant = tuple(letter if m == "=" else m for m in _MEANT[character])
                options.append(meant)
        else:
            letter = character
            options.append((character,))
    if all(len(o) == 1 for o in options) or sum(len(o) > 1 for o in options) > 3:
        return []
    return [normal_pattern("".join(choice)) for choice in product(*options)]


def _ends_special(options: list[tuple[str, ...]]) -> bool:
    return len(options) >= 2 and options[-2][0] in ("M", "T")


def _decomposed(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.upper())
    return folded.replace("Đ", "D\u0335").replace("đ", "D\u0335")
