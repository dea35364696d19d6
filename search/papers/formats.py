"""The formats of a route, each with what writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from search.papers.findings import Findings
from search.papers.maps import route_to_gpx, route_to_kml
from search.route_formats import route_to_csv, route_to_geojson, route_to_json
from search.route_table import route_to_table


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        write: makes the file.
        content_type: of it.
        is_text: whether a terminal can show it.
    """

    write: Callable[[Findings], bytes]
    content_type: str
    is_text: bool = True


def _xlsx(findings: Findings) -> bytes:
    from search.papers.sheet import route_to_xlsx  # takes its time, as does the next

    return route_to_xlsx(findings)


def _pdf(findings: Findings) -> bytes:
    from search.papers.pdf import route_to_pdf

    return route_to_pdf(findings)


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    "table": Format(lambda f: route_to_table(f.route, f.cameras, f.names).encode(), "text/plain"),
    "json": Format(lambda f: f"{route_to_json(f.route)}\n".encode(), "application/json"),
    "csv": Format(
        lambda f: route_to_csv(f.route, f.cameras, f.names).encode(), "text/csv; charset=utf-8"
    ),
    "geojson": Format(
        lambda f: f"{route_to_geojson(f.route, f.cameras)}\n".encode(), "application/geo+json"
    ),
    "gpx": Format(route_to_gpx, "application/gpx+xml"),
    "kml": Format(route_to_kml, "application/vnd.google-earth.kml+xml"),
    "xlsx": Format(_xlsx, _XLSX, is_text=False),
    "pdf": Format(_pdf, "application/pdf", is_text=False),
}
