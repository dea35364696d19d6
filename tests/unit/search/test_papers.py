"""Routes as XLSX, GPX, KML and PDF: read back by other programs than those that wrote them."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lpr.passages import Passage
from search.evidence import FolderEvidence
from search.legs import Leg
from search.local_time import HANOI
from search.papers.findings import Asked, Findings, Language
from search.papers.formats import FORMATS
from search.papers.maps import GPX, KML
from search.papers.pdf import MOST_PRINTED
from search.papers.projection import projection_of, round_length
from search.papers.words import VIETNAMESE, Words
from search.roads.graph import RoadGraph
from search.routes import find_route
from search.sightings import Sighting
from search.terms import SearchTerms
from search.testing import HERE, MemoryStore, camera_at, street
from search.ways import CameraWays
from tests.drive import small_jpeg

ASKED, OTHER = "30A12345", "30A12346"
START = datetime(2026, 1, 31, 8, 15, 4, 200_000, UTC)
MADE = datetime(2026, 2, 1, 9, tzinfo=UTC)
ROADS = [
    street("west", (0, 0), (200, 0), called="Tràng Thi"),
    street("=short", (200, 0), (800, 0), called="=HYPERLINK(1)"),
    street("long", (200, 0), (200, 30), (800, 30), (800, 0), called="Hàng Khay"),
    street("east", (800, 0), (1000, 0)),
]
CAMERAS = [
    camera_at("C1", (100, 3), 90),
    replace(camera_at("C2", (900, 3), 90), name="=cmd|' /C calc'!A0 Đường Lê Duẩn"),
]
GPX_ORDER = {  # of https://www.topografix.com/GPX/1/1/gpx.xsd
    "gpx": ["metadata", "wpt", "rte", "trk", "extensions"],
    "metadata": ["name", "desc", "author", "copyright", "link", "time", "keywords", "bounds"],
    "wpt": [
        "ele",
        "time",
        "magvar",
        "geoidheight",
        "name",
        "cmt",
        "desc",
        "src",
        "link",
        "sym",
        "type",
    ],
    "trk": ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"],
    "trkseg": ["trkpt"],
}
KML_ORDER = {  # of https://schemas.opengis.net/kml/2.2.0/ogckml22.xsd
    "kml": ["Document"],
    "Document": ["name", "description", "Style", "Folder"],
    "Style": ["IconStyle", "LabelStyle", "LineStyle"],
    "LineStyle": ["color", "width"],
    "Folder": ["name", "description", "Placemark"],
    "Placemark": ["name", "description", "TimeStamp", "styleUrl", "Point", "LineString"],
    "LineString": ["extrude", "tessellate", "altitudeMode", "coordinates"],
}
_DEGREES = re.compile(r"-?\d{1,3}\.\d{6}")


def passage(camera: str, seconds: float, text: str = ASKED, **more: object) -> Passage:
    likely = ((text, 0.6), (ASKED, 0.3)) if text != ASKED else ()
    given = {"score": 0.6 if likely else 0.97, "candidates": likely} | more
    return Passage(camera, START + timedelta(seconds=seconds), text, **given)  # type: ignore[arg-type]


def findings(
    tmp_path: Path, *seen: Passage, language: Language = "vi", **changes: object
) -> Findings:
    ways = CameraWays(RoadGraph(ROADS), CAMERAS)
    terms = SearchTerms((ASKED,), START - timedelta(hours=1), None, candidates=True)
    route = find_route(MemoryStore(seen), terms, ways)
    asked = Asked("os:lan", "Điều tra vụ trộm <b>xe", "VA-12", MADE, language)
    cameras = {camera.id: camera for camera in CAMERAS}
    evidence = FolderEvidence(tmp_path / "evidence")
    return Findings(replace(route, **changes), cameras, ways.names, ROADS, evidence, asked)  # type: ignore[arg-type]


def a_trip(tmp_path: Path, **changes: object) -> Findings:
    """Two sure stops, one at a camera that nobody registered, and a doubtful sighting."""
    seen = [passage("C1", 0), passage("C2", 100), passage("X9", 400)]
    return findings(tmp_path, *seen, passage("C2", 3, OTHER), **changes)


def an_unsure_stop(tmp_path: Path, language: Language = "vi") -> Findings:
    whole = a_trip(tmp_path, language=language)
    first, second, third = whole.route.stops
    unsure = Sighting(second.id, replace(second.passage, text=OTHER), "candidate", 0.71)
    return replace(whole, route=replace(whole.route, stops=(first, unsure, third)))


def in_order(element: Element, order: dict[str, list[str]]) -> Iterator[str]:
    """Names of elements whose children do not stand as the schema wants."""
    name = element.tag.rpartition("}")[2]
    children = [child.tag.rpartition("}")[2] for child in element]
    wanted = order.get(name)
    if wanted is not None and (
        not set(children) <= set(wanted) or children != sorted(children, key=wanted.index)
    ):
        yield f"{name}: {children}"
    for child in element:
        yield from in_order(child, order)


def test_xlsx_has_dates_of_hanoi_with_utc_beside_below_a_frozen_header(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].write(a_trip(tmp_path))))
    sheet = book["Hành trình"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]][:4] == ["điểm", "giờ Hà Nội", "UTC", "camera"]
    assert sheet["B2"].is_date
    assert sheet["B2"].value == START.astimezone(HANOI).replace(tzinfo=None, microsecond=0)
    assert sheet["C2"].value == "2026-01-31T08:15:04.200Z"
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["C1", "C2", "X9"]
    assert (sheet["L2"].value, sheet["M2"].value) == (100, 800)
    assert 0 < sheet["Q2"].value < 1
    assert [cell.value for cell in book["Câu hỏi"]["B"]][3:] == [
        "os:lan",
        "Điều tra vụ trộm <b>xe",
        "VA-12",
        "2026-02-01T09:00:00.000Z",
    ]


def test_xlsx_marks_what_is_unsure_in_words_and_colour(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].write(an_unsure_stop(tmp_path))))
    sheet = book["Hành trình"]
    assert [row[8].value for row in sheet.iter_rows(min_row=2)] == [
        "chắc chắn",
        "chưa chắc",
        "chắc chắn",
    ]
    colours = [row[7].fill.fgColor.rgb for row in sheet.iter_rows(min_row=2)]
    assert colours[0] == colours[2] != colours[1]
    doubtful = book["Nghi vấn"]
    assert doubtful["H2"].value == OTHER
    assert doubtful["H2"].fill.fgColor.rgb == colours[1]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_cell_is_taken_for_a_formula(tmp_path: Path, kind: str) -> None:
    found = a_trip(tmp_path)
    found = replace(found, asked=replace(found.asked, reason="＝1+1", case_number="@SUM(1)\x07"))
    written = FORMATS[kind].write(found)
    if kind == "csv":
        text = written.decode()
        assert "'=cmd|" in text
        assert ",=" not in text
        return
    book = load_workbook(io.BytesIO(written))
    cells = [cell for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [c.value for c in cells if c.value.startswith(("=", "@", "＝"))]
    assert book["Hành trình"]["E3"].value == "'=cmd|' /C calc'!A0 Đường Lê Duẩn"
    assert book["Câu hỏi"]["B6"].value == "'@SUM(1) "


def test_gpx_holds_to_its_schema_and_names_what_is_unsure_and_inferred(tmp_path: Path) -> None:
    root = ElementTree.fromstring(FORMATS["gpx"].write(an_unsure_stop(tmp_path)))
    assert (root.tag, root.get("version")) == (f"{{{GPX}}}gpx", "1.1")
    assert list(in_order(root, GPX_ORDER)) == []
    points = root.findall(f"{{{GPX}}}wpt")
    assert [p.findtext(f"{{{GPX}}}type") for p in points] == ["seen", "unsure", "doubtful"]
    assert [p.findtext(f"{{{GPX}}}name", "").split(":")[0] for p in points][1:] == [
        "2. chưa chắc / unsure",
        "nghi vấn / doubtful",
    ]
    assert float(points[0].get("lat", "")) == pytest.approx(CAMERAS[0].lat, abs=1e-6)
    assert points[0].findtext(f"{{{GPX}}}time") == "2026-01-31T08:15:04.200Z"
    tracks = root.findall(f"{{{GPX}}}trk")
    assert [t.findtext(f"{{{GPX}}}name", "")[:20] for t in tracks] == ["suy đoán / inferred "] * 2
    assert all("%" in t.findtext(f"{{{GPX}}}name", "") for t in tracks)
    assert {t.findtext(f"{{{GPX}}}type") for t in tracks} == {"inferred"}
    assert all(len(t.findall(f".//{{{GPX}}}trkpt")) >= 2 for t in tracks)
    assert "1 sightings of cameras that nobody registered" in ElementTree.tostring(root, "unicode")


def test_kml_holds_to_its_schema_and_keeps_four_kinds_apart(tmp_path: Path) -> None:
    root = ElementTree.fromstring(FORMATS["kml"].write(an_unsure_stop(tmp_path)))
    assert root.tag == f"{{{KML}}}kml"
    assert list(in_order(root, KML_ORDER)) == []
    folders = root.findall(f".//{{{KML}}}Folder")
    assert [len(f.findall(f"{{{KML}}}Placemark")) for f in folders] == [1, 1, 2, 1]
    guess = folders[2].find(f"{{{KML}}}Placemark")
    assert guess is not None
    assert "inferred" in guess.findtext(f"{{{KML}}}name", "")
    line = guess.findtext(f".//{{{KML}}}coordinates", "").split()
    lon, lat = map(float, line[0].split(","))
    assert (lon, lat) == pytest.approx((CAMERAS[0].lon, HERE[1]), abs=1e-4)
    styles = {style.get("id") for style in root.findall(f".//{{{KML}}}Style")}
    assert {u.text for u in root.iter(f"{{{KML}}}styleUrl")} == {f"#{style}" for style in styles}


def test_a_place_on_the_date_line_is_one_that_gpx_knows(tmp_path: Path) -> None:
    found = a_trip(tmp_path)
    east = {name: replace(camera, lon=179.9999999) for name, camera in found.cameras.items()}
    root = ElementTree.fromstring(FORMATS["gpx"].write(replace(found, cameras=east)))
    lons = [point.get("lon") for point in root.findall(f"{{{GPX}}}wpt")]
    assert lons == ["-180.000000"] * 3  # the schema has them from -180 to below 180


def test_map_files_have_times_places_and_colours_as_their_schemas_want_them(tmp_path: Path) -> None:
    found = an_unsure_stop(tmp_path)
    gpx, kml = (ElementTree.fromstring(FORMATS[kind].write(found)) for kind in ("gpx", "kml"))
    times = [e.text for e in (*gpx.iter(f"{{{GPX}}}time"), *kml.iter(f"{{{KML}}}when"))]
    assert len(times) == 1 + 3 + 3
    assert all(re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}\.\d{3}Z", t or "") for t in times)
    places = [*gpx.iter(f"{{{GPX}}}wpt"), *gpx.iter(f"{{{GPX}}}trkpt")]
    assert all(_DEGREES.fullmatch(place.get(key, "")) for place in places for key in ("lat", "lon"))
    points = " ".join(e.text or "" for e in kml.iter(f"{{{KML}}}coordinates")).split()
    assert all(len([*filter(_DEGREES.fullmatch, point.split(","))]) == 2 for point in points)
    colours = [e.text or "" for e in kml.iter(f"{{{KML}}}color")]
    assert len(colours) == 8
    assert all(re.fullmatch("[0-9a-f]{8}", colour) for colour in colours)


@pytest.mark.parametrize("kind", ["gpx", "kml"])
def test_no_sign_that_xml_cannot_hold_breaks_a_map_file(tmp_path: Path, kind: str) -> None:
    found = a_trip(tmp_path)
    found = replace(found, asked=replace(found.asked, reason="a\0b\x0b\ud800 <&>]]>"))
    root = ElementTree.fromstring(FORMATS[kind].write(found))
    assert "os:lan: a b   <&>]]>" in "".join(root.itertext())


@pytest.mark.parametrize("kind", ["xlsx", "gpx", "kml", "pdf", "csv", "json", "geojson", "table"])
def test_a_route_that_lacks_stops_says_so_in_every_format(tmp_path: Path, kind: str) -> None:
    written = FORMATS[kind].write(a_trip(tmp_path, is_partial=True))
    if kind == "xlsx":
        book = load_workbook(io.BytesIO(written))
        assert book["Hành trình"]["A2"].value.startswith("INCOMPLETE")
    elif kind == "pdf":
        assert "KHÔNG ĐẦY ĐỦ" in text_of(written)
    else:
        assert "incomplete" in written.decode().lower()


@pytest.mark.parametrize("kind", list(FORMATS))
def test_a_plate_that_nobody_saw_has_a_paper_in_every_format(tmp_path: Path, kind: str) -> None:
    assert FORMATS[kind].write(findings(tmp_path))


def text_of(pdf: bytes) -> str:
    """The words in their order, wherever lines end."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(word for page in pages for word in page.extract_text().split())


