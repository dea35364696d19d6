import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from lpr.passage_lines import parse_passage
from lpr.passages import Passage, format_passage
from search.elastic import queries
from search.elastic.access import Access, parse_address
from search.elastic.documents import document_id, from_document, id_of, tie, to_document
from search.elastic.lifecycle import month_of
from search.elastic.newest_first import is_by_month, rounds
from search.elastic.troubles import DISK_FULL, explain_status
from search.errors import StoreError
from search.opening import access_of, open_store
from search.settings import StoreSettings
from search.terms import Cursor, SearchTerms

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SEEN = Passage(
    "C012",
    NOON,
    "30A12345",
    0.97,
    candidates=(("30A12345", 0.91), ("30A12346", 0.04)),
    track="7",
    until=NOON + timedelta(seconds=2, microseconds=1),
    frame="0f" * 32,
    crop="ff" * 32,
)


def asked(*texts: str, candidates: bool = False) -> Any:
    body = queries.find(SearchTerms(texts, candidates=candidates))
    return body["query"]["bool"]["filter"][0]["bool"]["should"]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("30A12345", {"terms": {"text": ["30A12345"]}}),
        ("30A*", {"prefix": {"text": "30A"}}),
        ("30A**", {"prefix": {"text": "30A"}}),
        ("*345", {"prefix": {"reversed": "543"}}),
        ("30A?23*", {"wildcard": {"text": "30A?23*"}}),
        ("3*2345", {"wildcard": {"reversed": "5432*3"}}),
        ("*12*", {"wildcard": {"text": "*12*"}}),
        ("?0A?", {"wildcard": {"text": "?0A?"}}),
    ],
)
def test_a_pattern_is_asked_from_the_side_that_more_is_known_of(text: str, clause: Any) -> None:
    assert asked(text) == [clause]


def test_one_unknown_character_is_asked_for_as_all_that_it_can_be() -> None:
    (clause,) = asked("30A?", "30", candidates=False)
    texts = clause["terms"]["text"]
    assert (texts, len(texts)) == (sorted(texts), 37)
    assert {"30", "30A0", "30A9", "30AA", "30AZ"} < set(texts)


def test_candidates_are_asked_beside_the_text_that_was_read() -> None:
    assert asked("30A1", "*1", candidates=True) == [
        {"terms": {"text": ["30A1"]}},
        {"prefix": {"reversed": "1"}},
        {"terms": {"candidates": ["30A1"]}},
        {"wildcard": {"candidates": "*1"}},
    ]


def test_everything_that_passed_is_asked_for_without_a_filter() -> None:
    assert queries.find(SearchTerms(("30A*", "**")))["query"] == {"match_all": {}}


def test_span_cameras_and_cursor_are_part_of_the_question() -> None:
    after = Cursor(NOON, "00000000000a" + "f" * 20)
    terms = SearchTerms(("*",), NOON, NOON + timedelta(1), frozenset("BA"), limit=5, after=after)
    body = queries.find(terms)
    micros = 1769860800 * 1_000_000
    assert body["query"]["bool"]["filter"] == [
        {"range": {"at": {"gte": micros, "lt": micros + 86_400_000_000}}},
        {"terms": {"camera": ["A", "B"]}},
        {"range": {"at": {"lte": micros}}},
    ]
    assert body["search_after"] == [micros, 10]
    assert body["size"] == 6


@pytest.mark.parametrize(
    "passage",
    [
        SEEN,
        replace(SEEN, until=None, candidates=(), frame=None, crop=None, track=None),
        replace(SEEN, at_given="2026-01-31T19:00:00+07:00"),
        replace(SEEN, at=NOON + timedelta(microseconds=1), until=NOON - timedelta(1)),
        replace(SEEN, chars=((("3", 0.9), ("8", 0.1)),), clip="ab" * 32 + ".mp4"),
        replace(SEEN, raw="30A12345", chars=tuple(((c, 0.997),) for c in "30A12345")),
        replace(SEEN, raw="3OA12345", chars=tuple(((c, 0.997),) for c in "3OA12345")),
        replace(SEEN, text="", raw="X", candidates=(("", 0.5),), chars=((("X", 0.1),), ())),
        replace(SEEN, candidates=(("30A12346", 0.6), ("30A12345", 0.4))),
    ],
)
def test_a_passage_comes_back_from_its_document(passage: Passage) -> None:
    passage = parse_passage(format_passage(passage))
    assert from_document(to_document(passage.id, passage)) == passage


def test_documents_of_before_their_shorter_form_are_read() -> None:
    chars = tuple(((c, 0.997), ("8", 0.002)) for c in "30A12345")
    passage = parse_passage(format_passage(replace(SEEN, raw="30A12345", chars=chars)))
    document = to_document(passage.id, passage)
    document["candidates"] = ["30A12345", "30A12346"]
    document["rest"] |= {"raw": "30A12345", "chars": [[list(pair) for pair in s] for s in chars]}
    assert from_document(document) == passage


