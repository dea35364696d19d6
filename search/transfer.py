"""What goes over the line between a camera machine and the centre; pure.

    POST /intake/v1/passages   gzipped lines of a spool -> which are refused, which pictures lack
    POST /intake/v1/pictures   a tar of <sha256>.jpg and .mp4 -> which are refused
    POST /intake/v1/state      how the machine's spool stands, and how its cameras are

Each body has its length and its SHA-256 in the header (RFC 9530), so that one that was cut in half
is refused whole.
"""

import io
import json
import tarfile
import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lpr.spool.pictures import PICTURE, file_name
from search.errors import BatchError

PASSAGES = "/intake/v1/passages"
PICTURES = "/intake/v1/pictures"
STATE = "/intake/v1/state"
DIGEST = "Content-Digest"

MOST_BYTES = 32 * 1024 * 1024  # of a body, packed or not; what is larger is refused
MOST_PICTURE = 16 * 1024 * 1024  # bytes of one picture or clip
MOST_LINES = 2000  # of a batch
MOST_STATE = 64 * 1024  # bytes of what a machine says of itself; about a hundred cameras
_FASTEST = 1  # of gzip; camera machines are small


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of a batch that the centre does not take.

    Attributes:
        what: number of the line in the batch, from 1, or name of the picture.
        reason: for people.
    """

    what: int | str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch. A line that is not refused and lacks no picture is taken.

    Attributes:
        taken: how many lines are on the centre's disk.
        refused: lines or pictures that are not taken, however often they are sent.
        lacking: names of pictures that the centre has to have before it takes the passage.
    """

    taken: int = 0
    refused: tuple[Refused, ...] = ()
    lacking: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is answered."""
        return {
            "taken": self.taken,
            "refused": [{"what": r.what, "reason": r.reason} for r in self.refused],
            "lacking": list(self.lacking),
        }


def read_receipt(content: bytes) -> Receipt:
    """Read an answer.

    Raises:
        BatchError: it is none.
    """
    try:
        fields = json.loads(content)
        refused = tuple(Refused(r["what"], str(r["reason"])) for r in fields["refused"])
        return Receipt(int(fields["taken"]), refused, tuple(map(str, fields["lacking"])))
    except (ValueError, KeyError, TypeError) as error:
        raise BatchError(f"the answer is no receipt: {error!r:.80}") from None


def digest_of(body: bytes) -> str:
    """The header that a body's receiver checks."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def check_body(body: bytes, length: int | None, digest: str | None) -> None:
    """See that a body came whole.

    Args:
        body: as it came.
        length: that was announced.
        digest: that was announced.

    Raises:
        BatchError: it did not; nothing of it may be used.
    """
    if length is None or digest is None:
        raise BatchError(f"expected the headers Content-Length and {DIGEST}")
    if len(body) != length:
        raise BatchError(f"the batch was cut off: {len(body)} of {length} bytes came")
    if digest != digest_of(body):
        raise BatchError(f"the batch came damaged: it does not fit its {DIGEST}")


def pack_lines(lines: Sequence[bytes]) -> bytes:
    """Lines of a spool, each with its end, as gzip."""
    packer = zlib.compressobj(_FASTEST, wbits=31)
    return packer.compress(b"".join(lines)) + packer.flush()


def unpack_lines(body: bytes) -> list[bytes]:
    """The lines of a batch, without blank ones.

    Raises:
        BatchError: not gzip, cut off, or too much of it.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(body, MOST_BYTES)
    except zlib.error as error:
        raise BatchError(f"the batch is not gzip: {error}") from None
    if unpacker.unconsumed_tail:
        raise BatchError(f"the batch is too large: expected at most {MOST_BYTES} bytes unpacked")
    if not unpacker.eof:
        raise BatchError("the batch was cut off: its gzip has no end")
    lines = [line for line in content.split(b"\n") if line.strip()]
    if len(lines) > MOST_LINES:
        raise BatchError(f"the batch is too large: expected at most {MOST_LINES} lines")
    return lines


def pack_pictures(pictures: Sequence[tuple[str, bytes]]) -> bytes:
    """Pictures and clips with their names, as tar."""
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, jpeg in pictures:
            member = tarfile.TarInfo(file_name(name))
            member.size = len(jpeg)
            tar.addfile(member, io.BytesIO(jpeg))
    return body.getvalue()


def unpack_pictures(body: bytes) -> list[tuple[str, bytes]]:
    """Names and contents, unchecked; nothing is written.

    Raises:
        BatchError: not a tar, or cut off.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(body), mode="r:") as tar:
            found = []
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                if file is None:
                    raise BatchError(f"{member.name!r:.80} is no picture: expected plain files")
                found.append((member.name.removesuffix(PICTURE), file.read()))
            return found
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BatchError(f"the pictures are not a tar: {error}") from None
