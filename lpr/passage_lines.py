"""The line of JSON of a passage, read and checked; pure.

One pass of compiled code reads what cameras send, thousands of lines a second. What it does not
take is looked at key by key: some of it can be read, and of the rest it is said what is wrong.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic_core import SchemaValidator, ValidationError
from pydantic_core import core_schema as schema

from lpr.errors import PassageError
from lpr.passages import CAMERA_ID, Direction, Passage, is_camera_id
from lpr.readings import Candidate
from lpr.times import parse_utc

T = TypeVar("T")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CLIP = re.compile(r"[0-9a-f]{64}\.mp4")
_TEXT = re.compile(r"[A-Z0-9]{0,16}")


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
    try:
        passage: Passage = _QUICK.validate_python(fields)
    except ValidationError:
        return read_key_by_key(fields)
    return passage


def read_key_by_key(fields: Mapping[str, Any]) -> Passage:
    """The same as `passage_from_fields`, slower; it says which key is wrong."""
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
    return tuple(_candidate(pair, key) for pair in _list(value, key))


def _candidate(pair: Any, key: str) -> Candidate:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
        raise PassageError(f"{key}: expected pairs of text and probability, got {pair!r:.40}")
    return pair[0], _probability(pair[1], key)


def _name(fields: Mapping[str, Any], key: str, form: re.Pattern[str], wanted: str) -> str | None:
    name = _optional(fields, key, str)
    if name is not None and not form.fullmatch(name):
        raise PassageError(f"{key}: expected {wanted}")
    return name


def _quick_reader() -> SchemaValidator:
    """Reads what needs no second look; all that it takes is read alike key by key."""
    text = schema.str_schema(strict=True)
    time = schema.no_info_after_validator_function(parse_utc, text)
    probability = schema.float_schema(strict=True, ge=0, le=1, allow_inf_nan=False)
    pairs = schema.tuple_schema(
        [schema.tuple_schema([text, probability])], variadic_item_index=0, strict=False
    )
    sha256 = _matching("[0-9a-f]{64}")
    wanted = {
        "camera": _matching("[ -~]{1,64}"),
        "at": time,
        "text": _matching("[A-Z0-9]{0,16}"),
        "score": probability,
    }
    lists = {"candidates": pairs, "chars": schema.tuple_schema([pairs], variadic_item_index=0)}
    others = {
        "track": _matching("[ -~]*"),
        "until": time,
        "raw": text,
        "rows": schema.int_schema(strict=True, ge=1, le=2),
        "colour": text,
        "kind": text,
        "frame": sha256,
        "crop": sha256,
        "model": text,
        "direction": schema.literal_schema(["towards", "away"]),
        "clip": _matching(r"[0-9a-f]{64}\.mp4"),
    }
    optional = {
        key: schema.with_default_schema(schema.nullable_schema(value), default=None)
        for key, value in others.items()
    } | {key: schema.with_default_schema(value, default=()) for key, value in lists.items()}
    fields = [schema.dataclass_field(key, value) for key, value in (wanted | optional).items()]
    fields.append(schema.dataclass_field("at_given", text, validation_alias="at"))
    arguments = schema.dataclass_args_schema("Passage", fields, extra_behavior="ignore")
    names = [field["name"] for field in fields]
    return SchemaValidator(schema.dataclass_schema(Passage, arguments, names, slots=True))


def _matching(pattern: str) -> schema.StringSchema:
    return schema.str_schema(strict=True, pattern=f"^{pattern}$")


_QUICK = _quick_reader()
