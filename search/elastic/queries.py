"""From terms to the body of a search; pure."""

from collections.abc import Iterable
from datetime import datetime
from string import ascii_uppercase, digits
from typing import Any

from search.elastic.documents import document_id, microseconds, tie
from search.terms import SearchTerms, is_pattern

Body = dict[str, Any]
CAMERAS_AT_ONCE = 1000  # of a page of counts; more are asked for page by page
BY_CAMERA, BY_TEXT = "cameras", "texts"
NEWEST = "newest"
_CHARACTERS = ascii_uppercase + digits  # of a text that was read


def find(terms: SearchTerms) -> Body:
    """Sightings that meet the terms; one more than the limit tells of a next page."""
    filters = _filters(terms)
    if terms.after:  # by the sort of the index, where search_after alone goes over all before it
        filters.append({"range": {"at": {"lte": microseconds(terms.after.at)}}})
    body: Body = {
        "query": {"bool": {"filter": filters}} if filters else {"match_all": {}},
        "sort": [{"at": "desc"}, {"tie": "asc"}],  # as the index is sorted
        "size": terms.limit + 1,
        "track_total_hits": False,
    }
    if terms.after:
        body["search_after"] = [microseconds(terms.after.at), tie(terms.after.id)]
    return body


def count_by_text(terms: SearchTerms) -> Body:
    """How many sightings have each text of the terms."""
    counted = {"field": "text", "size": len(terms.texts), "execution_hint": "map"}
    return {
        "query": {"bool": {"filter": _filters(terms)}},
        "size": 0,
        "track_total_hits": False,
        "aggregations": {BY_TEXT: {"terms": counted}},  # by map: few of all texts are among them
    }


def get(sighting_id: str) -> Body:
    """One sighting, in whichever month it lies."""
    return {"query": {"ids": {"values": [document_id(sighting_id)]}}, "size": 1}


def count_by_camera(start: datetime, end: datetime, after: Body | None) -> Body:
    """How many sightings each camera has in a span; `after` is the last key of the page before."""
    return _by_camera({"bool": {"filter": _span(start, end)}}, after)


def latest(after: Body | None) -> Body:
    """The newest time of each camera."""
    body = _by_camera({"match_all": {}}, after)
    body["aggregations"][BY_CAMERA]["aggregations"] = {NEWEST: {"max": {"field": "at"}}}
    return body


def _by_camera(query: Body, after: Body | None) -> Body:
    composite: Body = {
        "size": CAMERAS_AT_ONCE,
        "sources": [{"camera": {"terms": {"field": "camera"}}}],
    }
    if after:
        composite["after"] = after
    return {"query": query, "size": 0, "aggregations": {BY_CAMERA: {"composite": composite}}}


def _span(start: datetime | None, end: datetime | None) -> list[Body]:
    bounds: Body = {}
    if start:
        bounds["gte"] = microseconds(start)
    if end:
        bounds["lt"] = microseconds(end)
    return [{"range": {"at": bounds}}] if bounds else []


def _filters(terms: SearchTerms) -> list[Body]:
    """What a sighting has to meet, wherever its page begins."""
    filters = [*_texts(terms), *_span(terms.start, terms.end)]
    if terms.cameras is not None:
        filters.append({"terms": {"camera": sorted(terms.cameras)}})
    return filters


def _texts(terms: SearchTerms) -> list[Body]:
    """What the text that was read, or a candidate, must meet; nothing where all do."""
    texts = {_plain(text) for text in terms.texts}
    if "*" in texts:
        return []
    clauses = list(_clauses(texts, "text", "reversed"))
    if terms.candidates:
        clauses += _clauses(texts, "candidates", None)
    return [{"bool": {"should": clauses}}]


def _plain(text: str) -> str:
    """The same pattern with a single star where several stand beside each other."""
    while "**" in text:
        text = text.replace("**", "*")
    return text


def _clauses(texts: Iterable[str], field: str, turned: str | None) -> Iterable[Body]:
    """Clauses of which one has to hold; `turned` is the field of the reversed text, if any."""
    if turned:  # so it is a text that was read, which has no other characters
        texts = {spelled for text in texts for spelled in _spelled_out(text)}
    exact = sorted(text for text in texts if not is_pattern(text))
    if exact:
        yield {"terms": {field: exact}}
    for text in sorted(texts):
        if is_pattern(text):
            yield _pattern(text, field, turned)


def _spelled_out(text: str) -> tuple[str, ...]:
    """All that a text with one `?` can be: many texts are found sooner than a pattern."""
    if "*" in text or text.count("?") != 1:
        return (text,)
    return tuple(text.replace("?", character) for character in _CHARACTERS)


def _pattern(text: str, field: str, turned: str | None) -> Body:
    """A pattern, from whichever side more of it is known."""
    back = text[::-1]
    if turned and _known(back) > _known(text):
        text, field = back, turned
    if _known(text) == len(text) - 1 and text[-1] == "*":
        return {"prefix": {field: text[:-1]}}
    return {"wildcard": {field: text}}


def _known(pattern: str) -> int:
    """How many characters stand before the first `?` or `*`."""
    return min(i for i in (pattern.find("?"), pattern.find("*")) if i >= 0)
