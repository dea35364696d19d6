"""A route as GPX 1.1 and KML 2.2, for other maps; what is inferred is named so.

Both languages stand in every name, as these files have one for all readers.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from lpr.plates import printed_form
from lpr.times import format_utc
from search.cameras import Camera, camera_name
from search.geometry import Point
from search.local_time import format_at
from search.papers.findings import Findings
from search.plain_text import format_percent, one_line
from search.route_formats import way_words
from search.route_table import LEAST_SHOWN
from search.sightings import Sighting
from search.spreadsheets import INCOMPLETE

GPX, KML = "http://www.topografix.com/GPX/1/1", "http://www.opengis.net/kml/2.2"
_GUESSED = "suy đoán, không ai thấy xe ở đó / inferred, nobody saw the vehicle there"
_FOLDERS = {
    "seen": "Đã nhìn thấy / Seen",
    "unsure": "Chưa chắc / Unsure",
    "inferred": "Suy đoán / Inferred",
    "doubtful": "Nghi vấn, không tính vào hành trình / Doubtful, not part of the route",
}
_NAMED = {"seen": "", "unsure": "chưa chắc / unsure: ", "doubtful": "nghi vấn / doubtful: "}
_STYLES = {"seen": "ffb45a1e", "unsure": "ff1ea0f0", "inferred": "99b45a1e", "doubtful": "ff808080"}
"""Of KML: alpha, blue, green, red."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A sighting on the map."""

    kind: str
    name: str
    text: str
    sighting: Sighting
    camera: Camera


@dataclass(frozen=True, slots=True)
class _Line:
    """A guessed way on the map."""

    name: str
    text: str
    points: tuple[Point, ...]


def route_to_gpx(findings: Findings) -> bytes:
    """Sightings as waypoints of the types `seen`, `unsure` and `doubtful`, guessed ways as tracks.

    A track has the type `inferred`, and its name says its probability.
    """
    root = Element("gpx", {"xmlns": GPX, "version": "1.1", "creator": "PlateTrail"})
    about = SubElement(root, "metadata")
    _text(about, "name", _title(findings))
    _text(about, "desc", _description(findings))
    _text(about, "time", format_utc(findings.asked.at))
    for mark in _marks(findings):
        point = SubElement(root, "wpt", _place(mark.camera.lon, mark.camera.lat))
        _text(point, "time", format_utc(mark.sighting.passage.at))
        _text(point, "name", mark.name)
        _text(point, "desc", mark.text)
        _text(point, "type", mark.kind)
    for line in _lines(findings):
        track = SubElement(root, "trk")
        _text(track, "name", line.name)
        _text(track, "desc", line.text)
        _text(track, "type", "inferred")
        segment = SubElement(track, "trkseg")
        for lon, lat in line.points:
            SubElement(segment, "trkpt", _place(lon, lat))
    return _written(root)


def _place(lon: float, lat: float) -> dict[str, str]:
    """As GPX has it, where a longitude is less than 180: that meridian is -180."""
    east = f"{lon:.6f}"
    return {"lat": f"{lat:.6f}", "lon": "-180.000000" if east == "180.000000" else east}


def route_to_kml(findings: Findings) -> bytes:
    """A folder each for what was seen, what is unsure, what is inferred and what is doubtful."""
    root = Element("kml", {"xmlns": KML})
    document = SubElement(root, "Document")
    _text(document, "name", _title(findings))
    _text(document, "description", _description(findings))
    for kind, colour in _STYLES.items():
        style = SubElement(document, "Style", {"id": kind})
        _text(SubElement(style, "IconStyle"), "color", colour)
        line = SubElement(style, "LineStyle")
        _text(line, "color", colour)
        _text(line, "width", "3")
    marks, lines = list(_marks(findings)), list(_lines(findings))
    for kind, name in _FOLDERS.items():
        folder = SubElement(document, "Folder")
        _text(folder, "name", name)
        for mark in marks:
            if mark.kind == kind:
                _placemark(folder, mark)
        for guess in lines if kind == "inferred" else ():
            place = SubElement(folder, "Placemark")
            _text(place, "name", guess.name)
            _text(place, "description", guess.text)
            _text(place, "styleUrl", "#inferred")
            drawn = SubElement(place, "LineString")
            _text(drawn, "tessellate", "1")
            _text(drawn, "coordinates", " ".join(f"{x:.6f},{y:.6f}" for x, y in guess.points))
    return _written(root)


def _placemark(folder: Element, mark: _Mark) -> None:
    place = SubElement(folder, "Placemark")
    _text(place, "name", mark.name)
    _text(place, "description", mark.text)
    _text(SubElement(place, "TimeStamp"), "when", format_utc(mark.sighting.passage.at))
    _text(place, "styleUrl", f"#{mark.kind}")
    point = SubElement(place, "Point")
    _text(point, "coordinates", f"{mark.camera.lon:.6f},{mark.camera.lat:.6f}")


def _marks(findings: Findings) -> Iterator[_Mark]:
    """Stops, then what is doubtful, as far as their cameras have places."""
    route = findings.route
    numbered: list[tuple[str, str, Sighting]] = [
        (f"{number}. ", "seen" if stop.match == "exact" else "unsure", stop)
        for number, stop in enumerate(route.stops, 1)
    ]
    for number, kind, sighting in numbered + [("", "doubtful", s) for s in route.doubtful]:
        seen = sighting.passage
        camera = findings.cameras.get(seen.camera)
        if camera is None:
            continue
        name = f"{number}{_NAMED[kind]}{camera_name(findings.cameras, seen.camera)}"
        said = [format_at(seen.at), f"camera {seen.camera}", f"đọc là / read as {seen.text}"]
        if kind != "seen":
            likely = format_percent(sighting.likelihood)
            said.append(f"khả năng {likely} là xe này / {likely} likely this vehicle")
        yield _Mark(kind, name, " · ".join(said), sighting, camera)


def _lines(findings: Findings) -> Iterator[_Line]:
    for leg in findings.route.legs:
        for rank, path in enumerate(leg.paths):
            if rank and path.probability < LEAST_SHOWN:
                continue
            percent = format_percent(path.probability)
            name = f"suy đoán / inferred {percent}: {leg.start + 1} - {leg.end + 1}"
            words = way_words(findings.names(path.way))
            yield _Line(name, f"{_GUESSED} · {words}", path.way.line)


def _title(findings: Findings) -> str:
    return f"PlateTrail {printed_form(findings.route.plate)}"


def _description(findings: Findings) -> str:
    route, asked = findings.route, findings.asked
    shown = [*route.stops, *route.doubtful]
    left_out = sum(s.passage.camera not in findings.cameras for s in shown)
    said = [INCOMPLETE] if route.is_partial else []
    said.append(f"{asked.who}: {asked.reason}")
    if route.by_hand:
        put_in = sum(route.by_hand.values())
        taken_out = len(route.by_hand) - put_in
        said.append(
            f"bằng tay: đưa vào {put_in}, bỏ ra {taken_out} / "
            f"by hand: {put_in} put in, {taken_out} taken out"
        )
    if left_out:
        said.append(
            f"{left_out} lượt của camera chưa đăng ký không có vị trí / "
            f"{left_out} sightings of cameras that nobody registered have no place"
        )
    return " | ".join(said)


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = one_line(text)


def _written(root: Element) -> bytes:
    ElementTree.indent(root)
    out = io.BytesIO()
    ElementTree.ElementTree(root).write(out, "utf-8", xml_declaration=True)
    return out.getvalue() + b"\n"
