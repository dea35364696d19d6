"""Which characters a reader confuses; pure.

`models/confusions.json` is one object:

    {"model": name of the reader,
     "characters": "0...9A...Z",
     "rows": {"1": {"plates": {source: how many}, "misread": {source: share},
                    "unread": {source: share},
                    "counts": 36 rows of 36, "deleted": 36, "inserted": 36},
              "2": {...}}}

`counts[i][j]` says how often the right character `characters[i]` was read as `characters[j]`, right
ones too; `deleted[i]` how often `characters[i]` was not read, and `inserted[j]` how often
`characters[j]` was read where there is none. Texts are laid side by side with the fewest edits. A
plate that gave no text at all is misread and unread, and counts nowhere else. Sources are
`rendered` and, if there were any, `photographs`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.accuracy.alignment import align

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NONE = len(CHARACTERS)  # place of no character in a table
_Table = NDArray[np.int64]
Texts = tuple[str, str]
"""The right text of a plate and what was read."""


@dataclass(frozen=True, slots=True)
class Confusions:
    """What was read for the characters of some plates.

    Attributes:
        plates: how many.
        misread: of them not read exactly.
        unread: of those without any text.
        table: (37, 37) right by read, in the order of `CHARACTERS`, then none.
    """

    plates: int
    misread: int
    unread: int
    table: _Table


def count_confusions(texts: Iterable[Texts]) -> Confusions:
    """Count what was read for each character."""
    table = np.zeros((_NONE + 1, _NONE + 1), np.int64)
    plates = misread = unread = 0
    for right, read in texts:
        plates += 1
        misread += right != read
        unread += not read
        for wanted, found in align(right, read) if read else ():
            table[_place(wanted), _place(found)] += 1
    return Confusions(plates, misread, unread, table)


def _place(character: str) -> int:
    return CHARACTERS.index(character) if character else _NONE


@dataclass(frozen=True, slots=True)
class Confusion:
    """One way to be wrong.

    Attributes:
        right, read: characters; empty stands for none.
        count: how often.
        share: of the right character's readings; of all characters for an inserted one.
    """

    right: str
    read: str
    count: int
    share: float


def most_frequent(confusions: Confusions, most: int) -> list[Confusion]:
    """What is confused most often, the most frequent first."""
    wrong = confusions.table.copy()
    np.fill_diagonal(wrong, 0)
    found = [(int(wrong[place]), place) for place in zip(*wrong.nonzero(), strict=True)]
    ranked = sorted(found, key=lambda one: (-one[0], one[1]))[:most]
    return [_confusion(confusions.table, count, *place) for count, place in ranked]


def _confusion(table: _Table, count: int, right: int, read: int) -> Confusion:
    total = table.sum() if right == _NONE else table[right].sum()
    names = [*CHARACTERS, ""]
    return Confusion(names[right], names[read], count, count / float(total))


def confusion_fields(model: str, rows: Mapping[int, Mapping[str, Confusions]]) -> dict[str, Any]:
    """The object that is kept; see the beginning of this module.

    Args:
        model: name of the reader.
        rows: for 1 and 2, what was counted of each source.
    """
    return {
        "model": model,
        "characters": CHARACTERS,
        "rows": {str(count): _row_fields(sources) for count, sources in sorted(rows.items())},
    }


def _row_fields(sources: Mapping[str, Confusions]) -> dict[str, Any]:
    table = sum((one.table for one in sources.values()), np.zeros((_NONE + 1,) * 2, np.int64))
    return {
        "plates": {name: one.plates for name, one in sources.items()},
        "misread": {name: _share(one.misread, one.plates) for name, one in sources.items()},
        "unread": {name: _share(one.unread, one.plates) for name, one in sources.items()},
        "counts": table[:_NONE, :_NONE].tolist(),
        "deleted": table[:_NONE, _NONE].tolist(),
        "inserted": table[_NONE, :_NONE].tolist(),
    }


def _share(part: int, whole: int) -> float:
    return round(part / max(1, whole), 5)
