"""`SightingStore` on Elasticsearch."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic, sleep
from typing import TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError

from lpr.closing import Closing
from lpr.passages import Passage
from search.elastic import ageing, answers, indexing, lifecycle, newest_first, queries
from search.elastic.access import Access, parse_address
from search.elastic.connecting import connect
from search.elastic.documents import is_id
from search.elastic.mapping import COUNTS_TEXTS
from search.elastic.names import parse_index
from search.elastic.troubles import explain
from search.errors import PartialStoreError, StoreError
from search.sightings import Sighting
from search.store import Added, Page, TextCounts
from search.terms import MAX_LIMIT, SearchTerms

T = TypeVar("T")
WRITTEN_WITHIN_S = 30.0  # seconds; nobody waits for it at a page
_LEAST_S = 0.2  # that older months get, or they are not asked and the answer is a part
_AGAIN_S, _AGAIN_FOR_S = 0.2, 1.2  # between two tries to reach all of it, and for how long
_SERVER_SHARE = 0.75  # of the time: what is found by then still has to be brought here


class ElasticStore(Closing):
    """Keeps sightings in indices by month; see `search.store.SightingStore`.

    Threads may share it.

    Args:
        url: `http(s)://HOST:PORT[,HOST:PORT...][/NAME]`; NAME begins the names of its indices.
        access: how it is entered.

    Raises:
        StoreError: it cannot be reached or entered, or the name is another program's.
    """

    def __init__(self, url: str, access: Access | None = None) -> None:
        access = access or Access()
        address = parse_address(url)
        self._timeout_s, self._replicas = access.timeout_s, access.replicas
        self._name = address.name
        self._place = f"{','.join(address.hosts)}/{address.name}"
        self._client = connect(address, access)
        with self._told():
            found = lifecycle.look(self._client, self._name)
        self._is_as_set = set(found.values()) <= {access.replicas}
        self._counts_texts = self._can_count(found)

    def _can_count(self, indices: Iterable[str]) -> bool:
        parsed = filter(None, (parse_index(self._name, index) for index in indices))
        return all(index.version >= COUNTS_TEXTS for index in parsed)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (ApiError, TransportError) as error:
            raise StoreError(f"sighting store {self._place}: {explain(error)}") from error

    def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
        """Keep passages; if it fails, some may be kept already, which changes nothing."""
        patient, replicas = self._client.options(request_timeout=WRITTEN_WITHIN_S), self._replicas
        with self._told():
            if not self._is_as_set:
                lifecycle.set_replicas(patient, self._name, replicas)
                self._is_as_set = True
            added = indexing.add(patient, self._name, passages, replicas)
            if not can_wait:
                patient.indices.refresh(index=self._name, ignore_unavailable=True)
            return added

    def find(self, terms: SearchTerms) -> Page:
        """Answer a question; what is found in time, where not all of it is."""
        body = queries.find(terms)
        if not newest_first.is_by_month(terms):
            return answers.page_of([self._search(body)], terms)
        until = monotonic() + self._timeout_s
        found: list[answers.Answer] = []
        for months in newest_first.rounds(self._months(), terms):
            left_s = until - monotonic()
            if left_s < _LEAST_S:
                return replace(answers.page_of(found, terms), partial=True)
            found.append(self._search(body, months, left_s))
            if answers.is_enough(found, terms):
                break
        return answers.page_of(found, terms)

    def get(self, sighting_id: str) -> Sighting | None:
        """One sighting by its id."""
        if not is_id(sighting_id):
            return None
        answer = self._search(queries.get(sighting_id))
        found = answers.sighting_of(answer)
        if found is None and answers.is_partial(answer):
            raise PartialStoreError(self._partial())
        return found

    def latest(self) -> Mapping[str, datetime]:
        """The newest `at` of each camera; the server remembers it for months that do not change."""
        return self._by_camera(queries.latest, answers.newest_of)

    def count_by_camera(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """How many sightings each camera has in a span."""
        return self._by_camera(
            lambda after: queries.count_by_camera(start, end, after), answers.counts_of
        )

    def count_by_text(self, terms: SearchTerms) -> TextCounts:
        """How many sightings were read as each text.

        Where a month is not moved to the mapping that counts them, of the newest ones.
        """
        terms = replace(terms, candidates=False, limit=MAX_LIMIT, after=None)
        if not self._counts_texts:
            with self._told():
                self._counts_texts = self._can_count(lifecycle.look(self._client, self._name))
        if self._counts_texts:
            return answers.text_counts_of(self._search(queries.count_by_text(terms)))
        page = self.find(terms)
        return TextCounts(Counter(s.passage.text for s in page.sightings), page.partial)

    def count(self) -> int:
        """How many sightings are kept."""
        with self._told():
            answer = self._client.count(index=self._name, ignore_unavailable=True)
        if answer["_shards"]["failed"]:
            raise PartialStoreError(self._partial())
        return int(answer["count"])

    def drop_before(self, time: datetime) -> int:
        """Drop all sightings of before a time: whole months, and of one month a part."""
        with self._told():
            return ageing.drop_before(
                self._client.options(request_timeout=WRITTEN_WITHIN_S), self._name, time
            )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _by_camera(
        self,
        query: Callable[[queries.Body | None], queries.Body],
        read: Callable[[answers.Answer], dict[str, T]],
    ) -> dict[str, T]:
        """Page after page of cameras."""
        found: dict[str, T] = {}
        after: queries.Body | None = None
        while True:
            answer = self._whole(query(after))
            found |= read(answer)
            after = answers.next_cameras(answer)
            if after is None:
                return found

    def _whole(self, body: queries.Body) -> answers.Answer:
        """An answer that has to be whole: less of it would be wrong."""
        answer = self._search(body)
        if answers.is_partial(answer):
            raise PartialStoreError(self._partial())
        return answer

    def _search(
        self, body: queries.Body, months: Sequence[str] = (), within_s: float | None = None
    ) -> answers.Answer:
        """What some months answer, or all.

        A month whose node has just gone answers from another copy as soon as the others know:
        until then it is asked again.
        """
        until = monotonic() + (within_s or self._timeout_s)
        again_until = min(until - 2 * _AGAIN_S, monotonic() + _AGAIN_FOR_S)
        while True:
            answer = self._search_once(body, months, until - monotonic())
            if not answers.lacks_shards(answer) or monotonic() > again_until:
                return answer
            sleep(_AGAIN_S)

    def _search_once(
        self, body: queries.Body, months: Sequence[str], within_s: float
    ) -> answers.Answer:
        with self._told():
            answer = self._client.options(request_timeout=within_s).search(
                index=[lifecycle.write_alias(self._name, month) for month in months] or self._name,
                ignore_unavailable=True,
                timeout=f"{round(1000 * _SERVER_SHARE * within_s)}ms",
                **body,
            )
        return answer.body  # type: ignore[no-any-return]  # the client types it as Any

    def _months(self) -> list[str]:
        """Those that are searched."""
        with self._told():
            found = self._client.indices.get_alias(index=self._name, ignore_unavailable=True)
        parsed = (parse_index(self._name, index) for index in found.body)
        return [index.month for index in parsed if index]

    def _partial(self) -> str:
        return (
            f"sighting store {self._place}: not all of it answered in time (sightings_timeout_s): "
            "see how its nodes are"
        )
