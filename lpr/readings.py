"""What one crop said."""

from dataclasses import dataclass
from typing import Literal

from lpr.boxes import Corners

Colour = Literal["white", "yellow", "blue", "red"]
Kind = Literal["car", "motorcycle"]

Character = tuple[tuple[str, float], ...]
"""The likeliest characters of one position, best first, each with its probability 0..1; an empty
string stands for no character there."""

Candidate = tuple[str, float]
"""A whole text and the probability 0..1 that it is the right one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one crop.

    Attributes:
        text: normal form (A-Z, 0-9), after the grammar; empty if nothing was read.
        raw: what the reader itself said, before any grammar; normal form as well.
        score: probability 0..1 that the whole of `text` is right.
        chars: one entry for each position of `text`, each the likeliest characters.
        candidates: whole texts with their probabilities, best first; `text` is the first.
        rows: 1 or 2, None if unknown.
        colour: of the background, None if unknown.
        kind: of the vehicle, None unless the grammar decides it.
        model: name of the reader that said it.
        corners: of the plate in the crop, as shares of its width and height; None if unknown.
    """

    text: str
    raw: str
    score: float
    chars: tuple[Character, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    rows: int | None = None
    colour: Colour | None = None
    kind: Kind | None = None
    model: str = ""
    corners: Corners | None = None


NOTHING_READ = Reading(text="", raw="", score=0.0)
