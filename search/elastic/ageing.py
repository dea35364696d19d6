"""Drops old sightings: whole months by their index, and of the month of the limit a part."""

from datetime import datetime

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from search.elastic.documents import microseconds
from search.elastic.lifecycle import drop_months, list_indices, month_of
from search.errors import StoreError

AT_ONCE = 5_000  # sightings of one request


def drop_before(client: Elasticsearch, name: str, time: datetime) -> int:
    """Drop the sightings of before a time; how many.

    Raises:
        StoreError: the month of that time is being moved, which must not miss what is deleted.
    """
    month = month_of(time)
    indices = list_indices(client, name)
    if any(index.name.month == month and not index.is_searched for index in indices):
        raise StoreError(
            f"{month} is being moved into another index: try again when that is done (platetrail "
            "store migrate ends what was cut off)"
        )
    old = [str(i.name) for i in indices if i.is_searched and i.name.month < month]
    dropped = int(client.count(index=old)["count"]) if old else 0
    drop_months(client, name, time)
    for index in (str(i.name) for i in indices if i.name.month == month):
        dropped += _drop_part(client, index, time)
    return dropped


def _drop_part(client: Elasticsearch, index: str, time: datetime) -> int:
    dropped = 0
    while True:
        client.indices.refresh(index=index)
        answer = client.search(
            index=index,
            query={"range": {"at": {"lt": microseconds(time)}}},
            size=AT_ONCE,
            source=False,
            track_total_hits=False,
            allow_partial_search_results=False,
        )
        hits = answer["hits"]["hits"]
        if not hits:
            return dropped
        actions = [{"_op_type": "delete", "_index": index, "_id": hit["_id"]} for hit in hits]
        bulk(client, actions, raise_on_error=False, ignore_status=404)
        dropped += len(hits)
