"""Moves a month into another index while cameras write and officers search.

Elasticsearch numbers what is written to an index (`_seq_no`); an update takes its document to a new
number. So the documents with the numbers up to N, copied, and later those above N, are all of them.

1. The new index is filled with what the old one holds, span by span of numbers; how far stands in
   its `_meta`. Each document keeps its external version, the extent of its report: whatever is
   copied twice, or in whatever order, changes nothing. A span ends at the global checkpoint: what
   has a number up to there is on all copies of the old index, and a refresh lets it be found.
2. When little is left, the old index takes no more writes. `add_block` answers when those under way
   are done, so the rest that is copied then is all. Writers are told, and try again; see
   `search.elastic.indexing`. Both must then hold as many sightings.
3. One atomic change of aliases lets the new index be searched and written in place of the old one.
   A search is resolved once, so it sees either, and both hold the same. The change demands that
   the old one still has the aliases: of two that move the same month, one fails.
4. The old index is dropped when searches that began before have ended, after one more look for
   writes, in case somebody has lifted the block.

Whoever is killed at any moment has lost nothing: `search.elastic.planning` finds from the indices
alone where to go on. Killed within step 2, the month takes no writes until then; passages wait.
"""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.elastic import mapping
from search.elastic.answers import is_partial
from search.elastic.documents import from_document, id_of, to_document
from search.elastic.lifecycle import write_alias
from search.elastic.planning import Move
from search.elastic.troubles import explain_status
from search.errors import StoreError
from search.progress import Tell

SPAN = 2_000  # numbers that are copied at once
SENDERS = 2  # spans under way at once: one is made while the server works at another
NOTED = 5  # spans between two notes of how far it came
ROUNDS = 20  # of catching up with writers, before they are held
TRIES, FIRST_WAIT_S, LONGEST_WAIT_S = 8, 0.2, 10.0  # where the server is too busy
_SAYS_NO_MORE = "version_conflict_engine_exception"
_NUMBERS = ["indices.*.shards.*.seq_no", "indices.*.shards.*.routing.primary"]


