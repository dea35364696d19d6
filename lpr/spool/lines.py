r"""A line of the spool: a passage, when it was put there, and a checksum; pure.

    {"camera": ..., ..., "spooled": "2026-01-31T08:15:05.100Z", "sum": "0123456789abcdef"}

`sum` is the last key: the first 16 hexadecimal digits of the SHA-256 of everything before the comma
in front of it. So `sed 's/, "sum": .*//' | tr -d '\n' | sha256sum` finds it, too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from lpr.errors import PassageError
from lpr.passage_lines import passage_from_fields
from lpr.passages import Passage, passage_to_fields
from lpr.times import format_utc, parse_utc

SUM_DIGITS = 16  # hexadecimal: 64 bits, so that damage is never taken for health
_SUM = ', "sum": "'


@dataclass(frozen=True, slots=True)
class SpoolLine:
    """What a line of the spool says.

    Attributes:
        passage: that was seen.
        spooled: when it was put there, aware UTC; None in a line that was made elsewhere.
        gone: names of its pictures that were given up for want of room, or were lost.
    """

    passage: Passage
    spooled: datetime | None = None
    gone: tuple[str, ...] = ()

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures that there should be, clips too, each once."""
        passage = self.passage
        names = dict.fromkeys(n for n in (passage.frame, passage.crop, passage.clip) if n)
        return tuple(name for name in names if name not in self.gone)


def format_line(line: SpoolLine) -> bytes:
    """The line with its checksum and its end; `parse_line` reads it back."""
    fields = passage_to_fields(line.passage)
    if line.gone:
        fields["gone"] = list(line.gone)
    if line.spooled:
        fields["spooled"] = format_utc(line.spooled)
    body = json.dumps(fields, ensure_ascii=False)[:-1]
    return f'{body}{_SUM}{_sum(body)}"}}\n'.encode()


def parse_line(text: str) -> SpoolLine:
    """Read a line of the spool, or one that was made elsewhere and has no checksum.

    Raises:
        PassageError: it is damaged, or no passage; says why.
    """
    text = text.strip()
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PassageError(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise PassageError('expected a JSON object such as {"camera": ..., "at": ...}')
    if "sum" in fields or "spooled" in fields:
        body, found, given = text.rpartition(_SUM)
        if not found or given != f'{_sum(body)}"}}':
            raise PassageError("sum: the line was changed or damaged since it was written")
    spooled = fields.get("spooled")
    return SpoolLine(
        passage_from_fields(fields), None if spooled is None else _time(spooled), _gone(fields)
    )


def _sum(body: str) -> str:
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:SUM_DIGITS]


def _time(value: object) -> datetime:
    try:
        return parse_utc(str(value))
    except ValueError as error:
        raise PassageError(f"spooled: {error}") from None


def _gone(fields: dict[str, object]) -> tuple[str, ...]:
    names = fields.get("gone")
    if not names:
        return ()
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise PassageError(f"gone: expected a list of names of pictures, got {names!r:.40}")
    own = [fields.get(key) for key in ("frame", "crop", "clip")]
    return tuple(name for name in names if name in own)
