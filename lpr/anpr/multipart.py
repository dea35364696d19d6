"""The parts of a multipart stream (RFC 2046), as they arrive; pure.

Cameras do not keep to the RFC: lengths are missing or wrong, a line end before the boundary is
missing, the boundary that is announced has dashes too many, and the stream goes on after its end.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message

from lpr.errors import EventError

MOST_BYTES = 16 * 1024 * 1024  # of a part; pictures of the largest cameras have 5 MiB
_MOST_HEADERS = 16 * 1024  # bytes of the headers of a part
_LONGER = 32  # bytes that the line of a boundary has beside its word
_HEADERS_END = re.compile(rb"\n\r?\n")
_TEXT = ("text/", "application/xml", "application/json")


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        headers: by their names in lower case.
        body: without the line end that belongs to the boundary.
    """

    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """Media type in lower case, without its parameters; empty if it is not told."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def names(self) -> str:
        """What it is called, whatever the header: in lower case, to look for words in."""
        told = (self.headers.get(key, "") for key in ("content-disposition", "content-id"))
        return " ".join(told).lower()


def boundary_of(content_type: str) -> str:
    """The boundary that the headers of an answer announce.

    Raises:
        EventError: they announce none.
    """
    message = Message()
    message["Content-Type"] = content_type
    boundary = str(message.get_param("boundary") or "")
    if not message.get_content_type().startswith("multipart/") or not boundary.strip("-"):
        raise EventError(f"expected a multipart stream, got {content_type[:60]!r}")
    return boundary


class PartReader:
    """Takes bytes in as they come, split anywhere.

    Args:
        boundary: as it was announced.
        most: bytes of the largest part that is taken.
    """

    def __init__(self, boundary: str, most: int = MOST_BYTES) -> None:
        word = boundary.strip("-").encode("latin-1", "replace")
        line = rb"-{2,8}" + re.escape(word) + rb"(--)?[ \t]{0,8}\r?\n"
        self._here, self._below = re.compile(line), re.compile(rb"\r?\n" + line)
        self._tail, self._most = len(word) + _LONGER, most
        self._buffer = bytearray()
        self._headers: dict[str, str] | None = None
        self._is_fresh = True  # a boundary may stand at once, without a line end before it
        self._skipped = 0  # bytes since the last part that belong to none
        self._searched = 0  # bytes of the body in which no boundary begins

    def feed(self, content: bytes) -> Iterator[Part]:
        """Take in what has come.

        Yields:
            The parts that are whole now, in order.

        Raises:
            EventError: a part is too large, or so much has come without any.
        """
        self._buffer += content
        while self._headers is not None or self._begin():
            body = self._body()
            if body is None:
                return
            assert self._headers is not None
            part = Part(self._headers, body)
            self._headers, self._is_fresh = None, True
            self._skipped = self._searched = 0
            yield part

    def _begin(self) -> bool:
        """Read on to the body of the next part, if all that comes before it is there."""
        while found := self._boundary():
            if found[1]:  # the last one of an event; cameras go on all the same
                del self._buffer[: found.end()]
                self._is_fresh = True
                continue
            end = _HEADERS_END.search(self._buffer, found.end() - 1)
            if end is None:
                if len(self._buffer) - found.end() > _MOST_HEADERS:
                    raise EventError("the headers of a part have no end")
                return False
            self._headers = _headers(bytes(self._buffer[found.end() : end.start()]))
            del self._buffer[: end.end()]
            return True
        self._skip()
        return False

    def _boundary(self) -> re.Match[bytes] | None:
        here = self._here.match(self._buffer) if self._is_fresh else None
        return here or self._below.search(self._buffer)

    def _skip(self) -> None:
        """Let go of what belongs to no part, but for the beginning of a boundary."""
        surplus = len(self._buffer) - self._tail
        if surplus > 0:
            del self._buffer[:surplus]
            self._is_fresh = False
            self._skipped += surplus
        if self._skipped > self._most:
            raise EventError("what comes has no parts")

    def _body(self) -> bytes | None:
        """The body, None while it is not whole; what is told as text ends at a boundary, too."""
        assert self._headers is not None
        length = _length(self._headers)
        if length is not None and length > self._most:
            raise EventError(f"a part of {length} bytes: expected {self._most} at most")
        kind = self._headers.get("content-type", "").strip().lower()
        if length is None or kind.startswith(_TEXT):
            until = len(self._buffer) if length is None else min(length, len(self._buffer))
            end = self._here.match(self._buffer, 0, until)
            end = end or self._below.search(self._buffer, self._searched, until)
            if end is not None:
                return self._cut(end.start())
            self._searched = max(0, until - self._tail)
        if length is not None and len(self._buffer) >= length:
            return self._cut(length)
        if len(self._buffer) > self._most:
            raise EventError(f"a part of more than {self._most} bytes")
        return None

    def _cut(self, length: int) -> bytes:
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body


def _headers(content: bytes) -> dict[str, str]:
    lines = content.decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _length(headers: Mapping[str, str]) -> int | None:
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 12 else None
