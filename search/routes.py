"""A route: a vehicle's sightings in time order, with the legs between them."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from search.errors import StoreError
from search.legs import Leg, legs_of
from search.sightings import Sighting
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms
from search.ways import CameraWays

MOST_STOPS = 10_000
LACKING = (
    "a part of the sighting store did not answer in time: a route without its sightings would be "
    "wrong; try again, or take a shorter span"
)
BELIEVED = 0.5  # probability that the text is right: below it it is rather wrong, and no stop


@dataclass(frozen=True, slots=True)
class Route:
    """Where a vehicle was seen, and what lies between.

    Attributes:
        plate: that was asked for.
        start, end: span that was asked for, None where open.
        stops: exact readings that are believed, oldest first.
        legs: leg i joins stop i to stop i + 1.
        doubtful: sightings whose reading only might be this plate, oldest first.
        is_cut: whether there were more than MOST_STOPS; the newest are here.
    """

    plate: str
    start: datetime | None
    end: datetime | None
    stops: tuple[Sighting, ...]
    legs: tuple[Leg, ...]
    doubtful: tuple[Sighting, ...]
    is_cut: bool = False

    @property
    def metres(self) -> float:
        """Of its legs together, without those that no vehicle can have driven."""
        return sum(leg.metres or 0.0 for leg in self.legs if leg.verdict != "impossible")

    @property
    def trips(self) -> int:
        """How often it set out, as far as was seen; 0 without stops."""
        return 1 + sum(leg.is_trip_break for leg in self.legs) if self.stops else 0


def find_route(store: SightingStore, terms: SearchTerms, ways: CameraWays) -> Route:
    """Work a route out.

    Args:
        store: of the sightings.
        terms: one text without `?` and `*`; its limit is not used.
        ways: between cameras.

    Returns:
        The route; without stops if the vehicle was not seen.

    Raises:
        StoreError: not every sighting could be asked for.
    """
    sightings, is_cut = _all(store, replace(terms, candidates=True, limit=MAX_LIMIT, after=None))
    stops = tuple(s for s in sightings if is_believed(s))
    places = [(s.passage.camera, s.passage.at) for s in stops]
    ways.prepare((a, b) for (a, _), (b, _) in pairwise(places) if a != b)
    legs = legs_of(places, ways.between, ways.straight)
    doubtful = tuple(s for s in sightings if not is_believed(s))
    return Route(terms.texts[0], terms.start, terms.end, stops, legs, doubtful, is_cut)


def is_believed(sighting: Sighting) -> bool:
    """Whether a sighting may stand as a fact: read so, and more likely right than wrong."""
    return sighting.match == "exact" and sighting.passage.score >= BELIEVED


def _all(store: SightingStore, terms: SearchTerms) -> tuple[list[Sighting], bool]:
    found: list[Sighting] = []
    while True:
        page = store.find(terms)
        if page.partial:
            raise StoreError(LACKING)
        found += page.sightings
        if page.next is None or len(found) >= MOST_STOPS:
            found.sort(key=lambda s: (s.passage.at, s.id))
            return found, page.next is not None
        terms = replace(terms, after=page.next)
