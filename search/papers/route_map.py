"""The map of a route as vectors: roads thin and grey, sure stops solid, guessed ways dashed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from search.geometry import Point, in_box
from search.legs import Path
from search.papers.findings import Findings
from search.papers.map_marks import (
    DASH,
    DOT_RADIUS,
    PAPER,
    ROAD,
    Area,
    draw_dot,
    draw_label,
    draw_north,
    draw_scale,
    guess_colour,
)
from search.papers.projection import Projection, projection_of
from search.papers.words import Words
from search.roads.road import Road
from search.route_table import LEAST_SHOWN

MOST_ROADS = 12_000  # on a sheet, the widest; more would be a grey stain
_WIDTHS = {"motorway": 1.6, "trunk": 1.6, "primary": 1.3, "secondary": 1.0, "tertiary": 0.8}
_NARROW = 0.35  # points, of any other road
_MOST_NUMBERS = 4  # of stops at one camera


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place where the vehicle was seen, once or several times; unsure numbers have a `?`."""

    place: Point
    numbers: tuple[str, ...]
    is_sure: bool

    @property
    def label(self) -> str:
        more = len(self.numbers) - _MOST_NUMBERS
        shown = ", ".join(self.numbers[:_MOST_NUMBERS])
        return f"{shown} +{more}" if more > 0 else shown


class RouteMap(Flowable):  # type: ignore[misc]  # reportlab is not typed
    """A map with scale bar and north.

    Args:
        findings: of which at least one stop has a place, see `has_map`.
        size: of the map, in points.
    """

    def __init__(self, findings: Findings, size: tuple[float, float]) -> None:
        super().__init__()
        self.width, self.height = size
        self._findings = findings
        self._spots = list(_spots(findings))
        self._paths = list(_paths(findings))
        places = [spot.place for spot in self._spots]
        places += [p for best, path in self._paths if best for p in path.way.line]
        self._projection = projection_of(places, size)

    def draw(self) -> None:
        """Draw it; reportlab calls this."""
        canvas, say = self.canv, Words(self._findings.asked.language)
        canvas.saveState()
        frame = canvas.beginPath()
        frame.rect(0, 0, self.width, self.height)
        canvas.setFillColor(HexColor(PAPER))
        canvas.clipPath(frame, stroke=0, fill=1)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        self._draw_roads()
        self._draw_ways()
        self._draw_spots()
        canvas.restoreState()
        canvas.setStrokeColor(HexColor(ROAD))
        canvas.setLineWidth(0.6)
        canvas.rect(0, 0, self.width, self.height)
        draw_scale(canvas, self._projection, say)
        draw_north(canvas, self.width, self.height, say)

    def _draw_roads(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(HexColor(ROAD))
        roads = _roads_in(self._findings.roads, self._projection)
        for width, group in groupby(roads, key=road_width):
            lines = canvas.beginPath()
            for road in group:
                _line(lines, road.points, self._projection)
            canvas.setLineWidth(width)
            canvas.drawPath(lines)

    def _draw_ways(self) -> None:
        """The surest ways last; what several share is drawn once, or dashes fill each other."""
        canvas, drawn = self.canv, set[frozenset[Point]]()
        pieces = []
        for is_best, path in sorted(self._paths, key=lambda p: (p[0], p[1].probability))[::-1]:
            line = canvas.beginPath()
            for run in _undrawn(path.way.line, drawn):
                _line(line, run, self._projection)
            pieces.append((line, is_best, path.probability))
        canvas.setLineCap(0)
        canvas.setDash(*DASH)
        for line, is_best, probability in reversed(pieces):
            canvas.setLineWidth(2.2 if is_best else 1.3)
            canvas.setStrokeColor(guess_colour(probability))
            canvas.drawPath(line)
        canvas.setDash()

    def _draw_spots(self) -> None:
        taken: list[Area] = []
        dots = [self._projection.on_sheet(spot.place) for spot in self._spots]
        for (x, y), spot in zip(dots, self._spots, strict=True):
            draw_dot(self.canv, x, y, spot.is_sure)
            taken.append((x - DOT_RADIUS, y - DOT_RADIUS, x + DOT_RADIUS, y + DOT_RADIUS))
        for (x, y), spot in zip(dots, self._spots, strict=True):
            taken.append(draw_label(self.canv, (x, y), spot.label, taken))


def has_map(findings: Findings) -> bool:
    """Whether a stop has a place."""
    return any(stop.passage.camera in findings.cameras for stop in findings.route.stops)


def road_width(road: Road) -> float:
    """Of its line on a sheet, in points."""
    return _WIDTHS.get(road.road_class.removesuffix("_link"), _NARROW)


def _spots(findings: Findings) -> Iterator[_Spot]:
    numbers: dict[Point, list[str]] = {}
    sure: set[Point] = set()
    for number, stop in enumerate(findings.route.stops, 1):
        camera = findings.cameras.get(stop.passage.camera)
        if camera is not None:
            place = camera.lon, camera.lat
            is_sure = stop.match == "exact"
            numbers.setdefault(place, []).append(f"{number}" if is_sure else f"{number}?")
            if is_sure:
                sure.add(place)
    for place, here in numbers.items():
        yield _Spot(place, tuple(here), place in sure)


def _paths(findings: Findings) -> Iterator[tuple[bool, Path]]:
    """The guessed ways worth drawing, and whether each is the best of its leg."""
    for leg in findings.route.legs:
        for rank, path in enumerate(leg.paths):
            if rank == 0 or path.probability >= LEAST_SHOWN:
                yield rank == 0, path


def _roads_in(roads: Iterable[Road], projection: Projection) -> list[Road]:
    """The roads that the sheet shows, narrow ones first."""
    box = projection.box
    inside = [road for road in roads if any(in_box(point, box) for point in road.points)]
    return sorted(inside, key=road_width)[-MOST_ROADS:]


def _undrawn(line: Sequence[Point], drawn: set[frozenset[Point]]) -> Iterator[list[Point]]:
    """The parts of a line that are not drawn yet; then they are."""
    run: list[Point] = []
    for piece in pairwise(line):
        if frozenset(piece) in drawn:
            if run:
                yield run
            run = []
            continue
        drawn.add(frozenset(piece))
        run = [*run, piece[1]] if run else list(piece)
    if run:
        yield run


def _line(path: PDFPathObject, points: Sequence[Point], projection: Projection) -> None:
    first, *others = (projection.on_sheet(point) for point in points)
    path.moveTo(*first)
    for place in others:
        path.lineTo(*place)
