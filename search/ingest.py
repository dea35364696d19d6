"""Take lines of passages into the sighting store; doing it twice changes nothing."""

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from lpr.errors import PassageError
from lpr.passages import Passage, format_passage
from lpr.spool.lines import SpoolLine
from lpr.spool.pictures import SYNCED_AT_ONCE, name_of, picture_path
from lpr.spool.segments import Line, in_batches, read_passage
from search.evidence import EvidenceStore
from search.store import Added, SightingStore

BATCH = 2000  # lines: enough that syncing the disk costs little, few enough to keep in memory
AT_ONCE = 2  # batches under way
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before it a clock was never set
AHEAD = timedelta(days=1)  # a clock that is wrong by more is refused
CHANGED = "the picture is not what its name says: expected the SHA-256 of its content"


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
    """A line that is not taken in, and why; its number is 0 where it is a picture's name."""

    source: str
    line: int
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that were read.

    Attributes:
        passages: that they hold.
        refusals: of lines that hold none.
        kept: names of their pictures that are in the evidence store now.
        changed: names of pictures that are not what they say.
    """

    passages: tuple[Passage, ...]
    refusals: tuple[Refusal, ...]
    kept: tuple[str, ...]
    changed: tuple[str, ...]


def _nobody(passages: Sequence[Passage]) -> None:
    """Looks for none of them."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """The way of passages into the stores.

    Attributes:
        store, evidence: where sightings and pictures go.
        refuse: sets refused lines aside.
        warn: is told of pictures that are missing.
        clock: the time now, aware UTC.
        watch: is told of reports once they are kept, in the order in which they came.
    """

    store: SightingStore
    evidence: EvidenceStore
    refuse: Callable[[Sequence[Refusal]], None]
    warn: Callable[[str], None]
    clock: Callable[[], datetime]
    watch: Callable[[Sequence[Passage]], None] = _nobody

    def take(self, lines: Sequence[Line], source: Source) -> tuple[Batch, Added]:
        """Read one batch, keep its pictures, then its sightings.

        Raises:
            EvidenceError, StoreError: nothing of the batch is confirmed; take it again later.
        """
        batch = self._read(lines, source)
        return batch, self.store.add(batch.passages, can_wait=True)

    def settle(self, batch: Batch, added: Added, source: Source) -> Counts:
        """See to the rest of a batch that is kept: alerts, what was refused, the spool's pictures.

        Raises:
            OSError: it is not confirmed; take it again later.
        """
        self.watch(batch.passages)
        if batch.refusals or batch.changed:
            changed = (Refusal(source.name, 0, CHANGED, name) for name in batch.changed)
            self.refuse([*batch.refusals, *changed])
        if source.is_spool and source.pictures:
            for name in batch.kept:
                picture_path(source.pictures, name).unlink(missing_ok=True)
        return Counts(added.new, added.known, len(batch.refusals))

    def _read(self, lines: Sequence[Line], source: Source) -> Batch:
        now = self.clock()
        taken: list[SpoolLine] = []
        refusals: list[Refusal] = []
        for line in lines:
            if not line.content.strip():
                continue
            try:
                taken.append(read_believable(line.content, now, AHEAD))
            except PassageError as error:
                refusals.append(refusal_of(source.name, line, str(error)))
        names = dict.fromkeys(name for one in taken for name in one.pictures)
        with ThreadPoolExecutor(SYNCED_AT_ONCE) as threads:
            fates = dict(
                zip(names, threads.map(lambda n: self._keep(n, source), names), strict=True)
            )
        kept = tuple(name for name, fate in fates.items() if fate == "kept")
        changed = tuple(name for name, fate in fates.items() if fate == "changed")
        return Batch(tuple(one.passage for one in taken), tuple(refusals), kept, changed)

    def show(self, counts: Counts) -> None:
        """See that what was taken in can be found, if it was anything.

        Raises:
            StoreError: it will be found later; all of it is kept.
        """
        if counts.new or counts.known:
            self.store.add(())

    def _keep(self, name: str, source: Source) -> Literal["kept", "missing", "changed"]:
        """Bring a picture into the evidence store, and say what became of it."""
        if self.evidence.has(name):
            return "kept"
        if source.pictures is None:
            self.warn(f"{source.name}: picture {name} is not known; name its folder (--pictures)")
            return "missing"
        try:
            jpeg = picture_path(source.pictures, name).read_bytes()
        except OSError as error:
            self.warn(f"{source.name}: picture {name} cannot be read: {error.strerror}")
            return "missing"
        if name_of(jpeg) != name:
            self.warn(f"{source.name}: picture {name} is not what its name says, and is left out")
            return "changed"
        self.evidence.put(jpeg)
        return "kept"


def ingest_lines(lines: Iterable[Line], source: Source, ingest: Ingest) -> Counts:
    """Take all lines in, batch by batch; see `take_batches`. Then their sightings can be found."""
    counts = sum((counts for _, counts in take_batches(lines, source, ingest)), Counts())
    ingest.show(counts)
    return counts


def take_batches(
    lines: Iterable[Line], source: Source, ingest: Ingest
) -> Iterator[tuple[list[Line], Counts]]:
    """Take lines in, batch by batch; the next is read while the store keeps the one before.

    Yields:
        The lines of each batch once it is confirmed, and what became of them.

    Raises:
        StoreError, EvidenceError: the next batch is not confirmed; take it again later.
    """
    under_way: deque[tuple[list[Line], Future[tuple[Batch, Added]]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for batch in in_batches(lines, BATCH):
            under_way.append((batch, threads.submit(ingest.take, batch, source)))
            if len(under_way) > AT_ONCE:
                yield _settled(*under_way.popleft(), source, ingest)
        while under_way:
            yield _settled(*under_way.popleft(), source, ingest)


def _settled(
    lines: list[Line], taken: Future[tuple[Batch, Added]], source: Source, ingest: Ingest
) -> tuple[list[Line], Counts]:
    """Wait until a batch is kept, and see to the rest of it."""
    return lines, ingest.settle(*taken.result(), source)


def append_refusals(file: Path, refusals: Sequence[Refusal]) -> None:
    """Set refused lines aside at the end of a file of JSON lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as end:
        end.writelines(json.dumps(asdict(refusal)) + "\n" for refusal in refusals)
        end.flush()
        os.fsync(end.fileno())


def refusal_of(source: str, line: Line, reason: str) -> Refusal:
    """A line that is not taken in, as it is set aside."""
    content = line.content.decode("utf-8", "backslashreplace").rstrip("\r\n")
    return Refusal(source, line.number, reason, content)


def read_believable(content: bytes, now: datetime, ahead: timedelta) -> SpoolLine:
    """Read a line whose time can be.

    Args:
        content: its bytes.
        now: aware UTC.
        ahead: how far a camera's clock may be ahead.

    Raises:
        PassageError: it is damaged, no passage, from before 2000 or from the future; says which.
    """
    line = read_passage(content)
    passage = line.passage
    if b"\\" in content and not _is_unicode(passage):
        raise PassageError("half of a surrogate pair: expected Unicode text")
    if passage.at > now + ahead:
        raise PassageError(f"at: {passage.at_given} is in the future; set the camera's clock")
    if passage.at < EARLIEST:
        raise PassageError(f"at: {passage.at_given} is before 2000; set the camera's clock")
    return line


def _is_unicode(passage: Passage) -> bool:
    try:
        format_passage(passage).encode()
    except UnicodeEncodeError:
        return False
    return True
