from datetime import UTC, datetime, timedelta

import pytest

from lpr.anpr import hikvision
from lpr.anpr.events import Device, Event
from lpr.anpr.multipart import Part
from lpr.errors import EventError, SourceError
from tests.anpr_events import hikvision_heartbeat, hikvision_xml

XML = 'application/xml; charset="UTF-8"'
AT = datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)
SURE = "<confidenceLevel>99</confidenceLevel>"
ANY = "<vehicleType>vehicle</vehicleType>"
KEY = "a0fe72d4-3652-464a-aebd-3f9190010236"


def said(xml: bytes) -> Event:
    found = hikvision.event(Part({"content-type": XML}, xml))
    assert found is not None
    return found


def test_an_event_is_read_whole() -> None:
    assert said(hikvision_xml()) == Event(
        key=KEY,
        plate="30A12345",
        times=(AT,),
        surety=0.98,
        colour="white",
        kind="car",
        pictures=2,
    )


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.isapi.org/ver20/XMLSchema",
        "http://www.hikvision.com/ver20/XMLSchema",
        "http://www.std-cgi.com/ver10/XMLSchema",
    ],
)
def test_the_namespace_does_not_matter(namespace: str) -> None:
    assert said(hikvision_xml(namespace=namespace)).plate == "30A12345"


def test_a_prefix_and_no_namespace_at_all_do_not_matter() -> None:
    xml = hikvision_xml().decode().split("?>", 1)[1]
    bare = xml.replace(' xmlns="http://www.isapi.org/ver20/XMLSchema"', "")
    assert said(bare.encode()) == said(hikvision_xml())
    prefixed = xml.replace(" xmlns=", " xmlns:n=").replace("</", "\0").replace("<", "<n:")
    assert said(prefixed.replace("\0", "</n:").strip().encode()) == said(hikvision_xml())


def test_older_firmware_calls_the_plate_otherwise() -> None:
    xml = hikvision_xml().replace(b"licensePlate>", b"plateNumber>")
    assert said(xml).plate == "30A12345"


@pytest.mark.parametrize(
    ("at", "times"),
    [
        ("2026-01-31T15:15:04.200+07:00", (AT + timedelta(seconds=0.2),)),
        ("2026-01-31T15:15:04", (AT, AT + timedelta(hours=7))),
        ("2026-01-31T15:15:04+08:00", (AT - timedelta(hours=1), AT)),
        ("2026-01-31T08:15:04Z", (AT, AT - timedelta(hours=7))),
        ("1970-01-01T00:00:00Z", ()),
        ("yesterday", ()),
        ("0001-01-01T00:00:00+14:00", ()),
    ],
)
def test_a_time_means_what_it_says_or_what_the_wall_clock_shows(
    at: str, times: tuple[datetime, ...]
) -> None:
    assert said(hikvision_xml(at=at)).times == times


@pytest.mark.parametrize(
    ("confidence", "surety"),
    [
        ("<confidenceLevel>92.5</confidenceLevel>", 0.925),
        ("<confidenceLevel>0</confidenceLevel>", 0.0),
        (
            f"{SURE}<plateCharBelieve>99,61,98</plateCharBelieve>",
            0.61,
        ),
        ("<confidenceLevel>101</confidenceLevel>", None),
        ("<confidenceLevel>high</confidenceLevel>", None),
        ("", None),
    ],
)
def test_surety_is_that_of_the_plate_and_of_its_worst_character(
    confidence: str, surety: float | None
) -> None:
    assert said(hikvision_xml(confidence=confidence)).surety == surety


