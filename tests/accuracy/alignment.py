"""Which character of the right text was read as which; pure."""

Pair = tuple[str, str]
"""A character of the right text and the one read for it; empty stands for none."""


def align(right: str, read: str) -> tuple[Pair, ...]:
    """Lay two texts side by side with the fewest edits (Levenshtein).

    Args:
        right: the right text.
        read: what was read.

    Returns:
        Pairs from left to right. Where there are several ways, characters stand for each other
        rather than for none, the last ones first.
    """
    table = _distances(right, read)
    i, j = len(right), len(read)
    pairs: list[Pair] = []
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (right[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((right[i], read[j]))
        elif i and table[i][j] == table[i - 1][j] + 1:
            i -= 1
            pairs.append((right[i], ""))
        else:
            j -= 1
            pairs.append(("", read[j]))
    return tuple(reversed(pairs))


def edits(right: str, read: str) -> int:
    """Fewest edits from one text to the other."""
    return _distances(right, read)[-1][-1]


def _distances(right: str, read: str) -> list[list[int]]:
    """Edits between the first i and the first j characters, [i][j]."""
    table = [list(range(len(read) + 1))]
    for i, wanted in enumerate(right, 1):
        row = [i]
        for j, found in enumerate(read, 1):
            row.append(min(table[-1][j] + 1, row[-1] + 1, table[-1][j - 1] + (wanted != found)))
        table.append(row)
    return table
