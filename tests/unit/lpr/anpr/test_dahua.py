from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from lpr.anpr import dahua
from lpr.anpr.events import UNSURE, Device, Event
from lpr.anpr.multipart import Part
from lpr.errors import EventError
from tests.anpr_events import dahua_fields, dahua_text

AT = datetime(2026, 1, 31, 8, 15, 4, 200_000, UTC)


def part(fields: Mapping[str, str]) -> Part:
    return Part({"content-type": "text/plain"}, dahua_text(fields))


def said(**changed: str) -> Event:
    fields = dahua_fields() | {name.replace("__", "."): value for name, value in changed.items()}
    found = dahua.event(part({name: value for name, value in fields.items() if value != "-"}))
    assert found is not None
    return found


def test_an_event_is_read_whole() -> None:
    assert said() == Event(
        key="GroupID 175706653",
        plate="30A12345",
        times=(AT, AT + timedelta(hours=7)),
        surety=None,
        colour="white",
        kind="car",
        direction="towards",
    )


def test_the_field_utc_is_the_wall_clock_where_nothing_else_is_told() -> None:
    assert said(RealUTC="-").times == (AT, AT + timedelta(hours=7))


def test_a_camera_whose_zone_is_wrong_may_still_show_the_right_wall_clock() -> None:
    wrong = str(int(AT.timestamp()) - 3600)
    assert said(RealUTC=wrong).times[:2] == (AT - timedelta(hours=1), AT)


@pytest.mark.parametrize("number", ["-", "0", "1e9", "٣", "99999999999999999999"])
def test_what_is_no_time_is_left_out(number: str) -> None:
    assert said(RealUTC=number, UTC=number).times == ()


@pytest.mark.parametrize(
    ("confidence", "surety"),
    [("0", None), ("-", None), ("200", 200 / 255), ("300", 1.0), ("95", UNSURE), ("40", 0.4)],
)
def test_a_confidence_that_may_be_of_either_scale_is_believed_a_little(
    confidence: str, surety: float | None
) -> None:
    assert said(Object__Confidence=confidence).surety == surety


def test_the_plate_of_a_motorcycle_stands_elsewhere() -> None:
    event = said(
        TrafficCar__PlateNumber="-",
        Object__Text="",
        NonMotor__Category="Motorcycle",
        NonMotor__Plate__Text="29B112345",
    )
    assert (event.plate, event.kind) == ("29B112345", "motorcycle")


def test_what_an_object_says_that_is_no_plate_is_not_taken_for_one() -> None:
    event = said(TrafficCar__PlateNumber="-", Object__ObjectType="Vehicle", Object__Text="Toyota")
    assert (event.plate, event.surety) == ("", None)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"GroupID": "-", "TrafficCar__GroupID": "77"}, "GroupID 77"),
        ({"GroupID": "0", "EventID": "516"}, "EventID 516"),
    ],
)
def test_an_event_is_named_by_its_group_or_its_number(changed: dict[str, str], key: str) -> None:
    assert said(**changed).key == key


def test_an_event_without_a_number_is_named_by_what_it_says() -> None:
    one, other = said(GroupID="-"), said(GroupID="-", UTCMS="201")
    assert one.key == said(GroupID="-").key != other.key


def test_the_other_way_of_writing_a_code_is_understood() -> None:
    fields = dahua_fields()
    del fields["EventBaseInfo.Code"]
    assert dahua.event(part(fields | {"Code": "TrafficJunction"})) is not None
    body = dahua_text(dahua_fields()).replace(b"Events[0]", b"ReturnEvents[0]")
    found = dahua.event(Part({}, body))
    assert found is not None
    assert found.plate == "30A12345"


@pytest.mark.parametrize(
    "fields",
    [
        {"Code": "VideoMotion"},
        {"Code": "TrafficJunction", "Action": "Stop"},
    ],
)
def test_other_events_are_left_out(fields: dict[str, str]) -> None:
    assert dahua.event(part(fields)) is None


def test_a_heartbeat_is_no_event() -> None:
    assert dahua.event(Part({}, b"Heartbeat\r\n")) is None


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"<html>", b"Events[1].Code=TrafficJunction"])
def test_garbage_is_refused(body: bytes) -> None:
    with pytest.raises(EventError, match="no event"):
        dahua.event(Part({}, body))


def test_the_pictures_of_one_part_are_cut_apart() -> None:
    places = {
        "SceneImage.Offset": "0",
        "SceneImage.Length": "5",
        "Object.Image.Offset": "5",
        "Object.Image.Length": "3",
        "Vehicle.Image.Offset": "8",
        "Vehicle.Image.Length": "2",
    }
    told = part(dahua_fields() | places)
    event = dahua.event(told)
    assert event is not None
    assert event.pictures == 1
    assert dahua.pictures(Part({}, b"sceneplace!!"), told) == {
        "scene": b"scene",
        "plate": b"pla",
        "vehicle": b"ce",
    }


def test_without_places_a_part_is_one_picture() -> None:
    assert dahua.pictures(Part({}, b"scene"), part(dahua_fields())) == {"scene": b"scene"}


@pytest.mark.parametrize(
    ("kind", "model"), [("ITC413-PW4D-IZ1", "ITC413-PW4D-IZ1"), ("31", "ITC215-PW6M")]
)
def test_a_device_tells_its_model_its_firmware_and_its_time(kind: str, model: str) -> None:
    answers = {
        "/cgi-bin/magicBox.cgi?action=getSystemInfo": (
            f"deviceType={kind}\r\nserialNumber=8M049B2\r\nupdateSerial=ITC215-PW6M\r\n"
        ),
        "/cgi-bin/magicBox.cgi?action=getSoftwareVersion": "version=2.800.1.0,build:2026-01-02\r\n",
        "/cgi-bin/global.cgi?action=getCurrentTime": "result = 2026-01-31 15:15:04\r\n",
    }
    device = dahua.device(lambda path: answers[path].encode())
    assert (device.model, device.firmware) == (model, "2.800.1.0")
    assert device.times[0] == AT.replace(microsecond=0)


def test_a_device_that_tells_nothing_has_no_name() -> None:
    assert dahua.device(lambda path: b"Error\r\nBad Request!\r\n") == Device()
