"""A passage as a document, and back; pure.

Nothing stands in a document twice but the reversed text and the tie: with `_source.includes` they
could be left out of what is kept, but then Elasticsearch keeps the whole beside it for hours, to
bring a replica up to date. What most sightings have in common takes next to no room: a raw text and
a first candidate that are the text, characters of which only one is possible. Documents of before
that was left out are read as well.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from lpr.passage_lines import passage_from_fields
from lpr.passages import Passage, rounded
from lpr.readings import Character
from lpr.times import format_utc

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PICTURES = ("frame", "crop")
_AS_IT_IS = ("track", "raw", "rows", "colour", "kind", "model", "direction", "clip")
_values = attrgetter(*_AS_IT_IS)
_ID = re.compile(r"[0-9a-f]{32}")
_DIGITS = 10_000  # probabilities have four digits
_TIE = 12  # hexadecimal digits of the id: 48 bits tell sightings of one microsecond apart


def to_document(sighting_id: str, passage: Passage) -> dict[str, Any]:
    """The fields that a passage is found by, and under `rest` what else is known of it."""
    values = zip(_AS_IT_IS, _values(passage), strict=True)
    rest: dict[str, Any] = {key: value for key, value in values if value is not None}
    if passage.raw == passage.text:
        rest["raw"] = True
    rest["score"] = rounded(passage.score)
    rest["candidates"] = [rounded(p) for _, p in passage.candidates]
    if passage.chars:
        text = passage.text.ljust(len(passage.chars))
        rest["chars"] = [
            round(slot[0][1] * _DIGITS) if len(slot) == 1 and slot[0][0] == read else _pack(slot)
            for read, slot in zip(text, passage.chars, strict=False)
        ]
    if passage.at_given and passage.at_given != format_utc(passage.at):
        rest["at"] = passage.at_given
    if passage.until is not None:
        rest["lasted"] = (passage.until - passage.at) // _MICROSECOND
    for key in _PICTURES:
        if name := getattr(passage, key):
            rest[key] = _shorten(name)
    return {
        "at": microseconds(passage.at),
        "tie": tie(sighting_id),
        "camera": passage.camera,
        "text": passage.text,
        "reversed": passage.text[::-1],
        "candidates": [text for text, _ in passage.candidates[_names_itself(passage) :]],
        "rest": rest,
    }


def from_document(document: Mapping[str, Any]) -> Passage:
    """The passage that a document was made of."""
    rest = dict(document["rest"])
    at = from_microseconds(document["at"])
    fields = {"camera": document["camera"], "text": document["text"], "at": format_utc(at)} | rest
    if "chars" in rest:
        text = document["text"].ljust(len(rest["chars"]))
        fields["chars"] = [_unpack(*pair) for pair in zip(text, rest["chars"], strict=False)]
    if "lasted" in rest:
        fields["until"] = format_utc(at + rest["lasted"] * _MICROSECOND)
    if rest.get("raw") is True:
        fields["raw"] = document["text"]
    first = [document["text"]] * (len(rest["candidates"]) - len(document["candidates"]))
    texts = first + document["candidates"]
    fields["candidates"] = [list(pair) for pair in zip(texts, rest["candidates"], strict=True)]
    for key in _PICTURES:
        if key in rest:
            fields[key] = _lengthen(rest[key])
    return passage_from_fields(fields)


def is_id(text: str) -> bool:
    """Whether a sighting can have this id."""
    return _ID.fullmatch(text) is not None


def document_id(sighting_id: str) -> str:
    """The id of a sighting in 22 characters, which Elasticsearch keeps in 16 bytes."""
    return _shorten(sighting_id)


def id_of(document_id: str) -> str:
    """The id of the sighting that a document is of."""
    return _lengthen(document_id)


def tie(sighting_id: str) -> int:
    """Orders sightings of one microsecond as their ids do."""
    return int(sighting_id[:_TIE], 16)


def microseconds(time: datetime) -> int:
    """Microseconds since 1970."""
    return (time - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """Back to an aware UTC time."""
    return _EPOCH + value * _MICROSECOND


def _names_itself(passage: Passage) -> bool:
    """Whether the first candidate is the text itself, by which it is found anyway."""
    return bool(passage.candidates) and passage.candidates[0][0] == passage.text


def _pack(slot: Character) -> list[str | int]:
    """What a place may hold, each with its ten-thousandths; most hold but what was read there."""
    packed: list[str | int] = []
    for character, probability in slot:
        packed += (character, round(probability * _DIGITS))
    return packed


def _unpack(read: str, packed: int | list[Any]) -> list[Any]:
    """Back to pairs; documents of before have them as they are."""
    if isinstance(packed, int):
        return [[read, packed / _DIGITS]]
    if packed and isinstance(packed[0], list):
        return packed
    return [[c, p / _DIGITS] for c, p in zip(packed[::2], packed[1::2], strict=True)]


def _shorten(digits: str) -> str:
    """Hexadecimal digits in base64, as they take less room."""
    return urlsafe_b64encode(bytes.fromhex(digits)).rstrip(b"=").decode()


def _lengthen(short: str) -> str:
    return urlsafe_b64decode(short + "=" * (-len(short) % 4)).hex()
