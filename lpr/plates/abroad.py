"""How plates of other countries are built, which tells O from 0 and I from 1; pure."""

_ORDER = str.maketrans(
    dict.fromkeys("0123456789", "9") | dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A")
)
COMMON = frozenset((
    "AAA9999", "9AAA999", "AAA999", "999AAA", "AA99AAA", "AA999AA", "9999AAA", "9A99999",
    "99A9999", "AA9999AA", "A9999AA", "A9999AAA", "AA9999AAA", "AA99AA9999", "AAA9A99",
    "AA9999",
))  # fmt: skip
"""Where letters (A) and digits (9) stand on plates of many countries or of large ones: Brazil,
India, Mexico, Russia, the states of North America, most of Europe."""
RARE = frozenset((
    "AA99999", "A999999", "999999", "AAAAA999", "AAAA999", "AAAA9999", "AAA99999", "A999AA",
    "99999AA", "9999A", "AAAAA", "A99AAA", "AAA99A", "99AA999", "9AA9999", "AA999A",
    "99AAA99",
))  # fmt: skip
COMMONLY, RARELY, NOWHERE = 1 / 2, 1 / 6, 1 / 12


def weight_abroad(text: str) -> float:
    """Weight of a text that no kind of Vietnamese plate has, against 1 for one that it has.

    Args:
        text: A-Z and 0-9.
    """
    order = text.translate(_ORDER)
    if order in COMMON:
        return COMMONLY
    return RARELY if order in RARE else NOWHERE
