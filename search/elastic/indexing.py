"""The way of passages into Elasticsearch.

Each report is written with its extent as external version, so the server itself keeps the one that
says more, in whatever order they come, and nothing is read before it is written: a document that
was not there is `created`, one that is bettered `updated`, and one that says no more conflicts with
the version that is kept.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from lpr.passages import Passage
from search.elastic.documents import document_id, id_of, to_document
from search.elastic.lifecycle import create_month, month_of, write_alias
from search.elastic.troubles import explain_status
from search.errors import StoreError
from search.reports import best_of, extent
from search.store import Added

CHUNK, SENDERS = 500, 2  # documents of one request, and how many are under way at once
TRIES, FIRST_WAIT_S, LONGEST_WAIT_S = 6, 0.2, 5.0  # where the server is too busy: 11 s in all
_WRITTEN_WITHIN = "5s"  # by as many nodes as have to have it
Sent = tuple[int, dict[str, Passage]]
"""How many were new, and those whose month has no index yet."""
Send = Callable[[Mapping[str, Passage]], Sent]
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TOLD = ["errors", *(f"items.index.{key}" for key in ("_id", "status", "result", "error"))]
_NO_MONTH = "index_not_found_exception"
_SAYS_NO_MORE = "version_conflict_engine_exception"


def add(client: Elasticsearch, name: str, passages: Sequence[Passage], replicas: int) -> Added:
    """Write passages; when it returns they are on the disk and can be found.

    Args:
        client: of the server, patient: making an index takes longer than a page may.
        name: that the names of our indices begin with.
        passages: reports, of which some may be of one passage.
        replicas: further copies of each; with one or more, two nodes have to have what is written.

    Raises:
        StoreError: not all were taken; do it again, which changes nothing for those that were.
    """
    best = best_of(passages)
    send = partial(_send, client, name, min(2, 1 + replicas))
    new, without = _send_all(send, best)
    if without:
        for month in _months(without):
            create_month(client, name, month, replicas)
        more, without = _send_all(send, without)
        new += more
    if without:
        months = ", ".join(_months(without))
        raise StoreError(f"sighting store {name}: the index of {months} is gone again; try again")
    if best:
        client.indices.refresh(index=[write_alias(name, month) for month in _months(best)])
    return Added(new, len(passages) - new)


def _send_all(send: Send, passages: Mapping[str, Passage]) -> Sent:
    """Write them in requests side by side: one is made while the server works at another."""
    rest = iter(passages.items())
    parts = [dict(part) for part in iter(lambda: list(islice(rest, CHUNK)), [])]
    new = 0
    without: dict[str, Passage] = {}
    with ThreadPoolExecutor(SENDERS) as threads:
        for more, lacking in threads.map(send, parts):
            new += more
            without |= lacking
    return new, without


def _send(client: Elasticsearch, name: str, copies: int, passages: Mapping[str, Passage]) -> Sent:
    """Write them in one request, again where the server is too busy."""
    new = 0
    without: dict[str, Passage] = {}
    answers = streaming_bulk(
        client,
        passages.items(),  # type: ignore[arg-type]  # the callback makes two lines of each
        chunk_size=CHUNK,
        expand_action_callback=partial(_lines, name),
        raise_on_error=False,
        max_retries=TRIES,
        initial_backoff=FIRST_WAIT_S,
        max_backoff=LONGEST_WAIT_S,
        require_alias=True,  # else a month that is missing would be made without our mapping
        wait_for_active_shards=str(copies),
        timeout=_WRITTEN_WITHIN,
        filter_path=_TOLD,
    )
    for ok, item in answers:
        answer: Mapping[str, Any] = item["index"]
        kind = None if ok else answer["error"]["type"]
        if ok:
            new += answer["result"] == "created"
        elif kind == _NO_MONTH:
            sighting_id = id_of(answer["_id"])
            without[sighting_id] = passages[sighting_id]
        elif kind != _SAYS_NO_MORE:
            why = explain_status(answer["status"], answer["error"])
            raise StoreError(f"sighting store {name}: {why}")
    return new, without


def _lines(name: str, action: tuple[str, Passage]) -> tuple[dict[str, Any], bytes]:
    """What is to be done with a sighting, and its document."""
    sighting_id, passage = action
    header = {
        "_index": write_alias(name, month_of(passage.at)),
        "_id": document_id(sighting_id),
        "version": extent(passage),
        "version_type": "external",
    }
    return {"index": header}, _JSON.encode(to_document(sighting_id, passage)).encode()


def _months(passages: Mapping[str, Passage]) -> list[str]:
    return sorted({month_of(passage.at) for passage in passages.values()})
