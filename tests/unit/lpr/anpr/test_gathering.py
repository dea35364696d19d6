from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.anpr import dahua, hikvision
from lpr.anpr.events import Device, Make
from lpr.anpr.gathering import MOST_PICTURES, MOST_TEXT, Gathering, is_jpeg
from lpr.anpr.multipart import Part, PartReader
from lpr.anpr.reporting import report_of
from lpr.passage_lines import parse_passage
from lpr.passages import format_passage
from tests.anpr_events import (
    BOUNDARY,
    DAHUA_HEARTBEAT,
    dahua_event,
    dahua_fields,
    dahua_text,
    hikvision_event,
    hikvision_heartbeat,
    hikvision_xml,
    part,
    plate_picture,
    street_picture,
)

AT = datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)
PLATE, SCENE = plate_picture("30A12345"), street_picture()


def parts(content: bytes) -> list[Part]:
    return list(PartReader(BOUNDARY).feed(content + f"--{BOUNDARY}\r\n".encode()))


def test_an_event_is_whole_with_its_last_picture() -> None:
    gathering = Gathering(hikvision)
    first, second, third = parts(hikvision_event("30A12345", AT, "k" * 12))
    assert gathering.take(first, AT) == gathering.take(second, AT) == []
    (seen,) = gathering.take(third, AT)
    assert (seen.event.plate, seen.plate, seen.scene) == ("30A12345", PLATE, SCENE)
    assert seen.arrived == AT


def test_an_event_without_pictures_waits_for_none() -> None:
    gathering = Gathering(hikvision)
    (seen,) = gathering.take(Part({}, hikvision_xml(pictures=())), AT)
    assert (seen.event.plate, seen.plate, seen.scene) == ("30A12345", None, None)


def test_what_comes_next_ends_the_wait_for_pictures() -> None:
    gathering = Gathering(hikvision)
    (first, crop, _), (beat,) = (
        parts(hikvision_event("30A12345", AT, "k" * 12)),
        parts(hikvision_heartbeat(AT)),
    )
    assert gathering.take(first, AT) == gathering.take(crop, AT) == []
    (seen,) = gathering.take(beat, AT)
    assert (seen.plate, seen.scene) == (PLATE, None)
    assert gathering.flush() == []


def test_pictures_whose_number_is_not_told_come_before_the_heartbeat() -> None:
    gathering = Gathering(dahua)
    text, jpeg, beat = parts(
        part(dahua_text(dahua_fields()), "text/plain") + part(SCENE, "image/jpeg") + DAHUA_HEARTBEAT
    )
    assert gathering.take(text, AT) == gathering.take(jpeg, AT) == []
    (seen,) = gathering.take(beat, AT)
    assert (seen.plate, seen.scene) == (None, SCENE)


def test_pictures_in_one_part_are_both_found() -> None:
    gathering = Gathering(dahua)
    text, jpegs = parts(dahua_event("30A12345", AT, 7))
    assert gathering.take(text, AT) == []
    (seen,) = gathering.take(jpegs, AT)
    assert (seen.plate, seen.scene) == (PLATE, SCENE)


def test_the_vehicle_stands_in_for_the_scene() -> None:
    pictures = [("vehiclePicture", SCENE), ("licensePlatePicture", PLATE)]
    gathering = Gathering(hikvision)
    found = [
        seen
        for one in parts(hikvision_event("30A12345", AT, "k" * 12, pictures))
        for seen in gathering.take(one, AT)
    ]
    assert [(seen.plate, seen.scene) for seen in found] == [(PLATE, SCENE)]


def test_garbage_is_counted_and_the_rest_goes_on() -> None:
    gathering = Gathering(hikvision)
    assert gathering.take(Part({"content-type": "application/xml"}, b"<half"), AT) == []
    assert gathering.take(Part({"content-type": "image/jpeg"}, SCENE), AT) == []  # of no event
    broken = [("licensePlatePicture", b"\xff\xd8\xff junk"), ("detectionPicture", SCENE[:-900])]
    found = [
        seen
        for one in parts(hikvision_event("30A12345", AT, "k" * 12, broken))
        for seen in gathering.take(one, AT)
    ]
    assert [(seen.event.plate, seen.plate, seen.scene) for seen in found] == [
        ("30A12345", None, None)
    ]
    assert gathering.damaged == 3


def test_a_text_that_is_too_large_is_not_looked_at() -> None:
    gathering = Gathering(hikvision)
    assert gathering.take(Part({}, hikvision_xml(more=" " * MOST_TEXT, pictures=())), AT) == []
    assert gathering.damaged == 1


MAKES = st.sampled_from([hikvision, dahua])
garbage = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda name, value: dahua_text({**dahua_fields(), name: value}),
        st.sampled_from([*dahua_fields(), "SceneImage.Offset", "SceneImage.Length"]),
        st.text(max_size=30),
    ),
    st.builds(
        lambda old, new: hikvision_xml().decode().replace(old, new).encode(),
        st.sampled_from([">30A12345<", ">98<", "2026", "+07:00", "Picture", ">1<", "UUID"]),
        st.text(st.characters(codec="utf-8"), max_size=30),
    ),
)


@given(MAKES, st.lists(st.tuples(st.sampled_from(["image/jpeg", "text/plain"]), garbage)))
def test_whatever_comes_becomes_passages_or_is_counted(
    make: Make, came: list[tuple[str, bytes]]
) -> None:
    gathering = Gathering(make)
    found = [
        seen
        for kind, body in came
        for seen in gathering.take(Part({"content-type": kind}, body), AT)
    ]
    for seen in [*found, *gathering.flush()]:
        passage = report_of("C1", seen, AT, Device(), make.NAME).passage
        assert parse_passage(format_passage(passage)).id == passage.id


def test_no_more_pictures_are_kept_than_a_camera_can_mean() -> None:
    gathering = Gathering(dahua)
    gathering.take(Part({}, dahua_text(dahua_fields())), AT)
    for _ in range(MOST_PICTURES + 5):
        assert gathering.take(Part({"content-type": "image/jpeg"}, b"\xff\xd8"), AT) == []
    assert gathering.damaged == MOST_PICTURES


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (SCENE, True),
        (SCENE + b"\0" * 20, True),
        (b"", False),
        (SCENE[: len(SCENE) // 2], False),
        (b"\xff\xd8\xff\xd9", False),
        (b"GIF89a" + SCENE, False),
    ],
)
def test_a_jpeg_is_one_that_can_be_decoded_to_its_end(content: bytes, is_one: bool) -> None:
    assert is_jpeg(content) == is_one
