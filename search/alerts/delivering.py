"""Sends what is in the outbox, for as long as nobody says to stop."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from search.alerts.late import pass_up
from search.alerts.outbox import note_failed, note_sent, take_next
from search.alerts.sending import Send, sender
from search.alerts.troubles import tell_troubles
from search.errors import AlertError, RegistryError
from search.evidence import EvidenceStore
from search.registry.faults import cause_of
from search.registry.opening import open_registry
from search.settings import StoreSettings

PAUSE_S = 0.5  # between two looks into the outbox
LOOK_S = 15.0  # between two looks at how the cameras are
AT_ONCE = 2  # threads, so that a channel that does not answer leaves one to the others
_LOG = logging.getLogger("platetrail.alerts")


def deliver(settings: StoreSettings, evidence: EvidenceStore, stopped: threading.Event) -> None:
    """Start threads that send alerts until `stopped` is set; they hold nothing up."""
    late = timedelta(minutes=settings.alert_late_minutes)
    lasting = timedelta(minutes=settings.camera_trouble_minutes)

    def run() -> None:
        engine: Engine | None = None
        looked = -LOOK_S
        while not stopped.is_set():
            try:
                engine = engine or open_registry(settings.registry)
                pass_up(engine, late, datetime.now(UTC))
                if time.monotonic() - looked >= LOOK_S:
                    looked = time.monotonic()
                    tell_troubles(engine, settings.health_file, lasting, datetime.now(UTC))
                deliver_waiting(engine, sender(settings, evidence), stopped)
            except (SQLAlchemyError, RegistryError) as error:
                why = error if isinstance(error, RegistryError) else cause_of(error)
                _LOG.error("alerts cannot be sent: %s; trying again", why)
            time.sleep(PAUSE_S)

    for number in range(AT_ONCE):
        threading.Thread(target=run, name=f"alerts-{number}", daemon=True).start()


def deliver_waiting(
    engine: Engine,
    send: Send,
    stopped: threading.Event,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Send what is due now; how many came."""
    sent = 0
    while not stopped.is_set() and (delivery := take_next(engine, clock())):
        try:
            send(delivery, clock())
        except AlertError as error:
            _LOG.warning("%s; trying again", error)
            note_failed(engine, delivery, str(error), clock())
        else:
            note_sent(engine, delivery)
            sent += 1
    return sent
