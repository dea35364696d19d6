from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lpr.passages import Passage
from search.elastic.access import Access
from search.errors import TermsError
from search.opening import open_store
from search.store import Added, SightingStore, TextCounts
from search.terms import SearchTerms
from search.testing import MemoryStore
from tests.elasticsearch import Server, versions_that_run

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ONE_NODE = Access(replicas=0, timeout_s=60)  # this machine may have other work


def seen(text: str, minute: float = 0, camera: str = "C001", **more) -> Passage:
    at = NOON + timedelta(minutes=minute)
    return Passage(camera, at, text, more.pop("score", 0.9), at_given=at.isoformat(), **more)


REAL = ["sqlite", *versions_that_run()]


@contextmanager
def empty_store(
    kind: str, folder: Path, server: Callable[[str], Server]
) -> Iterator[SightingStore]:
    """A store of its own; `kind` is `sqlite`, `memory` or a version of Elasticsearch."""
    name = f"t{uuid4().hex}"
    if kind == "memory":
        yield MemoryStore()
    elif kind == "sqlite":
        with open_store(f"sqlite:///{folder}/{name}/sightings.db") as store:
            yield store
    else:
        with open_store(f"{server(kind).url}/{name}", ONE_NODE) as store:
            yield store
        with Elasticsearch(server(kind).url) as client:
            client.indices.delete(index=f"{name}-*")


@pytest.fixture(params=["memory", *REAL])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, server: Callable[[str], Server]
) -> Iterator[SightingStore]:
    with empty_store(request.param, tmp_path, server) as opened:
        yield opened


def texts(store: SightingStore, *asked: str, **more) -> list[str]:
    return [s.passage.text for s in store.find(SearchTerms(asked, **more)).sightings]


def test_an_empty_store_finds_nothing(store: SightingStore) -> None:
    assert texts(store, "*") == []
    assert store.get("no such id") is None
    assert dict(store.latest()) == {}
    assert dict(store.count_by_camera(NOON, NOON + timedelta(days=1))) == {}
    assert store.count() == 0


def test_a_passage_is_kept_once_however_often_it_is_added(store: SightingStore) -> None:
    passage = seen("30A12345", track="7")
    assert store.add([passage]) == Added(1, 0)
    assert store.add([passage, seen("29A1234")]) == Added(1, 1)
    assert store.count() == 2


def test_what_could_wait_is_found_once_a_later_call_does_not(store: SightingStore) -> None:
    assert store.add([seen("30A12345")], can_wait=True) == Added(1, 0)
    assert store.add([seen("30A12345")], can_wait=True) == Added(0, 1)
    assert store.add(()) == Added(0, 0)
    assert texts(store, "30A*") == ["30A12345"]


FIRST = seen("30A12345", track="7", candidates=(("30A12345", 0.6), ("30B12345", 0.3)))
FINAL = replace(
    seen("30A12346", track="7", candidates=(("30A12346", 0.9), ("30C12346", 0.05))),
    until=NOON + timedelta(seconds=3),
    frame="a" * 64,
)
LONGER = replace(FINAL, text="30A12347", candidates=(), until=NOON + timedelta(minutes=3))
CLIPPED = replace(FINAL, clip="c" * 64 + ".mp4")
EQUAL = replace(LONGER, text="30A99999")


@pytest.mark.parametrize("reports", list(permutations((FIRST, FINAL, LONGER))))
@pytest.mark.parametrize("at_once", [True, False])
def test_the_report_with_the_latest_end_is_kept_whatever_the_order(
    store: SightingStore, reports: tuple[Passage, ...], at_once: bool
) -> None:
    if at_once:
        assert store.add(reports) == Added(1, 2)
    else:
        assert [store.add([r]) for r in reports] == [Added(1, 0), Added(0, 1), Added(0, 1)]
    found = store.get(LONGER.id)
    assert found is not None
    assert found.passage == LONGER
    assert store.count() == 1


def test_a_bettered_sighting_is_found_by_its_new_text_only(store: SightingStore) -> None:
    store.add([FIRST])
    store.add([FINAL])
    assert texts(store, "30A12345", candidates=True) == []
    assert texts(store, "30B12345", candidates=True) == []
    assert texts(store, "*45") == []
    assert texts(store, "30A12346") == texts(store, "*46") == ["30A12346"]
    assert texts(store, "30C12346", candidates=True) == ["30A12346"]
    assert texts(store, "*") == ["30A12346"]


@pytest.mark.parametrize("again", [FIRST, FINAL, EQUAL])
def test_a_report_that_says_no_more_changes_nothing(store: SightingStore, again: Passage) -> None:
    store.add([LONGER])
    assert store.add([again]) == Added(0, 1)
    found = store.get(LONGER.id)
    assert found is not None
    assert found.passage == LONGER


@pytest.mark.parametrize("reports", list(permutations((FIRST, FINAL, CLIPPED))))
def test_of_reports_with_the_same_end_the_one_with_a_clip_is_kept(
    store: SightingStore, reports: tuple[Passage, ...]
) -> None:
    for report in reports:
        store.add([report])
    found = store.get(FINAL.id)
    assert found is not None
    assert found.passage.clip == CLIPPED.clip


