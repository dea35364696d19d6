import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lpr.boxes import Frame, PlateBox
from lpr.explaining import Explaining, page_name
from lpr.explanations import MOST_DROPPED
from lpr.recognition import Recogniser, SeenPlate
from lpr.testing import SameReader, Script, a_box, a_reading

FRAME = np.zeros((200, 1600, 3), np.uint8)
READER = SameReader(a_reading("30A12345", 0.97))
READING = "30A12345 would have been read with a probability of 0.97."


class Sees:
    """`Detector` that finds the same boxes in every frame."""

    def __init__(self, *boxes: PlateBox) -> None:
        self._boxes = list(boxes)

    def detect(self, frame: Frame) -> list[PlateBox]:
        return self._boxes


def explain(folder: Path, picture: str, kept: list[PlateBox], *more: PlateBox) -> str:
    """The page of a picture in which the detector saw what was kept and more."""
    ordinary = Recogniser(Sees(*kept), READER)
    explaining = Explaining(folder, ordinary, Sees(*kept, *more), 0.5)
    explaining.write(Path(picture), FRAME, ordinary.plates(FRAME))
    return (folder / f"{Path(picture).name}.html").read_text("utf-8")


def weak(x: float, score: float = 0.31) -> PlateBox:
    return replace(a_box(x), score=score)


def test_a_picture_has_a_page_of_its_name(tmp_path: Path) -> None:
    page = explain(tmp_path / "new" / "pages", "there/street.jpg", [])
    assert '<p class="path">there/street.jpg, 1600 × 200 px</p>' in page
    assert "No box at all: no cell of the detector saw anything." in page


def test_what_was_dropped_is_read_as_it_would_have_been(tmp_path: Path) -> None:
    page = explain(tmp_path, "street.jpg", [a_box(100)], weak(400))
    assert "Read as 30A12345 with a probability of 0.97." in page
    assert f"A box with score 0.31 was dropped: detector_min_score is 0.5. {READING}" in page


def test_a_dropped_box_of_a_kept_plate_is_not_listed_again(tmp_path: Path) -> None:
    page = explain(tmp_path, "street.jpg", [a_box(100)], weak(104))
    assert page.count("<section") == 1


def test_of_many_dropped_boxes_the_surest_are_shown(tmp_path: Path) -> None:
    many = [weak(60 + 110 * i, 0.4 - 0.01 * i) for i in range(MOST_DROPPED + 2)]
    page = explain(tmp_path, "street.jpg", [], *many)
    assert page.count("<section") == MOST_DROPPED
    assert "14 boxes were dropped, the surest with a score of 0.4" in page


def test_a_picture_without_a_box_tells_the_surest_cell(tmp_path: Path) -> None:
    page = explain(tmp_path, "street.jpg", [], weak(100, 0.0123), weak(300, 0.01))
    assert "No box at all: the surest cell had a score of 0.012" in page
    assert "<section" not in page


def test_a_picture_that_is_one_plate_is_looked_at_by_no_detector(tmp_path: Path) -> None:
    recogniser = Recogniser(Script([]), READER)
    plate: SeenPlate = recogniser.crop(FRAME)
    Explaining(tmp_path, recogniser, None, 0.5).write(Path("plate.png"), FRAME, [plate])
    page = (tmp_path / "plate.png.html").read_text("utf-8")
    assert "The picture was taken for one plate: no detector looked at it." in page


def test_pictures_of_the_same_name_have_pages_of_their_own(tmp_path: Path) -> None:
    recogniser = Recogniser(Sees(), READER)
    explaining = Explaining(tmp_path, recogniser, Sees(), 0.5)
    for picture in ("a/street.jpg", "b/street.jpg", "c/street.png"):
        explaining.write(Path(picture), FRAME, [])
    pages = {page.name: page.read_text("utf-8") for page in tmp_path.iterdir()}
    assert sorted(pages) == ["street.jpg-2.html", "street.jpg.html", "street.png.html"]
    assert "a/street.jpg" in pages["street.jpg.html"]
    assert "b/street.jpg" in pages["street.jpg-2.html"]


def test_a_page_that_cannot_take_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "street.jpg.html").mkdir()
    with pytest.raises(IsADirectoryError):
        explain(tmp_path, "street.jpg", [])
    assert [path.name for path in tmp_path.iterdir()] == ["street.jpg.html"]


@pytest.mark.parametrize(
    ("picture", "taken", "name"),
    [
        ("a.jpg", set(), "a.jpg.html"),
        ("a.jpg", {"a.jpg.html"}, "a.jpg-2.html"),
        ("a.jpg", {"a.jpg.html", "a.jpg-2.html"}, "a.jpg-3.html"),
        ("a.jpg-2", {"a.jpg-2.html"}, "a.jpg-2-2.html"),
        ("ế" * 80 + ".jpg", set(), "ế" * 66 + ".html"),
    ],
)
def test_a_page_takes_no_name_that_is_taken(picture: str, taken: set[str], name: str) -> None:
    assert page_name(picture, taken) == name


def test_a_name_that_is_not_utf_8_stays_what_it_is(tmp_path: Path) -> None:
    explain(tmp_path, os.fsdecode(b"xe \xff.jpg"), [])
    assert [os.fsencode(page.name) for page in tmp_path.iterdir()] == [b"xe \xff.jpg.html"]
