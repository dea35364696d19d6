"""How Hikvision cameras speak: ISAPI. Pure, but for what it is handed to ask with.

The stream of events (`GET /ISAPI/Event/notification/alertStream`) has a part of XML for each event,
`EventNotificationAlert`, and the pictures of an event in parts after it. Between them come
heartbeats, events that are inactive. The names are those of "Intelligent Security API (ANPR)
Developer Guide" and of XML_EventNotificationAlert_ANPR in "Device Network SDK (Traffic) Developer
Guide".
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from xml.etree import ElementTree

from lpr.anpr.events import Device, Event, Get, Role, Times, told
from lpr.anpr.multipart import Part
from lpr.anpr.times import times_in
from lpr.errors import EventError
from lpr.readings import Colour, Kind

NAME = "hikvision"
STREAM = "/ISAPI/Event/notification/alertStream"
SILENT_S = 300.0  # heartbeats come every 0.3 to 30 s, by firmware, and of some there are none
_DEVICE, _CLOCK = "/ISAPI/System/deviceInfo", "/ISAPI/System/time"
_LEAST_KEY = 8  # characters of a UUID that tells events apart
_COLOURS: Mapping[str, Colour] = {
    "white": "white",
    "yellow": "yellow",
    "blue": "blue",
    "red": "red",
}
_FOUR_WHEELS = re.compile(
    "largeBus|mediumBus|bus|minibus|truck|lightTruck|mediumHeavyTruck|minitruck|containerTruck|van|"
    "buggy|SUVMPV|smallCar|miniCar|pickupTruck|saloon|hatchback|coupe"
)
_TWO_WHEELS = "twoWheelVehicle"


def device(get: Get) -> Device:
    """Model and firmware; a user without the right to ask is told neither."""
    root = _told(get, _DEVICE)
    return Device(_text(root, "model"), _text(root, "firmwareVersion"), clock(get))


def clock(get: Get) -> Times:
    """What its clock shows now."""
    return times_in(_text(_told(get, _CLOCK), "localTime"))


def event(part: Part) -> Event | None:
    """What a part says; None for heartbeats and other events.

    Raises:
        EventError: it is no event at all.
    """
    root = _parsed(part.body)
    if _text(root, "eventType").upper() != "ANPR":
        return None
    anpr = _child(root, "ANPR")
    if anpr is None:
        raise EventError("an ANPR event without ANPR in it")
    plate = _text(anpr, "licensePlate") or _text(anpr, "plateNumber")
    return Event(
        key=_key(root, anpr),
        plate=plate,
        times=times_in(_text(root, "dateTime")),
        surety=_surety(anpr),
        colour=_COLOURS.get(_text(anpr, "plateColor").lower()),
        kind=_kind(anpr),
        pictures=_pictures_told(root, anpr),
    )


def pictures(part: Part, said: Part) -> Mapping[Role, bytes]:
    """The picture in a part: what it shows is in its name, such as licensePlatePicture.jpg."""
    names = part.names
    if "plate" in names:
        return {"plate": part.body}
    return {"vehicle" if "vehicle" in names else "scene": part.body}


def _told(get: Get, path: str) -> ElementTree.Element:
    try:
        return _parsed(told(get, path))
    except EventError:
        return ElementTree.Element("nothing")


def _parsed(content: bytes) -> ElementTree.Element:
    if b"<!" in content.replace(b"<!--", b""):  # no declarations: entities may grow without end
        raise EventError("XML with declarations")
    try:
        return ElementTree.fromstring(content.strip(b"\0\r\n\t "))
    except (ElementTree.ParseError, ValueError, LookupError):
        raise EventError("no XML") from None


def _named(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Children of that name, whatever the namespace: it differs by firmware."""
    return (one for one in root if one.tag.rpartition("}")[2] == name)


def _child(root: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next(_named(root, name), None)


def _text(root: ElementTree.Element, name: str) -> str:
    found = _child(root, name)
    return ((found.text or "") if found is not None else "").strip()


def _key(root: ElementTree.Element, anpr: ElementTree.Element) -> str:
    uuid = _text(root, "UUID")
    if len(uuid) >= _LEAST_KEY and uuid.isprintable() and set(uuid) - set("0-"):
        return uuid[:64]
    names = ("licensePlate", "plateNumber", "line", "direction")
    words = [_text(root, "dateTime"), *(_text(anpr, name) for name in names)]
    return sha256("\x1f".join(words).encode()).hexdigest()[:16]


def _kind(anpr: ElementTree.Element) -> Kind | None:
    """`vehicle` is not sure enough: so are motorcycles called where they are not told apart."""
    kind = _text(anpr, "vehicleType")
    if kind == _TWO_WHEELS or _text(anpr, _TWO_WHEELS) == "yes":
        return "motorcycle"
    return "car" if _FOUR_WHEELS.fullmatch(kind) else None


def _surety(anpr: ElementTree.Element) -> float | None:
    """Of the whole plate, and no more than of its worst character."""
    texts = [_text(anpr, "confidenceLevel"), *_text(anpr, "plateCharBelieve").split(",")]
    numbers = [_percent(text) for text in texts]
    if numbers[0] is None:
        return None
    return min(number for number in numbers if number is not None)


def _percent(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number / 100 if 0 <= number <= 100 else None


def _pictures_told(root: ElementTree.Element, anpr: ElementTree.Element) -> int | None:
    found = _child(anpr, "pictureInfoList")
    if found is not None:  # a picture of another type than 0 is somewhere else
        return sum(_text(one, "dataType") in ("", "0") for one in _named(found, "pictureInfo"))
    number = _text(root, "picNum") or _text(anpr, "picNum")
    return int(number[:4]) if number.isascii() and number.isdigit() else None
