import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lpr.passages import Passage
from lpr.times import format_utc
from search.devices import Device, add_device, list_devices
from search.ingest import Refusal, append_refusals
from search.intake.receiving import Receiving
from search.intake.refusals import NotTaken, note_refusals
from web.overview import SHOWN
from web.testing import NOON, PASSWORD, MemoryEvidence, Office, Visitor, away

HOUR = timedelta(hours=1)  # the office's clock is an hour after noon
SECOND = timedelta(seconds=1)
GOOD: dict[str, Any] = {
    "condition": "good",
    "fps": 24.96,
    "wanted_fps": 5.0,
    "decode_ms": 3.14,
    "look_ms": 41.6,
    "hour": 200,
    "hour_read": 190,
    "sharpness": 151.7,
    "darkness": 0.41,
    "clock_offset_s": 0.31,
}


class Nowhere:
    """A spool that nothing is put into."""

    def put_pictures(self, jpegs: object) -> None:
        raise AssertionError

    def append_all(self, lines: object) -> None:
        raise AssertionError


def device(office: Office, name: str, *cameras: str) -> Device:
    """A new device of some cameras."""
    add_device(office.parts.registry, name, cameras, NOON)
    return next(one for one in list_devices(office.parts.registry) if one.name == name)


def tells(
    office: Office, sender: Device, age: timedelta, *cameras: object, **state: object
) -> None:
    """A device says how its cameras are; that was so long ago."""
    at = office.now[0] - age
    folder, registry = office.parts.settings.data_dir, office.parts.registry
    receiving = Receiving(Nowhere(), folder, MemoryEvidence(), registry, lambda: at)
    health = {"at": format_utc(at - SECOND), "cameras": cameras}
    receiving.take_state(sender, {"at": format_utc(at), "waiting": 0, **state, "health": health})


def admin(office: Office, language: str = "vi") -> Visitor:
    visitor = office.visitor()
    visitor.sign_in("admin", PASSWORD)
    visitor.fill("/cameras", "/language", language=language)
    return visitor


def words_of(html: str) -> str:
    """What somebody reads of it, below the head of the page if it has one."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.rpartition("</header>")[2]).split())


def row(page: str, camera: str) -> str:
    """The words of a camera's row."""
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    (found,) = [one for one in rows if re.search(rf'class="ward">{camera}\b', one)]
    return words_of(found)


@pytest.fixture
def city(office: Office) -> Office:
    """C1 is good, C2 blind, C3 silent; C7 is down and not registered; passages were counted."""
    now = office.now[0]
    good = {**GOOD, "camera": "C1", "last_frame": format_utc(now - 3 * SECOND)}
    blind = {**GOOD, "camera": "C2", "condition": "blind", "troubles": ["covered", "clock"]}
    down = {"camera": "C7", "condition": "down", "trouble": "wrong-password", "message": "401"}
    tells(
        office,
        device(office, "phuong-1", "C1", "C2", "C7"),
        2 * SECOND,
        good,
        {**blind, "clock_offset_s": -40.24},
        {**down, "restarts": 2},
        waiting=412,
        oldest=format_utc(now - timedelta(minutes=3)),
        bytes=12_400_000,
        lost={"pictures": 7, "passages": 2},
    )
    tells(office, device(office, "phuong-2", "C3"), 2 * HOUR, {**GOOD, "camera": "C3"})
    for week in range(5):
        start = NOON - timedelta(weeks=week)
        count = 30 if week else 20
        office.store.add(
            [
                Passage("C1", start + i * SECOND, "30A12345", 0.9, f"{week}-{i}")
                for i in range(count)
            ]
        )
    return office


def test_the_page_says_how_each_camera_is_the_worst_first(city: Office) -> None:
    page = admin(city).get("/cameras").text
    assert re.findall(r'class="ward">(C\d)', page) == ["C7", "C3", "C2", "C1"]
    assert words_of(page).startswith(
        "Camera mất hình 1 mất liên lạc 1 không thấy rõ 1 tốt 1 Tình trạng lúc 13:00:00"
    )
    assert "C7 · chưa đăng ký mất hình sai tên đăng nhập hoặc mật khẩu 401" in row(page, "C7")
    assert "đã khởi động lại 2 lần" in row(page, "C7")
    assert "mất liên lạc từ 10:59:59 · 24/11/2026" in row(page, "C3")
    assert "24,96" not in row(page, "C3")
    assert "không thấy rõ ống kính bị che đồng hồ camera sai" in row(page, "C2")
    assert "nhanh 40,2 s" in row(page, "C2")


def test_a_good_camera_is_shown_with_all_that_is_known(city: Office) -> None:
    good = row(admin(city).get("/cameras").text, "C1")
    for words in (
        "Hàng Bài C1 · Cửa Nam tốt 3 giây trước",
        "25 / 5",
        "giải mã 3,1 ms, đọc 42 ms",
        "20 / 30",
        "95 %",
        "độ nét 152 độ tối 41 %",
        "chậm 0,3 s",
        "phuong-1 412 lượt xe đang chờ, lâu nhất đã 3 phút",
        "đã bỏ vì hết chỗ: 2 lượt xe, 7 ảnh",
    ):
        assert words in good


def test_stills_that_could_not_be_read_are_counted_and_not_named(office: Office) -> None:
    stills = {**GOOD, "camera": "C1", "refused": 3, "refused_for": "30A99999.jpg: damaged"}
    tells(office, device(office, "box", "C1"), SECOND, stills)
    page = admin(office).get("/cameras").text
    assert "3 ảnh không mở được" in row(page, "C1")
    assert "30A99999" not in page