def test_pdf_tells_question_and_timeline_in_vietnamese(tmp_path: Path) -> None:
    pdf = FORMATS["pdf"].write(an_unsure_stop(tmp_path))
    text = text_of(pdf)
    for said in (
        "Hành trình phương tiện",
        "30A-123.45",
        "từ 14:15:04 · 31/01/2026 (2026-01-31T07:15:04.200Z) trở đi",
        "os:lan",
        "Điều tra vụ trộm <b>xe",
        "VA-12",
        "16:00:00 · 01/02/2026 (2026-02-01T09:00:00.000Z)",
        "15:15:04 · 31/01/2026",
        "2026-01-31T08:15:04.200Z",
        "suy đoán: không ai thấy xe ở đó; nhạt hơn là kém chắc hơn",
        "suy đoán, ",
        "Hàng Khay",
        "chưa chắc: khả năng 71 % là xe này",
        "Nghi vấn: có thể là xe này, không tính vào hành trình",
        "Nét đứt và những gì ghi là suy đoán chỉ là phỏng đoán",
        "không lưu ảnh",
        "trang 1 / 2",
    ):
        assert said in text, said
    fonts = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    embedded = [f.get_object() for f in fonts]
    assert all("/FontFile2" in f["/FontDescriptor"] for f in embedded if "DejaVu" in f["/BaseFont"])
    assert any("DejaVuSans" in f["/BaseFont"] for f in embedded)