def test_of_reports_without_an_end_the_first_stays(store: SightingStore) -> None:
    store.add([FIRST])
    store.add([replace(FIRST, text="30A99999")])
    assert texts(store, "*") == ["30A12345"]


def test_a_sighting_comes_back_as_it_was_seen(store: SightingStore) -> None:
    passage = seen(
        "30A12345",
        candidates=(("30A12345", 0.9), ("30A12346", 0.05)),
        chars=((("3", 0.99), ("8", 0.01)),),
        until=NOON + timedelta(seconds=2),
        raw="3OA12345",
        rows=2,
        colour="white",
        kind="car",
        frame="a" * 64,
        crop="b" * 64,
        clip="c" * 64 + ".mp4",
        model="r1",
        track="9",
    )
    store.add([passage])
    found = store.get(passage.id)
    assert found is not None
    assert found.passage == passage


def test_answers_come_newest_first_then_by_id(store: SightingStore) -> None:
    same_time = [seen("30A12345", camera=f"C{i}") for i in range(5)]
    store.add([*same_time, seen("30A12345", minute=-1), seen("30A12345", minute=1)])
    found = store.find(SearchTerms(("30A12345",))).sightings
    ids = sorted(p.id for p in same_time)
    assert [s.id for s in found][1:-1] == ids
    assert [s.passage.at for s in found] == sorted((s.passage.at for s in found), reverse=True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("30A12345", {"30A12345"}),
        ("30A1234?", {"30A12345", "30A12346"}),
        ("30A*", {"30A12345", "30A12346", "30A1"}),
        ("*45", {"30A12345", "29B112345"}),
        ("?0A1*5", {"30A12345"}),
        ("*12*", {"30A12345", "30A12346", "29B112345"}),
        ("30A?", {"30A1"}),
        ("*", {"30A12345", "30A12346", "30A1", "29B112345", ""}),
        ("???*", {"30A12345", "30A12346", "30A1", "29B112345"}),
        ("XYZ", set()),
    ],
)
def test_patterns_find_what_they_describe(
    store: SightingStore, asked: str, found: set[str]
) -> None:
    store.add([seen(t) for t in ("30A12345", "30A12346", "30A1", "29B112345", "")])
    answer = store.find(SearchTerms((asked,))).sightings
    assert {s.passage.text for s in answer} == found
    assert {s.match for s in answer} <= {"exact" if asked == "30A12345" else "pattern"}


def test_a_pattern_finds_letters_that_no_plate_has(store: SightingStore) -> None:
    store.add([seen("", candidates=(("30Đ1", 0.4),))])
    for asked in ("30?1", "30*"):
        assert texts(store, asked, candidates=True) == [""]


def test_a_pattern_is_found_in_all_months_newest_first_and_page_after_page(
    store: SightingStore,
) -> None:
    days = 20 * 24 * 60  # minutes
    whole = [seen(f"30A1234{n % 10}", -n * days) for n in range(12)]
    store.add([*whole[::2], *whole[1::2], seen("29B99999")])
    found: list[Passage] = []
    after = None
    while not found or after:
        page = store.find(SearchTerms(("30A1*",), limit=5, after=after))
        found += [s.passage for s in page.sightings]
        after = page.next
    assert found == whole
    assert texts(store, "*2341") == ["30A12341"] * 2
    span = {"start": whole[7].at, "end": whole[3].at}
    assert texts(store, "30A?234*", **span) == [p.text for p in whole[4:8]]


def test_several_texts_are_asked_for_at_once(store: SightingStore) -> None:
    store.add([seen("29AA12345", 1), seen("29A12345", 2), seen("29A612345", 3)])
    assert texts(store, "29AA12345", "29A12345") == ["29A12345", "29AA12345"]


def test_candidates_count_only_when_they_are_asked_for(store: SightingStore) -> None:
    store.add([seen("30A12345", candidates=(("30A12345", 0.7), ("30A12346", 0.2)))])
    assert texts(store, "30A12346") == []
    answer = store.find(SearchTerms(("30A12346",), candidates=True)).sightings
    assert [(s.passage.text, s.match, s.likelihood) for s in answer] == [
        ("30A12345", "candidate", 0.2)
    ]
    own = store.find(SearchTerms(("30A12345",), candidates=True)).sightings
    assert [(s.match, s.likelihood) for s in own] == [("exact", 0.7)]


def test_the_span_includes_its_start_and_not_its_end(store: SightingStore) -> None:
    store.add([seen("30A12345", minute) for minute in (0, 1, 2)])
    span = {"start": NOON, "end": NOON + timedelta(minutes=2)}
    answer = store.find(SearchTerms(("30A12345",), **span)).sightings
    assert [s.passage.at.minute for s in answer] == [1, 0]


def test_no_camera_finds_nothing_and_none_means_every_camera(store: SightingStore) -> None:
    store.add([seen("30A12345", camera="A"), seen("30A12345", camera="B")])
    assert len(texts(store, "*")) == 2
    assert len(texts(store, "*", cameras=frozenset({"A"}))) == 1
    assert texts(store, "*", cameras=frozenset()) == []


