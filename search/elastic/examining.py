"""How the indices of an installation and their nodes are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from elasticsearch import ApiError, AuthorizationException, Elasticsearch

from search.condition import Condition, Month, Node
from search.elastic import mapping, queries
from search.elastic.cluster import Cluster
from search.elastic.documents import from_microseconds
from search.elastic.lifecycle import Index, list_indices
from search.elastic.planning import has_older_mapping, has_other_settings
from search.elastic.troubles import DISK_FULL, MOVING
from search.terms import SearchTerms

ENGINE = "Elasticsearch"
ANSWERED_WITHIN_S = 15.0  # seconds; somebody waits for it
_FULL, _NO_WRITES = "read_only_allow_delete", "write"
_FORBIDDEN = 403
_NO_SHARD = 503  # none of them answers; which are red is known already
_MEASURED = [
    "indices.*.health",
    "indices.*.primaries.docs.count",
    "indices.*.total.store.size_in_bytes",
]
_MONITOR = "free disks are shown to a user with the right monitor on the cluster"


def examine(cluster: Cluster) -> Condition:
    """Look at everything.

    Raises:
        StoreError: it cannot be reached or entered, or an index is another program's.
    """
    client = cluster.client.options(request_timeout=ANSWERED_WITHIN_S)
    with cluster.told():
        indices = list_indices(client, cluster.name)
        months = _months(client, [index for index in indices if index.is_searched])
        nodes = _nodes(client)
        newest = _newest(client, cluster.name) if months else None
    hints = () if nodes else (_MONITOR,)
    return Condition(
        ENGINE,
        cluster.place,
        faults_of(months),
        (*hints_of(indices), *hints),
        sum(month.sightings for month in months),
        sum(month.bytes for month in months),
        newest,
        months,
        nodes,
    )


def faults_of(months: Sequence[Month]) -> tuple[str, ...]:
    """What is wrong with the months, one sentence for each cause; pure."""
    red = [month.name for month in months if month.health == "red"]
    yellow = [month.name for month in months if month.health == "yellow"]
    full = any(_FULL in month.blocks for month in months)
    moved = [month.name for month in months if _NO_WRITES in month.blocks]
    other = {b for month in months for b in month.blocks} - {_FULL, _NO_WRITES}
    faults = []
    if red:
        faults.append(
            f"red: sightings of {', '.join(red)} cannot be reached: start the nodes that hold them"
        )
    if yellow:
        faults.append(
            f"yellow: nothing is lost, but copies of {', '.join(yellow)} are lacking: start the "
            "other nodes, or set sightings_replicas = 0 where there is only one"
        )
    if full:
        faults.append(DISK_FULL)
    if moved:
        faults.append(f"{', '.join(moved)}: {MOVING}")
    faults += [f"somebody has set index.blocks.{block}" for block in sorted(other)]
    return tuple(faults)


def hints_of(indices: Sequence[Index]) -> tuple[str, ...]:
    """What is to be done and presses nobody; pure."""
    searched = [index for index in indices if index.is_searched]
    older = [index.name.month for index in searched if has_older_mapping(index)]
    other = [index.name.month for index in searched if has_other_settings(index)]
    left = [str(index.name) for index in indices if not index.is_searched]
    hints = []
    if older:
        hints.append(
            f"{', '.join(older)}: mapping older than {mapping.VERSION}: platetrail store migrate"
        )
    if other:
        hints.append(f"{', '.join(other)}: settings of another version: platetrail store reindex")
    if left:
        hints.append(
            f"not searched: {', '.join(left)}: platetrail store migrate ends a move that was cut "
            "off; is none under way and they stay, they are yours to delete"
        )
    return tuple(hints)


def _months(client: Elasticsearch, indices: Sequence[Index]) -> list[Month]:
    if not indices:
        return []
    names = [str(index.name) for index in indices]
    answer = client.indices.stats(index=names, metric=["docs", "store"], filter_path=_MEASURED)
    measured = answer.body.get("indices", {})
    return [_month(index, measured.get(str(index.name), {})) for index in indices]


def _month(index: Index, measured: Mapping[str, Any]) -> Month:
    return Month(
        name=index.name.month,
        sightings=measured.get("primaries", {}).get("docs", {}).get("count", 0),
        bytes=measured.get("total", {}).get("store", {}).get("size_in_bytes", 0),
        mapping=int(index.meta["version"]),
        copies=int(index.settings["number_of_replicas"]),
        health=measured.get("health", "red"),
        blocks=tuple(
            sorted(key for key, on in index.settings.get("blocks", {}).items() if on == "true")
        ),
    )


def _nodes(client: Elasticsearch) -> list[Node]:
    """Nodes that keep data; none where the user may not see them."""
    try:
        answer = client.nodes.stats(metric="fs")
    except AuthorizationException:
        return []
    return sorted(
        (
            Node(
                node["name"],
                node["fs"]["total"]["available_in_bytes"],
                node["fs"]["total"]["total_in_bytes"],
            )
            for node in answer["nodes"].values()
            if any(role.startswith("data") for role in node.get("roles", ()))
        ),
        key=lambda node: node.name,
    )


def _newest(client: Elasticsearch, name: str) -> datetime | None:
    """The time of the newest sighting; None where the user may not or nobody can read it."""
    try:
        answer = client.search(index=name, **queries.find(SearchTerms(("*",), limit=1)))
    except ApiError as error:
        if error.status_code not in (_FORBIDDEN, _NO_SHARD):
            raise
        return None
    hits = answer["hits"]["hits"]
    return from_microseconds(hits[0]["_source"]["at"]) if hits else None
