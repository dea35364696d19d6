import json

from lpr.testing import SameReader, a_reading
from tests.accuracy.confusion import CHARACTERS, confusion_fields, count_confusions
from tests.accuracy.confusions import confusions_by_rows, format_confusions, rendered_texts
from tests.accuracy.judging import ReadPlate, judge
from tests.accuracy.labels import labelled_picture


def test_every_rendered_plate_is_read_once_whatever_its_rows() -> None:
    reader = SameReader(a_reading("30A12345"))
    rows = rendered_texts(reader, count=70, seed=3)
    assert len(reader.crops) == 70
    assert sorted(rows) == [1, 2]
    assert rows[1].plates + rows[2].plates == 70
    assert min(rows[1].plates, rows[2].plates) > 0
    read = sum(one.table[:, CHARACTERS.index("A")].sum() for one in rows.values())
    assert read == 70


def test_the_same_seed_renders_the_same_plates() -> None:
    one, other = (SameReader(a_reading("")) for _ in range(2))
    rendered_texts(one, 3, seed=5)
    rendered_texts(other, 3, seed=5)
    assert [crop.tobytes() for crop in one.crops] == [crop.tobytes() for crop in other.crops]


def test_photographed_plates_count_by_their_shape_if_something_overlaps_them() -> None:
    boxes = [[0, 0, 100, 20], [0, 50, 60, 90], [0, 100, 100, 120]]
    plates = [{"box": box, "text": "AB"} for box in boxes]
    fields = {"image": "a.jpg", "width": 200, "height": 200, "plates": plates}
    read = [ReadPlate((0, 0, 100, 20), "A8", "A8", 0.9, (0.9, 0.9))]
    read += [ReadPlate((0, 50, 60, 90), "AB", "AB", 0.9, (0.9, 0.9))]
    rows = confusions_by_rows(judge(labelled_picture(fields), read, are_crops=False))
    assert [(rows[n].plates, rows[n].misread) for n in (1, 2)] == [(1, 1), (1, 0)]


def test_each_list_of_numbers_is_one_line_of_the_file() -> None:
    rows = {1: {"rendered": count_confusions([("AB", "A8")])}, 2: {}}
    text = format_confusions("a reader", rows)
    assert json.loads(text) == confusion_fields("a reader", rows)
    assert len([line for line in text.splitlines() if line.count(",") >= 35]) == 2 * (36 + 2)
