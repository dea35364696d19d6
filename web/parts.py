"""What the application is made of: handed in, so that tests can hand in others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from flask import current_app
from sqlalchemy import Engine

from search.confusing import Confusions, load_confusions
from search.evidence import EvidenceStore
from search.evidence_opening import open_evidence
from search.opening import open_sightings
from search.registry.opening import open_registry
from search.store import SightingStore
from web.asking import AskedStore
from web.city import City
from web.outages import FILE, Outages
from web.settings import Settings

EXTENSION = "platetrail"
LEFT_ALONE_S = 1.0  # seconds between an attempt to reach the store that waits in vain and the next


@dataclass(frozen=True)
class Parts:
    """The real things that views use.

    Attributes:
        settings: of the installation.
        registry: cameras, roads, accounts, cases, questions, audit.
        store: the sighting store.
        outages: since when it does not answer.
        evidence: pictures.
        clock: the time now, aware UTC.
    """

    settings: Settings
    registry: Engine
    store: SightingStore
    outages: Outages
    evidence: EvidenceStore
    clock: Callable[[], datetime]

    @cached_property
    def confusions(self) -> Confusions:
        """Of this installation's reader."""
        return load_confusions(self.settings.models_dir)

    @cached_property
    def city(self) -> City:
        """Cameras and roads."""
        return City(self.registry)


def real_parts(settings: Settings) -> Parts:
    """The parts that the settings name; the store is opened when it is first asked.

    Raises:
        RegistryError: the registry cannot be opened.
        EvidenceError: a setting of the pictures cannot be.
    """
    outages = outages_of(settings, _now)
    return Parts(
        settings=settings,
        registry=open_registry(settings.registry),
        store=AskedStore(lambda: open_sightings(settings), outages, _now),
        outages=outages,
        evidence=open_evidence(settings),
        clock=_now,
    )


def outages_of(settings: Settings, clock: Callable[[], datetime]) -> Outages:
    """Where the processes of an installation remember that its store is away."""
    pause = timedelta(seconds=settings.sightings_timeout_s + LEFT_ALONE_S)
    return Outages(settings.data_dir / FILE, clock, pause)


def _now() -> datetime:
    return datetime.now(UTC)


def parts() -> Parts:
    """The parts of the application that serves this request."""
    found: Parts = current_app.extensions[EXTENSION]
    return found
