"""Position repair: letters read or typed in a digit's place, and digits in a letter's."""

from dataclasses import dataclass

from lpr.plates.grammar import FIRST_LETTERS, parse_plate

_TO_DIGIT = {
    "O": "0", "D": "0", "Q": "0", "I": "1", "L": "1", "J": "1", "Z": "2", "A": "4", "S": "5",
    "G": "6", "T": "7", "B": "8",
}  # fmt: skip
_TO_LETTER = {
    "0": "D", "O": "D", "Q": "D", "1": "L", "I": "L", "2": "Z", "4": "A", "5": "S", "6": "G",
    "7": "Z", "8": "B",
}  # fmt: skip
_TEMPLATES = ("PPLNNNNN", "PPLNNNN", "PPLLNNNNN", "PPLNNNNNN")
"""P and N are digits, L a letter of a civil series."""
MOST_CHANGES = 3  # more than that is guessing


@dataclass(frozen=True, slots=True)
class Repair:
    """A text and what was changed in it.

    Attributes:
        text: after the repair; the same as `raw` where nothing was changed.
        raw: before it.
        changed: positions that differ.
    """

    text: str
    raw: str
    changed: tuple[int, ...]


def repair_text(raw: str) -> Repair:
    """Repair what position alone decides, in texts typed by people or read by foreign readers.

    A text that is a valid plate is never touched, and neither is one that could be repaired to two
    different plates with as few changes.

    Args:
        raw: normal form.

    Returns:
        The repair.
    """
    if parse_plate(raw):
        return Repair(raw, raw, ())
    fitted = {t for template in _TEMPLATES if (t := _fit(raw, template)) and parse_plate(t)}
    changes = {
        t: tuple(i for i, (a, b) in enumerate(zip(raw, t, strict=True)) if a != b) for t in fitted
    }
    fewest = min((len(c) for c in changes.values()), default=MOST_CHANGES + 1)
    best = [t for t, c in changes.items() if len(c) == fewest]
    if fewest > MOST_CHANGES or len(best) != 1:
        return Repair(raw, raw, ())
    return Repair(best[0], raw, changes[best[0]])


def _fit(raw: str, template: str) -> str | None:
    if len(raw) != len(template):
        return None
    fitted = []
    for character, place in zip(raw, template, strict=True):
        if place == "L":
            used = character in FIRST_LETTERS
            replaced = character if used else _TO_LETTER.get(character)
        else:
            replaced = character if character.isdigit() else _TO_DIGIT.get(character)
        if replaced is None:
            return None
        fitted.append(replaced)
    return "".join(fitted)