def test_pages_stay_whole_while_cameras_write(store: SightingStore) -> None:
    store.add([seen("30A12345", minute=i // 3, camera=f"C{i}") for i in range(10)])
    terms = SearchTerms(("*",), limit=4)
    ids: list[str] = []
    while True:
        page = store.find(terms)
        ids += [s.id for s in page.sightings]
        store.add([seen("29A99999", minute=100 + len(ids))])
        if page.next is None:
            break
        terms = replace(terms, after=page.next)
    assert len(ids) == len(set(ids)) == 10


def test_the_latest_time_of_each_camera_is_known(store: SightingStore) -> None:
    store.add([seen("A1", 1, "A"), seen("A2", 5, "A"), seen("B1", 3, "B")])
    assert {c: t.minute for c, t in store.latest().items()} == {"A": 5, "B": 3}


def test_sightings_of_a_span_are_counted_by_camera(store: SightingStore) -> None:
    minutes = {"A": (-1, 0, 0.5, 59.9, 60), "B": (30,), "D": (61,)}
    store.add([seen("A1", m, camera) for camera, times in minutes.items() for m in times])
    store.add([seen("", 59, "C", track="7"), FIRST, FINAL])
    hour = timedelta(hours=1)
    assert dict(store.count_by_camera(NOON, NOON + hour)) == {"A": 3, "B": 1, "C": 1, "C001": 1}
    assert dict(store.count_by_camera(NOON + 2 * hour, NOON + 3 * hour)) == {}


def test_the_sightings_of_texts_are_counted_where_the_other_terms_hold(
    store: SightingStore,
) -> None:
    store.add([seen("A1", m, camera) for camera in "AB" for m in (0, 1, 2)])
    store.add([seen("A2", 5, "A", candidates=(("A2", 0.6), ("A1", 0.3))), seen("A4", 6, "A")])
    texts = ("A1", "A2", "A3")
    assert store.count_by_text(SearchTerms(texts, limit=1)) == TextCounts({"A1": 6, "A2": 1})
    later = NOON + timedelta(minutes=1)
    there = SearchTerms(texts, start=later, cameras=frozenset("B"), candidates=True)
    assert store.count_by_text(there) == TextCounts({"A1": 2})
    many = tuple(f"B{number}" for number in range(6000))
    assert store.count_by_text(SearchTerms((*many, "A1"))) == TextCounts({"A1": 6})


@pytest.mark.parametrize(
    "terms",
    [
        {"texts": ()},
        {"texts": ("",)},
        {"texts": ("30a",)},
        {"texts": ("*",), "limit": 0},
        {"texts": ("*",), "start": NOON, "end": NOON},
    ],
)
def test_what_cannot_be_asked_is_refused(terms: dict) -> None:
    with pytest.raises(TermsError):
        SearchTerms(**terms)


_text = st.text("1A", max_size=4)
_minutes = st.sampled_from([0, 1, 2, 3, 4, 12 * 60, 12 * 60 + 1])  # of two months
_moments = st.builds(lambda minute, more: minute + more / 6e7, _minutes, st.integers(0, 1))
_passages = st.lists(
    st.builds(
        lambda text, minute, camera, others, track, lasted: seen(
            text,
            minute,
            camera,
            candidates=tuple((t, 0.5) for t in dict.fromkeys(others)),
            track=track,
            until=None if lasted is None else NOON + timedelta(minutes=minute + lasted),
        ),
        _text,
        _moments,
        st.sampled_from(["A", "B", "Cầu Giấy"]),
        st.lists(_text | st.text("1Đ€🚓", max_size=3), max_size=2),
        st.sampled_from([None, "1"]),
        st.none() | st.integers(0, 2),
    ),
    max_size=15,
)
_terms = st.builds(
    SearchTerms,
    texts=st.lists(st.text("1A?*", min_size=1, max_size=4), min_size=1, max_size=2).map(tuple),
    start=st.none() | st.sampled_from([0, 2]).map(lambda m: NOON + timedelta(minutes=m)),
    end=st.none() | st.sampled_from([3, 5, 12 * 60 + 1]).map(lambda m: NOON + timedelta(minutes=m)),
    cameras=st.none() | st.frozensets(st.sampled_from(["A", "B", "Cầu Giấy"])),
    candidates=st.booleans(),
    limit=st.integers(1, 6),
)


@pytest.mark.parametrize("kind", REAL)
@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_passages, st.lists(_terms, min_size=10, max_size=30))
def test_every_store_gives_the_same_answer(
    tmp_path: Path,
    server: Callable[[str], Server],
    kind: str,
    passages: list[Passage],
    questions: list[SearchTerms],
) -> None:
    memory = MemoryStore(passages)
    with empty_store(kind, tmp_path, server) as store:
        store.add(passages)
        assert store.count() == memory.count()
        assert store.latest() == memory.latest()
        for terms in questions:
            while True:
                page = store.find(terms)
                assert page == memory.find(terms)
                if page.next is None:
                    break
                terms = replace(terms, after=page.next)
