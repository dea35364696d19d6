"""What a reader takes for what: its own counted confusions, or those that any reader has."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

from lpr.errors import ModelError
from lpr.manifest import find_models
from search.errors import ConfusionsError

FILE = "confusions.json"  # beside the models; `tests.accuracy.confusions` makes it
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALIKE = "0DOQCG 1ILT7 2Z7 38B 4A 49 5S6 6GB8 8BS 0359 EFB HNM UVY KXY PRF WVM"
_PRIOR = 20.0  # characters counted beforehand, each misread as those that look alike
_MISTAKEN = 0.02  # of characters, for a reader of which nothing is known
_OTHERWISE = 0.15  # of those, as anything else
_DROPPED = 5e-4  # of characters, before any was counted


@dataclass(frozen=True, slots=True)
class Confusions:
    """Logarithms of probabilities, by the character that is printed.

    Attributes:
        model: whose they are; empty: any reader's.
        taken: of being read as another, by printed and read character.
        dropped: of not being read.
        doubled: of being read twice.
        mistaken_for: by the character that was read, how often others of its kind, digits or
            letters, are taken for it: the sum of their probabilities.
    """

    model: str
    taken: Mapping[str, Mapping[str, float]]
    dropped: Mapping[str, float]
    doubled: Mapping[str, float]
    mistaken_for: Mapping[str, float]


def load_confusions(models_dir: Path | None) -> Confusions:
    """Those that are kept with the reader of this installation; any reader's where none are.

    Raises:
        ConfusionsError: the file is damaged.
    """
    try:
        file = find_models(models_dir) / FILE
        content = file.read_text("utf-8")
    except (ModelError, FileNotFoundError):
        return any_reader()
    try:
        fields = json.loads(content)
        return _counted(fields["model"], list(fields["rows"].values()))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        damage = f"{file} is damaged ({error!r:.80}): put back the one that came with the models"
        raise ConfusionsError(damage) from error


@cache
def any_reader() -> Confusions:
    """A reader of which nothing is known mistakes what looks alike."""
    return _counted("", [])


def _counted(model: str, rows: Sequence[Mapping[str, Any]]) -> Confusions:
    taken, dropped, doubled = {}, {}, {}
    for at, printed in enumerate(CHARACTERS):
        counts = [sum(r["counts"][at][to] for r in rows) for to in range(len(CHARACTERS))]
        lost, twice = (sum(r[key][at] for r in rows) for key in ("deleted", "inserted"))
        whole = sum(counts) + lost + _PRIOR
        prior = _prior(printed)
        taken[printed] = {
            read: log((counts[to] + _PRIOR * prior[read]) / whole)
            for to, read in enumerate(CHARACTERS)
            if read != printed
        }
        dropped[printed] = log((lost + _PRIOR * _DROPPED) / whole)
        doubled[printed] = log((twice + _PRIOR * _DROPPED) / whole)
    mistaken_for = {
        read: sum(
            exp(taken[printed][read])
            for printed in CHARACTERS
            if printed != read and printed.isdecimal() == read.isdecimal()
        )
        for read in CHARACTERS
    }
    return Confusions(model, taken, dropped, doubled, mistaken_for)


def _prior(printed: str) -> dict[str, float]:
    """How a character is mistaken by a reader of which nothing is known."""
    alike = {c for group in _ALIKE.split() if printed in group for c in group} - {printed}
    share = _MISTAKEN * (1 - _OTHERWISE) / len(alike) if alike else 0.0
    each = _MISTAKEN * (_OTHERWISE if alike else 1.0) / (len(CHARACTERS) - 1)
    return {c: each + (share if c in alike else 0.0) for c in CHARACTERS if c != printed}
