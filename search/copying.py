"""Copies sightings from one store to another, such as from SQLite to Elasticsearch.

Each page of the source is compared with what the target has in the same span of the same cameras.
Only what is lacking there, or is known there by a report that says less, is written: a copy that
was cut off reads over what it has copied, and a second one brings what came in meanwhile.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lpr.passages import Passage
from search.pages import whole_pages
from search.progress import Tell
from search.reports import betters
from search.sightings import Sighting
from search.store import SightingStore
from search.terms import SearchTerms

BATCH = 2000  # sightings; as many as ingest takes at once
_FIRST, _LAST = (time.replace(tzinfo=UTC) for time in (datetime.min, datetime.max))


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of the sightings of the source.

    Attributes:
        seen: how many were gone over, by camera.
        new: that the target did not have.
        bettered: that it had by a report that says less.
    """

    seen: Mapping[str, int]
    new: int
    bettered: int


def everything(start: datetime | None = None, end: datetime | None = None) -> SearchTerms:
    """All sightings of a span, a batch at a time; None is open.

    Raises:
        TermsError: the span runs backwards.
    """
    return SearchTerms(("*",), start=start, end=end, limit=BATCH)


def copy_sightings(
    source: SightingStore, target: SightingStore, terms: SearchTerms, tell: Tell
) -> Copied:
    """Copy what meets the terms, newest first; both may be written and searched meanwhile.

    Args:
        source: is only read.
        target: keeps what it has, and of two reports of a passage the one that says more.
        terms: what to copy, see `everything`.
        tell: is told of each page that is done.

    Raises:
        StoreError: one of them is away or ill; what was copied stays, copy again.
    """
    seen: Counter[str] = Counter()
    new = bettered = 0
    for page in whole_pages(source, terms):
        lacking = _lacking(page, target)
        if lacking:
            added = target.add(lacking, can_wait=True)
            new, bettered = new + added.new, bettered + added.known
        seen.update(sighting.passage.camera for sighting in page)
        tell(len(page))
    target.add(())  # now all of them can be found
    return Copied(seen, new, bettered)


def count_of(store: SightingStore, terms: SearchTerms) -> Mapping[str, int]:
    """How many sightings of the span of the terms each camera has."""
    return store.count_by_camera(terms.start or _FIRST, terms.end or _LAST)


def fewer(counts: Mapping[str, int], than: Mapping[str, int]) -> dict[str, int]:
    """By how many each camera has fewer; those that have no fewer are left out."""
    gaps = {camera: wanted - counts.get(camera, 0) for camera, wanted in than.items()}
    return {camera: gap for camera, gap in gaps.items() if gap > 0}


def _lacking(page: tuple[Sighting, ...], target: SightingStore) -> list[Passage]:
    newest, oldest = page[0].passage.at, page[-1].passage.at
    there = SearchTerms(
        ("*",),
        start=oldest,
        end=newest + timedelta.resolution if newest < _LAST else None,
        cameras=frozenset(sighting.passage.camera for sighting in page),
        limit=BATCH,
    )
    known = {s.id: s.passage for found in whole_pages(target, there) for s in found}
    return [s.passage for s in page if s.id not in known or betters(s.passage, known[s.id])]
