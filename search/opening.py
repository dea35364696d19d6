"""Opens the sighting store that the settings name."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from search.elastic.access import SCHEMES, Access
from search.errors import StoreError
from search.secret_settings import secret_value
from search.settings import StoreSettings
from search.sqlite import SqliteStore
from search.store import AgeingStore

if TYPE_CHECKING:
    from search.elastic.cluster import Cluster

_SQLITE = "sqlite:///"
EXPECTED = f"{_SQLITE}PATH or http(s)://HOST:PORT"


def open_sightings(settings: StoreSettings) -> AgeingStore:
    """Open the sighting store of an installation; see `open_store`."""
    return open_store(settings.sightings, access_of(settings))


def open_store(url: str, access: Access | None = None) -> AgeingStore:
    """Open a sighting store.

    Args:
        url: `sqlite:///PATH`, or `http(s)://HOST:PORT[,HOST:PORT...][/NAME]` of Elasticsearch.
        access: how Elasticsearch is entered.

    Returns:
        The store, ready for use; an empty place needs no preparation.

    Raises:
        StoreError: an address that is not known, or a place that cannot be used.
    """
    if is_elastic(url):
        from search.elastic.store import ElasticStore  # takes its time, and one machine needs none

        return ElasticStore(url, access)
    return SqliteStore(sqlite_path(url))


def is_elastic(url: str) -> bool:
    """Whether the sightings are in Elasticsearch."""
    return url.startswith(SCHEMES)


def sqlite_path(url: str) -> Path:
    """The file that sightings are kept in.

    Raises:
        StoreError: an address that is not known.
    """
    if not url.startswith(_SQLITE):
        raise StoreError(f"sightings_url: expected {EXPECTED}, got {url!r}")
    return Path(url.removeprefix(_SQLITE))


def open_cluster(settings: StoreSettings) -> "Cluster":
    """The indices of an installation that keeps its sightings in Elasticsearch, to look after them.

    Raises:
        StoreError: it keeps them elsewhere, or a setting cannot be.
    """
    if not is_elastic(settings.sightings):
        raise StoreError(
            "sightings_url: this is for sightings in Elasticsearch; a file of SQLite is brought up "
            "to date when it is opened, and platetrail backup keeps a copy of it"
        )
    from search.elastic.cluster import Cluster  # takes its time, and one machine needs none

    return Cluster(settings.sightings, access_of(settings))


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
