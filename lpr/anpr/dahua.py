"""How Dahua cameras speak: CGI. Pure, but for what it is handed to ask with.

The stream of events (`snapManager.cgi?action=attachFileProc`, "Subscribe to Snapshot" in "HTTP
API") has a part of text for each event, lines such as `Events[0].TrafficCar.PlateNumber=30A12345`,
and its pictures after it: one part for each, or all in one part, at places that the text names. The
fields are those of "[Event] TrafficJunction" in the same document.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

from lpr.anpr.events import UNSURE, Device, Event, Get, Role, Times, told
from lpr.anpr.multipart import Part
from lpr.anpr.times import times_in, times_of
from lpr.errors import EventError
from lpr.passages import Direction
from lpr.readings import Colour, Kind

NAME = "dahua"
HEARTBEAT_S = 2  # an event whose pictures are not counted is whole when the next part comes
STREAM = (
    "/cgi-bin/snapManager.cgi?action=attachFileProc&Flags[0]=Event&Events=[TrafficJunction]"
    f"&heartbeat={HEARTBEAT_S}"
)
SILENT_S = 15.0
_SYSTEM = "/cgi-bin/magicBox.cgi?action=getSystemInfo"
_VERSION = "/cgi-bin/magicBox.cgi?action=getSoftwareVersion"
_CLOCK = "/cgi-bin/global.cgi?action=getCurrentTime"
_PREFIXES = ("Events[0].", "ReturnEvents[0].")
_COLOURS: Mapping[str, Colour] = {
    "White": "white",
    "Yellow": "yellow",
    "Blue": "blue",
    "Red": "red",
}
_DIRECTIONS: Mapping[str, Direction] = {"Approach": "towards", "Leave": "away"}
_FOUR_WHEELS = re.compile(
    "SaloonCar|HatchBack|SUV|MPV|Pickup|Microbus|MicroTruck|Bus|LargeTruck|MidTruck|MiddleTruck|"
    "HeavyTruck|PassengerCar|CoachCar|LargeCar|MicroCar|Van"
)
_PLACES: tuple[tuple[Role, str], ...] = (
    ("scene", "SceneImage"),
    ("plate", "Object.Image"),
    ("vehicle", "Vehicle.Image"),
    ("vehicle", "NonMotor.Image"),
)


def device(get: Get) -> Device:
    """Model and firmware."""
    system, version = _lines(told(get, _SYSTEM)), _lines(told(get, _VERSION))
    kind = system.get("deviceType", "")
    model = system.get("updateSerial", "") if kind.isdigit() else kind
    return Device(model or kind, version.get("version", "").partition(",")[0], clock(get))


def clock(get: Get) -> Times:
    """What its clock shows now."""
    return times_in(_lines(told(get, _CLOCK)).get("result", ""))


def event(part: Part) -> Event | None:
    """What a part says; None for heartbeats and other events.

    Raises:
        EventError: it is no event at all.
    """
    if part.body.strip() == b"Heartbeat":
        return None
    said = _fields(part)
    code = said.get("Code") or said.get("EventBaseInfo.Code")
    if not code:
        raise EventError("no event")
    action = said.get("Action") or said.get("EventBaseInfo.Action")
    if not code.startswith("Traffic") or action == "Stop":
        return None
    return Event(
        key=_key(said),
        plate=_plate(said),
        times=times_of(said.get("RealUTC", ""), said.get("UTC", ""), said.get("UTCMS", "")),
        surety=_surety(said),
        colour=_COLOURS.get(said.get("TrafficCar.PlateColor", "")),
        kind=_kind(said),
        direction=_DIRECTIONS.get(said.get("TrafficCar.DrivingDirection[0]", "")),
        pictures=1 if _places(said) else None,
    )


def pictures(part: Part, said: Part) -> Mapping[Role, bytes]:
    """The pictures in a part: those at the places that the event names, or the whole part."""
    places = _places(_fields(said))
    found = {role: part.body[start:end] for role, (start, end) in places.items()}
    return found or {"scene": part.body}


def _lines(content: bytes) -> dict[str, str]:
    lines = content.decode("utf-8", "replace").splitlines()
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _fields(part: Part) -> dict[str, str]:
    """Of the first event; the camera sends them one at a time."""
    lines = _lines(part.body)
    for prefix in _PREFIXES:
        found = {k.removeprefix(prefix): v for k, v in lines.items() if k.startswith(prefix)}
        if found:
            return found
    return {}


def _plate(said: Mapping[str, str]) -> str:
    """Of a car; what stands in Object may be its make instead. Of a motorcycle it is elsewhere."""
    is_plate = said.get("Object.ObjectType") == "Plate"
    return (
        said.get("TrafficCar.PlateNumber")
        or (said.get("Object.Text", "") if is_plate else "")
        or said.get("NonMotor.Plate.Text", "")
    )


def _key(said: Mapping[str, str]) -> str:
    """All snapshots of one vehicle are one group."""
    for name in ("GroupID", "TrafficCar.GroupID", "EventID"):
        if number := _number(said.get(name, "")):
            return f"{name.rpartition('.')[2]} {number}"
    names = ("UTC", "UTCMS", "PTS", "Lane", "TrafficCar.PlateNumber")
    words = "\x1f".join(said.get(name, "") for name in names)
    return sha256(words.encode()).hexdigest()[:16]


def _surety(said: Mapping[str, str]) -> float | None:
    """Of the plate; 0 is what cameras write that do not measure it.

    Documents say that it goes up to 255, some cameras mean percent. What may be either is taken for
    percent, up to UNSURE.
    """
    value = _number(said.get("Object.Confidence", ""))
    if said.get("Object.ObjectType") != "Plate" or not value:
        return None
    return min(value / 255, 1.0) if value > 100 else min(value / 100, UNSURE)


def _kind(said: Mapping[str, str]) -> Kind | None:
    category = said.get("NonMotor.Category") or said.get("Vehicle.Category", "")
    if category.endswith("Motorcycle"):
        return "motorcycle"
    return "car" if _FOUR_WHEELS.fullmatch(category) else None


def _places(said: Mapping[str, str]) -> dict[Role, tuple[int, int]]:
    """Where the pictures lie in the part after the text."""
    found: dict[Role, tuple[int, int]] = {}
    for role, name in _PLACES:
        start = _number(said.get(f"{name}.Offset", ""))
        length = _number(said.get(f"{name}.Length", ""))
        is_plate = role != "plate" or said.get("Object.ObjectType") == "Plate"
        if is_plate and start is not None and length:
            found.setdefault(role, (start, start + length))
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
