"""Events as Hikvision and Dahua cameras send them, with rendered pictures and invented plates."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

import cv2
import numpy as np

from lpr.render.pictures import draw_street_picture
from lpr.render.plate import draw_plate, random_look

BOUNDARY = "boundary"
HANOI = timezone(timedelta(hours=7))


@lru_cache(maxsize=64)
def plate_picture(text: str) -> bytes:
    """A JPEG of a rendered plate."""
    rng = np.random.default_rng(len(text))
    look = random_look(rng, "white", 1)
    return _jpeg(draw_plate((text[:3], text[3:]), look, (330, 165), 0.4))


@lru_cache(maxsize=8)
def street_picture(seed: int = 1) -> bytes:
    """A JPEG of a rendered street."""
    return _jpeg(draw_street_picture(np.random.default_rng(seed), (640, 480))[0])


def _jpeg(picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


def part(body: bytes, kind: str, *more: str, length: int | None = None) -> bytes:
    """One part; a length below 0 is left out."""
    told = len(body) if length is None else length
    lines = [f"--{BOUNDARY}", f"Content-Type: {kind}", *more]
    lines += [f"Content-Length: {told}"] if told >= 0 else []
    return "\r\n".join([*lines, "", ""]).encode() + body + b"\r\n"


def hikvision_xml(
    plate: str = "30A12345",
    at: str = "2026-01-31T15:15:04+07:00",
    key: str = "a0fe72d4-3652-464a-aebd-3f9190010236",
    pictures: Sequence[str] = ("licensePlatePicture", "detectionPicture"),
    more: str = "<vehicleType>SUVMPV</vehicleType><plateColor>white</plateColor>",
    confidence: str = "<confidenceLevel>98</confidenceLevel>",
    namespace: str = "http://www.isapi.org/ver20/XMLSchema",
) -> bytes:
    """The text of an ANPR event."""
    listed = "".join(
        f"<pictureInfo><fileName>{name}.jpg</fileName><type>{name}</type>"
        "<dataType>0</dataType></pictureInfo>"
        for name in pictures
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="{namespace}">
<ipAddress>10.1.2.3</ipAddress><portNo>80</portNo><protocol>HTTP</protocol>
<channelID>1</channelID><dateTime>{at}</dateTime><activePostCount>1</activePostCount>
<eventType>ANPR</eventType><eventState>active</eventState><eventDescription>ANPR</eventDescription>
<ANPR><country>250</country><licensePlate>{plate}</licensePlate><line>1</line>
<direction>forward</direction>{confidence}{more}
<pictureInfoList>{listed}</pictureInfoList></ANPR>
<UUID>{key}</UUID></EventNotificationAlert>
""".encode()


def hikvision_event(
    plate: str, at: datetime, key: str, pictures: Sequence[tuple[str, bytes]] | None = None
) -> bytes:
    """An event with its pictures, as parts of the stream."""
    if pictures is None:
        pictures = (
            ("licensePlatePicture", plate_picture(plate)),
            ("detectionPicture", street_picture()),
        )
    xml = hikvision_xml(plate, at.astimezone(HANOI).isoformat("T", "seconds"), key,
                        [name for name, _ in pictures])  # fmt: skip
    return part(xml, 'application/xml; charset="UTF-8"') + b"".join(
        part(jpeg, "image/jpeg", f'Content-Disposition: form-data; name="{name}.jpg"')
        for name, jpeg in pictures
    )


def hikvision_heartbeat(at: datetime) -> bytes:
    """What comes when nothing passes."""
    return part(
        f"""<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<dateTime>{at.astimezone(HANOI).isoformat("T", "seconds")}</dateTime>
<activePostCount>0</activePostCount><eventType>videoloss</eventType>
<eventState>inactive</eventState></EventNotificationAlert>""".encode(),
        'application/xml; charset="UTF-8"',
    )


def dahua_text(fields: Mapping[str, str]) -> bytes:
    """The text of an event."""
    return "".join(f"Events[0].{name}={value}\r\n" for name, value in fields.items()).encode()


def dahua_fields(
    plate: str = "30A12345", at: datetime = datetime(2026, 1, 31, 8, 15, 4, 200_000, UTC),
    group: int = 175_706_653,
) -> dict[str, str]:  # fmt: skip
    """What an event says; `UTC` is the wall clock of Hanoi, as in the cameras."""
    wall = at.astimezone(HANOI).replace(tzinfo=UTC)
    return {
        "Channel": "0",
        "EventBaseInfo.Code": "TrafficJunction",
        "EventBaseInfo.Action": "Pulse",
        "EventBaseInfo.Index": "0",
        "CountInGroup": "1",
        "GroupID": str(group),
        "IndexInGroup": "1",
        "Lane": "2",
        "Object.ObjectType": "Plate",
        "Object.Text": plate,
        "Object.Confidence": "0",
        "PTS": "42994650150.0",
        "RealUTC": str(int(at.timestamp())),
        "TrafficCar.DrivingDirection[0]": "Approach",
        "TrafficCar.MachineName": "8M049B2",
        "TrafficCar.PlateColor": "White",
        "TrafficCar.PlateNumber": plate,
        "UTC": str(int(wall.timestamp())),
        "UTCMS": str(at.microsecond // 1000),
        "Vehicle.Category": "SaloonCar",
    }


def dahua_event(plate: str, at: datetime, group: int) -> bytes:
    """An event whose pictures all lie in one part, at places that the text names."""
    scene, crop = street_picture(), plate_picture(plate)
    fields = dahua_fields(plate, at, group) | {
        "SceneImage.Offset": "0",
        "SceneImage.Length": str(len(scene)),
        "Object.Image.Offset": str(len(scene)),
        "Object.Image.Length": str(len(crop)),
    }
    return part(dahua_text(fields), "text/plain") + part(scene + crop, "image/jpeg")


DAHUA_HEARTBEAT = part(b"Heartbeat", "text/plain")