@pytest.mark.parametrize(
    ("more", "kind", "colour"),
    [
        ("<vehicleType>twoWheelVehicle</vehicleType>", "motorcycle", None),
        (f"{ANY}<twoWheelVehicle>yes</twoWheelVehicle>", "motorcycle", None),
        (f"{ANY}<plateColor>green</plateColor>", None, None),
        ("<vehicleType>largeBus</vehicleType><plateColor>yellow</plateColor>", "car", "yellow"),
    ],
)
def test_only_what_is_surely_meant_is_taken_over(
    more: str, kind: str | None, colour: str | None
) -> None:
    event = said(hikvision_xml(more=more))
    assert (event.kind, event.colour, event.direction) == (kind, colour, None)


@pytest.mark.parametrize("uuid", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_event_without_a_name_of_its_own_is_named_by_what_it_says(uuid: str) -> None:
    one, other = said(hikvision_xml(key=uuid)), said(hikvision_xml("30A12346", key=uuid))
    again = said(hikvision_xml(key=uuid).replace(b"PostCount>1<", b"PostCount>2<"))
    assert len(one.key) == 16
    assert one.key == again.key != other.key


def test_pictures_that_are_kept_elsewhere_are_not_waited_for() -> None:
    xml = hikvision_xml().replace(b"<dataType>0</dataType>", b"<dataType>1</dataType>", 1)
    assert said(xml).pictures == 1
    assert said(hikvision_xml(pictures=())).pictures == 0
    bare = hikvision_xml().replace(b"pictureInfoList", b"nothing")
    assert said(bare).pictures is None
    assert said(bare.replace(b"</UUID>", b"</UUID><picNum>3</picNum>")).pictures == 3


def test_a_heartbeat_is_no_event() -> None:
    body = hikvision_heartbeat(AT).split(b"\r\n\r\n", 1)[1]
    assert hikvision.event(Part({}, body)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xd8\xff",
        b"<EventNotificationAlert>",
        hikvision_xml().replace(b"ANPR>", b"AMPR>").replace(b"AMPR</eventType", b"ANPR</eventType"),
        b'<!DOCTYPE a [<!ENTITY b "ha">]><EventNotificationAlert>&b;</EventNotificationAlert>',
        b'<?xml version="1.0" encoding="nobody-knows"?><a/>',
    ],
)
def test_garbage_is_refused(body: bytes) -> None:
    with pytest.raises(EventError):
        hikvision.event(Part({"content-type": XML}, body))


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("licensePlatePicture.jpg", "plate"),
        ("detectionPicture.jpg", "scene"),
        ("vehiclePicture.jpg", "vehicle"),
        ("backgroundImage.jpg", "scene"),
        ("", "scene"),
    ],
)
def test_what_a_picture_shows_is_in_its_name(name: str, role: str) -> None:
    part = Part({"content-disposition": f'form-data; name="{name}"; filename="2026x"'}, b"jpeg")
    assert hikvision.pictures(part, Part({}, hikvision_xml())) == {role: b"jpeg"}


def test_a_device_tells_its_model_its_firmware_and_its_time() -> None:
    answers = {
        "/ISAPI/System/deviceInfo": b"<DeviceInfo xmlns='a'><model>DS-2CD7A26G0/P-IZS</model>"
        b"<firmwareVersion>V5.7.3</firmwareVersion></DeviceInfo>",
        "/ISAPI/System/time": b"<Time><localTime>2026-01-31T15:15:04+07:00</localTime></Time>",
    }
    assert hikvision.device(answers.__getitem__) == Device("DS-2CD7A26G0/P-IZS", "V5.7.3", (AT,))


def test_a_device_that_may_not_be_asked_is_told_of_without() -> None:
    def get(path: str) -> bytes:
        raise SourceError("not-found", "HTTP 403")

    assert hikvision.device(get) == Device()
    assert hikvision.device(lambda path: b"<html>") == Device()


def test_a_wrong_password_is_tried_no_second_time() -> None:
    asked: list[str] = []

    def get(path: str) -> bytes:
        asked.append(path)
        raise SourceError("wrong-password", "HTTP 401")

    with pytest.raises(SourceError):
        hikvision.device(get)
    assert len(asked) == 1
