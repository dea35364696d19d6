import pytest

from lpr.lines import plate_fields
from lpr.recognition import SeenPlate
from lpr.testing import a_box, a_reading, some_frames
from tests.accuracy.judging import (
    ReadPlate,
    Tally,
    character_outcomes,
    judge,
    overlap,
    read_plates,
    shown_boxes,
    shown_texts,
    tally,
)
from tests.accuracy.labels import Box, LabelledPicture, labelled_picture

BOX: Box = (0.0, 0.0, 100.0, 20.0)
APART: Box = (0.0, 50.0, 100.0, 70.0)


def _picture(*plates: dict, complete: bool = True) -> LabelledPicture:
    fields = {"image": "a.jpg", "width": 200, "height": 100, "complete": complete}
    return labelled_picture({**fields, "plates": list(plates)})


def _plate(text: str = "30A12345", box: Box = BOX, **more: object) -> dict:
    return {"box": list(box), "text": text, **more}


def _read(text: str = "30A12345", box: Box = BOX, score: float = 0.9) -> ReadPlate:
    return ReadPlate(box, text, text, score, (0.9,) * len(text))


def test_a_line_without_plates_or_with_an_error_has_none() -> None:
    assert read_plates({"image": "a.jpg", "error": "no picture"}) == ()


def test_a_plate_of_a_line_has_the_probabilities_of_its_own_characters() -> None:
    seen = SeenPlate(a_box(50, 10, 100, 20), some_frames(1)[0].picture, a_reading("AB", 0.81))
    line = {"image": "a.jpg", "plates": [plate_fields(seen)]}
    line["plates"][0]["chars"][1] = [["8", 0.6], ["B", 0.4]]
    assert read_plates(line) == (ReadPlate(BOX, "AB", "AB", 0.81, (0.9, 0.4)),)


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (BOX, 1.0),
        (APART, 0.0),
        ((100.0, 0.0, 200.0, 20.0), 0.0),
        ((50.0, 0.0, 150.0, 20.0), 1 / 3),
        ((0.0, 0.0, 50.0, 20.0), 0.5),
    ],
)
def test_the_overlap_is_the_share_of_the_union(other: Box, share: float) -> None:
    assert overlap(BOX, other) == pytest.approx(share)


def test_a_plate_is_judged_by_the_nearest_text_over_it() -> None:
    read = [_read("30A12399"), _read("30A12346"), _read("30A12345", APART)]
    (judged,) = judge(_picture(_plate()), read, are_crops=False)
    assert (judged.text, judged.is_exact) == ("30A12346", False)


def test_without_a_reading_over_it_a_plate_was_not_located() -> None:
    judged = judge(_picture(_plate()), [_read(box=APART)], are_crops=False)
    assert judged[0].read is None
    assert tally(judged) == Tally(plates=1, exact=0, located=0, edits=8, characters=8)


def test_in_a_crop_boxes_do_not_matter() -> None:
    (judged,) = judge(_picture(_plate()), [_read(box=APART)], are_crops=True)
    assert judged.is_exact


def test_plates_whose_text_is_not_known_are_not_judged_and_lights_stay_with_their_plates() -> None:
    plates = (_plate("", APART), _plate(ambiguous=True), _plate(ignore=True), _plate())
    judged = judge(_picture(*plates), [_read()], False, ["dark", "dark", "dark", "glare"])
    assert [(one.plate.text, one.light) for one in judged] == [("30A12345", "glare")]
    assert tally(judged) == Tally(plates=1, exact=1, located=1, edits=0, characters=8)


def test_each_labelled_plate_takes_one_box() -> None:
    assert shown_boxes(_picture(_plate()), [_read(), _read(), _read(box=APART)]) == (3, 1)


def test_less_than_half_is_no_plate() -> None:
    assert shown_boxes(_picture(_plate()), [_read(box=(51.0, 0.0, 151.0, 20.0))]) == (1, 0)


def test_boxes_over_ignored_plates_do_not_count_and_ambiguous_plates_are_plates() -> None:
    picture = _picture(_plate(ambiguous=True), _plate(box=APART, ignore=True))
    assert shown_boxes(picture, [_read(), _read(box=APART)]) == (1, 1)


def test_pictures_with_unlabelled_plates_or_without_any_do_not_count() -> None:
    assert shown_boxes(_picture(_plate(), complete=False), [_read()]) == (0, 0)
    assert shown_boxes(_picture(), [_read()]) == (0, 0)
    assert shown_boxes(_picture(_plate(ignore=True)), [_read(box=APART)]) == (0, 0)


def test_a_text_counts_for_the_plate_it_overlaps_most() -> None:
    picture = _picture(_plate("29B67890", (60.0, 0.0, 160.0, 20.0)), _plate())
    assert shown_texts(picture, [_read(score=0.7)], False) == [(0.7, True)]
    assert shown_texts(picture, [_read(box=(60.0, 0.0, 160.0, 20.0))], False) == [(0.9, False)]


def test_texts_over_nothing_or_what_cannot_be_judged_do_not_count() -> None:
    picture = _picture(_plate(ambiguous=True), complete=False)
    assert shown_texts(picture, [_read(), _read(box=APART)], False) == []
    assert shown_texts(_picture(_plate()), [_read("")], False) == []


def test_texts_count_in_pictures_with_unlabelled_plates() -> None:
    assert shown_texts(_picture(_plate(), complete=False), [_read()], False) == [(0.9, True)]


def test_each_character_read_is_right_or_wrong() -> None:
    read = ReadPlate(BOX, "A32X", "A32X", 0.5, (0.9, 0.8, 0.7, 0.6))
    judged = judge(_picture(_plate("AB12")), [read], False)
    # A B 1 2 and A 3 2 X: every way has three edits; the last characters stand for each other
    assert character_outcomes(judged) == [(0.9, True), (0.8, False), (0.7, False), (0.6, False)]
    short = ReadPlate(BOX, "A12", "A12", 0.5, (0.9, 0.8, 0.7))
    judged = judge(_picture(_plate("AB12")), [short], False)
    assert character_outcomes(judged) == [(0.9, True), (0.8, True), (0.7, True)]
    assert character_outcomes(judge(_picture(_plate()), [], False)) == []
