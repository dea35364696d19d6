"""Answers to a question: exact ones first, then possible ones, each page by page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lpr.times import format_utc, parse_utc
from search.sightings import Sighting
from search.store import Page, SightingStore
from search.terms import MAX_LIMIT, Cursor, SearchTerms

PAGE = 50  # sightings of a page, so that a page with its pictures stays quick
EXPORTED = 10_000  # sightings of an export
_LOOKED_THROUGH = 500  # sightings fetched at once where only some of them are wanted
_ROUNDS = 20  # of that; a page does not take for ever
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(?P<at>[0-9TZ:.-]+)_(?P<id>[0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The sightings before and after one, in time, as ids."""

    newer: str | None
    older: str | None


def exact_page(store: SightingStore, terms: SearchTerms, after: Cursor | None) -> Page:
    """Sightings whose text that was read met the question."""
    return store.find(replace(terms, candidates=False, limit=PAGE, after=after))


def possible_page(store: SightingStore, terms: SearchTerms, after: Cursor | None) -> Page:
    """Sightings of which only a further candidate met the question."""
    found: list[Sighting] = []
    for _ in range(_ROUNDS):
        page = store.find(replace(terms, candidates=True, limit=_LOOKED_THROUGH, after=after))
        found += [s for s in page.sightings if s.match == "candidate"]
        after = page.next
        if after is None or len(found) > PAGE:
            break
    if len(found) > PAGE:
        return Page(tuple(found[:PAGE]), cursor_of(found[PAGE - 1]))
    return Page(tuple(found), after)


def all_answers(store: SightingStore, terms: SearchTerms) -> tuple[Sighting, ...]:
    """Up to EXPORTED sightings, exact ones first, as on the page."""
    exact = store.find(replace(terms, candidates=False, limit=min(EXPORTED, MAX_LIMIT))).sightings
    if not terms.candidates:
        return exact
    mixed = store.find(replace(terms, limit=min(EXPORTED, MAX_LIMIT))).sightings
    return (exact + tuple(s for s in mixed if s.match == "candidate"))[:EXPORTED]


def neighbours(
    store: SightingStore, terms: SearchTerms, sighting: Sighting, now: datetime
) -> Neighbours:
    """What stands before and after a sighting among the answers to a question."""
    older = store.find(replace(terms, limit=1, after=cursor_of(sighting))).sightings
    return Neighbours(_newer(store, terms, sighting, now), older[0].id if older else None)


def _newer(
    store: SightingStore, terms: SearchTerms, sighting: Sighting, now: datetime
) -> str | None:
    """The next newer one, looked for in spans that grow, since a store goes from new to old."""
    at, last = sighting.passage.at, terms.end or now + timedelta(days=1)
    span = timedelta(seconds=5)
    while at < last:
        end = min(at + span, last)
        inside = replace(terms, start=at, end=end, limit=_LOOKED_THROUGH, after=None)
        newer = [s for s in _every(store, inside) if _place(s) < _place(sighting)]
        if newer:
            return newer[-1].id
        if end == last:
            return None
        span *= 4
    return None


def _every(store: SightingStore, terms: SearchTerms) -> Iterator[Sighting]:
    page = store.find(terms)
    yield from page.sightings
    while page.next:
        page = store.find(replace(terms, after=page.next))
        yield from page.sightings


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