@dataclass(frozen=True, slots=True)
class Mover:
    """What moves months.

    Attributes:
        client: of the server, patient.
        replicas: further copies of each sighting.
        linger_s: seconds until a search that was begun has its answer, or has given up.
    """

    client: Elasticsearch
    replicas: int
    linger_s: float

    def move(self, move: Move, tell: Tell) -> None:
        """Move a month, from where it stands.

        Raises:
            StoreError: it cannot be ended now; run it again.
        """
        old, new = str(move.old.name), str(move.new)
        up_to = move.up_to
        if not move.is_begun:
            self._begin(move)
        for _ in range(ROUNDS):
            settled = self._settled(old)
            up_to = self._copy(move, up_to, settled, tell)
            if self._last(old) - up_to < SPAN:
                break
        self.client.indices.refresh(index=new)
        with self._held(move):
            up_to = self._copy(move, up_to, self._last(old), tell)
            self._compare(old, new)
            self._swap(move)
        self.end(Move(move.old, move.new, up_to))

    def left(self, move: Move) -> int:
        """How many numbers are to be copied, as far as it is known now."""
        return self._numbers(str(move.old.name))["max_seq_no"] - move.up_to

    def end(self, move: Move) -> None:
        """Drop the old index of a month that was moved, when nobody looks at it any more."""
        old = str(move.old.name)
        self.client.indices.add_block(index=old, block="write")
        self._copy(move, move.up_to, self._last(old), bool)
        time.sleep(self.linger_s)
        self.client.indices.delete(index=old)
        self.client.indices.put_mapping(index=str(move.new), meta=dict(mapping.MAPPINGS["_meta"]))

    def _begin(self, move: Move) -> None:
        """Make the new index, which is not searched yet."""
        self.client.indices.create(
            index=str(move.new),
            mappings={**mapping.MAPPINGS, "_meta": _meta(move, -1)},
            settings=mapping.settings(self.replicas),
        )

    def _settled(self, index: str) -> int:
        """The number up to which all is on every copy, and can be found now."""
        settled = self._numbers(index)["global_checkpoint"]
        self.client.indices.refresh(index=index)
        return settled

    def _last(self, index: str) -> int:
        """The number that was written last, found now if nothing is being written."""
        last = self._numbers(index)["max_seq_no"]
        self.client.indices.refresh(index=index)
        return last

    def _numbers(self, index: str) -> dict[str, int]:
        answer = self.client.indices.stats(
            index=index, metric="docs", level="shards", filter_path=_NUMBERS
        )
        for shards in answer.body.get("indices", {}).get(index, {}).get("shards", {}).values():
            for shard in shards:
                if shard["routing"]["primary"]:
                    return dict(shard["seq_no"])
        raise StoreError(f"the index {index} is not whole: see platetrail store status")

    def _copy(self, move: Move, up_to: int, last: int, tell: Tell) -> int:
        """Copy what has a number above `up_to`, up to `last`; how far it is copied now."""
        starts = iter(range(up_to + 1, last + 1, SPAN))
        with ThreadPoolExecutor(SENDERS) as threads:
            while some := list(islice(starts, NOTED)):
                ends = [min(start + SPAN - 1, last) for start in some]
                for end in threads.map(partial(self._copy_span, move), some, ends):
                    tell(end - up_to)
                    up_to = end
                self.client.indices.put_mapping(index=str(move.new), meta=_meta(move, up_to))
        return up_to

    def _copy_span(self, move: Move, first: int, last: int) -> int:
        answer = self.client.search(
            index=str(move.old.name),
            query={"range": {"_seq_no": {"gte": first, "lte": last}}},
            size=SPAN,
            version=True,
            track_total_hits=False,
            allow_partial_search_results=False,
        )
        if is_partial(answer.body):
            raise StoreError(f"the index {move.old.name} did not answer whole: run it again")
        self._write(move, answer["hits"]["hits"])
        return last

    def _write(self, move: Move, hits: list[Mapping[str, Any]]) -> None:
        answers = streaming_bulk(
            self.client,
            [_action(move, hit) for hit in hits],
            chunk_size=SPAN,
            raise_on_error=False,
            max_retries=TRIES,
            initial_backoff=FIRST_WAIT_S,
            max_backoff=LONGEST_WAIT_S,
            wait_for_active_shards=str(min(2, 1 + self.replicas)),
        )
        for ok, item in answers:
            error = {} if ok else item["index"]["error"]
            if error and error["type"] != _SAYS_NO_MORE:
                why = explain_status(item["index"]["status"], error)
                raise StoreError(f"the index {move.new} cannot be written: {why}")

    @contextmanager
    def _held(self, move: Move) -> Iterator[None]:
        """Let nothing be written to the old index; again, if the move does not come about."""
        old = str(move.old.name)
        self.client.indices.add_block(index=old, block="write")
        try:
            yield
        except BaseException:
            self._let_write(move)
            raise

    def _let_write(self, move: Move) -> None:
        """Lift the block, unless the month was moved all the same and only the answer was lost."""
        old = str(move.old.name)
        try:
            if move.new.name in self.client.indices.get_alias(index=old)[old]["aliases"]:
                self.client.indices.put_settings(index=old, settings={"index.blocks.write": None})
        except (ApiError, TransportError):
            pass  # the first error says what is wrong, and the next run lifts it

    def _compare(self, old: str, new: str) -> None:
        self.client.indices.refresh(index=new)
        counts = [int(self.client.count(index=index)["count"]) for index in (old, new)]
        if counts[0] != counts[1]:
            raise StoreError(
                f"{old} has {counts[0]} sightings and its copy {new} {counts[1]}: sightings were "
                f"deleted meanwhile; delete the index {new} and run it again"
            )

    def _swap(self, move: Move) -> None:
        old, new, name = str(move.old.name), str(move.new), move.new.name
        written = write_alias(name, move.new.month)
        answer = self.client.indices.update_aliases(
            actions=[
                {"remove": {"index": old, "alias": name, "must_exist": True}},
                {"remove": {"index": old, "alias": written, "must_exist": True}},
                {"add": {"index": new, "alias": name}},
                {"add": {"index": new, "alias": written, "is_write_index": True}},
            ]
        )
        if not answer["acknowledged"]:
            raise StoreError(f"not every node knows yet that {new} keeps the month: run it again")


def _meta(move: Move, up_to: int) -> dict[str, Any]:
    return {**mapping.MAPPINGS["_meta"], "copied": {"uuid": move.old.uuid, "up_to": up_to}}


def _action(move: Move, hit: Mapping[str, Any]) -> dict[str, Any]:
    """A document as it is written to the new index; made anew for another mapping."""
    document = hit["_source"]
    if move.old.name.version != move.new.version:
        document = to_document(id_of(hit["_id"]), from_document(document))
    return {
        "_op_type": "index",
        "_index": str(move.new),
        "_id": hit["_id"],
        "version": hit["_version"],
        "version_type": "external",
        "_source": document,
    }
