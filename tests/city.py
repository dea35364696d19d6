"""An installation on a real Elasticsearch: its processes, who visits its pages, what it kept."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from lpr.spool import spool_state
from search.cameras import save_cameras
from search.elastic.access import Access
from search.invocation import closing_registry
from search.opening import open_store
from search.pages import PATIENT_S, whole_pages
from search.roads.keeping import save_roads
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms
from tests.machines import Machine, until
from tests.officer import Officer
from tests.ports import free_port
from web.accounts import add_account
from web.testing import CAMERAS, PASSWORD, ROADS

STARTS_WITHIN_S = 300.0  # that the pages take on a machine with other work


class City(Machine):
    """One machine whose sightings are in Elasticsearch.

    Args:
        folder: empty.
        hosts: `http://HOST:PORT[,HOST:PORT...]`.
        replicas: further copies of each sighting.
        timeout_s: seconds that an answer of Elasticsearch may take.
    """

    def __init__(self, folder: Path, hosts: str, replicas: int, timeout_s: float) -> None:
        port = free_port()
        self.url, self._sightings = f"http://127.0.0.1:{port}", f"{hosts}/city"
        self._access = Access(replicas=replicas, timeout_s=PATIENT_S)
        variables = {
            "PLATETRAIL_PORT": str(port),
            "PLATETRAIL_SIGHTINGS_URL": self._sightings,
            "PLATETRAIL_SIGHTINGS_REPLICAS": str(replicas),
            "PLATETRAIL_SIGHTINGS_TIMEOUT_S": str(timeout_s),
        }
        super().__init__(folder, variables)
        with closing_registry(self.settings.registry) as registry:
            for role in ("officer", "admin"):
                add_account(registry, role, role, PASSWORD, datetime.now(UTC))
            save_cameras(registry, CAMERAS)
            save_roads(registry, ROADS)

    def start_run(self) -> None:
        """Start pages and ingest, and wait for the pages."""
        self.start("run", "-m", "web", "run")
        until(Officer(self.url).is_answered, STARTS_WITHIN_S)

    def visitor(self, role: str) -> Officer:
        """Somebody who has signed in and said why."""
        visitor = Officer(self.url)
        visitor.enter(role, PASSWORD)
        return visitor

    def waiting(self) -> int:
        """Lines of the spool that are not taken in yet."""
        return spool_state(self.spool).waiting

    def opened(self) -> SightingStore:
        """The store, for a test that is patient."""
        return open_store(self._sightings, self._access)

    def found(self) -> Counter[str]:
        """How often each sighting is found, by its id."""
        with self.opened() as store:
            store.add(())  # what was written can be found now
            pages = whole_pages(store, SearchTerms(("*",), limit=MAX_LIMIT))
            return Counter(sighting.id for page in pages for sighting in page)
