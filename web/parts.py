"""What the application is made of: handed in, so that tests can hand in others."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from flask import current_app
from sqlalchemy import Engine

from search.evidence import EvidenceStore
from search.evidence_opening import open_evidence
from search.opening import open_sightings
from search.registry.opening import open_registry
from search.store import SightingStore
from web.city import City
from web.settings import Settings

EXTENSION = "platetrail"


@dataclass(frozen=True)
class Parts:
    """The real things that views use.

    Attributes:
        settings: of the installation.
        registry: cameras, roads, accounts, cases, questions, audit.
        store: opens the sighting store; raises StoreError while it is away.
        evidence: pictures.
        clock: the time now, aware UTC.
    """

    settings: Settings
    registry: Engine
    store: Callable[[], SightingStore]
    evidence: EvidenceStore
    clock: Callable[[], datetime]

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
    return Parts(
        settings=settings,
        registry=open_registry(settings.registry),
        store=opened_once(lambda: open_sightings(settings)),
        evidence=open_evidence(settings),
        clock=lambda: datetime.now(UTC),
    )


def opened_once(opening: Callable[[], SightingStore]) -> Callable[[], SightingStore]:
    """Opens with the first call that succeeds; a store that was away may come back."""
    lock = threading.Lock()
    store: SightingStore | None = None

    def opened() -> SightingStore:
        nonlocal store
        with lock:
            if store is None:
                store = opening()
            return store

    return opened


def parts() -> Parts:
    """The parts of the application that serves this request."""
    found: Parts = current_app.extensions[EXTENSION]
    return found
