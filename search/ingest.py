"""Take lines of passages into the sighting store; doing it twice changes nothing."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

from lpr.errors import PassageError
from lpr.passages import Passage, format_passage, parse_passage
from lpr.spool import picture_path
from search.evidence import EvidenceStore
from search.store import SightingStore

BATCH = 2000  # lines: enough that syncing the disk costs little, few enough to keep in memory
LONGEST_LINE = 65_536  # bytes; a passage with every key has a tenth of it
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before it a clock was never set
AHEAD = timedelta(days=1)  # a clock that is wrong by more is refused


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of lines."""

    new: int = 0
    known: int = 0
    refused: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.new + other.new, self.known + other.known, self.refused + other.refused)

    def __str__(self) -> str:
        return f"{self.new} new, {self.known} known, {self.refused} refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source.

    Attributes:
        number: from 1.
        content: its bytes; of a line over LONGEST_LINE only the beginning.
        end: bytes of the source up to its end.
    """

    number: int
    content: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where lines come from.

    Attributes:
        name: as refusals say it.
        pictures: folder of the pictures that they name, as `lpr.spool` lays it out, or None.
        is_spool: whether a picture is removed there once it is kept and its sighting confirmed.
    """

    name: str
    pictures: Path | None = None
    is_spool: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is not taken in, and why."""

    source: str
    line: int
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class Ingest:
    """The way of passages into the stores.

    Attributes:
        store, evidence: where sightings and pictures go.
        refuse: sets refused lines aside.
        warn: is told of pictures that are missing.
        clock: the time now, aware UTC.
    """

    store: SightingStore
    evidence: EvidenceStore
    refuse: Callable[[Sequence[Refusal]], None]
    warn: Callable[[str], None]
    clock: Callable[[], datetime]

    def take(self, lines: Sequence[Line], source: Source) -> Counts:
        """Take one batch in: pictures first, then the sightings, then what was refused.

        Raises:
            StoreError, EvidenceError: nothing of the batch is confirmed; take it again later.
        """
        now = self.clock()
        passages: list[Passage] = []
        refusals: list[Refusal] = []
        for line in lines:
            if not line.content.strip():
                continue
            try:
                passages.append(_read_line(line.content, now))
            except PassageError as error:
                content = line.content.decode("utf-8", "backslashreplace").rstrip("\r\n")
                refusals.append(Refusal(source.name, line.number, str(error), content))
        names = dict.fromkeys(n for p in passages for n in (p.frame, p.crop) if n)
        kept = [name for name in names if self._keep(name, source)]
        added = self.store.add(passages)
        if refusals:
            self.refuse(refusals)
        if source.is_spool and source.pictures:
            for name in kept:
                picture_path(source.pictures, name).unlink(missing_ok=True)
        return Counts(added.new, added.known, len(refusals))

    def _keep(self, name: str, source: Source) -> bool:
        """Bring a picture into the evidence store; whether it is there now."""
        if self.evidence.has(name):
            return True
        if source.pictures is None:
            self.warn(f"{source.name}: picture {name} is not known; name its folder (--pictures)")
            return False
        try:
            jpeg = picture_path(source.pictures, name).read_bytes()
        except OSError as error:
            self.warn(f"{source.name}: picture {name} cannot be read: {error.strerror}")
            return False
        if sha256(jpeg).hexdigest() != name:
            self.warn(f"{source.name}: picture {name} is not what its name says, and is left out")
            return False
        self.evidence.put(jpeg)
        return True


def ingest_lines(lines: Iterable[Line], source: Source, ingest: Ingest) -> Counts:
    """Take all lines in, batch by batch; see `Ingest.take`."""
    return sum((ingest.take(batch, source) for batch in in_batches(lines)), Counts())


def in_batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The same lines, BATCH at a time."""
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield batch


def read_lines(
    file: IO[bytes], *, number: int = 0, offset: int = 0, is_whole: bool = True
) -> Iterator[Line]:
    """The lines of a file, one at a time.

    Args:
        file: standing at `offset`.
        number: of the line before.
        offset: bytes before.
        is_whole: whether a last line without a line end is one; otherwise it is still written.
    """
    while content := file.readline(LONGEST_LINE):
        part = content
        offset += len(part)
        while not part.endswith(b"\n") and (part := file.readline(LONGEST_LINE)):
            offset += len(part)
            content = content.ljust(LONGEST_LINE + 1, b".")  # too long, and seen to be
        if not (is_whole or part.endswith(b"\n")):
            return
        number += 1
        yield Line(number, content, offset)


def append_refusals(file: Path, refusals: Sequence[Refusal]) -> None:
    """Set refused lines aside at the end of a file of JSON lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as end:
        end.writelines(json.dumps(asdict(refusal)) + "\n" for refusal in refusals)
        end.flush()
        os.fsync(end.fileno())


def _read_line(content: bytes, now: datetime) -> Passage:
    if len(content) > LONGEST_LINE:
        raise PassageError(f"longer than {LONGEST_LINE} bytes")
    try:
        line = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PassageError(f"not UTF-8: {error.reason} at byte {error.start + 1}") from None
    passage = parse_passage(line)
    if "\\ud" in line.lower() and not _is_unicode(passage):
        raise PassageError("half of a surrogate pair: expected Unicode text")
    if passage.at > now + AHEAD:
        raise PassageError(f"at: {passage.at_given} is in the future; set the camera's clock")
    if passage.at < EARLIEST:
        raise PassageError(f"at: {passage.at_given} is before 2000; set the camera's clock")
    return passage


def _is_unicode(passage: Passage) -> bool:
    try:
        format_passage(passage).encode()
    except UnicodeEncodeError:
        return False
    return True
