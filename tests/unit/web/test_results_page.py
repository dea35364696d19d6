import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lpr.passages import Passage
from search.store import Page
from search.terms import SearchTerms
from web.answers import Neighbours, exact_page, neighbours, parse_cursor, possible_page
from web.exports import sightings_csv
from web.testing import NOON, Office, away, passed

ASKED = "30A12345"


def doubted(minute: float, camera: str = "C2", probability: float = 0.31) -> Passage:
    candidates = (("30A12346", 0.6), (ASKED, probability))
    return passed("30A12346", camera, minute, score=0.6, candidates=candidates)


def test_exact_ones_come_first_then_possible_ones_under_a_line(office: Office) -> None:
    office.store.add([doubted(5), passed(ASKED, "C1", 0)])
    visitor = office.officer()
    page = visitor.get(visitor.asked(ASKED, candidates="y")).text
    exact, line, possible = page.partition("khả năng cao nhất đứng trước")
    assert line
    assert "12:00:00 · 24/11/2026" in exact
    assert "97 % " in exact
    assert "gần như chắc chắn" in exact
    assert "12:05:00 · 24/11/2026" in possible
    assert "30A-123.4<mark>6</mark>" in possible
    assert "98 %" in possible  # the text that was read is never seen otherwise
    assert "Tràng Tiền" in possible


def test_what_is_hardly_the_plate_is_not_shown_unless_the_reader_named_it(office: Office) -> None:
    office.store.add([passed("30A12346", "C1", i) for i in range(20)])
    office.store.add([doubted(30, probability=0.001)])
    visitor = office.officer()
    page = visitor.get(visitor.asked(ASKED, candidates="y")).text
    assert page.count("30A-123.4<mark>6</mark>") == 1
    assert "12:30:00 · 24/11/2026" in page


def test_a_page_has_the_most_probable_ones_and_says_that_there_are_more(office: Office) -> None:
    office.store.add([doubted(i) for i in range(120)])
    visitor = office.officer()
    address = visitor.asked(ASKED, candidates="y")
    page = visitor.get(address).text
    assert page.count("30A-123.4<mark>6</mark>") == 100
    assert "Còn nữa, khả năng thấp hơn" in page
    assert len(visitor.get(address + ".json").json) == 120


def test_possible_ones_are_not_shown_unless_they_are_asked_for(office: Office) -> None:
    office.store.add([doubted(5), passed(ASKED, "C1", 0)])
    visitor = office.officer()
    assert "30A-123.4<mark>6</mark>" not in visitor.get(visitor.asked(ASKED)).text


def test_pages_lead_to_older_ones_and_lose_none(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", i) for i in range(120)])
    office.store.add([doubted(i + 0.5) for i in range(70)])
    terms = SearchTerms(("*2345",), candidates=True)
    for page_of, count in ((exact_page, 120), (possible_page, 70)):
        found, after = [], None
        while True:
            page = page_of(office.store, terms, after)
            found += page.sightings
            after = page.next
            if after is None:
                break
        assert len(found) == len({s.id for s in found}) == count


def test_the_link_to_older_ones_opens_the_next_page(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", i) for i in range(60)])
    visitor = office.officer()
    first = visitor.get(visitor.asked(ASKED)).text
    link = first.split('class="more" rel="next" href="')[1].split('"')[0]
    second = visitor.get(link.replace("&amp;", "&")).text
    assert (first.count("data-row"), second.count("data-row")) == (50, 10)
    assert "12:09:00 · 24/11/2026" in second


def test_nothing_found_says_what_was_searched_and_how_far_each_camera_is(office: Office) -> None:
    office.store.add([passed("29B11111", "C1", 3)])
    visitor = office.officer()
    page = visitor.get(visitor.asked(ASKED, ward="Cửa Nam")).text
    assert "Không tìm thấy lượt ghi nhận nào" in page
    assert "Biển 30A-123.45, đúng như máy đã đọc, mọi lúc, mọi camera của Cửa Nam." in page
    assert "12:03:00 · 24/11/2026" in page
    assert "Hàng Bài" in page
    assert "Đinh Lễ" not in page
    assert "Tìm rộng hơn" in page
    assert "chưa có gì" in visitor.get(visitor.asked(ASKED)).text


def test_the_wider_search_finds_what_was_outside(office: Office) -> None:
    office.store.add([doubted(-60 * 24 * 400)])
    visitor = office.officer()
    address = visitor.asked(ASKED, "hour", ward="Cửa Nam")
    wider = visitor.fill(address, "/search", plate=ASKED, span="all", candidates="y")
    assert "30A-123.4<mark>6</mark>" in visitor.get(wider.location).text


def test_a_store_that_is_away_is_never_nothing_found(
    make_office: Callable[[Any], Office],
) -> None:
    visitor = make_office(away).officer()
    page = visitor.get(visitor.asked(ASKED))
    assert page.status_code == 503
    assert "Không tìm thấy" not in page.text


def test_an_address_that_nobody_asked_is_not_found(office: Office) -> None:
    assert office.officer().get(f"/q/{'A' * 22}").status_code == 404
    assert office.looks() == []


def test_csv_and_json_are_what_is_shown(office: Office) -> None:
    office.store.add([doubted(5), passed(ASKED, "C1", 0)])
    visitor = office.officer()
    address = visitor.asked(ASKED, candidates="y")
    lines = list(csv.DictReader(io.StringIO(visitor.get(address + ".csv").text.lstrip("\ufeff"))))
    assert [(line["text"], line["match"], line["camera_name"]) for line in lines] == [
        (ASKED, "exact", "Hàng Bài"),
        ("30A12346", "similar", "Tràng Tiền"),
    ]
    assert lines[0]["at"] == "2026-11-24T05:00:00.000Z"
    assert lines[0]["at_hanoi"] == "12:00:00 · 24/11/2026"
    fields = visitor.get(address + ".json").json
    assert [(f["id"], f["likelihood"]) for f in fields] == [
        (lines[0]["id"], 0.97),
        (lines[1]["id"], 0.9812),
    ]


def test_no_cell_of_a_spreadsheet_is_a_formula(office: Office) -> None:
    found = office.store
    found.add([passed(ASKED, "=HYPERLINK(1)", 0)])
    sighting = found.find(SearchTerms((ASKED,))).sightings[0]
    assert "'=HYPERLINK(1)" in sightings_csv(Page((sighting,)), {})


def test_neighbours_follow_the_time_across_equal_ones(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", m) for m in (0, 0.01, 30, 60 * 24 * 40)])
    office.store.add([passed(ASKED, c, 30) for c in ("C2", "C3")])
    office.store.add([passed("29B11111", "C1", 31)])
    terms = SearchTerms((ASKED,))
    ordered = office.store.find(terms).sightings
    assert len(ordered) == 6
    now = NOON + timedelta(days=50)
    for index, sighting in enumerate(ordered):
        newer = ordered[index - 1].id if index else None
        older = ordered[index + 1].id if index + 1 < len(ordered) else None
        assert neighbours(office.store, terms, sighting, now) == Neighbours(newer, older)


def test_a_cursor_that_is_none_begins_at_the_first_page() -> None:
    for text in ("", "x", "2026_" + "a" * 32, "2026-13-01T00:00:00Z_" + "a" * 32):
        assert parse_cursor(text) is None
