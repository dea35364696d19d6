from datetime import UTC, datetime
from hashlib import sha256

import pytest

from lpr.anpr.events import Device, Event, Seen
from lpr.anpr.reporting import MOST, model_of, plate_in, report_of, score_of
from lpr.passage_lines import parse_passage
from lpr.passages import Passage, format_passage
from tests.anpr_events import plate_picture, street_picture

AT = datetime(2026, 1, 31, 8, 15, 4, 200_000, UTC)
DEVICE = Device("DS-2CD7A26G0/P-IZS", "V5.7.3")
EVENT = Event("a0fe72d4", "30A-123.45", (AT,), 0.98, "white", "car", "towards", 2)
PLATE, SCENE = plate_picture("30A12345"), street_picture()


def test_an_event_becomes_a_passage_with_its_pictures() -> None:
    report = report_of("C012", Seen(EVENT, AT, SCENE, PLATE), AT, DEVICE, "hikvision")
    assert report.passage == Passage(
        camera="C012",
        at=AT,
        at_given="2026-01-31T08:15:04.200Z",
        until=AT,
        track="a0fe72d4",
        text="30A12345",
        score=MOST * 0.98,
        candidates=(("30A12345", MOST * 0.98),),
        raw="30A-123.45",
        colour="white",
        kind="car",
        direction="towards",
        frame=sha256(SCENE).hexdigest(),
        crop=sha256(PLATE).hexdigest(),
        model="hikvision DS-2CD7A26G0/P-IZS V5.7.3",
    )
    assert (report.frame, report.crop, report.is_final) == (SCENE, PLATE, True)
    assert parse_passage(format_passage(report.passage)).id == report.passage.id


@pytest.mark.parametrize(
    "told", ["", "unknown", "noPlate", "No Plate", "unlicensed", "--", "无车牌", "车牌", "null"]
)
def test_a_plate_that_was_not_read_is_a_passage_without_text(told: str) -> None:
    passage = report_of("C1", Seen(Event("k", told), AT, SCENE), AT, Device(), "dahua").passage
    assert (passage.text, passage.score, passage.candidates) == ("", 0.0, ())
    assert passage.frame == sha256(SCENE).hexdigest()
    assert passage.raw == (told or None)
    assert parse_passage(format_passage(passage)).text == ""


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("51F-987.65", "51F98765"),
        ("29-Đ1 123.45", "29D112345"),
        ("蓝京A12345", "A12345"),
        ("1" * 17, ""),
    ],
)
def test_a_text_is_in_normal_form(told: str, text: str) -> None:
    assert plate_in(told) == text


@pytest.mark.parametrize(
    ("text", "surety", "score"),
    [
        ("30A12345", 1.0, 0.9),
        ("30A12345", 0.5, 0.45),
        ("30A12345", None, 0.6),
        ("A12345", 1.0, 0.45),
        ("A12345", None, 0.3),
        ("", 1.0, 0.0),
    ],
)
def test_a_score_is_careful(text: str, surety: float | None, score: float) -> None:
    assert score_of(text, surety) == pytest.approx(score)


def test_a_kind_that_is_not_told_is_that_of_the_plate() -> None:
    seen = Seen(Event("k", "29B112345", colour="white"), AT)
    assert report_of("C1", seen, AT, Device(), "dahua").passage.kind == "motorcycle"


def test_a_model_is_one_line_whatever_a_camera_says() -> None:
    assert model_of(Device(), "dahua") == "dahua"
    assert model_of(Device("ITC\n4\x1b13", "2.8"), "dahua") == "dahua ITC413 2.8"
    assert len(model_of(Device("x" * 300), "dahua")) == 80
