import io
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from search.alerts.keeping import change_alert, find_alert, list_hits
from search.alerts.watch import Watch
from search.confusing import any_reader
from search.watchlists.entry import Entry, Watchlist
from search.watchlists.history import list_changes
from search.watchlists.keeping import list_entries, list_watchlists, save_entries, set_watchlist
from web.testing import NOON, PASSWORD, Office, Visitor, away, passed

LIST = "/watchlists/stolen"
UNTIL = NOON + timedelta(days=30)
ENTRY = Entry("stolen", "30A12345", "mất ở Hàng Bài", UNTIL, case="9/2026")
FILLED = {"plate": "51F-678.90", "reason": "mất cắp", "case": "17/2026", "until": "2026-12-31"}


def admin(office: Office) -> Visitor:
    visitor = office.visitor()
    visitor.sign_in("admin", PASSWORD)
    visitor.state("rà danh sách", "17/2026")
    return visitor


def saved(office: Office, *entries: Entry, name: str = "stolen", list_class: str = "") -> None:
    given = {(entry.list, entry.plate): entry for entry in entries}
    save_entries(office.parts.registry, given, {name: list_class}, "a test", NOON)


def words_of(page: TestResponse) -> str:
    """What somebody reads of it, below the head of the page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.text.rpartition("</header>")[2]).split())


def changers(registry: Engine) -> list[tuple[str, str, bool, bool]]:
    """Who changed which plate, and whether it was there before and after."""
    changes = list_changes(registry, "stolen")
    return [(c.who, c.plate, bool(c.before), bool(c.after)) for c in changes if c.who != "a test"]


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    return found[1]


def looked_at(visitor: Visitor, content: bytes, name: str = "a.csv") -> TestResponse:
    """The preview of a file."""
    token = token_of(visitor.get("/import/watchlists"))
    data = {"csrf_token": token, "file": (io.BytesIO(content), name)}
    return visitor.client.post("/import/watchlists", data=data)


def hidden(page: TestResponse) -> dict[str, str]:
    """What the form of a preview sends."""
    sent = r'type="hidden" name="(csrf_token|upload|last)" value="([^"]*)"'
    return dict(re.findall(sent, page.text))


def errors_of(page: TestResponse) -> list[str]:
    """What it says beside fields."""
    return re.findall(r'<p class="error"[^>]*>([^<]*)', page.text)


def confirmed(visitor: Visitor, preview: TestResponse) -> TestResponse:
    return visitor.client.post("/import/watchlists/save", data=hidden(preview))


def test_there_are_no_lists_at_first(office: Office) -> None:
    assert "Chưa có danh sách nào" in admin(office).get("/watchlists").text


def test_each_list_says_what_it_looks_for(office: Office) -> None:
    over = replace(ENTRY, plate="30A2", until=NOON)
    night = replace(ENTRY, plate="30A3", areas=("key",), hours="22:00-05:00", min_likelihood=0.8)
    saved(office, ENTRY, over, night, list_class="trộm")
    page = words_of(admin(office).get("/watchlists"))
    for words in (
        "stolen loại: trộm",
        "mức vừa",
        "2 1 hết hạn",
        "khi đọc đúng như vậy, chữ khác mà máy cho là có thể, khi máy đọc nhầm",
        "xác suất từ 30 % đến 80 %, tùy từng mục",
        "mọi nơi; một số mục chỉ ở: khu vực trọng điểm",
        "mọi giờ; một số mục chỉ trong: 22:00-05:00",
    ):
        assert words in page
    assert "30A" not in page


def test_a_list_that_cries_wolf_is_named(office: Office) -> None:
    registry = office.parts.registry
    plates = [f"30A1234{digit}" for digit in range(10)]
    saved(office, *(replace(ENTRY, plate=plate) for plate in plates))
    passages = [passed(plate, "C1", minute) for minute, plate in enumerate(plates)]
    office.store.add(passages)
    Watch(registry, any_reader(), office.parts.clock).look(office.store, passages)
    visitor = admin(office)
    assert "báo động giả" not in visitor.get("/watchlists").text
    for number in {hit.alert_id for hit in list_hits(registry)}:
        alert = find_alert(registry, number)
        assert alert
        change_alert(registry, alert, "rejected", "a test", "outdated", office.now[0])
    page = words_of(visitor.get("/watchlists"))
    assert "10 0 đã xác nhận · 10 bị bác bỏ Danh sách báo động giả" in page
    assert "danh sách đã cũ: 10" in words_of(visitor.get(LIST))
    office.later(days=31)
    visitor.state("rà danh sách")
    assert "báo động giả" not in visitor.get("/watchlists").text


@pytest.mark.parametrize("name", ["Xe mất cắp", "a/b", "..", "50%2F", "import", "a?b#c"])
def test_a_list_of_any_name_has_its_page(office: Office, name: str) -> None:
    saved(office, replace(ENTRY, list=name), name=name)
    visitor = admin(office)
    found = re.search(r'<td class="whole"><a href="([^"]+)"', visitor.get("/watchlists").text)
    assert found
    page = visitor.get(found[1])
    assert page.status_code == 200
    assert "30A-123.45" in page.text
    assert visitor.get(f"{found[1]}/settings").status_code == 200


def test_a_list_that_is_not_there_is_not_found(office: Office) -> None:
    visitor = admin(office)
    for page in ("", "/settings", "/new", "/test", "/history", "/entries.csv"):
        assert visitor.get(LIST + page).status_code == 404
    for page in ("", "/settings", "/new", "/test"):
        assert visitor.fill("/import/watchlists", LIST + page, off="30A1").status_code == 404
    assert office.looks() == []


def test_entries_are_shown_page_by_page_and_found_by_plate_and_case(office: Office) -> None:
    entries = [
        replace(ENTRY, plate=f"30A{10000 + number}", case=f"{number}/x") for number in range(60)
    ]
    saved(office, *entries, replace(ENTRY, plate="51F1", until=NOON))
    visitor = admin(office)
    page = visitor.get(LIST)
    assert "Các mục 60" in words_of(page)
    assert page.text.count('name="off"') == 50
    assert "Trang 1 / 2" in page.text
    second = visitor.fill(LIST, page="2")
    assert second.text.count('name="off"') == 10
    for page in ("0", "-1", "x", "9" * 5000):
        assert visitor.fill(LIST, page=page).status_code == 200
        assert visitor.get(f"{LIST}/history?page={page}").status_code == 200
    for typed in ("30A-100.59", "59/x"):
        found = visitor.fill(LIST, find=typed)
        assert "Các mục 1 " in words_of(found)
        assert "30A-100.59" in found.text
    assert "51F" in visitor.fill(LIST, state="over").text
    assert "Không có." in visitor.fill(LIST, state="taken off", find="x").text
    assert all(look.details["lists"] == ["stolen"] for look in office.looks())


def test_an_entry_is_taken_off_once(office: Office) -> None:
    saved(office, ENTRY)
    visitor, registry = admin(office), office.parts.registry
    assert "Đã gỡ" in visitor.fill(LIST, off="30A12345").text
    assert list_entries(registry) == {}
    assert changers(registry) == [("admin", "30A12345", True, False)]
    assert "30A-123.45" in visitor.fill(LIST, state="taken off").text
    again = visitor.fill(LIST, off="30A12345")
    assert again.status_code == 409
    assert "có người đã gỡ trước" in again.text
    assert {"list": "stolen", "taken off": "30A12345"} in [look.details for look in office.looks()]


def test_a_new_entry_says_at_once_where_it_was_seen_before(office: Office) -> None:
    saved(office, ENTRY)
    office.store.add([passed("51F67890", "C1", 0), passed("51F67890", "C2", 9)])
    office.store.add([passed("51F67890", "C3", -60 * 24 * 31)])  # too long ago
    visitor, registry = admin(office), office.parts.registry
    answer = visitor.fill(f"{LIST}/new", **FILLED)
    assert answer.status_code == 302
    assert "51F" not in answer.location
    page = visitor.get(answer.location)
    assert (
        "51F-678.90: 2 lượt ghi nhận trong 30 ngày trước, tại 2 camera. Đọc đúng như vậy: 2; "
        "có thể do đọc nhầm: 0;"
    ) in words_of(page)
    results = re.search(r'href="(/q/[^"]+)"', page.text)
    assert results
    assert "Tràng Tiền" in visitor.get(results[1]).text
    kept = list_entries(registry)["stolen", "51F67890"]
    assert (kept.reason, kept.case) == ("mất cắp", "17/2026")
    assert kept.until.isoformat() == "2026-12-31T17:00:00+00:00"
    assert changers(registry) == [("admin", "51F67890", False, True)]
    assert {"list": "stolen", "added": "51F67890"} in [look.details for look in office.looks()]


def test_an_entry_may_say_where_and_when_it_counts(office: Office) -> None:
    saved(office, ENTRY)
    more: dict[str, Any] = {"from": "2026-12-01", "areas": ["key", "route"], "hours": "22:00-05:00"}
    more |= {"min_likelihood": "0,8", "colour": "white", "kind": "car", "note": "xe con"}
    admin(office).fill(f"{LIST}/new", **FILLED, **more)
    kept = list_entries(office.parts.registry)["stolen", "51F67890"]
    assert kept.starts
    assert kept.starts.isoformat() == "2026-11-30T17:00:00+00:00"
    assert (kept.areas, kept.hours, kept.min_likelihood) == (("key", "route"), "22:00-05:00", 0.8)
    assert (kept.colour, kept.kind, kept.note) == ("white", "car", "xe con")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"plate": ""}, "Nhập biển số gồm 2 đến 12"),
        ({"plate": "30A-123.45"}, "Mỗi biển số chỉ có một lần"),
        ({"reason": " "}, "Ghi lý do theo dõi"),
        ({"case": ""}, "Ghi số vụ việc"),
        ({"until": ""}, "Ghi ngày cuối như 31/12/2026"),
        ({"until": "2026-11-23"}, "chưa qua"),
        ({"from": "2027-01-01"}, "không trước ngày đầu"),
        ({"hours": "25:00-26:00"}, "Ghi giờ như 22:00-05:00"),
        ({"min_likelihood": "7"}, "từ 0 đến 1"),
        ({"colour": "pink"}, "Chỉ có white"),
        ({"areas": "moon"}, "Chỉ có route"),
    ],
)
def test_what_cannot_be_put_on_a_list_is_said_beside_the_field(
    office: Office, wrong: dict[str, str], words: str
) -> None:
    saved(office, ENTRY)
    page = admin(office).fill(f"{LIST}/new", **{**FILLED, **wrong})
    assert page.status_code == 422
    assert [words in one for one in errors_of(page)] == [True]
    assert list(list_entries(office.parts.registry)) == [("stolen", "30A12345")]


def set_by(visitor: Visitor, last: str | None = None, **fields: Any) -> TestResponse:
    """The answer to new settings, sent as of a change, or as of what the page shows."""
    address = f"{LIST}/settings"
    shown = re.search(r'name="last" value="(\d+)"', visitor.get(address).text)
    assert shown
    return visitor.fill(address, last=last or shown[1], **fields)


def test_settings_that_somebody_else_changed_are_not_changed_unknowing(office: Office) -> None:
    saved(office, ENTRY)
    visitor, registry = admin(office), office.parts.registry
    set_watchlist(registry, "stolen", {"severity": "low"}, "a test", NOON)
    saved(office, ENTRY, replace(ENTRY, plate="51F1"))  # entries are another matter
    stale = set_by(visitor, last="1", severity="high")
    assert stale.status_code == 409
    assert "Người khác đã thay đổi các thiết lập này" in stale.text
    assert 'value="low" checked' in stale.text
    assert list_watchlists(registry)[0].severity == "low"
    assert set_by(visitor, severity="high").status_code == 302


def test_settings_are_changed_and_stand_in_the_history(office: Office) -> None:
    saved(office, ENTRY)
    visitor, registry = admin(office), office.parts.registry
    page = visitor.get(f"{LIST}/settings").text
    assert 'name="candidates" value="y" checked' in page
    fields: dict[str, Any] = {"owner": " Đội  1 ", "severity": "high", "similar": "y", "allow": "y"}
    fields |= {"cameras": ["C1"], "roles": ["admin", "officer"]}
    assert set_by(visitor, **fields).location == LIST
    assert list_watchlists(registry) == [
        Watchlist("stolen", "", "Đội 1", "high", False, True, True, ("C1",), ("admin", "officer"))
    ]
    assert changers(registry) == [("admin", "", True, True)]
    history = words_of(visitor.get(f"{LIST}/history"))
    assert "admin Chính danh sách thay đổi Người phụ trách: – → Đội 1" in history
    assert "Mức độ: mức vừa → mức cao" in history
    assert "Chữ khác mà máy cho là có thể: có → không" in history
    assert "Ai thấy cảnh báo: – → quản trị viên, cán bộ" in history
    assert "30A-123.45 mới Lý do: mất ở Hàng Bài Ngày cuối: 12:00:00 · 24/12/2026" in history


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"owner": "x" * 101}, "Tối đa 100 ký tự"),
        ({"severity": "x"}, "Hãy chọn một mức"),
        ({"cameras": "C9"}, "Không (còn) có camera này"),
        ({"roles": "auditor"}, "Hãy chọn trong các vai trò này"),
    ],
)
def test_what_cannot_be_set_is_said_beside_the_field(
    office: Office, wrong: dict[str, str], words: str
) -> None:
    saved(office, ENTRY)
    page = set_by(admin(office), **{"severity": "high", **wrong})
    assert page.status_code == 422
    assert [words in one for one in re.findall(r'<p class="error"[^>]*>([^<]*)', page.text)] == [
        True
    ]
    assert list_watchlists(office.parts.registry) == [Watchlist("stolen")]


def test_the_history_is_shown_page_by_page_newest_first(office: Office) -> None:
    saved(office, *(replace(ENTRY, plate=f"30A{10000 + number}") for number in range(55)))
    visitor = admin(office)
    first = visitor.get(f"{LIST}/history")
    assert "30A-100.54" in first.text
    assert "30A-100.00" not in first.text
    assert f"{LIST}/history?page=2" in first.text
    second = visitor.get(f"{LIST}/history?page=2")
    assert "30A-100.00" in second.text
    assert "page=3" not in second.text


def test_a_plate_is_tried_out(office: Office) -> None:
    saved(office, ENTRY, replace(ENTRY, plate="30A*", reason="mẫu"))
    set_watchlist(office.parts.registry, "stolen", {"similar": False}, "a test", NOON)
    office.store.add([passed("30A12345", "C1", 0)])
    visitor = admin(office)
    answer = visitor.fill(f"{LIST}/test", plate="30a 123.45")
    assert "30A" not in answer.location
    page = words_of(visitor.get(answer.location))
    assert "30A-123.45: 1 lượt ghi nhận trong 30 ngày trước, tại 1 camera" in page
    assert "danh sách này tính: khi đọc đúng như vậy, chữ khác mà máy cho là có thể" in page
    assert "30A-123.45 : mất ở Hàng Bài" in page
    assert "30A* : mẫu" in page
    assert office.looks()[0].details["texts"] == ["30A12345"]
    unseen = visitor.get(visitor.fill(f"{LIST}/test", plate="51F67890").location)
    assert "không có lượt ghi nhận nào" in unseen.text
    assert "Không có mục còn hiệu lực nào" in unseen.text
    assert visitor.fill(f"{LIST}/test", plate="3").status_code == 422


def test_a_list_is_changed_while_the_store_is_away(
    make_office: Callable[[Any], Office],
) -> None:
    office = make_office(away)
    saved(office, ENTRY)
    visitor = admin(office)
    page = visitor.get(visitor.fill(f"{LIST}/new", **FILLED).location)
    assert page.status_code == 200
    assert "chưa nói được xe đã được thấy ở đâu" in page.text
    assert ("stolen", "51F67890") in list_entries(office.parts.registry)


def test_what_is_exported_can_be_taken_in_again(office: Office) -> None:
    saved(office, ENTRY, list_class="trộm")
    visitor = admin(office)
    file = visitor.get(f"{LIST}/entries.csv")
    assert file.data.decode("utf-8-sig").splitlines()[1] == (
        "stolen,30A12345,mất ở Hàng Bài,2026-12-24T05:00:00.000Z,trộm,9/2026,,,,,,,"
    )
    assert office.looks()[0].action == "export"
    assert "như cũ 1" in words_of(looked_at(visitor, file.data))


HEADER = "Danh sách,Biển số,Lý do,Đến ngày,Số khung\n"


def test_a_file_is_looked_at_and_then_saved(office: Office) -> None:
    saved(office, ENTRY, replace(ENTRY, plate="30A9"))
    visitor, registry = admin(office), office.parts.registry
    rows = "stolen,30A-123.45,khác,31/12/2026,x\nstolen,51F*,tìm,31/12/2026,y\n"
    rows += "Mới,29A1,a,31/12/2026,\n"
    before = list_entries(registry)
    preview = looked_at(visitor, (HEADER + rows).encode())
    words = words_of(preview)
    for shown in (
        "mới 2 thay đổi 1 mất đi 1 như cũ 0 sai 0",
        "Biển số → Biển số",
        "Số khung → không nhập",
        "Mới : mới",
        "stolen : hiện có 2 mục",
        "51F* · stolen: tìm đến 31/12/2026",
        "30A-123.45 · stolen: Lý do: mất ở Hàng Bài → khác; Ngày cuối:",
        "30A9 · stolen: mất ở Hàng Bài",
    ):
        assert shown in words
    assert list_entries(registry) == before
    assert confirmed(visitor, preview).location == "/watchlists?saved=1"
    assert set(list_entries(registry)) == {
        ("Mới", "29A1"),
        ("stolen", "30A12345"),
        ("stolen", "51F*"),
    }
    assert {who for who, *_ in changers(registry)} == {"admin"}
    assert "Đã lưu." in visitor.get("/watchlists?saved=1").text
    assert "không còn được giữ" in confirmed(visitor, preview).text
    assert [look.action for look in office.looks()][:2] == ["listed", "watchlists"]


def test_a_file_with_a_wrong_row_says_which_and_cannot_be_saved(office: Office) -> None:
    visitor = admin(office)
    rows = "a,30A12345,x,31/12/2026,\na,30A1,x,31/02/2026,\n,30A2,x,31/12/2026,\n"
    preview = looked_at(visitor, (HEADER + rows).encode())
    words = words_of(preview)
    assert "2 dòng sai: không lưu được gì" in words
    assert "Dòng 3 · Ngày cuối: Ghi ngày cuối như 31/12/2026" in words
    assert "Dòng 4 · Danh sách: Ghi tên danh sách" in words
    assert "Lưu tất cả" not in words
    assert confirmed(visitor, preview).status_code == 422
    assert list_watchlists(office.parts.registry) == []


def test_what_was_changed_since_the_preview_is_shown_afresh(office: Office) -> None:
    saved(office, ENTRY)
    visitor, registry = admin(office), office.parts.registry
    preview = looked_at(visitor, (HEADER + "stolen,51F*,tìm,31/12/2026,\n").encode())
    assert "mới 1 thay đổi 0 mất đi 1" in words_of(preview)
    other = admin(office)
    other.fill(f"{LIST}/new", **FILLED)
    stale = confirmed(visitor, preview)
    assert stale.status_code == 409
    assert "đã bị sửa sau khi bạn xem" in stale.text
    assert "mới 1 thay đổi 0 mất đi 2" in words_of(stale)
    assert len(list_entries(registry)) == 2
    assert confirmed(visitor, stale).status_code == 302
    assert list(list_entries(registry)) == [("stolen", "51F*")]


def test_a_file_that_would_take_off_most_of_a_list_is_warned_of(office: Office) -> None:
    saved(office, *(replace(ENTRY, plate=f"30A{number}") for number in range(1, 5)))
    rows = "stolen,30A1,mất ở Hàng Bài,31/12/2026,\n"
    page = looked_at(admin(office), (HEADER + rows).encode())
    assert "stolen sẽ mất 3 trong 4 mục." in page.text


def test_a_spreadsheet_is_looked_at(office: Office) -> None:

    book, out = Workbook(), io.BytesIO()
    book.active.append(["list", "plate", "reason", "until"])
    book.active.append(["a", "30A12345", "x", "31/12/2026"])
    book.save(out)
    assert "30A-123.45 · a: x" in words_of(looked_at(admin(office), out.getvalue(), "a.xlsx"))


def test_a_spreadsheet_that_would_unpack_to_billions_of_cells_is_refused(office: Office) -> None:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["list", "plate", "reason", "until"])
    book.active.cell(row=1_048_576, column=16_384, value="x")
    book.save(out)
    assert len(out.getvalue()) < 10_000
    page = looked_at(admin(office), out.getvalue(), "a.xlsx")
    assert page.status_code == 422
    assert "it needs too much memory" in page.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "một tệp không rỗng"),
        (b"PK\x03\x04nonsense", "Không nhập được tệp này"),
        (b"list,plate\na,b\n", "the header lacks reason, until"),
    ],
)
def test_a_file_that_cannot_be_taken_in_says_why(
    office: Office, content: bytes, words: str
) -> None:
    page = looked_at(admin(office), content)
    assert page.status_code == 422
    assert words in page.text


def test_a_file_that_takes_too_long_to_be_read_again_is_not_saved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = admin(office)
    preview = looked_at(visitor, (HEADER + "a,30A12345,x,31/12/2026,\n").encode())
    monkeypatch.setattr("web.watchlists.tables_apart.MOST_S", 0.001)
    answer = confirmed(visitor, preview)
    assert answer.status_code == 422
    assert "was not read after" in answer.text
    assert list_watchlists(office.parts.registry) == []


def test_a_file_that_is_too_large_is_refused(office: Office) -> None:
    page = looked_at(admin(office), b"x" * 16_000_001)
    assert page.status_code == 413
    assert "tối đa 16 MB" in page.text
    assert not (office.parts.settings.data_dir / "uploads").exists()


def test_others_than_those_who_may_do_not_send_large_requests(office: Office) -> None:
    content = io.BytesIO(b"x" * 300_000)
    answer = office.officer().client.post("/import/watchlists", data={"file": (content, "a.csv")})
    assert answer.status_code == 403


def test_files_wait_on_the_disk_for_an_hour(office: Office) -> None:

    visitor = admin(office)
    preview = looked_at(visitor, (HEADER + "a,30A12345,x,31/12/2026,\n").encode())
    folder = office.parts.settings.data_dir / "uploads"
    (file,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    visitor.get("/import/watchlists")
    assert file.exists()
    os.utime(file, (file.stat().st_mtime - 3601,) * 2)
    visitor.get("/import/watchlists")
    assert not file.exists()
    answer = confirmed(visitor, preview)
    assert answer.status_code == 409
    assert "Tệp không còn được giữ" in answer.text
    assert list_watchlists(office.parts.registry) == []


def test_a_file_that_was_changed_on_the_disk_is_not_saved(office: Office) -> None:
    visitor = admin(office)
    preview = looked_at(visitor, (HEADER + "a,30A12345,x,31/12/2026,\n").encode())
    (file,) = (office.parts.settings.data_dir / "uploads").iterdir()
    file.write_bytes(file.read_bytes().replace(b"30A12345", b"30A54321"))
    assert confirmed(visitor, preview).status_code == 409
    assert list_entries(office.parts.registry) == {}
