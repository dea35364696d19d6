import pytest

from web.testing import Office, passed

WRITTEN = ("30A12345", "30A-123.45")


def test_no_plate_stands_in_any_address(office: Office) -> None:
    office.store.add([passed("30A12345", "C1", 0), passed("30A12345", "C2", 4)])
    visitor = office.officer()
    responses = [visitor.search("30A-123.45", candidates="y")]
    address = responses[0].location
    responses += [visitor.get(address + end) for end in ("", "/route")]
    responses.append(visitor.client.get("/?plate=30A12345"))
    signed_out = office.visitor()
    responses.append(signed_out.get("/passings?plate=30A12345"))
    for response in responses:
        assert not any(plate in (response.location or "") for plate in WRITTEN)
        links = [part.split('"')[0] for part in response.text.split('href="')[1:]]
        links += [part.split('"')[0] for part in response.text.split('src="')[1:]]
        assert not any(plate in link for plate in WRITTEN for link in links)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Hãy gõ một biển số"),
        ("---", "Hãy gõ một biển số"),
        ("3", "từ 2 đến 12 chữ và số"),
        ("30A1234567890", "từ 2 đến 12 chữ và số"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_box(office: Office, typed: str, said: str) -> None:
    response = office.officer().search(typed)
    assert response.status_code == 422
    assert said in response.text
    assert 'aria-invalid="true"' in response.text
    assert f'value="{typed}"' in response.text


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({}, "lúc bắt đầu hoặc lúc kết thúc"),
        ({"start": "yesterday"}, "Hãy viết thời gian như"),
        ({"end": "31/02/2026 10:00"}, "Hãy viết thời gian như"),
        ({"start": "2026-11-24T12:00", "end": "2026-11-24T12:00"}, "phải sau lúc bắt đầu"),
    ],
)
def test_a_span_that_cannot_be_is_said_beside_it(
    office: Office, span: dict[str, str], said: str
) -> None:
    response = office.officer().search("30A12345", "between", **span)
    assert response.status_code == 422
    assert said in response.text


def test_a_span_is_typed_in_the_time_of_hanoi(office: Office) -> None:
    office.store.add([passed("30A12345", "C1", 0), passed("30A12345", "C2", 1)])
    visitor = office.officer()
    address = visitor.asked("30A12345", "between", start="24/11/2026 12:00", end="2026-11-24T12:01")
    page = visitor.get(address)
    assert "12:00:00 · 24/11/2026" in page.text
    assert "12:01:00 · 24/11/2026" not in page.text


def test_an_unknown_camera_ward_or_span_is_refused(office: Office) -> None:
    visitor = office.officer()
    assert "Không (còn) có camera này" in visitor.search("30A12345", cameras=["C9"]).text
    assert "không có camera" in visitor.search("30A12345", ward="Nowhere").text
    assert visitor.search("30A12345", "always").status_code == 422


def test_a_ward_and_cameras_narrow_the_search(office: Office) -> None:
    office.store.add([passed("30A12345", camera, i) for i, camera in enumerate(("C1", "C2", "C3"))])
    visitor = office.officer()

    def cameras(**where: str | list[str]) -> set[str]:
        found = visitor.get(visitor.asked("30A12345", **where) + ".json").json
        return {sighting["camera"] for sighting in found}

    assert cameras() == {"C1", "C2", "C3"}
    assert cameras(ward="Hoàn Kiếm") == {"C2", "C3"}
    assert cameras(ward="Hoàn Kiếm", cameras=["C1", "C2"]) == {"C2"}
    assert cameras(cameras=["C1"]) == {"C1"}


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("30a 123.45", [["30A-123.45"], ["30A", "123.45"]]),
        ("29-AA 12345", [["29-AA", "123.45"]]),
        ("30A?2345", [["30A?2345"]]),
        ("TM1234", [["TM-12-34"], ["TM", "12-34"]]),
    ],
)
def test_the_plate_is_drawn_while_it_is_typed(
    office: Office, typed: str, rows: list[list[str]]
) -> None:
    drawn = office.officer().fill("/", "/preview", plate=typed, span="all").json
    assert [plate["rows"] for plate in drawn["plates"]] == rows
    assert drawn["doubt"] == ""


def test_the_preview_says_what_will_be_searched_and_what_is_doubtful(office: Office) -> None:
    visitor = office.officer()
    said = visitor.fill("/", "/preview", plate="13A12345", span="all", ward="Cửa Nam").json
    assert said["sentence"] == (
        "Biển 13A12345, đúng như máy đã đọc, mọi lúc, mọi camera của Cửa Nam."
    )
    assert "không tỉnh nào có mã đứng đầu này" in said["doubt"]
    assert office.looks() == []


def test_what_a_vietnamese_keyboard_makes_of_a_plate_is_found(office: Office) -> None:
    office.store.add([passed("29AA12345", "C1", 0)])
    visitor = office.officer()
    page = visitor.get(visitor.asked("29Â12345"))
    assert "12:00:00 · 24/11/2026" in page.text
