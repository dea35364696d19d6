"""Where a plate that was read differs from the one that was asked for; pure."""

from difflib import SequenceMatcher

from lpr.plates import printed_form
from search.terms import is_pattern

Marked = tuple[tuple[str, bool], ...]
"""Printed characters, each with whether it differs."""


def marked(text: str, asked: str | None, rows: int | None = None) -> Marked:
    """A plate in printed form with the characters marked that were not asked for.

    Args:
        text: normal form, as it was read.
        asked: normal form; None or a pattern marks nothing.
        rows: how many rows were seen, where known.
    """
    differing = _differing(text, asked) if asked and not is_pattern(asked) else frozenset()
    characters: list[tuple[str, bool]] = []
    position = 0
    for character in printed_form(text, rows):
        counts = character.isalnum()
        characters.append((character, counts and position in differing))
        position += counts
    return tuple(characters)


def _differing(text: str, asked: str) -> frozenset[int]:
    if len(text) == len(asked):
        return frozenset(i for i, (a, b) in enumerate(zip(text, asked, strict=True)) if a != b)
    same: set[int] = set()
    for block in SequenceMatcher(None, text, asked, autojunk=False).get_matching_blocks():
        same.update(range(block.a, block.a + block.size))
    return frozenset(range(len(text))) - same
