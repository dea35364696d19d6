"""Snapshots: copies of months in a repository of Elasticsearch."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from elasticsearch import ApiError

from search.elastic.cluster import Cluster
from search.elastic.lifecycle import list_indices
from search.elastic.names import parse_index
from search.errors import StoreError

LONGEST_S = 24 * 3600.0  # seconds that a snapshot or its return may take
WHOLE = "SUCCESS"
_MEANINGS = {
    "path.repo": "the nodes may not use that folder: name it, or one above it, as path.repo in "
    "elasticsearch.yml of every node, and start them again",
    "repository_verification_exception": "not every node can write into that folder: it has to be "
    "the same for all of them, and theirs",
    "repository_exception": "the repository cannot be used: see that the nodes may write into its "
    "folder",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What there is of one.

    Attributes:
        name: of it.
        at: when it was begun, aware UTC.
        state: `SUCCESS` if it is whole.
        indices: of ours that it holds.
    """

    name: str
    at: datetime
    state: str
    indices: tuple[str, ...]


def register(cluster: Cluster, repository: str, location: str) -> None:
    """Let a folder, which every node sees, keep snapshots.

    Raises:
        StoreError: the nodes may not or cannot use it.
    """
    with _told(cluster, repository):
        cluster.client.snapshot.create_repository(
            name=repository, repository={"type": "fs", "settings": {"location": location}}
        )


def take(cluster: Cluster, repository: str, now: datetime) -> Snapshot:
    """Copy all months; what the last snapshot has already is not copied again.

    Raises:
        StoreError: it did not become whole.
    """
    with _told(cluster, repository):
        indices = [str(i.name) for i in list_indices(cluster.client, cluster.name) if i.is_searched]
        if not indices:
            raise StoreError("there are no sightings yet")
        answer = cluster.client.options(request_timeout=LONGEST_S).snapshot.create(
            repository=repository,
            snapshot=f"{cluster.name}-{now:%Y%m%d-%H%M%S}",
            indices=indices,
            include_global_state=False,
            wait_for_completion=True,
        )
    taken = _snapshot(cluster.name, answer["snapshot"])
    if taken.state != WHOLE:
        raise StoreError(
            f"the snapshot {taken.name} is not whole ({taken.state}): see platetrail store status"
        )
    return taken


def list_snapshots(cluster: Cluster, repository: str) -> list[Snapshot]:
    """Those that hold sightings of this installation, oldest first.

    Raises:
        StoreError: the repository is not there, or cannot be read.
    """
    with _told(cluster, repository):
        answer = cluster.client.snapshot.get(repository=repository, snapshot="*")
    found = [_snapshot(cluster.name, about) for about in answer["snapshots"]]
    return sorted((one for one in found if one.indices), key=lambda one: one.at)


def restore(
    cluster: Cluster, repository: str, snapshot: str, months: Sequence[str], replicas: int
) -> tuple[str, ...]:
    """Bring months back that are not there.

    Args:
        cluster: to bring them to.
        repository: that the snapshot lies in.
        snapshot: its name.
        months: to bring back, if they are not there; none: all.
        replicas: further copies of each sighting.

    Returns:
        The months that are back.

    Raises:
        StoreError: the snapshot is not there or lacks a month, or nothing was to be brought back.
    """
    known = {one.name: one for one in list_snapshots(cluster, repository)}
    if snapshot not in known:
        raise StoreError(f"there is no snapshot {snapshot!r}: see platetrail store snapshot list")
    held = dict(_parsed(cluster.name, known[snapshot].indices))
    missing = sorted(set(months) - set(held))
    if missing:
        raise StoreError(f"the snapshot {snapshot} does not hold {', '.join(missing)}")
    with _told(cluster, repository):
        there = {index.name.month for index in list_indices(cluster.client, cluster.name)}
        wanted = {month: held[month] for month in sorted(months or held) if month not in there}
        if not wanted:
            raise StoreError("all of these months are there; what is there is never replaced")
        answer = cluster.client.options(request_timeout=LONGEST_S).snapshot.restore(
            repository=repository,
            snapshot=snapshot,
            indices=list(wanted.values()),
            include_global_state=False,
            index_settings={"index.number_of_replicas": replicas},
            ignore_index_settings=["index.blocks.write"],
            wait_for_completion=True,
        )
        list_indices(cluster.client, cluster.name)  # sees that they are not from a newer version
    if answer["snapshot"]["shards"]["failed"]:
        raise StoreError("not all of it could be brought back: see platetrail store status")
    return tuple(wanted)


@contextmanager
def _told(cluster: Cluster, repository: str) -> Iterator[None]:
    try:
        with cluster.told():
            yield
    except StoreError as error:
        meaning = _meaning(error.__cause__, repository)
        if meaning is None:
            raise
        raise StoreError(meaning) from error


def _meaning(cause: BaseException | None, repository: str) -> str | None:
    """What an error of repositories means."""
    if not isinstance(cause, ApiError):
        return None
    said = str(cause.body)
    if "repository_missing_exception" in said:
        return f"there is no repository {repository!r}: platetrail store snapshot register FOLDER"
    return next((meaning for sign, meaning in _MEANINGS.items() if sign in said), None)


def _parsed(name: str, indices: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Months and names of those indices that are ours, oldest first."""
    for index in sorted(indices):
        parsed = parse_index(name, index)
        if parsed:
            yield parsed.month, index


def _snapshot(name: str, about: dict[str, Any]) -> Snapshot:
    return Snapshot(
        about["snapshot"],
        datetime.fromtimestamp(about["start_time_in_millis"] / 1000, UTC),
        about["state"],
        tuple(index for _, index in _parsed(name, about["indices"])),
    )
