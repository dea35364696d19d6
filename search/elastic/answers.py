"""From what Elasticsearch answers to sightings; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from search.elastic.documents import from_document, from_microseconds
from search.elastic.queries import BY_CAMERA, BY_TEXT, NEWEST
from search.matching import Question
from search.sightings import Sighting
from search.store import Page, TextCounts
from search.terms import Cursor, SearchTerms

Answer = Mapping[str, Any]


def page_of(given: Sequence[Answer], terms: SearchTerms) -> Page:
    """The sightings of searches for one more than the limit, the newest first."""
    hits = (hit for answer in given for hit in answer["hits"]["hits"])
    found = [from_document(hit["_source"]) for hit in islice(hits, terms.limit + 1)]
    question = Question(terms)
    shown = tuple(map(question.answer, found[: terms.limit]))
    is_cut = len(found) > terms.limit
    next_page = Cursor(shown[-1].passage.at, shown[-1].id) if is_cut else None
    return Page(shown, next_page, any(is_partial(answer) for answer in given))


def is_enough(given: Sequence[Answer], terms: SearchTerms) -> bool:
    """Whether older sightings than those of the answers so far cannot be on the page."""
    return sum(len(answer["hits"]["hits"]) for answer in given) > terms.limit


def sighting_of(answer: Answer) -> Sighting | None:
    """The sighting of a search by id."""
    for hit in answer["hits"]["hits"]:
        passage = from_document(hit["_source"])
        return Sighting(passage.id, passage, likelihood=passage.score)
    return None


def counts_of(answer: Answer) -> dict[str, int]:
    """How many sightings each camera has, by its id."""
    return {bucket["key"]["camera"]: bucket["doc_count"] for bucket in _cameras(answer)}


def text_counts_of(answer: Answer) -> TextCounts:
    """How many sightings each text has."""
    buckets = answer.get("aggregations", {}).get(BY_TEXT, {}).get("buckets", ())
    counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    return TextCounts(counts, is_partial(answer))


def newest_of(answer: Answer) -> dict[str, datetime]:
    """The newest time of each camera, by its id."""
    return {
        bucket["key"]["camera"]: from_microseconds(round(bucket[NEWEST]["value"]))
        for bucket in _cameras(answer)
    }


def next_cameras(answer: Answer) -> dict[str, Any] | None:
    """The key that the next page of cameras begins after; None: no more."""
    key: dict[str, Any] | None = answer.get("aggregations", {}).get(BY_CAMERA, {}).get("after_key")
    return key


def is_partial(answer: Answer) -> bool:
    """Whether some of the sightings were not asked: in time, or at all."""
    return bool(answer["timed_out"]) or lacks_shards(answer)


def lacks_shards(answer: Answer) -> bool:
    """Whether a part of the sightings could not be asked at all."""
    return bool(answer["_shards"]["failed"])


def _cameras(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        answer.get("aggregations", {}).get(BY_CAMERA, {}).get("buckets", [])
    )
    return found
