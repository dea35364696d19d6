"""A passage: one vehicle passing one camera once, and its line of JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, TypeVar

from lpr.errors import PassageError
from lpr.readings import Candidate, Character
from lpr.times import format_utc, parse_utc

T = TypeVar("T")
Direction = Literal["towards", "away"]
"""Towards the camera or away from it."""

ID_LENGTH = 32  # hexadecimal digits: 128 bits, so that a city's sightings never collide
CAMERA_ID = "an id of 1 to 64 printable characters"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CLIP = re.compile(r"[0-9a-f]{64}\.mp4")
_TEXT = re.compile(r"[A-Z0-9]{0,16}")


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


def parse_passage(line: str) -> Passage:
    """Read one line of JSON.

    Args:
        line: one JSON object, as docs/formats.md describes it.

    Returns:
        The passage.

    Raises:
        PassageError: not JSON, a key is missing or has a value that cannot be; says which.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise PassageError(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise PassageError('expected a JSON object such as {"camera": ..., "at": ...}')
    return passage_from_fields(fields)


def passage_from_fields(fields: Mapping[str, Any]) -> Passage:
    """Make a passage from the decoded fields of its line; see `parse_passage`."""
    camera = _field(fields, "camera", str)
    if not is_camera_id(camera):
        raise PassageError(f"camera: expected {CAMERA_ID}")
    text = _field(fields, "text", str)
    if not _TEXT.fullmatch(text):
        raise PassageError(f"text: expected A-Z and 0-9, at most 16, got {text[:40]!r}")
    return Passage(
        camera=camera,
        at=_time(fields, "at"),
        at_given=_field(fields, "at", str),
        text=text,
        score=_probability(fields.get("score"), "score"),
        candidates=_candidates(fields.get("candidates") or [], "candidates"),
        track=_track(fields.get("track")),
        until=None if fields.get("until") is None else _time(fields, "until"),
        raw=_optional(fields, "raw", str),
        chars=tuple(_candidates(slot, "chars") for slot in _list(fields.get("chars"), "chars")),
        rows=_rows(fields.get("rows")),
        colour=_optional(fields, "colour", str),
        kind=_optional(fields, "kind", str),
        frame=_name(fields, "frame", _SHA256, "a SHA-256 in 64 hexadecimal digits"),
        crop=_name(fields, "crop", _SHA256, "a SHA-256 in 64 hexadecimal digits"),
        model=_optional(fields, "model", str),
        direction=_direction(fields.get("direction")),
        clip=_name(fields, "clip", _CLIP, "a SHA-256 in 64 hexadecimal digits and .mp4"),
    )


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
    """One line of JSON, without its line end; `parse_passage` reads it back."""
    return json.dumps(passage_to_fields(passage), ensure_ascii=False)


def _field(fields: Mapping[str, Any], key: str, kind: type[T]) -> T:
    if key not in fields:
        raise PassageError(f"{key}: is missing")
    value = fields[key]
    if not isinstance(value, kind):
        raise PassageError(f"{key}: expected {kind.__name__}, got {value!r:.40}")
    return value


def _optional(fields: Mapping[str, Any], key: str, kind: type[T]) -> T | None:
    return None if fields.get(key) is None else _field(fields, key, kind)


def _track(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isprintable():
        # a track is part of the id: no half of a surrogate pair can be hashed
        raise PassageError(f"track: expected a text or a number, got {value!r:.40}")
    return str(value)


def _rows(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or value not in (1, 2)):
        raise PassageError(f"rows: expected 1 or 2, got {value!r:.40}")
    return None if value is None else int(value)


def _direction(value: Any) -> Direction | None:
    match value:
        case None | "towards" | "away":
            known: Direction | None = value
            return known
    raise PassageError(f"direction: expected towards or away, got {value!r:.40}")


def _time(fields: Mapping[str, Any], key: str) -> datetime:
    try:
        return parse_utc(_field(fields, key, str))
    except ValueError as error:
        raise PassageError(f"{key}: {error}") from None


def _probability(value: Any, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise PassageError(f"{key}: expected a probability from 0 to 1, got {value!r:.40}")
    return float(value)


def _list(value: Any, key: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise PassageError(f"{key}: expected a list, got {value!r:.40}")
    return value


def _candidates(value: Any, key: str) -> tuple[Candidate, ...]:
    pairs = _list(value, key)
    try:  # as they nearly always are: a line has dozens
        good = [(c, p) for c, p in pairs if type(c) is str and type(p) is float and 0 <= p <= 1]
    except (TypeError, ValueError):
        good = []
    return tuple(good if len(good) == len(pairs) else [_candidate(pair, key) for pair in pairs])


def _candidate(pair: Any, key: str) -> Candidate:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
        raise PassageError(f"{key}: expected pairs of text and probability, got {pair!r:.40}")
    return pair[0], _probability(pair[1], key)


def _name(fields: Mapping[str, Any], key: str, form: re.Pattern[str], wanted: str) -> str | None:
    name = _optional(fields, key, str)
    if name is not None and not form.fullmatch(name):
        raise PassageError(f"{key}: expected {wanted}")
    return name
