"""What is regular of a vehicle: its ways at certain times, and where it is over night."""

from dataclasses import dataclass
from datetime import date, timedelta

from search.at_work import DaysAtWork, whole_days
from search.errors import TermsError
from search.legs import PARKED_S
from search.local_time import HANOI
from search.regular.habits import Habit, Passed, Trip, find_habits
from search.regular.nights import Nights, usual_nights
from search.routes import Route, find_stops
from search.store import SightingStore
from search.terms import SearchTerms
from search.travel_times.estimate import Learnt, nothing_learnt
from search.ways import CameraWays

MOST_DAYS = 366  # that are looked through
FEWEST_DAYS = 7  # of less nothing can be told
_PARKED = timedelta(seconds=PARKED_S)


@dataclass(frozen=True, slots=True)
class Regular:
    """An answer.

    Attributes:
        seen: stops of the vehicle, without legs.
        days: whole days of the span, from the oldest stop on where there are too many.
        seen_days: how many of them it was seen on.
        trips: how often it set out, as far as was seen.
        habits: the most surprising first.
        nights: where it is parked.
    """

    seen: Route
    days: tuple[date, ...]
    seen_days: int
    trips: int
    habits: tuple[Habit, ...]
    nights: Nights


def find_regular(
    store: SightingStore, terms: SearchTerms, ways: CameraWays, learnt: Learnt = nothing_learnt
) -> Regular:
    """Look a vehicle's sightings through for what it does again and again.

    Args:
        store: of the sightings.
        terms: one whole plate and a span with both ends; its limit is not used.
        ways: between cameras; they tell which unsure sightings are believed.
        learnt: of travel times, as for a route.

    Raises:
        TermsError: a span that is open, too short or too long.
    """
    if terms.start is None or terms.end is None:
        raise TermsError("what is regular is sought in a span: name its start and its end")
    days = whole_days(terms.start, terms.end)
    if not FEWEST_DAYS <= len(days) <= MOST_DAYS:
        raise TermsError(
            f"expected {FEWEST_DAYS} to {MOST_DAYS} whole days in Hanoi, got {len(days)}"
        )
    seen = find_stops(store, terms, ways, learnt=learnt)
    if seen.is_cut and seen.stops:
        days = whole_days(seen.stops[0].passage.at, terms.end)
    trips = trips_of(seen)
    seen_days = {p.at.astimezone(HANOI).date() for trip in trips for p in trip} & set(days)
    habits = find_habits(trips, DaysAtWork(store, days))
    nights = usual_nights(trips)
    return Regular(seen, tuple(days), len(seen_days), len(trips), tuple(habits), nights)


def trips_of(seen: Route) -> list[Trip]:
    """What was seen of each trip, parted where the vehicle was parked."""
    trips: list[list[Passed]] = []
    for stop in seen.stops:
        passed = Passed(stop.passage.camera, stop.passage.at)
        if not trips or passed.at - trips[-1][-1].at > _PARKED:
            trips.append([])
        trips[-1].append(passed)
    return [tuple(trip) for trip in trips]
