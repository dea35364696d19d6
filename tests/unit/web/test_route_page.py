import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from search.pack.keys import FOLDER
from search.pack.verifying import verify_pack
from search.sightings import Sighting
from search.terms import SearchTerms
from tests.drive import small_jpeg
from web.testing import Office, passed

ASKED = "30A12345"


def route_of(office: Office, end: str = "/route", plate: str = ASKED) -> str:
    visitor = office.officer()
    response = visitor.get(visitor.asked(plate, candidates="y") + end)
    assert response.status_code == 200
    return response.text


def a_trip(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", 0), passed(ASKED, "C2", 2), passed(ASKED, "C3", 4)])


def test_the_timeline_tells_everything_without_a_map(office: Office) -> None:
    a_trip(office)
    page = route_of(office)
    places = [page.index(name) for name in ("Hàng Bài", "Tràng Tiền", "Đinh Lễ")]
    assert places == sorted(places)
    assert "3 điểm" in page
    assert "2 phút" in page
    assert "khoảng 2,1 km" in page
    assert "suy đoán: đường có khả năng nhất" in page


def test_an_impossible_leg_says_that_the_plate_may_be_false(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", 0), passed(ASKED, "C3", 0.1)])
    assert "không thể: có thể biển giả" in route_of(office)


def test_an_officer_takes_a_stop_out_and_puts_one_in(office: Office) -> None:
    a_trip(office)
    candidates = (("30A12346", 0.6), (ASKED, 0.3))
    office.store.add([passed("30A12346", "C1", 3.95, score=0.6, candidates=candidates)])
    visitor = office.officer()
    address = visitor.asked(ASKED, candidates="y") + "/route"
    ids = {s.passage.at.minute + s.passage.at.second / 60: s.id for s in everything(office)}

    def say(minute: float, what: str) -> str:
        answer = visitor.fill(address, sighting=ids[minute], **{"is": what})
        assert answer.status_code == 302
        return visitor.get(address).text

    page = say(2, "none")
    timeline, _, doubtful = page.partition("Nghi vấn")
    assert "2 điểm" in page
    assert "12:02:00" not in timeline
    assert "12:02:00" in doubtful
    assert "officer đã bỏ ra" in doubtful
    page = say(3.95, "stop")
    timeline, _, doubtful = page.partition("Nghi vấn")
    assert "3 điểm" in page
    assert "12:03:57" in timeline
    assert "officer đã đưa vào" in timeline
    rows = list(csv.DictReader(io.StringIO(visitor.get(f"{address}.csv").text.lstrip("\ufeff"))))
    assert [row["match"] for row in rows] == ["exact", "by hand", "exact"]
    collection = json.loads(visitor.get(f"{address}.geojson").text)
    assert [f["properties"].get("by_hand") for f in collection["features"][:3]] == [
        None,
        True,
        None,
    ]
    assert "bằng tay: đưa vào 1, bỏ ra 1" in visitor.get(f"{address}.kml").text
    for kind in ("pdf", "xlsx", "gpx"):
        assert visitor.get(f"{address}.{kind}").status_code == 200
    say(2, "")
    page = say(3.95, "")
    assert "3 điểm" in page
    assert "đã bỏ ra" not in page
    actions = [look.action for look in office.looks()]
    assert actions.count("remark") == 4


def test_a_remark_that_cannot_be_is_refused(office: Office) -> None:
    a_trip(office)
    visitor = office.officer()
    address = visitor.asked(ASKED) + "/route"
    for fields in ({"is": "x", "sighting": "a" * 32}, {"is": "stop", "sighting": "a"}, {}):
        assert visitor.fill(address, **fields).status_code == 400


def everything(office: Office) -> tuple[Sighting, ...]:
    return office.store.find(SearchTerms(("*",))).sightings


def test_a_parked_vehicle_begins_a_new_trip(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", 0), passed(ASKED, "C3", 60 * 9)])
    page = route_of(office)
    assert "xe đã đỗ: bắt đầu chuyến mới" in page
    assert "2 chuyến" in page
    assert "9 giờ" in page


def test_a_doubtful_reading_is_listed_apart(office: Office) -> None:
    a_trip(office)
    candidates = (("30A12346", 0.6), (ASKED, 0.3))
    office.store.add([passed("30A12346", "C1", 3.95, score=0.6, candidates=candidates)])
    timeline, line, doubtful = route_of(office).partition("Nghi vấn")
    assert line
    assert "12:03:57" not in timeline
    assert "12:03:57" in doubtful


def test_a_stop_that_was_read_otherwise_says_so(office: Office) -> None:
    candidates = (("30A12346", 0.6), (ASKED, 0.3))
    misread = passed("30A12346", "C2", 2, score=0.6, candidates=candidates)
    office.store.add([passed(ASKED, "C1", 0), misread, passed(ASKED, "C3", 4)])
    page = route_of(office)
    assert "3 điểm" in page
    assert "đọc là" in page
    assert "<mark>6</mark>" in page
    assert "có thể đã nhìn thấy: đọc khác" in page
    assert '"read": false' in page
    a_trip_of_sure_readings = route_of(office, plate="29B99999")
    assert "có thể đã nhìn thấy" not in a_trip_of_sure_readings


def test_without_a_sure_reading_the_page_says_so(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", 0, score=0.1)])
    page = route_of(office)
    assert "đủ chắc chắn để thành một điểm" in page
    assert "12:00:00" in page.partition("Nghi vấn")[2]


def test_the_map_gets_places_and_inferred_lines(office: Office) -> None:
    a_trip(office)
    found = re.search(r'id="trail">(.*?)</script>', route_of(office), re.DOTALL)
    assert found
    trail = json.loads(found[1])
    assert trail["stops"][0] == {
        "place": [105.85, 21.02],
        "time": 1795496400000,
        "read": True,
    }
    line = trail["legs"][0]["lines"][0]
    assert line["points"][0] == [105.85, 21.02]
    assert 0 < line["probability"] <= 1


def test_a_camera_that_nobody_registered_has_no_place(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", 0), passed(ASKED, "X9", 2)])
    page = route_of(office)
    assert "X9" in page
    assert '"place": null' in page


def test_a_route_of_several_plates_is_none(office: Office) -> None:
    visitor = office.officer()
    address = visitor.asked("30A?2345")
    page = visitor.get(address + "/route")
    assert page.status_code == 422
    assert "Hành trình cần biển số đầy đủ" in page.text
    assert visitor.get(address + "/route.csv").status_code == 404


def test_a_plate_that_was_not_seen_has_an_empty_route(office: Office) -> None:
    assert "Không nơi nào đọc được biển này" in route_of(office)


def test_a_long_route_shows_its_end_and_exports_the_whole(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", i) for i in range(320)])
    page = route_of(office)
    assert page.count("data-stop=") == 300
    assert "Ở đây chỉ có những điểm mới nhất" in page
    assert len(route_of(office, "/route.csv").splitlines()) == 321


def test_csv_has_stops_and_the_legs_that_lead_on(office: Office) -> None:
    a_trip(office)
    text = route_of(office, "/route.csv").lstrip("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["camera"] for line in lines] == ["C1", "C2", "C3"]
    assert (lines[0]["leg_seconds"], lines[0]["leg_verdict"]) == ("120.0", "ordinary")
    assert abs(int(lines[0]["leg_metres"]) - 1037) < 10
    assert lines[2]["leg_seconds"] == ""


def test_geojson_says_what_is_inferred(office: Office) -> None:
    a_trip(office)
    features = json.loads(route_of(office, "/route.geojson"))["features"]
    points = [f for f in features if f["geometry"]["type"] == "Point"]
    lines = [f for f in features if f["geometry"]["type"] == "LineString"]
    assert [p["properties"]["camera"] for p in points] == ["C1", "C2", "C3"]
    assert not any(p["properties"]["inferred"] for p in points)
    assert lines
    assert all(way["properties"]["inferred"] for way in lines)


def test_the_layers_of_the_map_are_our_own_roads_and_cameras(office: Office) -> None:
    visitor = office.officer()
    roads = visitor.get("/map/roads.geojson").json["features"]
    assert [f["properties"] for f in roads] == [
        {"name": "", "width": 3},
        {"name": "Tràng Tiền", "width": 1},
    ]
    cut = visitor.get("/map/roads.geojson?bounds=105.84,21.01,105.855,21.025").json["features"]
    assert [f["properties"]["name"] for f in cut] == ["Tràng Tiền"]
    assert visitor.get("/map/roads.geojson?bounds=here").status_code == 400
    cameras = visitor.get("/map/cameras.geojson").json["features"]
    assert cameras[0]["properties"]["name"] == "Hàng Bài"
    assert cameras[0]["geometry"]["coordinates"] == [105.85, 21.02]


@pytest.mark.parametrize(
    ("kind", "begins", "content_type"),
    [
        ("pdf", b"%PDF-", "application/pdf"),
        ("xlsx", b"PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("gpx", b"<?xml", "application/gpx+xml"),
        ("kml", b"<?xml", "application/vnd.google-earth.kml+xml"),
    ],
)
def test_the_page_offers_each_format_as_a_file(
    office: Office, kind: str, begins: bytes, content_type: str
) -> None:
    a_trip(office)
    visitor = office.officer()
    address = visitor.asked(ASKED) + "/route"
    assert f'href="{address}.{kind}"' in visitor.get(address).text
    response = visitor.get(f"{address}.{kind}")
    assert response.data.startswith(begins)
    assert response.content_type == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="route.{kind}"'
    look = office.looks()[0]
    assert (look.action, look.details["format"]) == ("export", kind)


def test_the_evidence_pack_is_signed_and_tells_who_looked_and_why(
    office: Office, tmp_path: Path
) -> None:
    frame = office.evidence.put(small_jpeg(1))
    office.store.add([passed(ASKED, "C1", 0, frame=frame), passed(ASKED, "C2", 2)])
    visitor = office.officer()
    address = visitor.asked(ASKED)
    assert f'href="{address}/evidence.zip"' in visitor.get(f"{address}/route").text
    response = visitor.get(f"{address}/evidence.zip")
    assert response.content_type == "application/zip"
    assert "filename=evidence.zip" in response.headers["Content-Disposition"]
    file = tmp_path / "evidence.zip"
    file.write_bytes(response.data)
    manifest = verify_pack(file)
    assert f"pictures/{frame}.jpg" in [held.path for held in manifest.files]
    assert (office.parts.settings.data_dir / FOLDER / f"{manifest.key}.json").is_file()
    with zipfile.ZipFile(file) as archive:
        question = json.loads(archive.read("question.json"))
        looks = [json.loads(line) for line in archive.read("audit.ndjson").splitlines()]
    look = office.looks()[0]
    assert (question["who"], question["reason"]) == (look.who, look.reason)
    assert question["case_number"] == look.case_number
    assert question["typed"] == ASKED
    assert [(entry["action"], entry["details"]["format"]) for entry in looks[-2:]] == [
        ("route", "page"),
        ("export", "pack"),
    ]


def test_without_a_sighting_there_is_no_pack(office: Office) -> None:
    visitor = office.officer()
    address = visitor.asked(ASKED)
    assert "evidence.zip" not in visitor.get(f"{address}/route").text
    response = visitor.get(f"{address}/evidence.zip")
    assert response.status_code == 422
    assert "Không thể lập gói bằng chứng" in response.text
