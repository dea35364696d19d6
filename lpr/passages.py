"""A passage: one vehicle passing one camera once, and its line of JSON."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal

from lpr.readings import Candidate, Character
from lpr.times import format_utc

Direction = Literal["towards", "away"]
"""Towards the camera or away from it."""

ID_LENGTH = 32  # hexadecimal digits: 128 bits, so that a city's sightings never collide
CAMERA_ID = "an id of 1 to 64 printable characters"


@dataclass(frozen=True, slots=True)
class Passage:
    """What one track was concluded to be.

    Attributes:
        camera: id of the camera.
        at: when the passage began, aware UTC.
        text: normal form of the plate; empty if it was seen and could not be read.
        score: probability 0..1 that `text` is right.
        candidates: further whole texts with their probabilities, best first.
        at_given: `at` as the source wrote it; the id is made from it.
        track: of the tracker, None if there was none.
        until: end of the passage, aware UTC.
        raw, chars, rows, colour, kind: as in `lpr.readings.Reading`.
        frame, crop: SHA-256 names of the pictures in the evidence store.
        model: what read it.
        direction: which way the vehicle drove, as its camera sees it.
        clip: name of some seconds of video in the evidence store: SHA-256 and `.mp4`.
    """

    camera: str
    at: datetime
    text: str
    score: float
    candidates: tuple[Candidate, ...] = ()
    at_given: str = ""
    track: str | None = None
    until: datetime | None = None
    raw: str | None = None
    chars: tuple[Character, ...] = ()
    rows: int | None = None
    colour: str | None = None
    kind: str | None = None
    frame: str | None = None
    crop: str | None = None
    model: str | None = None
    direction: Direction | None = None
    clip: str | None = None

    @property
    def id(self) -> str:
        """The same for the same passage, however often it is reported."""
        last = self.text if self.track is None else f"track {self.track}"
        key = "\x1f".join((self.camera, self.at_given or format_utc(self.at), last))
        return sha256(key.encode()).hexdigest()[:ID_LENGTH]


def is_camera_id(text: str) -> bool:
    """Whether a camera can be called so; `CAMERA_ID` says what is expected."""
    return 1 <= len(text) <= 64 and text.isprintable()


@lru_cache(maxsize=1 << 14)  # a line has dozens, nearly always of the same 10,001 values
def rounded(probability: float) -> float:
    """A probability as lines and stores have it: four digits."""
    return float(round(probability, 4))


def passage_to_fields(passage: Passage) -> dict[str, Any]:
    """The keys of a passage's line; what is not known is left out."""
    fields: dict[str, Any] = {
        "camera": passage.camera,
        "at": passage.at_given or format_utc(passage.at),
        "text": passage.text,
        "score": rounded(passage.score),
        "candidates": [[text, rounded(p)] for text, p in passage.candidates],
        "track": passage.track,
        "until": None if passage.until is None else format_utc(passage.until),
        "raw": passage.raw,
        "chars": [[[c, rounded(p)] for c, p in slot] for slot in passage.chars] or None,
        "rows": passage.rows,
        "colour": passage.colour,
        "kind": passage.kind,
        "frame": passage.frame,
        "crop": passage.crop,
        "model": passage.model,
        "direction": passage.direction,
        "clip": passage.clip,
    }
    return {key: value for key, value in fields.items() if value is not None}


def format_passage(passage: Passage) -> str:
    """One line of JSON, without its line end; `lpr.passage_lines` reads it back."""
    return json.dumps(passage_to_fields(passage), ensure_ascii=False)
