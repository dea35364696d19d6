"""What is regular of a vehicle, as lines for people and as JSON; pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lpr.plates import printed_form
from lpr.times import format_utc
from search.cameras import Camera, camera_name
from search.plain_text import counted, in_columns
from search.regular.finding import Regular
from search.regular.habits import DAY, Habit, Waypoint
from search.regular.nights import Place

_RARE = 1e-6  # findings by chance, under which nobody wants to know how many
_INDENT = " " * 6


def regular_to_json(regular: Regular) -> str:
    """One line, in the shape of docs/formats.md."""
    seen = regular.seen
    fields: dict[str, Any] = {
        "plate": seen.plate,
        "from": format_utc(seen.start) if seen.start else None,
        "to": format_utc(seen.end) if seen.end else None,
        "sightings": len(seen.stops),
        "trips": regular.trips,
        "days": len(regular.days),
        "seen_days": regular.seen_days,
        "habits": [_habit_fields(habit) for habit in regular.habits],
        "nights": {
            "count": regular.nights.count,
            "last": [_place_fields(place) for place in regular.nights.last],
            "first": [_place_fields(place) for place in regular.nights.first],
        },
    }
    marks = {"incomplete": seen.is_partial, "cut": seen.is_cut}
    fields |= {mark: True for mark, is_set in marks.items() if is_set}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def regular_to_table(regular: Regular, cameras: Mapping[str, Camera]) -> str:
    """Lines for people; where nothing is regular they say so."""
    lines = [_title(regular)]
    if regular.seen.is_partial:
        lines.append("INCOMPLETE: a part of the store did not answer, so days may be lacking.")
    if regular.seen.is_cut:
        lines.append("There are more sightings: only the newest count; ask for a shorter span.")
    if not regular.habits and regular.seen.stops:
        often = "No regular time: it passes no camera so often at one time of the day that it"
        lines += ["", often, "could not be chance."]
    for habit in regular.habits:
        lines += ["", *_habit_lines(habit, cameras)]
    lines += _night_lines(regular, cameras)
    return "\n".join(lines) + "\n"


def _title(regular: Regular) -> str:
    plate = f"Plate {printed_form(regular.seen.plate)}, "
    plate += f"{regular.days[0]:%d/%m/%Y} to {regular.days[-1]:%d/%m/%Y}"
    if not regular.seen.stops:
        return f"{plate}: {'no reading is sure enough' if regular.seen.doubtful else 'not seen'}"
    seen = f"{counted(len(regular.seen.stops), 'sighting')}, {counted(regular.trips, 'trip')}"
    return f"{plate}: {seen}, on {regular.seen_days} of {len(regular.days)} days"


def _habit_lines(habit: Habit, cameras: Mapping[str, Camera]) -> Iterator[str]:
    told = next(point for point in habit.way if point.camera == habit.camera)
    span = f"between {_clock(told.earliest)} and {_clock(told.latest)}"
    name = _named(habit.camera, cameras)
    yield f"{habit.kind}, {habit.days} of {habit.of} days: {name} {span}{_ends(habit.way)}"
    yield from in_columns([_cells(point, cameras) for point in habit.way])
    yield f"{_INDENT}{_by_chance(habit.by_chance)}"


def _ends(way: Sequence[Waypoint]) -> str:
    return f", from {way[0].camera} towards {way[-1].camera}" if len(way) > 1 else ""


def _cells(point: Waypoint, cameras: Mapping[str, Camera]) -> tuple[str, ...]:
    span = f"{_clock(point.earliest)} to {_clock(point.latest)}"
    name = camera_name(cameras, point.camera)
    days, middle = counted(point.days, "day"), f"half of them by {_clock(point.middle)}"
    return _INDENT + point.camera, name, days, span, middle


def _night_lines(regular: Regular, cameras: Mapping[str, Camera]) -> Iterator[str]:
    nights = regular.nights
    if not nights.count:
        return
    yield ""
    yield f"Over night, {counted(nights.count, 'night')} between two trips; nobody saw it parked"
    for words, places in (("last seen by", nights.last), ("first seen by", nights.first)):
        said = [f"{_named(p.camera, cameras)} {p.nights} of {nights.count}" for p in places]
        yield f"{_INDENT}{words}: {', '.join(said) or 'no camera that is usual'}"


def _named(camera: str, cameras: Mapping[str, Camera]) -> str:
    name = camera_name(cameras, camera)
    return camera if name == camera else f"{camera} {name}"


def _by_chance(by_chance: float) -> str:
    if by_chance < _RARE:
        return "by chance: less than once in a million vehicles without habits"
    return f"by chance: once in {1 / by_chance:,.0f} vehicles without habits"


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes % DAY, 60)
    return f"{hours:02}:{rest:02}"


def _habit_fields(habit: Habit) -> dict[str, Any]:
    return {
        "on": habit.kind,
        "camera": habit.camera,
        "days": habit.days,
        "of": habit.of,
        "way": [
            {
                "camera": point.camera,
                "days": point.days,
                "earliest": _clock(point.earliest),
                "middle": _clock(point.middle),
                "latest": _clock(point.latest),
            }
            for point in habit.way
        ],
        "by_chance": _short(habit.by_chance),
    }


def _place_fields(place: Place) -> dict[str, Any]:
    return asdict(place) | {"by_chance": _short(place.by_chance)}


def _short(number: float) -> float:
    return float(f"{number:.3g}")
