"""Answers to a question: exact ones first, then possible ones, each page by page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lpr.times import format_utc, parse_utc
from search.confusing import Confusions
from search.errors import PartialStoreError
from search.sightings import Sighting
from search.similar import Similar, find_similar
from search.store import Page, SightingStore
from search.terms import MAX_LIMIT, Cursor, SearchTerms, is_pattern

PAGE = 50  # sightings of a page, so that a page with its pictures stays quick
EXPORTED = 10_000  # sightings of an export
SIMILAR = 100  # sightings of a page that were read differently; more are in the files
LEAST_LIKELY = 0.05  # of them to be of the vehicle
_LOOKED_THROUGH = 500  # sightings fetched at once where only some of them are wanted
_ROUNDS = 20  # of that; a page does not take for ever
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(?P<at>[0-9TZ:.-]+)_(?P<id>[0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The sightings before and after one, in time, as ids.

    Attributes:
        newer, older: None where there is none.
        is_partial: whether a part of the store did not answer, so that others may lie between.
    """

    newer: str | None
    older: str | None
    is_partial: bool = False


def exact_page(store: SightingStore, terms: SearchTerms, after: Cursor | None) -> Page:
    """Sightings whose text that was read met the question."""
    return store.find(replace(terms, candidates=False, limit=PAGE, after=after))


def possible_page(store: SightingStore, terms: SearchTerms, after: Cursor | None) -> Page:
    """Sightings of which only a further candidate met the question.

    A store of which a part does not answer keeps its reader waiting once, not for every round.
    """
    found: list[Sighting] = []
    is_partial = False
    for _ in range(_ROUNDS):
        page = store.find(replace(terms, candidates=True, limit=_LOOKED_THROUGH, after=after))
        found += [s for s in page.sightings if s.match == "candidate"]
        after, is_partial = page.next, page.partial
        if after is None or len(found) > PAGE or is_partial:
            break
    if len(found) > PAGE:
        return Page(tuple(found[:PAGE]), cursor_of(found[PAGE - 1]), is_partial)
    return Page(tuple(found), after, is_partial)


def similar_page(store: SightingStore, terms: SearchTerms, confusions: Confusions) -> Similar:
    """Sightings that were read differently and may be of whole plates, the most probable first.

    Those of which the reader itself held the plate to be possible are there in any case.
    """
    found = find_similar(store, replace(terms, limit=EXPORTED), confusions)
    wanted = set(terms.texts)
    possible = tuple(
        s
        for s in found.sightings
        if s.match == "similar"
        and (s.likelihood >= LEAST_LIKELY or wanted & {text for text, _ in s.passage.candidates})
    )
    return replace(found, sightings=possible)


def all_answers(store: SightingStore, terms: SearchTerms, confusions: Confusions) -> Page:
    """Up to EXPORTED sightings, exact ones first, as on the page."""
    limit = min(EXPORTED, MAX_LIMIT)
    exact = store.find(replace(terms, candidates=False, limit=limit))
    if not terms.candidates:
        return exact
    if not any(map(is_pattern, terms.texts)):
        similar = similar_page(store, terms, confusions)
        found = (exact.sightings + similar.sightings)[:EXPORTED]
        return Page(found, partial=exact.partial or similar.partial)
    mixed = store.find(replace(terms, limit=limit))
    possible = tuple(s for s in mixed.sightings if s.match == "candidate")
    found = (exact.sightings + possible)[:EXPORTED]
    return Page(found, partial=exact.partial or mixed.partial)


def newest_of(store: SightingStore) -> Mapping[str, datetime] | None:
    """The newest `at` of each camera; None where only a part of the store answers."""
    try:
        return store.latest()
    except PartialStoreError:
        return None


def neighbours(
    store: SightingStore, terms: SearchTerms, sighting: Sighting, now: datetime
) -> Neighbours:
    """What stands before and after a sighting among the answers to a question."""
    older = store.find(replace(terms, limit=1, after=cursor_of(sighting)))
    newer = _newer(store, terms, sighting, now)
    first = older.sightings[0].id if older.sightings else None
    last = newer.sightings[-1].id if newer.sightings else None
    return Neighbours(last, first, older.partial or newer.partial)


def _newer(store: SightingStore, terms: SearchTerms, sighting: Sighting, now: datetime) -> Page:
    """Newer ones, the next of them last.

    A store goes from new to old, so they are looked for in spans that grow; where a part does not
    answer, and may take its time for it, in two.
    """
    at, last = sighting.passage.at, terms.end or now + timedelta(days=1)
    span = timedelta(seconds=5)
    while at < last:
        end = min(at + span, last)
        inside = replace(terms, start=at, end=end, limit=_LOOKED_THROUGH, after=None)
        found = _every(store, inside)
        newer = tuple(s for s in found.sightings if _place(s) < _place(sighting))
        if newer or end == last:
            return Page(newer, partial=found.partial)
        span = last - at if found.partial else 4 * span
    return Page(())


def _every(store: SightingStore, terms: SearchTerms) -> Page:
    """All pages in one; no more than what came until a part did not answer."""
    page = store.find(terms)
    found = page.sightings
    while page.next and not page.partial:
        page = store.find(replace(terms, after=page.next))
        found += page.sightings
    return Page(found, partial=page.partial)


def _place(sighting: Sighting) -> tuple[timedelta, str]:
    """Where a sighting stands among answers: newest first, then by id."""
    return _EPOCH - sighting.passage.at, sighting.id


def cursor_of(sighting: Sighting) -> Cursor:
    """The page that begins after a sighting."""
    return Cursor(sighting.passage.at, sighting.id)


def format_cursor(cursor: Cursor | None) -> str:
    """A cursor as it stands in an address; empty for None."""
    return "" if cursor is None else f"{format_utc(cursor.at)}_{cursor.id}"


def parse_cursor(text: str) -> Cursor | None:
    """A cursor from an address, None if it is none."""
    found = _CURSOR.fullmatch(text)
    try:
        return Cursor(parse_utc(found["at"]), found["id"]) if found else None
    except ValueError:
        return None
