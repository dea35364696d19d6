"""Indices: one for each month of `at`, made when its first sighting comes, dropped as a whole.

NAME-2026-01-v1   the index; v1 is the version of its mapping
NAME-2026-01      alias that its sightings are written by
NAME              alias of all months, that they are found by
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from search.elastic import mapping
from search.errors import StoreError

_EXISTS = "resource_already_exists_exception"
_SEEN = ["*.aliases", "*.mappings._meta", "*.settings.index.number_of_replicas"]


def month_of(at: datetime) -> str:
    """The month of a time, in UTC, such as `2026-01`."""
    return f"{at.year:04}-{at.month:02}"


def write_alias(name: str, month: str) -> str:
    """What the sightings of a month are written by."""
    return f"{name}-{month}"


def look(client: Elasticsearch, name: str) -> Mapping[str, int]:
    """See that all indices of a name are ours.

    Returns:
        How many replicas each of them has, by the name of the index.

    Raises:
        StoreError: one was made by somebody else or by a newer version.
    """
    found = client.indices.get(index=name, ignore_unavailable=True, filter_path=_SEEN)
    for index, about in found.body.items():
        _check(index, name, about.get("mappings", {}).get("_meta") or {})
    return {
        index: int(about["settings"]["index"]["number_of_replicas"])
        for index, about in found.body.items()
    }


def create_month(client: Elasticsearch, name: str, month: str, replicas: int) -> None:
    """Make the index of a month, unless somebody has made it meanwhile."""
    alias = write_alias(name, month)
    index = f"{alias}-v{mapping.VERSION}"
    try:
        client.indices.create(
            index=index,
            mappings=mapping.MAPPINGS,
            settings=mapping.settings(replicas),
            aliases={name: {}, alias: {"is_write_index": True}},
        )
    except BadRequestError as error:
        if error.error == _EXISTS:
            if index not in look(client, name):
                raise StoreError(_foreign(index)) from error
            return
        if error.error == "invalid_alias_name_exception":
            raise StoreError(_foreign(name)) from error
        raise


def set_replicas(client: Elasticsearch, name: str, replicas: int) -> None:
    """Have as many further copies of every month."""
    client.indices.put_settings(index=name, settings={"index": {"number_of_replicas": replicas}})


def drop_months(client: Elasticsearch, name: str, before: datetime) -> tuple[str, ...]:
    """Drop the months that ended before a time, with all their sightings.

    Returns:
        The indices that were dropped, oldest first.
    """
    oldest_kept = write_alias(name, month_of(before))
    old = sorted(index for index in look(client, name) if index < oldest_kept)
    if old:
        client.indices.delete(index=old)
    return tuple(old)


def _check(index: str, name: str, meta: Mapping[str, Any]) -> None:
    if meta.get("made_by") != mapping.MADE_BY:
        raise StoreError(_foreign(index))
    if meta["version"] > mapping.VERSION:
        raise StoreError(
            f"the index {index} was written by a newer PlateTrail (mapping {meta['version']}, this "
            f"one knows {mapping.VERSION}): update this installation"
        )


def _foreign(index: str) -> str:
    return (
        f"the index {index} is another program's: give sightings_url a name of its own, "
        "http(s)://HOST:PORT/NAME"
    )
