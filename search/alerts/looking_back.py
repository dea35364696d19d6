"""How often an entry would have alerted before it goes live."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from search.alerts.weighing import LEAST
from search.confusing import Confusions
from search.similar import find_similar
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms, is_pattern


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What an entry would have hit.

    Attributes:
        sightings: how many.
        cameras: how many different ones saw them.
        exact: sightings that were read so, or meet the pattern.
        possible: sightings that the reader may have misread.
        wrong: of all of them, how many are expected to be of other vehicles.
        is_all: whether all were counted; there may be too many, or a part of the store is away.
    """

    sightings: int
    cameras: int
    exact: int
    possible: int
    wrong: float
    is_all: bool


def would_have_hit(
    store: SightingStore,
    texts: Sequence[str],
    start: datetime,
    end: datetime,
    confusions: Confusions,
) -> LookedBack:
    """Count the sightings of a span that an entry would have hit.

    Args:
        store: of the sightings.
        texts: plates that may be meant, or patterns.
        start: of the span, aware.
        end: of it, excluded.
        confusions: of the reader.
    """
    terms = SearchTerms(tuple(texts), start=start, end=end, limit=MAX_LIMIT)
    if any(map(is_pattern, texts)):
        page = store.find(replace(terms, candidates=True))
        found, is_all = page.sightings, page.next is None and not page.partial
    else:
        similar = find_similar(store, terms, confusions)
        found, is_all = similar.sightings, not similar.is_cut and not similar.partial
    hits = [sighting for sighting in found if sighting.likelihood >= LEAST]
    exact = sum(sighting.match in ("exact", "pattern") for sighting in hits)
    return LookedBack(
        sightings=len(hits),
        cameras=len({sighting.passage.camera for sighting in hits}),
        exact=exact,
        possible=len(hits) - exact,
        wrong=round(sum(1 - sighting.likelihood for sighting in hits), 2),
        is_all=is_all,
    )
