"""What pages say, and how long they wait, while the store is away or answers in part."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from search.errors import PartialStoreError, StoreError
from search.sightings import Sighting
from search.store import Page
from search.terms import SearchTerms
from search.testing import MemoryStore
from web.answers import neighbours
from web.asking import AskedStore
from web.outages import Outage, Outages
from web.testing import NOON, PASSWORD, Office, Visitor, passed

ASKED = "30A12345"
PAUSE = timedelta(seconds=3)
AWAY, PART = "no answer in time", "not all of it answered"
SECOND = timedelta(seconds=1)
MakeOffice = Callable[[Callable[[], MemoryStore]], Office]


class Ill(MemoryStore):
    """A store that is away, or of which a part does not answer, as a test says."""

    is_away = is_partial = False
    asked = 0

    def find(self, terms: SearchTerms) -> Page:
        self._must_be_there()
        found = super().find(terms)
        return Page(found.sightings, found.next, self.is_partial)

    def get(self, sighting_id: str) -> Sighting | None:
        self._must_be_there()
        found = super().get(sighting_id)
        if found is None and self.is_partial:
            raise PartialStoreError(PART)
        return found

    def latest(self) -> Mapping[str, datetime]:
        self._must_be_there()
        if self.is_partial:
            raise PartialStoreError(PART)
        return super().latest()

    def count(self) -> int:
        self._must_be_there()
        return super().count()

    def _must_be_there(self) -> None:
        self.asked += 1
        if self.is_away:
            raise StoreError(AWAY)


@pytest.fixture
def ill() -> Ill:
    return Ill([passed(ASKED, "C1", 0), passed(ASKED, "C2", 2)])


@pytest.fixture
def office(make_office: MakeOffice, ill: Ill) -> Office:
    return make_office(lambda: ill)


@pytest.fixture
def now() -> list[datetime]:
    return [NOON]


@pytest.fixture
def outages(tmp_path: Path, now: list[datetime]) -> Outages:
    return Outages(tmp_path / "away.json", lambda: now[0], PAUSE)


def admin(office: Office) -> Visitor:
    visitor = office.visitor()
    visitor.sign_in("admin", PASSWORD)
    return visitor


def test_the_notice_says_since_when_and_what_can_be_done(office: Office, ill: Ill) -> None:
    officer = office.officer()
    address = officer.asked(ASKED)
    ill.is_away = True
    answer = officer.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Không trả lời từ 13:00:00 · 24/11/2026" in answer.text
    assert "Bạn đã hỏi: Biển 30A-123.45" in answer.text
    assert f'<a class="main" href="{address}">Hỏi lại</a>' in answer.text
    office.later(minutes=10)
    again = officer.get(address).text
    assert "Không trả lời từ 13:00:00" in again
    assert "hỏi lần cuối lúc 13:10:00" in again


def test_every_page_opens_and_says_it_until_the_store_answers(office: Office, ill: Ill) -> None:
    officer = office.officer()
    address = officer.asked(ASKED)
    notice = "Kho lượt ghi nhận không trả lời từ 13:00:00 · 24/11/2026."
    assert notice not in officer.get("/").text
    ill.is_away = True
    officer.get(address)
    for page in ("/", "/passings", "/reason"):
        assert notice in officer.get(page).text
    cameras = admin(office).get("/cameras").text
    assert notice in cameras
    assert AWAY in cameras
    assert admin(office).get("/cameras.json").json["store_away_since"] == "2026-11-24T06:00:00.000Z"
    ill.is_away = False
    office.later(seconds=10)
    assert "30A-123.45" in officer.get(address).text
    assert notice not in officer.get("/").text


@pytest.mark.parametrize("page", ["", "/route", ".csv", ".json", "/route.csv", "/route.geojson"])
def test_no_answer_is_never_an_empty_answer(office: Office, ill: Ill, page: str) -> None:
    officer = office.officer()
    address = officer.asked(ASKED)
    ill.is_away = True
    looks = len(office.looks())
    answer = officer.get(address + page)
    assert answer.status_code == 503
    assert "Content-Disposition" not in answer.headers
    assert len(office.looks()) == looks + 1, "what was asked is written down all the same"
    assert office.looks()[0].details["texts"] == [ASKED]


def test_a_program_that_asks_for_data_is_told_in_json(office: Office, ill: Ill) -> None:
    officer = office.officer()
    address = officer.asked(ASKED)
    ill.is_away = True
    answer = officer.get(address + ".json")
    assert (answer.status_code, answer.json["since"]) == (503, "2026-11-24T06:00:00.000Z")
    browser = officer.client.get(address + ".json", headers={"Accept": "text/html"})
    assert "Hỏi lại" in browser.text


def test_who_watches_the_store_is_told_and_asks_it_only_while_it_is_away(
    office: Office, ill: Ill
) -> None:
    watcher = office.visitor()
    asked = ill.asked
    assert watcher.get("/health/sightings").text == "ok\n"
    assert ill.asked == asked
    officer = office.officer()
    ill.is_away = True
    officer.get(officer.asked(ASKED))
    said = watcher.get("/health/sightings")
    assert (said.status_code, said.text) == (503, "no answer since 2026-11-24T06:00:00.000Z\n")
    ill.is_away = False
    office.later(seconds=10)
    assert watcher.get("/health/sightings").status_code == 200
    assert "không trả lời" not in officer.get("/").text


def test_while_the_store_is_away_one_question_in_each_pause_tries(
    outages: Outages, ill: Ill, now: list[datetime]
) -> None:
    ill.is_away = True
    store = AskedStore(lambda: ill, outages, lambda: now[0])
    for _ in range(10):
        with pytest.raises(StoreError, match=AWAY):
            store.count()
    assert ill.asked == 2
    now[0] += PAUSE
    for _ in range(10):
        with pytest.raises(StoreError, match=AWAY):
            store.count()
    assert ill.asked == 3
    assert outages.now() == Outage(NOON, NOON + PAUSE, AWAY, failed=3)


def test_one_answer_that_does_not_come_keeps_nobody_else_out(outages: Outages, ill: Ill) -> None:
    store = AskedStore(lambda: ill, outages, lambda: NOON)
    ill.is_away = True
    with pytest.raises(StoreError):
        store.count()
    ill.is_away = False
    assert outages.now() is not None
    assert store.count() == 2
    assert outages.now() is None


def test_other_processes_know_it_and_one_of_them_ends_it(
    tmp_path: Path, ill: Ill, now: list[datetime]
) -> None:
    ill.is_away = True
    first, second = (Outages(tmp_path / "away.json", lambda: now[0], PAUSE) for _ in range(2))
    for _ in range(2):
        with pytest.raises(StoreError):
            AskedStore(lambda: ill, first, lambda: now[0]).count()
    assert second.now() == Outage(NOON, NOON, AWAY, failed=2)
    with pytest.raises(StoreError):
        second.check()
    ill.is_away = False
    now[0] += PAUSE
    assert AskedStore(lambda: ill, second, lambda: now[0]).count() == 2
    assert first.now() is None


def test_while_one_tries_nobody_else_waits(outages: Outages, now: list[datetime]) -> None:
    outages.note(NOON, AWAY)
    outages.note(NOON, AWAY)
    now[0] += PAUSE
    outages.check()  # this one may try
    with pytest.raises(StoreError):
        outages.check()


def test_a_clock_that_was_set_back_keeps_nobody_out(outages: Outages, now: list[datetime]) -> None:
    outages.note(NOON, AWAY)
    outages.note(NOON, AWAY)
    now[0] -= timedelta(days=1)
    outages.check()


def test_a_file_that_is_damaged_keeps_nobody_out(outages: Outages, tmp_path: Path) -> None:
    (tmp_path / "away.json").write_text('{"since": ')
    outages.check()
    assert outages.now() is None
    outages.note(NOON, AWAY)
    assert outages.now() == Outage(NOON, NOON, AWAY, failed=1)


def test_a_disk_that_is_full_stops_no_page(tmp_path: Path, ill: Ill) -> None:
    ill.is_away = True
    nowhere = Outages(tmp_path / "missing" / "away.json", lambda: NOON, PAUSE)
    with pytest.raises(StoreError, match=AWAY):
        AskedStore(lambda: ill, nowhere, lambda: NOON).count()
    assert nowhere.now() is None


def test_a_question_that_takes_too_long_while_others_are_answered_is_no_outage(
    outages: Outages,
) -> None:
    class Slow(MemoryStore):
        def find(self, terms: SearchTerms) -> Page:
            store.count()  # of somebody else meanwhile
            raise StoreError(AWAY)

    store = AskedStore(Slow, outages, lambda: NOON)
    with pytest.raises(StoreError):
        store.find(SearchTerms(("*",)))
    assert outages.now() is None


def test_a_part_that_does_not_answer_is_no_outage(outages: Outages, ill: Ill) -> None:
    ill.is_partial = True
    with pytest.raises(PartialStoreError):
        AskedStore(lambda: ill, outages, lambda: NOON).latest()
    assert outages.now() is None


def test_a_store_that_was_away_at_the_start_is_opened_later(
    outages: Outages, ill: Ill, now: list[datetime]
) -> None:
    tries = []

    def opening() -> MemoryStore:
        tries.append(now[0])
        if len(tries) == 1:
            raise StoreError(AWAY)
        return ill

    store = AskedStore(opening, outages, lambda: now[0])
    with pytest.raises(StoreError):
        store.count()
    now[0] += PAUSE
    assert (store.count(), store.count(), tries) == (2, 2, [NOON, NOON + PAUSE])


def test_a_page_of_a_part_says_so(office: Office, ill: Ill) -> None:
    officer = office.officer()
    address = officer.asked(ASKED, candidates="y")
    incomplete = "Không đầy đủ: một phần kho không trả lời."
    for page in (address, f"{address}/route"):
        assert incomplete not in officer.get(page).text
    ill.is_partial = True
    for page in (address, f"{address}/route"):
        shown = officer.get(page).text
        assert incomplete in shown
        assert "30A-123.45" in shown
    passings = officer.fill("/passings", span="all").location
    assert incomplete in officer.get(passings).text


def test_nothing_found_in_a_part_is_not_nothing(office: Office, ill: Ill) -> None:
    officer = office.officer()
    other = officer.asked("29B54321")
    ill.is_partial = True
    page = officer.get(other).text
    assert "Không tìm thấy" not in page
    assert "phần còn lại chưa hỏi được" in page
    assert "Chưa nói được cho tới khi toàn bộ kho trả lời." in page
    route = officer.get(f"{other}/route").text
    assert "Biển này không có trong phần kho đã trả lời." in route
    assert "không được đọc ở đâu" not in route


def test_files_of_a_part_say_so(office: Office, ill: Ill) -> None:
    officer = office.officer()
    address = officer.asked(ASKED, candidates="y")
    whole = officer.get(f"{address}.json")
    assert whole.headers["Content-Disposition"] == 'attachment; filename="sightings.json"'
    ill.is_partial = True
    for name, page in (("sightings", address), ("route", f"{address}/route")):
        sheet = officer.get(f"{page}.csv")
        assert f'"incomplete-{name}.csv"' in sheet.headers["Content-Disposition"]
        lines = list(csv.reader(io.StringIO(sheet.text.lstrip("\ufeff"))))
        assert lines[1][0].startswith("INCOMPLETE: ")
        assert "KHÔNG ĐẦY ĐỦ" in lines[1][0]
        assert len(lines) == 4
    found = officer.get(f"{address}.json").json
    assert found == [{"incomplete": True}, *whole.json]
    assert officer.get(f"{address}/route.geojson").json["incomplete"] is True


def test_a_sighting_that_is_there_opens_though_its_neighbours_may_be_lacking(
    office: Office, ill: Ill
) -> None:
    officer = office.officer()
    question = officer.asked(ASKED)
    ill.is_partial = True
    first = passed(ASKED, "C1", 0)
    shown = officer.get(f"/sightings/{first.id}?q={question.removeprefix('/q/')}").text
    assert "Có thể bỏ sót các lượt ghi nhận mới hơn và cũ hơn." in shown
    missing = officer.get(f"/sightings/{'a' * 32}")
    assert missing.status_code == 503
    assert "Một phần kho lượt ghi nhận không trả lời" in missing.text


def test_a_store_in_part_is_asked_twice_for_newer_ones_however_far_they_are(ill: Ill) -> None:
    ill.is_partial = True
    terms = SearchTerms((ASKED,), end=NOON + timedelta(days=400))
    (oldest,) = ill.find(SearchTerms((ASKED,), end=NOON + SECOND)).sightings
    asked = ill.asked
    beside = neighbours(ill, terms, oldest, NOON)
    assert (beside.newer, beside.is_partial) == (passed(ASKED, "C2", 2).id, True)
    assert ill.asked == asked + 3, "once for older ones"
