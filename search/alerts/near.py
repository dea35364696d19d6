"""Plates that may have been read as a given text; pure."""

from collections import defaultdict
from collections.abc import Container, Iterator
from functools import cached_property
from math import log

from search.confusing import CHARACTERS, Confusions

_TAKEN = log(5e-5)  # a character that is taken for another less often is not looked for


class NearPlates:
    """Looks for the plates that one misread character turns into a text.

    Args:
        confusions: of the reader.
    """

    def __init__(self, confusions: Confusions) -> None:
        self._confusions = confusions

    def of(self, text: str, known: Container[str], is_unsure: bool) -> Iterator[tuple[str, float]]:
        """Plates that are known, each with the logarithm of being read as the text.

        Args:
            text: that was read.
            known: plates that are looked for.
            is_unsure: whether a character may be lacking or doubled as well.
        """
        for i, read in enumerate(text):
            head, tail = text[:i], text[i + 1 :]
            for printed, log_p in self._printed[read]:
                if (plate := head + printed + tail) in known:
                    yield plate, log_p
        if is_unsure:
            yield from self._lacking(text, known)

    @cached_property
    def _printed(self) -> dict[str, list[tuple[str, float]]]:
        """What may be printed where a character is read."""
        found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for printed, taken in self._confusions.taken.items():
            for read, log_p in taken.items():
                if log_p > _TAKEN:
                    found[read].append((printed, log_p))
        return found

    def _lacking(self, text: str, known: Container[str]) -> Iterator[tuple[str, float]]:
        for i in range(len(text) + 1):
            head, tail = text[:i], text[i:]
            for printed in CHARACTERS:
                if (plate := head + printed + tail) in known:
                    yield plate, self._confusions.dropped[printed]
        for i, read in enumerate(text[:-1]):
            if read == text[i + 1] and (plate := text[:i] + text[i + 1 :]) in known:
                yield plate, self._confusions.doubled[read]
