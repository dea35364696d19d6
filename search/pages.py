"""All sightings that meet a question, page after page."""

from collections.abc import Iterator
from dataclasses import replace

from search.errors import PartialStoreError
from search.sightings import Sighting
from search.store import SightingStore
from search.terms import SearchTerms

PATIENT_S = 60.0  # that an answer may take where nobody waits for it at a page


def whole_pages(store: SightingStore, terms: SearchTerms) -> Iterator[tuple[Sighting, ...]]:
    """Page after page of at most `terms.limit`, without an empty one.

    Raises:
        PartialStoreError: a part of the store did not answer, so that sightings would be missed.
    """
    while True:
        page = store.find(terms)
        if page.partial:
            raise PartialStoreError(
                "a part of the sighting store did not answer: see platetrail store status, and run "
                "this again"
            )
        if page.sightings:
            yield page.sightings
        if page.next is None:
            return
        terms = replace(terms, after=page.next)
