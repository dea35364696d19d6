from pathlib import Path

from tests.accuracy.labels import labelled_picture
from tests.accuracy.scoring import Score, Scorer

STUB = """
import json, sys
labels, lines = ([json.loads(line) for line in open(file)] for file in sys.argv[1:3])
texts = sum(not plate.get("ignore") for picture in labels for plate in picture["plates"])
said = {"texts": texts, "exact": len(lines), "cer": "--crop" in sys.argv}
print(json.dumps({**said, "located": 1, "recall50": 1, "precision50": 1}))
print("  miss")
"""
ONE_ROW, TWO_ROWS = [0, 0, 100, 20], [0, 0, 60, 40]


def _scorer(folder: Path) -> Scorer:
    """Says how many plates are not ignored, how many lines there are, whether they are crops."""
    script = folder / "scorer.py"
    script.write_text(STUB)
    return Scorer(script)


def _fields(*boxes: list[int], **more: object) -> dict:
    plates = [{"box": box, "text": "AB"} for box in boxes]
    return {"image": "a.jpg", "width": 100, "height": 100, "plates": plates, **more}


def test_a_set_is_judged_as_a_whole_and_by_rows(tmp_path: Path) -> None:
    pictures = [labelled_picture(_fields(ONE_ROW, TWO_ROWS)), labelled_picture(_fields(TWO_ROWS))]
    scored = dict(_scorer(tmp_path).groups(pictures, [{"image": "a.jpg"}], are_crops=False))
    assert {name: one.plates for name, one in scored.items()} == {
        "all": 3,
        "one row": 1,
        "two rows": 2,
    }
    assert scored["all"] == Score(3, 1, False, 1, 1, 1)


def test_groups_without_plates_are_left_out(tmp_path: Path) -> None:
    assert list(_scorer(tmp_path).groups([], [], are_crops=False)) == []


def test_crops_are_judged_by_country_as_well(tmp_path: Path) -> None:
    pictures = [
        labelled_picture(_fields(ONE_ROW, country="vn", text_src="human")),
        labelled_picture(_fields(ONE_ROW, country="vn")),
        labelled_picture(_fields(ONE_ROW, country="cz", text_src="human")),
    ]
    scored = dict(_scorer(tmp_path).groups(pictures, [], are_crops=True))
    assert {name: one.plates for name, one in scored.items()} == {
        "all": 3,
        "one row": 3,
        "Vietnamese": 2,
        "Vietnamese, by eye": 1,
        "foreign": 1,
    }
    assert scored["all"].character_errors
