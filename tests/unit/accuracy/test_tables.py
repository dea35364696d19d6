from io import StringIO

from rich.console import Console

from lpr.lines import plate_fields
from lpr.recognition import SeenPlate
from lpr.testing import a_box, a_reading, some_frames
from tests.accuracy.labels import labelled_picture
from tests.accuracy.looking import LookedSet
from tests.accuracy.tables import band_table, comparison_table, shown_counts, text_outcomes

PLATES = {"a.jpg": "30A12345", "b.jpg": "29B67890"}
READ = {"a.jpg": [("30A12345", 0.8), ("29C11111", 0.6)], "b.jpg": [("29B67899", 0.4)]}


def _line(name: str) -> dict:
    """The first text over the plate, others beside it."""
    crop = some_frames(1)[0].picture
    boxes = [a_box(50 + 200 * n, 10, 100, 20) for n in range(len(READ[name]))]
    read = zip(boxes, READ[name], strict=True)
    plates = [plate_fields(SeenPlate(box, crop, a_reading(*said))) for box, said in read]
    return {"image": name, "plates": plates}


def _looked(are_crops: bool = False) -> LookedSet:
    pictures = tuple(
        labelled_picture(
            {
                "image": name,
                "width": 640,
                "height": 480,
                "plates": [{"box": [0, 0, 100, 20], "text": text}],
                "country": "vn",
            }
        )
        for name, text in PLATES.items()
    )
    lines = {name: _line(name) for name in PLATES}
    lights = dict.fromkeys(PLATES, ("ordinary",))
    return LookedSet("vn-some", are_crops, pictures, lines, {}, lights)


def test_what_is_shown_counts_from_a_score() -> None:
    assert shown_counts(_looked(), least=0.5) == (2, 1, 1, 1)
    assert shown_counts(_looked(), least=0.0) == (3, 2, 2, 1)


def test_of_crops_only_texts_count() -> None:
    assert shown_counts(_looked(are_crops=True), least=0.5)[:2] == (0, 0)


def test_each_text_over_a_plate_has_its_score() -> None:
    assert text_outcomes([_looked()]) == [(0.8, True), (0.4, False)]


def test_tables_fit_into_110_columns_and_say_what_was_counted() -> None:
    console = Console(width=110, file=(file := StringIO()))
    console.print(band_table(_looked().judged()), comparison_table([_looked()], "another"))
    lines = file.getvalue().splitlines()
    said = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines]
    assert ["", "20 to 39", "2", "0.500", "0.062", "1.000"] in said
    assert max(map(len, lines)) <= 110
    assert ["vn-some", "2", "0.500", "0.500", "0.000", "0.000"] in said
