import re

import pytest

from search.alerts.keeping import list_hits, list_steps
from search.alerts.watch import Watch
from search.confusing import any_reader
from search.watchlists.entry import Entry
from search.watchlists.keeping import save_entries, set_watchlist
from web.testing import NOON, Office, Visitor, passed


def raised(office: Office, *, text: str = "30A12345", minute: float = 0) -> str:
    """An alert of the plate 30A12345; its address."""
    entry = Entry("stolen", "30A12345", "taken at Hàng Bài", NOON.replace(year=2027), case="9/2026")
    registry = office.parts.registry
    save_entries(registry, {("stolen", entry.plate): entry}, {"stolen": ""}, "a test", NOON)
    crop = office.evidence.put(b"the crop")
    candidates = ((text, 0.6), ("30A12345", 0.3))
    passage = passed(text, "C1", minute, crop=crop, score=0.6, candidates=candidates)
    office.store.add([passage])
    Watch(registry, any_reader(), office.parts.clock).look(office.store, [passage])
    return f"/alerts/{list_hits(registry)[-1].alert_id}"


def judged(visitor: Visitor, address: str, version: str | None = None, **fields: str) -> int:
    page = visitor.get(address).text
    found = re.search(r'name="version" value="(\d+)"', page)
    shown = version or (found[1] if found else "")
    return visitor.fill(address, version=shown, **fields).status_code


def test_there_are_no_alerts_at_first(office: Office) -> None:
    assert "Không có." in office.officer().get("/alerts").text


def test_an_alert_is_a_possible_match_with_what_differs_marked(office: Office) -> None:
    address = raised(office, text="30A12346")
    visitor = office.officer()
    page = visitor.get("/alerts").text
    assert address in page
    assert "có thể trùng" in page
    assert "chưa ai xem" in page
    one = visitor.get(address).text
    assert "Có thể trùng" in one
    assert "30A-123.4<mark>6</mark>" in one
    assert "30A-123.4<mark>5</mark>" in one
    assert "taken at Hàng Bài" in one
    assert "9/2026" in one
    assert "Hàng Bài" in page


def test_the_alerts_of_a_list_are_shown_to_its_roles_only(office: Office) -> None:
    address = raised(office)
    visitor, registry = office.officer(), office.parts.registry
    set_watchlist(registry, "stolen", {"roles": ("admin", "traffic")}, "a test", NOON)
    assert address not in visitor.get("/alerts").text
    assert visitor.get(address).status_code == 404
    assert visitor.fill("/alerts", address, state="confirmed", version="1").status_code == 404
    set_watchlist(registry, "stolen", {"roles": ("officer",)}, "a test", NOON)
    assert address in visitor.get("/alerts").text


def test_the_crop_belongs_to_the_look_at_the_alert(office: Office) -> None:
    address = raised(office)
    visitor = office.officer()
    found = re.search(r'src="(/sightings/[0-9a-f]{32}/crop.jpg[^"]*)"', visitor.get(address).text)
    assert found
    assert visitor.get(found[1]).data == b"the crop"
    assert [look.action for look in office.looks()] == ["alerts"]


def test_whoever_opens_it_first_is_written_down_once(office: Office) -> None:
    address = raised(office)
    visitor = office.officer()
    visitor.get(address)
    visitor.get(address)
    steps = list_steps(office.parts.registry, address.rpartition("/")[2])
    assert [(step.who, step.state) for step in steps] == [("officer", "seen")]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "confirmed"}, "đã xác nhận"),
        ({"state": "passed on", "note": "Đội 1"}, "đã chuyển tiếp"),
        ({"state": "rejected", "why": "misread"}, "máy đọc nhầm: ảnh là biển khác"),
    ],
)
def test_an_alert_is_judged(office: Office, fields: dict[str, str], words: str) -> None:
    address = raised(office)
    visitor = office.officer()
    assert judged(visitor, address, **fields) == 302
    page = visitor.get(address).text
    assert words in page
    assert "Có thể trùng" not in page
    assert fields.get("note", "") in page
    assert office.looks()[1].action == "judged"


def test_what_somebody_else_changed_is_not_changed_unknowing(office: Office) -> None:
    address = raised(office)
    one, other = office.officer(), office.officer()
    assert judged(one, address, state="confirmed") == 302
    page = other.fill(address, version="2", state="rejected", why="misread")
    assert page.status_code == 409
    assert "Người khác đã thay đổi" in page.text
    steps = list_steps(office.parts.registry, address.rpartition("/")[2])
    assert [step.state for step in steps] == ["seen", "confirmed"]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "nonsense"},
        {"state": ""},
        {"state": "rejected"},
        {"state": "rejected", "why": "x"},
    ],
)
def test_what_cannot_be_is_refused(office: Office, fields: dict[str, str]) -> None:
    address = raised(office)
    assert judged(office.officer(), address, **fields) == 400


def test_what_is_done_stands_on_a_page_of_its_own(office: Office) -> None:
    address = raised(office)
    visitor = office.officer()
    judged(visitor, address, state="rejected", why="outdated")
    assert address not in visitor.get("/alerts").text
    assert address in visitor.get("/alerts?done=1").text


def test_an_alert_that_is_not_there_is_not_found(office: Office) -> None:
    assert office.officer().get(f"/alerts/{'a' * 32}").status_code == 404


def test_a_live_page_is_told_of_what_came_after_it_was_made(office: Office) -> None:
    visitor = office.officer()
    raised(office)
    stream = visitor.get("/alerts/events?after=0")
    chunks = iter(stream.response)
    told = [next(chunks), next(chunks)]
    assert [part if isinstance(part, str) else part.decode() for part in told] == [
        "retry: 1000\n\n",
        "id: 1\nevent: alerts\ndata: 1\n\n",
    ]
    stream.close()
    assert visitor.get("/alerts/newest").json == {"newest": 1}


def test_no_more_pages_are_live_than_leave_threads_for_others(office: Office) -> None:
    visitor = office.officer()
    most = office.parts.settings.web_threads // 2
    streams = [visitor.get("/alerts/events") for _ in range(most)]
    assert {stream.status_code for stream in streams} == {200}
    assert visitor.get("/alerts/events").status_code == 204
    streams[0].close()
    again = visitor.get("/alerts/events")
    assert again.status_code == 200
    for stream in (*streams, again):
        stream.close()
