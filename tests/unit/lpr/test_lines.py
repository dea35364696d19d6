import json
from datetime import UTC, datetime, timedelta

import numpy as np

from lpr.boxes import PlateBox
from lpr.lines import picture_fields, plate_fields, unplaced_fields
from lpr.passages import Passage
from lpr.readings import NOTHING_READ, Reading
from lpr.recognition import SeenPlate

PICTURE = np.zeros((720, 1280, 3), np.uint8)
BOX = PlateBox(((10.04, 20.0), (110.06, 22.0), (109.0, 52.26), (9.5, 50.0)), 0.91)
READING = Reading(
    text="30A12345",
    raw="3OA12345",
    score=0.912345,
    chars=((("3", 0.987654), ("8", 0.01)), (("0", 1.0),)),
    candidates=(("30A12345", 0.912345), ("30A12346", 0.04)),
    rows=2,
    colour="white",
    kind="car",
    model="a reader",
)


def test_a_picture_without_plates_says_so() -> None:
    assert picture_fields("a/b.jpg", PICTURE, []) == {
        "image": "a/b.jpg",
        "width": 1280,
        "height": 720,
        "plates": [],
    }


def test_a_plate_has_the_keys_of_the_contract_and_rounded_numbers() -> None:
    fields = plate_fields(SeenPlate(BOX, PICTURE, READING))
    assert list(fields) == [
        "box",
        "corners",
        "text",
        "raw",
        "score",
        "chars",
        "candidates",
        "rows",
        "colour",
        "kind",
    ]
    assert fields == {
        "box": [9.5, 20.0, 110.1, 52.3],
        "corners": [[10.0, 20.0], [110.1, 22.0], [109.0, 52.3], [9.5, 50.0]],
        "text": "30A12345",
        "raw": "3OA12345",
        "score": 0.9123,
        "chars": [[["3", 0.9877], ["8", 0.01]], [["0", 1.0]]],
        "candidates": [["30A12345", 0.9123], ["30A12346", 0.04]],
        "rows": 2,
        "colour": "white",
        "kind": "car",
    }


def test_a_plate_that_could_not_be_read_is_told_with_an_empty_text() -> None:
    fields = plate_fields(SeenPlate(BOX, PICTURE, NOTHING_READ))
    assert (fields["text"], fields["raw"], fields["score"]) == ("", "", 0.0)
    assert (fields["chars"], fields["candidates"]) == ([], [])
    assert (fields["rows"], fields["colour"], fields["kind"]) == (None, None, None)


def test_every_plate_of_a_picture_is_told_in_order() -> None:
    plates = [SeenPlate(BOX, PICTURE, READING), SeenPlate(BOX, PICTURE, NOTHING_READ)]
    fields = picture_fields("a.jpg", PICTURE, plates)
    assert [plate["text"] for plate in fields["plates"]] == ["30A12345", ""]
    assert json.loads(json.dumps(fields)) == fields


def test_a_passage_without_a_start_has_seconds_in_place_of_times() -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC)
    passage = Passage("b.mp4", at, "30A12345", 0.9, track="3", until=at + timedelta(seconds=2))
    fields = unplaced_fields(passage, 12.34567)
    assert list(fields)[:3] == ["camera", "offset", "text"]
    assert fields == {
        "camera": "b.mp4",
        "offset": 12.346,
        "text": "30A12345",
        "score": 0.9,
        "candidates": [],
        "track": "3",
    }
