"""Texts that a plate may have been misread as; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from math import log

from search.confusing import CHARACTERS, Confusions

LONGEST_CUT = 4  # characters that may lie outside of the picture, on one side
_CUT = log(1e-3)  # that the first is; each further one is half as probable
_FURTHER = log(0.5)
_ADDED = log(2e-5)  # one particular character that is not there


def near_texts(plate: str) -> frozenset[str]:
    """Every text with one character misread, dropped, or doubled."""
    misread = {
        plate[:i] + character + plate[i + 1 :]
        for i in range(len(plate))
        for character in CHARACTERS
    }
    dropped = {plate[:i] + plate[i + 1 :] for i in range(len(plate))}
    doubled = {plate[:i] + plate[i] + plate[i:] for i in range(len(plate))}
    return frozenset((misread | dropped | doubled) - {plate})


@dataclass(frozen=True, slots=True)
class _Edit:
    """The characters from `start` to `end` read as `read`; `log_p`: how likely that is."""

    start: int
    end: int
    read: str
    log_p: float


def likeliest_misreadings(plate: str, confusions: Confusions, most: int) -> dict[str, float]:
    """The texts that a plate is most often misread as, by one or two edits.

    Args:
        plate: normal form.
        confusions: of the reader.
        most: texts.

    Returns:
        Logarithm of the probability of each; the plate itself is none of them.
    """
    singles = sorted(_edits(plate, confusions), key=lambda edit: -edit.log_p)
    found: dict[str, float] = {}
    for edit in singles:
        text = plate[: edit.start] + edit.read + plate[edit.end :]
        found.setdefault(text, edit.log_p)
    for one, other in _pairs(singles, most):
        text = (plate[: one.start] + one.read + plate[one.end : other.start] + other.read) + plate[
            other.end :
        ]
        found[text] = max(found.get(text, -1e9), one.log_p + other.log_p)
    found.pop(plate, None)
    found.pop("", None)
    return dict(nlargest(most, found.items(), key=lambda item: item[1]))


def _pairs(singles: list[_Edit], most: int) -> Iterator[tuple[_Edit, _Edit]]:
    """Pairs at different places, in the order of the plate; hardly more than the likeliest."""
    for number, one in enumerate(singles):
        # the pairs of the likeliest `most` all have one among so many others
        for other in singles[number + 1 : most // (number + 1) + 1]:
            if one.end <= other.start:
                yield one, other
            elif other.end <= one.start:
                yield other, one


def _edits(plate: str, confusions: Confusions) -> Iterator[_Edit]:
    for i, printed in enumerate(plate):
        for read, log_p in confusions.taken[printed].items():
            yield _Edit(i, i + 1, read, log_p)
        yield _Edit(i, i + 1, "", confusions.dropped[printed])
        yield _Edit(i, i + 1, 2 * printed, confusions.doubled[printed])
        for added in CHARACTERS:
            yield _Edit(i, i, added, _ADDED)
    for added in CHARACTERS:
        yield _Edit(len(plate), len(plate), added, _ADDED)
    for cut in range(1, min(LONGEST_CUT, len(plate) - 2) + 1):
        log_p = _CUT + (cut - 1) * _FURTHER
        yield _Edit(0, cut, "", log_p)
        yield _Edit(len(plate) - cut, len(plate), "", log_p)
