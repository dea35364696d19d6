"""What looks at passages once they are kept: alerts, and what travel times are learnt from."""

from collections.abc import Sequence

from lpr.closing import Closing
from lpr.passages import Passage
from search.alerts.alerting import Alerting
from search.settings import StoreSettings
from search.store import SightingStore
from search.travel_times.learning import Learner


class Watching(Closing):
    """Looks at what a process takes in.

    Args:
        settings: of the installation.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self._alerting = Alerting(settings)
        self._learner = Learner(settings.registry)

    def look(self, store: SightingStore, passages: Sequence[Passage]) -> None:
        """Look at passages that the store keeps.

        Raises:
            OSError: they could not be kept for later, where the registry is away.
        """
        self._alerting.look(store, passages)
        self._learner.look(passages)

    def catch_up(self, store: SightingStore) -> None:
        """Look at what alerts kept for later, if the registry answers."""
        self._alerting.catch_up(store)

    def close(self) -> None:
        """Keep what was learnt, and let go of the registry."""
        self._learner.close()
        self._alerting.close()
