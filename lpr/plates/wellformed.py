"""Whether a text can be asked for, and why it cannot be a Vietnamese plate."""

import re
from enum import StrEnum

from lpr.errors import PlateError
from lpr.plates.grammar import parse_plate
from lpr.plates.provinces import province_of

SHORTEST, LONGEST = 2, 12  # letters and digits of a text that can be asked for
_CIVIL = re.compile(r"\d\d[A-Z]")


class Doubt(StrEnum):
    """Why a text cannot be a Vietnamese plate; the value says it in English."""

    TOO_SHORT = "it has fewer than 5 characters"
    TOO_LONG = "it has more than 10 characters"
    PROVINCE = "no province has the code it begins with"
    LETTER = "its series has a letter that no series has (I, J, O, Q or W)"
    SHAPE = "no kind of plate has its letters and digits in this order"


def check_length(text: str) -> None:
    """Refuse what cannot be asked for.

    Args:
        text: normal form or normal pattern.

    Raises:
        PlateError: not 2 to 12 letters and digits (a pattern may have fewer).
    """
    length = len(text.replace("*", ""))
    if length > LONGEST or (length < SHORTEST and "*" not in text):
        raise PlateError(
            f"{text!r}: a plate has {SHORTEST} to {LONGEST} letters and digits; "
            "write ? for one that is not known and * for any number of them"
        )


def doubt_about(text: str) -> Doubt | None:
    """Why a text cannot be a Vietnamese plate.

    Args:
        text: normal form.

    Returns:
        The first reason, or None if it can be one.
    """
    if parse_plate(text):
        return None
    if len(text) < 5:
        return Doubt.TOO_SHORT
    if len(text) > 10:
        return Doubt.TOO_LONG
    if text[:2].isdigit() and province_of(text[:2]) is None:
        return Doubt.PROVINCE
    if _CIVIL.match(text) and any(c in "IJOQW" for c in text[2:4]):
        return Doubt.LETTER
    return Doubt.SHAPE
