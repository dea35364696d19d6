"""How likely a camera is to miss a vehicle: it may have been down."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import exp
from statistics import median

from search.errors import StoreError
from search.store import SightingStore

MISSED = 0.15  # of vehicles that pass a camera at work: not seen, or misread
DOWN = 0.02  # of the time a camera is down
_AROUND = timedelta(minutes=30)  # of a leg, in which a camera at work sees somebody
_USUAL = timedelta(hours=12)  # on both sides, that tell how much it sees
_GRID = timedelta(minutes=15)  # spans begin on it, so that legs of one time ask once
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Silence:
    """What the silence of a camera means.

    A camera is taken to be down where it showed nothing at all while the others did, the surer the
    more it usually shows; one that never shows anybody, the more a camera usually shows.

    Args:
        store: of the sightings of all vehicles.
    """

    def __init__(self, store: SightingStore) -> None:
        self._store = store
        self._counts = lru_cache(maxsize=512)(self._count)

    def missing(self, camera: str, start: datetime, end: datetime) -> float:
        """Probability, over 0, that a camera does not show a vehicle that passed it in a span."""
        now = self._counts(*_span(start - _AROUND, end + _AROUND, _GRID))
        if camera in now or not now:
            return MISSED
        usual = self._counts(*_span(start - _USUAL, end + _USUAL, 4 * _GRID))
        shows = usual.get(camera) or median(usual.values())
        expected = shows * sum(now.values()) / sum(usual.values())
        is_down = DOWN / (DOWN + (1 - DOWN) * exp(-expected))
        return is_down + (1 - is_down) * MISSED

    def _count(self, start: datetime, end: datetime) -> dict[str, int]:
        """Sightings by camera; none where the store cannot tell, as then nothing speaks."""
        try:
            return dict(self._store.count_by_camera(start, end))
        except StoreError:
            return {}


def _span(start: datetime, end: datetime, grid: timedelta) -> tuple[datetime, datetime]:
    return start - (start - _EPOCH) % grid, end + (_EPOCH - end) % grid
