import json
from pathlib import Path

from tests.accuracy.labels import labelled_picture, read_labels


def _fields(**plate: object) -> dict:
    return {"image": "images/a.jpg", "width": 200, "height": 100, "plates": [plate]}


def test_a_picture_without_plates_has_none() -> None:
    picture = labelled_picture({"image": "a.jpg", "width": 9, "height": 9, "plates": []})
    assert (picture.name, picture.plates, picture.is_complete) == ("a.jpg", (), True)


def test_texts_are_in_normal_form_and_rows_follow_the_shape() -> None:
    fields = _fields(box=[10, 10, 60, 30], text="29-MĐ1 234.56")
    (plate,) = labelled_picture(fields).plates
    assert (plate.text, plate.rows, plate.width, plate.height) == ("29MD123456", 1, 50, 20)


def test_without_a_box_the_plate_is_as_large_as_its_picture() -> None:
    (plate,) = labelled_picture(_fields(text="30A12345")).plates
    assert (plate.box, plate.width, plate.height, plate.rows) == (None, 200, 100, 2)


def test_what_is_to_be_ignored_or_ambiguous_has_no_text() -> None:
    box = [0, 0, 50, 10]
    (ignored,) = labelled_picture(_fields(box=box, text="30A12345", ignore=True)).plates
    (ambiguous,) = labelled_picture(_fields(box=box, text="30A12345", ambiguous=True)).plates
    assert (ignored.text, ignored.ignore) == ("", True)
    assert (ambiguous.text, ambiguous.ignore) == ("", False)


def test_pictures_of_vietnamese_sets_are_vietnamese_unless_they_say_otherwise(
    tmp_path: Path,
) -> None:
    for name in ("vn-some", "intl-some"):
        (tmp_path / name).mkdir()
        lines = [_fields(), {**_fields(), "country": "cz", "text_src": "human", "complete": False}]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / name / "labels.jsonl").write_text(text)
    bare, said = read_labels(tmp_path / "vn-some")
    assert (bare.country, bare.text_source, bare.is_complete) == ("vn", "", True)
    assert (said.country, said.text_source, said.is_complete) == ("cz", "human", False)
    assert read_labels(tmp_path / "intl-some")[0].country == ""