def test_pdf_speaks_english_when_asked_to(tmp_path: Path) -> None:
    pdf = FORMATS["pdf"].write(an_unsure_stop(tmp_path, "en"))
    text = text_of(pdf)
    assert "unsure: 71 % likely this vehicle" in text
    assert "page 1 of " in text
    assert "trang" not in text


def test_pdf_draws_guessed_ways_dashed_and_no_map_without_a_place(
    tmp_path: Path,
) -> None:
    page = PdfReader(io.BytesIO(FORMATS["pdf"].write(a_trip(tmp_path)))).pages[0]
    contents = page.get_contents()
    assert contents is not None
    assert b"[4.5 2.5] 0 d" in contents.get_data()
    lost = replace(a_trip(tmp_path), cameras={})
    assert "Không điểm nào có vị trí: không có bản đồ." in text_of(FORMATS["pdf"].write(lost))


def test_pdf_shows_pictures_and_names_those_that_are_gone_or_damaged(tmp_path: Path) -> None:
    evidence = FolderEvidence(tmp_path / "evidence")
    kept, damaged = evidence.put(small_jpeg(1)), evidence.put(b"no picture")
    first = passage("C1", 0, frame=kept, crop=evidence.put(small_jpeg(2)))
    second = passage("C2", 100, frame="0" * 64, crop=damaged)
    pdf = FORMATS["pdf"].write(findings(tmp_path, first, second))
    reader = PdfReader(io.BytesIO(pdf))
    assert sum(len(page.images) for page in reader.pages) == 2
    assert text_of(pdf).count("ảnh không còn hoặc bị hỏng") == 2


