"""Delivers lines to the centre: until each is taken or refused, with the pictures that it lacks."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lpr.spool.lines import SpoolLine, format_line
from lpr.spool.pictures import PICTURES, name_of, picture_path
from lpr.spool.room import REFUSED
from search.errors import BatchRefusedError, CentreError
from search.sending.centre import Centre

CHUNK_BYTES = 4_000_000  # of pictures in one request
ASKED = 3  # times that lines are sent until the centre must have every picture
_LOG = logging.getLogger("platetrail.send")

Lines = Mapping[int, tuple[SpoolLine, bytes]]
"""Lines by their number in the segment: what they say, and as they stand there."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of lines that were delivered; those that are not refused are confirmed.

    Attributes:
        refused: reasons by number.
        gone: pictures that were not there to be sent, damaged, or refused.
    """

    refused: Mapping[int, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered({**self.refused, **other.refused}, self.gone | other.gone)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The way of lines to the centre.

    Attributes:
        spool: folder whose pictures they name.
        centre: where they go.
    """

    spool: Path
    centre: Centre

    def deliver(self, lines: Lines) -> Delivered:
        """Send lines; a batch that is refused whole is halved until the bad line is found.

        Raises:
            CentreError: nothing is known of them; send them again later.
        """
        try:
            return self._deliver(lines)
        except BatchRefusedError:
            try:
                return self._deliver(lines)  # it may have been damaged on its way
            except BatchRefusedError as error:
                if len(lines) == 1:
                    return Delivered(dict.fromkeys(lines, str(error)))
        numbers, middle = list(lines), len(lines) // 2
        parts = (numbers[:middle], numbers[middle:])
        return sum((self.deliver({n: lines[n] for n in part}) for part in parts), Delivered())

    def _deliver(self, lines: Lines) -> Delivered:
        done = Delivered()
        for _ in range(ASKED):
            numbers = list(lines)
            receipt = self.centre.put_passages([lines[number][1] for number in numbers])
            refused = {numbers[int(r.what) - 1]: r.reason for r in receipt.refused}
            if not receipt.lacking:
                return done + Delivered(refused)
            gone = self._send_pictures(receipt.lacking)
            done += Delivered(refused, frozenset(gone))
            lacking = set(receipt.lacking)
            lines = {
                number: _without(line, content, gone)
                for number, (line, content) in lines.items()
                if number not in refused and lacking & set(line.pictures)
            }
        raise CentreError("the centre asks again and again for pictures that it was sent")

    def _send_pictures(self, names: Sequence[str]) -> set[str]:
        """Send pictures in parts; the names of those that are gone, damaged or refused."""
        gone: set[str] = set()
        part: list[tuple[str, bytes]] = []
        for name in names:
            jpeg = self._read(name)
            if jpeg is None:
                gone.add(name)
                continue
            if part and sum(len(kept) for _, kept in part) + len(jpeg) > CHUNK_BYTES:
                gone |= self._put(part)
                part = []
            part.append((name, jpeg))
        return gone | (self._put(part) if part else set())

    def _put(self, part: Sequence[tuple[str, bytes]]) -> set[str]:
        try:
            receipt = self.centre.put_pictures(part)
        except BatchRefusedError as error:
            if len(part) > 1:
                return {name for one in part for name in self._put([one])}
            _LOG.error("picture %s: %s", part[0][0], error)
            return {part[0][0]}
        for refused in receipt.refused:
            _LOG.error("picture %s: the centre: %s", refused.what, refused.reason)
        return {str(refused.what) for refused in receipt.refused}

    def _read(self, name: str) -> bytes | None:
        for folder in (PICTURES, REFUSED):
            try:
                jpeg = picture_path(self.spool / folder, name).read_bytes()
            except FileNotFoundError:
                continue
            if name_of(jpeg) == name:
                return jpeg
            _LOG.error("picture %s is not what its name says, and is left out", name)
        return None


def _without(line: SpoolLine, content: bytes, gone: set[str]) -> tuple[SpoolLine, bytes]:
    """A line that says which of its pictures are gone; as it was if none is."""
    names = tuple(name for name in line.pictures if name in gone)
    if not names:
        return line, content
    poorer = replace(line, gone=(*line.gone, *names))
    return poorer, format_line(poorer)
