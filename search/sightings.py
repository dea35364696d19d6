"""A sighting: a passage as it is stored, and how it answers a question."""

from dataclasses import dataclass
from typing import Literal

from lpr.passages import Passage

Match = Literal["exact", "pattern", "candidate", "similar"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A stored passage together with how it met a question.

    Attributes:
        id: of the passage; the same for the same passage.
        passage: what was seen.
        match: how it met the question that found it.
        likelihood: probability 0..1 that this reading came from the plate that was asked for.
    """

    id: str
    passage: Passage
    match: Match = "exact"
    likelihood: float = 1.0