def test_pdf_of_a_very_long_route_has_its_end_and_says_so(tmp_path: Path) -> None:
    whole = findings(tmp_path, passage("C1", 0))
    (stop,) = whole.route.stops
    count = MOST_PRINTED + 3
    legs = tuple(Leg(i, i + 1, 1.0, None, None, "gap") for i in range(count - 1))
    route = replace(whole.route, stops=(stop,) * count, legs=legs)
    text = text_of(FORMATS["pdf"].write(replace(whole, route=route)))
    assert f"Ở đây chỉ có {MOST_PRINTED} điểm mới nhất" in text


def test_every_sentence_fills_in_the_same_words_in_both_languages() -> None:
    fields = {
        "stops",
        "unsure",
        "trips",
        "km",
        "start",
        "end",
        "count",
        "percent",
        "time",
        "way",
        "page",
        "pages",
        "put",
        "taken",
    }
    values = {name: f"<{name}>" for name in fields}
    for english in VIETNAMESE:
        said = [Words(language)(english, **values) for language in ("vi", "en")]
        assert sorted(part for part in values.values() if part in said[0]) == sorted(
            part for part in values.values() if part in said[1]
        )
    assert Words("vi").distance(1234) == "1,2 km"
    assert Words("en").distance(1234) == "1.2 km"
    assert Words("en").duration(0) == "0 s"
    assert Words("vi").duration(90_061) == "1 ngày 1 giờ"


def test_a_projection_shows_all_places_true_to_scale_with_the_north_at_the_top() -> None:
    places = [(105.80, 21.00), (105.90, 21.02)]
    sheet = projection_of(places, (500.0, 400.0))
    (x1, y1), (x2, y2) = map(sheet.on_sheet, places)
    assert 0 < x1 < x2 < 500
    assert 0 < y1 < y2 < 400
    east, north = (x2 - x1) * sheet.metres, (y2 - y1) * sheet.metres
    assert east == pytest.approx(10_380, rel=0.01)
    assert north == pytest.approx(2_224, rel=0.01)
    assert [round_length(most) for most in (7.0, 49.9, 999.0, 1000.0)] == [5, 20, 500, 1000]


def test_one_place_alone_has_its_surroundings() -> None:
    sheet = projection_of([HERE], (500.0, 400.0))
    assert sheet.on_sheet(HERE) == (250, 200)
    assert 400 < 500 * sheet.metres < 700
