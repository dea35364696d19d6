"""All sightings that meet a question, page after page, or their count."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from search.errors import PartialStoreError
from search.sightings import Sighting
from search.store import SightingStore
from search.terms import SearchTerms

_LACKING = (
    "a part of the sighting store did not answer: see platetrail store status, and run this again"
)
PATIENT_S = 60.0  # that an answer may take where nobody waits for it at a page


def whole_pages(store: SightingStore, terms: SearchTerms) -> Iterator[tuple[Sighting, ...]]:
    """Page after page of at most `terms.limit`, without an empty one.

    Raises:
        PartialStoreError: a part of the store did not answer, so that sightings would be missed.
    """
    while True:
        page = store.find(terms)
        if page.partial:
            raise PartialStoreError(_LACKING)
        if page.sightings:
            yield page.sightings
        if page.next is None:
            return
        terms = replace(terms, after=page.next)


def whole_counts(store: SightingStore, terms: SearchTerms) -> Mapping[str, int]:
    """How many sightings were read as each text, as `SightingStore.count_by_text` has it.

    Raises:
        PartialStoreError: a part of the store did not answer, so that sightings would be missed.
    """
    counted = store.count_by_text(terms)
    if counted.partial:
        raise PartialStoreError(_LACKING)
    return counted.counts
