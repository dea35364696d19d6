"""Opens the sighting store that the settings name."""

from pathlib import Path

from search.errors import StoreError
from search.sqlite import SqliteStore
from search.store import SightingStore

_SQLITE = "sqlite:///"


def open_store(url: str) -> SightingStore:
    """Open a sighting store.

    Args:
        url: `sqlite:///PATH`.

    Returns:
        The store, ready for use; an empty place needs no preparation.

    Raises:
        StoreError: an address that is not known, or a place that cannot be used.
    """
    if url.startswith(_SQLITE):
        return SqliteStore(Path(url.removeprefix(_SQLITE)))
    raise StoreError(f"sightings_url: expected {_SQLITE}PATH, got {url!r}")
