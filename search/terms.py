"""What is asked of a sighting store, frozen."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lpr.times import format_utc
from search.errors import TermsError

_TEXT = re.compile(r"[A-Z0-9?*]+")
DEFAULT_LIMIT = 100  # lines; as in the command line's contract
MAX_LIMIT = 10_000  # sightings in one page of answers


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last sighting of a page; the next page begins after it."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """One question. Answers come newest first, then by id.

    Attributes:
        texts: one or more, any of which may match: A-Z, 0-9, `?` for exactly one character and
            `*` for any number of them, in normal form (see `lpr.plates.typed_texts`); `*` alone
            asks for everything that passed.
        start, end: span of `at`, start included and end excluded, aware UTC; None is open.
        cameras: ids; None is every camera, empty finds nothing.
        candidates: whether further candidates of a reading count, beside the text that was read.
        limit: sightings at most, 1 to MAX_LIMIT.
        after: where the page before ended.
    """

    texts: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None
    cameras: frozenset[str] | None = None
    candidates: bool = False
    limit: int = DEFAULT_LIMIT
    after: Cursor | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be asked.

        Raises:
            TermsError: an empty text, a span that runs backwards, or a limit out of range.
        """
        if not self.texts or not all(self.texts):
            raise TermsError("no plate was given: type one, or * for everything that passed")
        for text in self.texts:
            if not _TEXT.fullmatch(text):
                raise TermsError(f"{text!r}: expected A-Z and 0-9, and ? and * for what is missing")
        if self.start and self.end and self.start >= self.end:
            span = f"from {format_utc(self.start)} to {format_utc(self.end)}"
            raise TermsError(f"the span runs backwards: {span}")
        if not 1 <= self.limit <= MAX_LIMIT:
            raise TermsError(f"limit must be 1 to {MAX_LIMIT}, got {self.limit}")

    def to_fields(self) -> dict[str, Any]:
        """What is asked, as the audit log keeps it."""
        return {
            "texts": list(self.texts),
            "from": format_utc(self.start) if self.start else None,
            "to": format_utc(self.end) if self.end else None,
            "cameras": None if self.cameras is None else sorted(self.cameras),
            "candidates": self.candidates,
        }


def is_pattern(text: str) -> bool:
    """Whether a text holds `?` or `*`."""
    return "?" in text or "*" in text
