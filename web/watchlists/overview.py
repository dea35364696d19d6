"""How the watchlists are: what each looks for, and what became of its alerts; of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from search.alerts.numbers import Numbers, list_numbers
from search.watchlists.entry import Watchlist
from search.watchlists.finding import LookedFor, State, count_states, looked_for
from search.watchlists.keeping import list_watchlists

LOOKED_BACK = timedelta(days=30)  # that alerts are counted of


@dataclass(frozen=True, slots=True)
class ListState:
    """A watchlist now.

    Attributes:
        watchlist: its settings.
        counts: how many of its entries are in which state.
        looked_for: by those in force; None where there is none.
        numbers: of its alerts of the last 30 days; None where there was none.
    """

    watchlist: Watchlist
    counts: Mapping[State, int]
    looked_for: LookedFor | None
    numbers: Numbers | None


def look_over_lists(registry: Engine, now: datetime) -> list[ListState]:
    """Every list, by name."""
    counts, sought = count_states(registry, now), looked_for(registry, now)
    numbers = {one.name: one for one in list_numbers(registry, now - LOOKED_BACK)}
    return [
        ListState(one, counts.get(one.name, {}), sought.get(one.name), numbers.get(one.name))
        for one in list_watchlists(registry)
    ]
