"""Whether the evidence has the pictures and clips that sightings name."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby, islice
from typing import Literal

from lpr.passages import Passage
from search.errors import EvidenceAwayError, EvidenceError
from search.evidence import EvidenceStore
from search.lacks import Lack, Report
from search.named_pictures import NOBODY, PARTS, NamedPictures
from search.store import SightingStore

UNSETTLED = timedelta(hours=1)  # a picture may be there so long before its sighting is
AT_ONCE = 16  # pictures that are looked at
_BATCH = 1000  # pictures


def pictures_of(passage: Passage) -> tuple[str, ...]:
    """Names of the pictures and clips that a passage names, each once."""
    return tuple(dict.fromkeys(n for n in (passage.frame, passage.crop, passage.clip) if n))


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """Compares named pictures with those that there are.

    Attributes:
        store: whose sightings name them.
        evidence: that has them.
        reads: whether each is read and its content compared with its name.
        counts: whether those that nobody names are counted.
        report: is told of those that are missing.
    """

    store: SightingStore
    evidence: EvidenceStore
    reads: bool
    counts: bool
    report: Report

    def compare(self, named: NamedPictures, began: datetime) -> tuple[int, int]:
        """Compare all of them.

        Args:
            named: by sightings and by what waits in the spool.
            began: when the first of those was read, aware UTC.

        Returns:
            How many pictures are named, and how many that are older nobody names.
        """
        old = self.evidence.kept_before(began - UNSETTLED) if self.counts else iter(())
        count = unnamed = 0
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for part, there in _by_part(old):
                seen = self._compare_part(named.named(part), there, threads)
                count += len(seen)
                unnamed += len(there - seen)
        return count, unnamed

    def _compare_part(
        self, named: Iterator[tuple[str, str]], there: set[str], threads: ThreadPoolExecutor
    ) -> set[str]:
        """Names of the pictures of a part."""
        seen: set[str] = set()
        faults: dict[str, Literal["picture", "content"]] = {}
        while batch := list(islice(named, _BATCH)):
            new = list({name for name, _ in batch} - seen)
            found = zip(new, threads.map(partial(self._fault, there), new), strict=True)
            faults |= {name: fault for name, fault in found if fault}
            wrong = [(faults[name], *pair) for pair in batch if (name := pair[0]) in faults]
            for lack in threads.map(self._lack, wrong):
                if lack:
                    self.report(lack)
            seen.update(new)
        return seen

    def _fault(self, there: set[str], name: str) -> Literal["picture", "content"] | None:
        """What is wrong with a picture, of which `there` are surely there."""
        if not self.reads:
            return None if name in there or self.evidence.has(name) else "picture"
        try:
            self.evidence.get(name)
        except EvidenceAwayError:
            raise
        except EvidenceError:
            return "content" if self.evidence.has(name) else "picture"
        return None

    def _lack(self, wrong: tuple[Literal["picture", "content"], str, str]) -> Lack | None:
        """What is told, unless the sighting is gone or names another picture by now."""
        fault, name, sighting_id = wrong
        sighting = None if sighting_id == NOBODY else self.store.get(sighting_id)
        if sighting is None or name not in pictures_of(sighting.passage):
            return None
        return Lack(fault, sighting.passage, picture=name)


def _by_part(names: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
    """The names of each part, of names in the order of the parts."""
    groups = groupby(names, key=lambda name: name[:2])
    part, some = next(groups, ("", iter(())))
    for wanted in PARTS:
        yield wanted, set(some) if part == wanted else set()
        if part == wanted:
            part, some = next(groups, ("", iter(())))
