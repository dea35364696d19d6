"""Takes the spool in as it fills, for as long as nobody says to stop."""

import logging
import threading
from datetime import UTC, datetime
from functools import partial

from search.alerts.delivering import deliver
from search.drain import drain_spool
from search.errors import SearchError
from search.evidence import EvidenceStore
from search.ingest import Ingest, append_refusals
from search.opening import open_sightings
from search.settings import StoreSettings
from search.watching import Watching

PAUSE_S = 0.5  # between two looks into the spool: what passed is to be found within seconds
_LOG = logging.getLogger("platetrail.ingest")


def follow_spool(
    settings: StoreSettings, evidence: EvidenceStore, stopped: threading.Event
) -> None:
    """Take in what lies in the spool, again and again, until `stopped` is set."""
    deliver(settings, evidence, stopped)
    with Watching(settings) as watching:
        while not stopped.is_set():
            ingest_once(settings, evidence, watching)
            stopped.wait(PAUSE_S)


def ingest_once(settings: StoreSettings, evidence: EvidenceStore, watching: Watching) -> None:
    """Take in what lies in the spool now; a store that is away is only said.

    Where the spool is sent to a centre (`intake_url`), `platetrail send` drains it.
    """
    if settings.intake_url:
        return
    refused = settings.data_dir / "refused.ndjson"
    try:
        with open_sightings(settings) as store:
            ingest = Ingest(
                store,
                evidence,
                lambda refusals: append_refusals(refused, refusals),
                _LOG.warning,
                lambda: datetime.now(UTC),
                partial(watching.look, store),
            )
            watching.catch_up(store)
            counts = drain_spool(settings.spool_dir, ingest)
    except (SearchError, OSError) as error:
        _LOG.error("%s; trying again", error)
        return
    if counts.new or counts.refused:
        _LOG.info("%s", counts)
