"""A route: a vehicle's sightings in time order, with the legs between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from search.judging_stops import is_believed, sort_stops
from search.legs import Leg, legs_of
from search.misreadings import near_texts
from search.roads.profile import Profile
from search.sightings import Sighting
from search.silence import Silence
from search.store import Page, SightingStore
from search.terms import MAX_LIMIT, SearchTerms
from search.travel_times.estimate import Learnt, nothing_learnt
from search.ways import CameraWays

MOST_STOPS = 10_000
MOST_NEAR = 3000  # sightings of other texts that are judged
# By the kind of a passage. A plate does not tell lorries from cars, which may drive where they may.
_PROFILES: Mapping[str, Profile] = {"car": Profile.CAR, "motorcycle": Profile.MOTORCYCLE}


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
        is_partial: whether a part of the store did not answer, so that stops may be lacking and
            what lies between two of them may be wrong.
        by_hand: ids of sightings that a person put in (True) or took out (False).
    """

    plate: str
    start: datetime | None
    end: datetime | None
    stops: tuple[Sighting, ...]
    legs: tuple[Leg, ...]
    doubtful: tuple[Sighting, ...]
    is_cut: bool = False
    is_partial: bool = False
    by_hand: Mapping[str, bool] = field(default_factory=dict)

    @property
    def metres(self) -> float:
        """Of its legs together, without those that no vehicle can have driven."""
        return sum(leg.metres or 0.0 for leg in self.legs if leg.verdict != "impossible")

    @property
    def trips(self) -> int:
        """How often it set out, as far as was seen; 0 without stops."""
        return 1 + sum(leg.is_trip_break for leg in self.legs) if self.stops else 0


def find_route(
    store: SightingStore,
    terms: SearchTerms,
    ways: CameraWays,
    profile: Profile | None = None,
    remarks: Mapping[str, bool] | None = None,
    learnt: Learnt = nothing_learnt,
) -> Route:
    """Work a route out.

    Args:
        store: of the sightings.
        terms: one text without `?` and `*`; its limit is not used.
        ways: between cameras.
        profile: of the vehicle; None for what its sightings tell.
        remarks: of a person, by the ids of sightings: whether it is a stop, whatever it seems.
        learnt: of travel times.

    Returns:
        The route; without stops if the vehicle was not seen.
    """
    seen = find_stops(store, terms, ways, remarks, learnt)
    places = [(s.passage.camera, s.passage.at) for s in seen.stops]
    driven = ways.of(profile or _profile(seen.stops))
    return replace(seen, legs=legs_of(places, driven, Silence(store).missing, learnt))


def find_stops(
    store: SightingStore,
    terms: SearchTerms,
    ways: CameraWays,
    remarks: Mapping[str, bool] | None = None,
    learnt: Learnt = nothing_learnt,
) -> Route:
    """A route without its legs, as `find_route` takes them."""
    found = _all(store, replace(terms, candidates=True, limit=MAX_LIMIT, after=None))
    near = found
    if any(map(is_believed, found.sightings)):  # else nothing tells where it may have been
        near = _near(store, terms, found.sightings)
    sorted_out = sort_stops(terms.texts[0], found.sightings, near.sightings, store, ways, learnt)
    stops, doubtful, by_hand = _as_said(*sorted_out, remarks or {})
    return Route(
        plate=terms.texts[0],
        start=terms.start,
        end=terms.end,
        stops=stops,
        legs=(),
        doubtful=doubtful,
        is_cut=found.next is not None,
        is_partial=found.partial or near.partial,
        by_hand=by_hand,
    )


def _as_said(
    stops: Sequence[Sighting], doubtful: Sequence[Sighting], remarks: Mapping[str, bool]
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...], dict[str, bool]]:
    """Stops and doubtful sightings as a person says, and what that changed."""
    taken_out = [s for s in stops if remarks.get(s.id) is False]
    put_in = [s for s in doubtful if remarks.get(s.id) is True]
    by_hand = {s.id: False for s in taken_out} | {s.id: True for s in put_in}
    if not by_hand:
        return tuple(stops), tuple(doubtful), {}
    kept = [s for s in stops if s.id not in by_hand]
    left = [s for s in doubtful if s.id not in by_hand]
    return _in_order(kept + put_in), _in_order(left + taken_out), by_hand


def _in_order(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    return tuple(sorted(sightings, key=lambda s: (s.passage.at, s.id)))


def _profile(stops: Iterable[Sighting]) -> Profile | None:
    """What the vehicle is, as all say that were read exactly and tell its kind."""
    kinds = {s.passage.kind for s in stops if s.match == "exact"} - {None}
    return _PROFILES.get(kinds.pop() or "") if len(kinds) == 1 else None


def newest_part(whole: Route, most: int) -> Route:
    """The end of a route that has too many stops; its legs count from the first that is left."""
    first = max(0, len(whole.stops) - most)
    legs = tuple(
        replace(leg, start=leg.start - first, end=leg.end - first) for leg in whole.legs[first:]
    )
    return replace(whole, stops=whole.stops[first:], legs=legs)


def _near(store: SightingStore, terms: SearchTerms, found: Sequence[Sighting]) -> Page:
    """Sightings of the texts that this plate may have been misread as, all of each text.

    So among them are those of the vehicles that really bear these plates. Where they are too many,
    only the texts count that were read with this plate among their candidates; then none.
    """
    plate = terms.texts[0]
    read = {s.passage.text for s in found} - {"", plate}
    page = Page(())
    for texts in (near_texts(plate) | read, read):
        if texts:
            page = store.find(
                replace(
                    terms,
                    texts=tuple(sorted(texts)),
                    candidates=False,
                    limit=MOST_NEAR,
                    after=None,
                )
            )
        if page.next is None:
            return page
    return Page((), partial=page.partial)


def _all(store: SightingStore, terms: SearchTerms) -> Page:
    """The newest MOST_STOPS sightings as one page."""
    found: list[Sighting] = []
    is_partial = False
    while True:
        page = store.find(terms)
        is_partial |= page.partial
        found += page.sightings
        if page.next is None or len(found) >= MOST_STOPS:
            return Page(tuple(found), page.next, is_partial)
        terms = replace(terms, after=page.next)
