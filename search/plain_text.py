"""Text for people: columns, counts, probabilities; pure."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from unicodedata import normalize

GAP = "  "


def in_columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """One line for each row, its cells under each other; Vietnamese letters count as one."""
    composed = [[normalize("NFC", cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip_longest(*composed, fillvalue="")]
    return [
        GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in composed
    ]


def counted(count: int, word: str) -> str:
    """`1 road`, `2 roads`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def format_percent(probability: float) -> str:
    """`97 %`; what is not quite sure is never written as 100 %, nor what is possible as 0 %."""
    if 0 < probability < 0.01:
        return "< 1 %"
    if 0.99 < probability < 1:
        return "> 99 %"
    return f"{probability * 100:.0f} %"


def shortened(lines: Sequence[str], most: int) -> list[str]:
    """The first lines, and how many more there are."""
    left = len(lines) - most
    return [*lines[:most], f"and {left} more"] if left > 0 else list(lines)


def one_line(text: str) -> str:
    """A text without what no line, cell or XML can hold: control characters become blanks."""
    return "".join(c if c.isprintable() else " " for c in text)