def test_probabilities_are_kept_as_lines_have_them() -> None:
    exact = replace(SEEN, score=0.123456, chars=((("3", 0.987654),),), candidates=(("3", 0.00001),))
    kept = from_document(to_document(exact.id, exact))
    assert (kept.score, kept.chars, kept.candidates) == (0.1235, ((("3", 0.9877),),), (("3", 0.0),))


YEAR = [f"2025-{month:02}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, [["2025-12"], ["2025-11", "2025-10", "2025-09"], YEAR[7::-1]]),
        ({"end": datetime(2025, 3, 1, tzinfo=UTC)}, [["2025-03"], ["2025-02", "2025-01"]]),
        ({"start": datetime(2025, 11, 30, tzinfo=UTC)}, [["2025-12"], ["2025-11"]]),
        ({"after": Cursor(datetime(2025, 1, 31, tzinfo=UTC), "0" * 32)}, [["2025-01"]]),
        ({"end": datetime(2024, 12, 31, tzinfo=UTC)}, []),
    ],
)
def test_months_are_asked_newest_first_and_only_those_that_can_have_answers(
    more: dict[str, Any], asked: list[list[str]]
) -> None:
    assert list(rounds(YEAR[6:] + YEAR[:6], SearchTerms(("30*",), **more))) == asked


@pytest.mark.parametrize(
    ("texts", "by_month"),
    [
        (("*12*",), True),
        (("30A12345", "30A?*"), True),
        (("30?12345", "30A1*45"), False),
        (("30A1",), False),
        (("30*", "*"), False),
    ],
)
def test_only_patterns_that_are_met_often_are_asked_month_by_month(
    texts: tuple[str, ...], by_month: bool
) -> None:
    assert is_by_month(SearchTerms(texts)) == by_month


def test_an_empty_store_has_no_month_to_ask() -> None:
    assert list(rounds([], SearchTerms(("30*",)))) == []


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_ties_are_ordered_as_ids_are(one: bytes, other: bytes) -> None:
    first, second = sorted((one.hex(), other.hex()))
    assert tie(first) <= tie(second)
    assert (tie(first) == tie(second)) == (first[:12] == second[:12])
    assert re.fullmatch(r"[\w-]{22}", document_id(first))
    assert id_of(document_id(first)) == first


def test_a_month_is_that_of_the_time_in_utc() -> None:
    last = datetime.fromisoformat("2026-02-01T06:59:59+07:00").astimezone(UTC)
    assert [month_of(last), month_of(last + timedelta(seconds=1))] == ["2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("url", "hosts", "name"),
    [
        ("http://es:9200", ("http://es:9200",), "platetrail"),
        ("https://a.vn:1,b.vn:2/ha-noi/", ("https://a.vn:1", "https://b.vn:2"), "ha-noi"),
        ("http://[::1]:9200/x", ("http://[::1]:9200",), "x"),
    ],
)
def test_an_address_names_hosts_and_what_indices_are_called(
    url: str, hosts: tuple[str, ...], name: str
) -> None:
    address = parse_address(url)
    assert (address.hosts, address.name) == (hosts, name)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://es", "expected http"),
        ("http://es:9200?x=1", "expected http"),
        ("http://es:9200/Hanoi", "NAME is a-z, 0-9 and -"),
        ("http://es:9200/a/b", "NAME is a-z, 0-9 and -"),
        ("https://u:secret@es:9200", "sightings_password_file"),
        ("ftp://es:9200", "expected sqlite"),
    ],
)
def test_an_address_that_cannot_be_is_refused_before_anything_is_sent(url: str, why: str) -> None:
    with pytest.raises(StoreError, match=f"sightings_url: .*{why}") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_settings_say_how_elasticsearch_is_entered(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("secret\n")
    settings = StoreSettings(
        sightings_user="nam", sightings_password_file=tmp_path / "word", sightings_replicas=2
    )
    assert access_of(settings) == Access(user="nam", password="secret", replicas=2)
    assert "secret" not in repr(access_of(settings))


def test_a_secret_that_is_given_twice_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    twice = StoreSettings(
        sightings_api_key=SecretStr("a"), sightings_api_key_file=tmp_path / "missing"
    )
    with pytest.raises(StoreError, match="either sightings_api_key or sightings_api_key_file"):
        access_of(twice)
    with pytest.raises(StoreError, match=r"sightings_password_file: .*missing"):
        access_of(StoreSettings(sightings_password_file=tmp_path / "missing"))


@pytest.mark.parametrize(
    ("status", "kind", "reason", "said"),
    [
        (401, "security_exception", "", "sightings_user"),
        (403, "security_exception", "action [x] is unauthorized", "give it the role"),
        (429, "cluster_block_exception", "disk usage exceeded flood-stage watermark", DISK_FULL),
        (429, "es_rejected_execution_exception", "", "too busy"),
        (503, "unavailable_shards_exception", "", "sightings_replicas"),
        (500, "odd_exception", "because", "status 500: odd_exception because"),
    ],
)
def test_what_the_server_says_is_told_with_what_to_do(
    status: int, kind: str, reason: str, said: str
) -> None:
    assert said in explain_status(status, {"type": kind, "reason": reason})