def test_the_page_is_english_as_well(city: Office) -> None:
    page = admin(city, "en").get("/cameras").text
    assert "sees nothing something covers the lens its clock is wrong" in row(page, "C2")
    assert "no word since 10:59:59" in row(page, "C3")
    assert "decoded in 3.1 ms, read in 42 ms" in row(page, "C1")
    assert "412 passages wait, the oldest for 3 minutes" in row(page, "C1")
    assert "phuong-2 1 camera no word 2 hours ago 0 passages wait" in words_of(page)


def test_this_machine_s_own_cameras_are_shown_like_those_of_devices(office: Office) -> None:
    file = office.parts.settings.health_file
    said = {
        "at": format_utc(office.now[0] - SECOND),
        "machine": "trung-tam",
        "spool": {"waiting": 5},
        "cameras": [{**GOOD, "camera": "C1"}],
    }
    file.write_text(json.dumps(said))
    visitor = admin(office)
    assert "tốt" in row(visitor.get("/cameras").text, "C1")
    assert "trung-tam 5 lượt xe đang chờ" in row(visitor.get("/cameras").text, "C1")
    office.later(minutes=1)
    assert "mất liên lạc từ 12:59:59" in row(visitor.get("/cameras").text, "C1")


def test_a_camera_nobody_ever_told_of_says_so(office: Office) -> None:
    page = admin(office).get("/cameras").text
    assert "C3 · Hoàn Kiếm chưa có tin chưa có 0 / –" in row(page, "C3")
    assert "Chưa có máy nào theo dõi camera." in page
    assert "Mọi dữ liệu gửi đến đều đã được nhận." in page


def test_a_camera_with_unusually_few_vehicles_is_marked(city: Office) -> None:
    now = [NOON + 2 * HOUR]
    city.now[:] = now
    for week in range(1, 5):
        start = NOON + HOUR - timedelta(weeks=week)
        city.store.add([Passage("C1", start + i * SECOND, "", 0.1, f"n{i}") for i in range(40)])
    sender = next(d for d in list_devices(city.parts.registry) if d.name == "phuong-1")
    tells(city, sender, SECOND, {**GOOD, "camera": "C1"})
    page = admin(city).get("/cameras").text
    assert "ít xe bất thường" in row(page, "C1")
    assert "0 / 40" in row(page, "C1")


def test_what_was_not_taken_in_is_counted_and_shows_no_plate(office: Office) -> None:
    noted = NotTaken("phuong-1", "C2", "camera: the token of phuong-1 is not for camera C2", "30A1")
    for _ in range(3):
        note_refusals(office.parts.registry, [noted], office.now[0] - 5 * SECOND)
    reason = "text: expected A-Z and 0-9, at most 16, got '30A-999.99'"
    line = json.dumps({"camera": "C1", "text": "30A-999.99"})
    folder = office.parts.settings.data_dir
    append_refusals(folder / "refused.ndjson", [Refusal("passages-1.ndjson", 12, reason, line)] * 2)
    page = admin(office).get("/cameras").text
    words = words_of(page)
    assert "mã của thiết bị không dành cho camera này" in words
    assert "3 C2 phuong-1 5 giây trước" in words
    assert "2 C1 máy này passages-1.ndjson:12" in words
    assert "30A" not in page
    assert "999" not in page


def test_a_device_that_is_ill_does_not_make_the_page_endless(office: Office) -> None:
    noted = [
        NotTaken("box", f"X{i}", f"camera: X{i} is not registered at the centre")
        for i in range(150)
    ]
    note_refusals(office.parts.registry, noted, NOON)
    page = admin(office).get("/cameras").text
    assert page.count("camera chưa được đăng ký") == SHOWN


def test_what_a_machine_says_is_never_taken_for_markup(office: Office) -> None:
    evil = "<script>alert(1)</script>"
    down = {"camera": evil, "condition": "down", "message": evil, "troubles": ["never-seen"]}
    tells(office, device(office, evil, evil), SECOND, down)
    visitor = admin(office)
    page = visitor.get("/cameras").text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert "never-seen" in page
    assert visitor.get("/cameras.json").json["cameras"][0]["camera"] == evil


def test_json_has_what_the_page_shows(city: Office) -> None:
    answer = admin(city).get("/cameras.json").json
    assert [c["camera"] for c in answer["cameras"]] == ["C7", "C3", "C2", "C1"]
    good = answer["cameras"][-1]
    assert {key: good[key] for key in ("condition", "fps", "hour_passages", "usual_passages")} == {
        "condition": "good",
        "fps": 24.96,
        "hour_passages": 20,
        "usual_passages": 30.0,
    }
    assert good["last_frame"] == format_utc(city.now[0] - 3 * SECOND)
    silent = answer["cameras"][1]
    assert (silent["fps"], silent["heard"]) == (None, "2026-11-24T03:59:59.000Z")
    assert [(m["machine"], m["state"], m["waiting"]) for m in answer["machines"]] == [
        ("phuong-1", "watching", 412),
        ("phuong-2", "silent", 0),
    ]
    assert answer["refused"] == []


def test_while_the_store_is_away_the_rest_is_shown(
    make_office: Callable[..., Office],
) -> None:
    office = make_office(away)
    tells(office, device(office, "box", "C1"), SECOND, {**GOOD, "camera": "C1"})
    visitor = admin(office)
    page = visitor.get("/cameras").text
    assert "nên không đếm được lượt xe" in page
    assert "tốt" in row(page, "C1")
    assert visitor.get("/cameras.json").json["hour"] is None


def test_only_administrators_find_the_way_to_the_page(office: Office) -> None:
    link = 'href="/cameras"'
    assert link in admin(office).get("/reason").text
    assert link not in office.officer().get("/").text
