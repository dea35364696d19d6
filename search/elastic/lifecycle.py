"""Indices: one for each month of `at`, made when its first sighting comes, dropped as a whole.

NAME-2026-01-v2   the index; see `search.elastic.names`
NAME-2026-01      alias that its sightings are written by
NAME              alias of all months, that they are found by
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from search.elastic import mapping
from search.elastic.names import IndexName, parse_index
from search.errors import StoreError

_EXISTS = "resource_already_exists_exception"
_SEEN = ["*.aliases", "*.mappings._meta", "*.settings.index.number_of_replicas"]
_LISTED = ["*.aliases", "*.mappings._meta", "*.settings.index"]


@dataclass(frozen=True, slots=True)
class Index:
    """An index that we made, whether it is searched or not.

    Attributes:
        name: of it.
        uuid: that no other index ever has, of the same name neither.
        is_searched: whether the alias of all months names it; not while it is being filled.
        meta: what it says of itself.
        settings: as Elasticsearch has them, all values as text.
    """

    name: IndexName
    uuid: str
    is_searched: bool
    meta: Mapping[str, Any]
    settings: Mapping[str, Any]


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
    if client.indices.exists_alias(name=alias):
        return
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


def list_indices(client: Elasticsearch, name: str) -> list[Index]:
    """All indices that we made, by their names: also those that are being filled or left over.

    Raises:
        StoreError: one that is searched was made by somebody else or by a newer version.
    """
    look(client, name)
    found = client.indices.get(index=f"{name}-*", filter_path=_LISTED)
    indices = []
    for index, about in sorted(found.body.items()):
        parsed = parse_index(name, index)
        meta = about.get("mappings", {}).get("_meta") or {}
        if parsed and meta.get("made_by") == mapping.MADE_BY:
            settings = about["settings"]["index"]
            is_searched = name in about.get("aliases", {})
            indices.append(Index(parsed, settings["uuid"], is_searched, meta, settings))
    return indices


def set_replicas(client: Elasticsearch, name: str, replicas: int) -> None:
    """Have as many further copies of every month."""
    client.indices.put_settings(index=name, settings={"index": {"number_of_replicas": replicas}})


def drop_months(client: Elasticsearch, name: str, before: datetime) -> tuple[str, ...]:
    """Drop the months that ended before a time, with all their sightings.

    Returns:
        The indices that were dropped, oldest first.
    """
    oldest_kept = month_of(before)
    old = [str(i.name) for i in list_indices(client, name) if i.name.month < oldest_kept]
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
