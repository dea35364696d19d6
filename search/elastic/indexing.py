"""The way of passages into Elasticsearch.

Each report is written with its extent as external version, so the server itself keeps the one that
says more, in whatever order they come, and nothing is read before it is written: a document that
was not there is `created`, one that is bettered `updated`, and one that says no more conflicts with
the version that is kept.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from random import uniform
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from pydantic_core import to_json

from lpr.passages import Passage
from search.elastic.documents import document_id, to_document
from search.elastic.lifecycle import create_month, month_of, write_alias
from search.elastic.troubles import explain_status, is_moving
from search.errors import StoreError
from search.reports import best_of, extent
from search.store import Added

CHUNK = 2000  # documents of one request: as many as ingest takes at once
WAITS_S = (0.2, 0.4, 0.8, 1.6, 3.2, 5.0)  # where it is too busy, or a month is moved: 11 s about
_APART = 0.5  # of a wait, more or less, or writers turned away together would come back together
_WRITTEN_WITHIN = "5s"  # by as many nodes as have to have it
Sent = tuple[int, dict[str, Passage]]
"""How many were new, and those whose month has no index yet."""
Send = Callable[[Mapping[str, Passage]], Sent]
_TOLD = ["items.index.status", "items.index.error"]
_CREATED, _FAILED, _BUSY = 201, 300, 429
_NO_MONTH = "index_not_found_exception"
_SAYS_NO_MORE = "version_conflict_engine_exception"


def add(client: Elasticsearch, name: str, passages: Sequence[Passage], replicas: int) -> Added:
    """Write passages; when it returns they are on the disk.

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
    return Added(new, len(passages) - new)


def _send_all(send: Send, passages: Mapping[str, Passage]) -> Sent:
    rest = iter(passages.items())
    new = 0
    without: dict[str, Passage] = {}
    while part := dict(islice(rest, CHUNK)):
        more, lacking = send(part)
        new += more
        without |= lacking
    return new, without


def _send(client: Elasticsearch, name: str, copies: int, passages: Mapping[str, Passage]) -> Sent:
    """Write them in one request, and again those that the server is too busy for.

    A month takes nothing for the moment in which `search.elastic.moving` puts another index in its
    place.
    """
    new = 0
    without: dict[str, Passage] = {}
    left = dict(passages)
    for wait_s in (*WAITS_S, None):
        busy: dict[str, Passage] = {}
        answers = _write(client, name, copies, left)
        for (sighting_id, passage), answer in zip(left.items(), answers, strict=True):
            status, error = answer["status"], answer.get("error", {})
            if (status == _BUSY or is_moving(error)) and wait_s is not None:
                busy[sighting_id] = passage
            elif error.get("type") == _NO_MONTH:
                without[sighting_id] = passage
            elif status >= _FAILED and error.get("type") != _SAYS_NO_MORE:
                raise StoreError(f"sighting store {name}: {explain_status(status, error)}")
            new += status == _CREATED
        if not busy or wait_s is None:
            break
        time.sleep(wait_s * uniform(1 - _APART, 1 + _APART))
        left = busy
    return new, without


def _write(
    client: Elasticsearch, name: str, copies: int, passages: Mapping[str, Passage]
) -> list[Mapping[str, Any]]:
    """What the server says of each; all alike where it is too busy for the request as a whole."""
    lines: list[Any] = [_lines(name, *item) for item in passages.items()]
    try:
        answer = client.bulk(
            operations=lines,
            require_alias=True,  # else a month that is missing would be made without our mapping
            wait_for_active_shards=str(copies),
            timeout=_WRITTEN_WITHIN,
            filter_path=_TOLD,
        )
    except ApiError as error:
        if error.status_code != _BUSY:
            raise
        return [{"status": _BUSY}] * len(passages)
    return [item["index"] for item in answer["items"]]


def _lines(name: str, sighting_id: str, passage: Passage) -> bytes:
    """What is to be done with a sighting, and its document, a line each."""
    header = {
        "_index": write_alias(name, month_of(passage.at)),
        "_id": document_id(sighting_id),
        "version": extent(passage),
        "version_type": "external",
    }
    return b'{"index":%b}\n%b' % (to_json(header), to_json(to_document(sighting_id, passage)))


def _months(passages: Mapping[str, Passage]) -> list[str]:
    return sorted({month_of(passage.at) for passage in passages.values()})
