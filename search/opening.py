"""Opens the sighting store that the settings name."""

from pathlib import Path

from pydantic import SecretStr

from search.elastic.access import SCHEMES, Access
from search.errors import StoreError
from search.secret_settings import secret_value
from search.settings import StoreSettings
from search.sqlite import SqliteStore
from search.store import SightingStore

_SQLITE = "sqlite:///"


def open_sightings(settings: StoreSettings) -> SightingStore:
    """Open the sighting store of an installation; see `open_store`."""
    return open_store(settings.sightings, access_of(settings))


def open_store(url: str, access: Access | None = None) -> SightingStore:
    """Open a sighting store.

    Args:
        url: `sqlite:///PATH`, or `http(s)://HOST:PORT[,HOST:PORT...][/NAME]` of Elasticsearch.
        access: how Elasticsearch is entered.

    Returns:
        The store, ready for use; an empty place needs no preparation.

    Raises:
        StoreError: an address that is not known, or a place that cannot be used.
    """
    if url.startswith(_SQLITE):
        return SqliteStore(Path(url.removeprefix(_SQLITE)))
    if url.startswith(SCHEMES):
        from search.elastic.store import ElasticStore  # takes its time, and one machine needs none

        return ElasticStore(url, access)
    raise StoreError(f"sightings_url: expected {_SQLITE}PATH or http(s)://HOST:PORT, got {url!r}")


def access_of(settings: StoreSettings) -> Access:
    """How Elasticsearch is entered.

    Raises:
        StoreError: a secret is given twice, or its file cannot be read.
    """
    return Access(
        user=settings.sightings_user,
        password=_secret(
            "sightings_password", settings.sightings_password, settings.sightings_password_file
        ),
        api_key=_secret(
            "sightings_api_key", settings.sightings_api_key, settings.sightings_api_key_file
        ),
        ca_file=settings.sightings_ca_file,
        timeout_s=settings.sightings_timeout_s,
        replicas=settings.sightings_replicas,
    )


def _secret(key: str, given: SecretStr | None, file: Path | None) -> str:
    try:
        return secret_value(key, given, file)
    except ValueError as error:
        raise StoreError(str(error)) from None
