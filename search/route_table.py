"""A route as lines of text for people; pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from lpr.plates import printed_form
from search.cameras import Camera, camera_name
from search.legs import Leg, Verdict
from search.local_time import format_at
from search.plain_text import counted, format_percent, in_columns
from search.route_formats import Names, way_words
from search.routes import Route
from search.sightings import Sighting

_HEADER = ("stop", "time in Hanoi", "camera", "name", "read as", "score")
_INDENT = " " * 6
LEAST_SHOWN = 0.05  # probability of a further way; the JSON has them all
_VERDICTS: Mapping[Verdict, str] = {
    "ordinary": "ordinary",
    "slow": "slow: it stood or went round on the way",
    "fast": "fast: quicker than the limits allow",
    "impossible": "impossible: the plate may be false, or one of the readings is wrong",
    "gap": "gap: where it was in between is not known",
}
_PARKED = "parked: a new trip begins"


def route_to_table(route: Route, cameras: Mapping[str, Camera], names: Names) -> str:
    """Stops and legs in time order, then what is doubtful; what is inferred says so."""
    lines = [_title(route)]
    if route.is_partial:
        lines.append(
            "INCOMPLETE: a part of the store did not answer. Stops may be lacking, and what stands "
            "between two of them may be wrong."
        )
    if route.is_cut:
        lines.append("There are more sightings: only the newest are here; ask for a shorter span.")
    if route.stops:
        lines += ["", *_timeline(route, cameras, names)]
    if route.doubtful:
        lines += ["", "Doubtful: perhaps this vehicle, and not part of the route"]
        rows = [_cells("", sighting, cameras) for sighting in route.doubtful]
        likely = [f"{format_percent(s.likelihood)} likely" for s in route.doubtful]
        lines += in_columns([(*row, words) for row, words in zip(rows, likely, strict=True)])
    return "\n".join(lines) + "\n"


def _title(route: Route) -> str:
    plate = f"Plate {printed_form(route.plate)}, {_span(route.start, route.end)}"
    if not route.stops:
        seen = "no reading is sure enough to be a stop" if route.doubtful else "nobody saw it"
        if route.is_partial and not route.doubtful:
            seen = "it is not in the part of the store that answered"
        return f"{plate}: {seen}."
    counts = f"{counted(len(route.stops), 'stop')}, {counted(route.trips, 'trip')}"
    return f"{plate}: {counts}, about {_distance(route.metres)} in all"


def _timeline(route: Route, cameras: Mapping[str, Camera], names: Names) -> Iterator[str]:
    """A line for each stop, lines for each leg between them."""
    rows = [_cells(str(i), stop, cameras) for i, stop in enumerate(route.stops, 1)]
    header, *stops = in_columns([_HEADER, *rows])
    yield header
    for index, stop in enumerate(stops):
        yield stop
        if index < len(route.legs):
            yield from _leg_lines(route.legs[index], names)


def _leg_lines(leg: Leg, names: Names) -> Iterator[str]:
    usual = f" (usually {_duration(leg.usual_s)} at this hour)" if leg.usual_s else ""
    said = [_duration(leg.seconds) + usual]
    if leg.metres:
        said.append(_distance(leg.metres) + (" as the crow flies" if leg.is_straight else ""))
    if leg.kmh is not None and not leg.is_trip_break:
        said.append(f"{leg.kmh:.0f} km/h")
    said.append(_PARKED if leg.is_trip_break else _VERDICTS[leg.verdict])
    yield _INDENT + " · ".join(said)
    for path in leg.paths[:1] + tuple(p for p in leg.paths[1:] if p.probability >= LEAST_SHOWN):
        way = f"{way_words(names(path.way))}, {_distance(path.way.metres)}"
        yield f"{_INDENT}inferred, {format_percent(path.probability)}: {way}"


def _cells(number: str, sighting: Sighting, cameras: Mapping[str, Camera]) -> tuple[str, ...]:
    seen = sighting.passage
    name = camera_name(cameras, seen.camera)
    score = format_percent(seen.score)
    if number and sighting.match != "exact":
        score += f", {format_percent(sighting.likelihood)} likely this vehicle"
    return number, format_at(seen.at), seen.camera, name, seen.text, score


def _span(start: datetime | None, end: datetime | None) -> str:
    if start and end:
        return f"from {format_at(start)} to {format_at(end)}"
    if start:
        return f"from {format_at(start)} on"
    return f"before {format_at(end)}" if end else "at any time"


def _distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def _duration(seconds: float) -> str:
    """Its two largest units: `3 min 10 s`."""
    days, rest = divmod(round(seconds), 24 * 3600)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    units = ((days, "d"), (hours, "h"), (minutes, "min"), (left, "s"))
    said = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(said[:2]) or "0 s"
