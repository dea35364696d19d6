import base64
import html
import os
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from lpr.boxes import Frame
from lpr.explanation_page import page_of
from lpr.explanations import Explanation
from lpr.readings import Reading
from lpr.recognition import SeenPlate
from lpr.testing import a_box, a_reading

FRAME = np.full((200, 400, 3), 90, np.uint8)
CROP = np.full((25, 100, 3), 200, np.uint8)
REPAIRED = Reading(
    text="30A12345",
    raw="3OA12345",
    score=0.9712,
    chars=((("3", 0.993), ("8", 0.004)), (("O", 0.6), ("0", 0.39)), (("A", 0.9), ("", 0.05))),
    candidates=(("30A12345", 0.9712), ("30A12346", 0.0004)),
    rows=2,
    colour="yellow",
    model="platetrail-reader-1",
)


def a_plate(reading: Reading, score: float = 0.9, x: float = 100.0) -> SeenPlate:
    return SeenPlate(replace(a_box(x), score=score), CROP, reading)


def a_page(*kept: SeenPlate, image: str = "street.jpg", **more: object) -> str:
    return page_of(replace(Explanation(image, FRAME, kept, min_score=0.5), **more))


def facts(page: str) -> dict[str, str]:
    """Names and values of the first box."""
    first = page.split("<dl>")[1].split("</dl>")[0]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", first)
    return {html.unescape(name): html.unescape(value) for name, value in pairs}


def pictures(page: str) -> list[Frame]:
    """Every picture of a page, in order."""
    found = re.findall(r'src="data:image/(?:png|jpeg);base64,([^"]+)"', page)
    contents = [np.frombuffer(base64.b64decode(content), np.uint8) for content in found]
    return [np.asarray(cv2.imdecode(c, cv2.IMREAD_COLOR), np.uint8) for c in contents]


def test_a_picture_without_boxes_is_shown_with_its_sentence() -> None:
    page = a_page(surest=0.012)
    assert "No box at all: the surest cell had a score of 0.012" in page
    assert [picture.shape for picture in pictures(page)] == [FRAME.shape]
    assert "<polygon" not in page


def test_a_box_tells_everything_that_is_known_of_it() -> None:
    assert facts(a_page(a_plate(REPAIRED))) == {
        "Detector's score": "0.9: kept, at least detector_min_score = 0.5",
        "Size in the frame": "100 × 25 px, at 50, 88",
        "Reader's raw text": "3OA12345",
        "After the grammar": "30A12345 (changed)",
        "Probability": "0.971",
        "Candidates": "30A12345\N{NO-BREAK SPACE}0.971, 30A12346\N{NO-BREAK SPACE}<0.001",
        "Rows": "2",
        "Colour": "yellow",
        "Kind": "not known",
        "Model": "platetrail-reader-1",
    }


def test_a_box_in_which_nothing_was_read_says_so() -> None:
    said = facts(a_page(a_plate(a_reading(""))))
    assert (said["Reader's raw text"], said["After the grammar"]) == ("nothing", "nothing")


def test_the_likeliest_characters_stand_below_each_other() -> None:
    table = a_page(a_plate(REPAIRED)).split("<table>")[1]
    cells = re.findall(r"<b>(.*?)</b><small>(.*?)</small>", table)
    assert cells == [
        ("3", "0.99"),
        ("O", "0.60"),
        ("A", "0.90"),
        ("", ""),
        ("0", "0.39"),
        ("–", "0.05"),
    ]


def test_kept_and_dropped_boxes_are_drawn_apart_with_their_scores() -> None:
    weak = a_plate(a_reading(""), 0.31, x=300)
    page = a_page(a_plate(REPAIRED), dropped=(weak,))
    drawn = re.findall(r'<polygon class="(kept|dropped)" points="(\S+)', page)
    assert drawn == [("dropped", "250.0,87.5"), ("kept", "50.0,87.5")]
    labels = re.findall(r'class="label (\w+)".*?>(\d+)<span> · ([\d.]+)</span>', page)
    assert labels == [("dropped", "2", "0.31"), ("kept", "1", "0.9")]
    assert "0.31: dropped, below detector_min_score = 0.5" in page


def test_every_crop_is_on_the_page_as_it_was_read() -> None:
    _, crop = pictures(a_page(a_plate(REPAIRED)))
    assert (crop == CROP).all()


def test_a_picture_that_is_one_plate_is_shown_once() -> None:
    page = a_page(a_plate(REPAIRED), min_score=None)
    assert [picture.shape for picture in pictures(page)] == [CROP.shape]
    assert "Detector's score" not in facts(page)


def test_a_large_frame_is_scaled_down() -> None:
    (frame,) = pictures(a_page(frame=np.zeros((1000, 5120, 3), np.uint8)))
    assert frame.shape == (500, 2560, 3)


@pytest.mark.parametrize(
    "image", ["<script>alert(1)</script>.jpg", '"><img src=x>.jpg', "{{ 1 + 1 }}.jpg"]
)
def test_a_file_name_is_text_and_nothing_else(image: str) -> None:
    page = a_page(a_plate(replace(REPAIRED, text="<b>", model='"<i>')), image=image)
    assert html.escape(image) in page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    assert re.findall(r"<(script|i|b)>", page.split("<table>")[0]) == []
    assert "src=x" not in page.replace("&gt;&lt;img src=x&gt;", "")


def test_a_file_name_that_is_not_utf_8_comes_out_with_escapes() -> None:
    page = a_page(image=os.fsdecode(b"xe \xff.jpg"))
    assert r"xe \udcff.jpg" in page
    page.encode("utf-8")


def test_a_page_needs_no_other_file_and_runs_nothing() -> None:
    page = a_page(a_plate(REPAIRED), dropped=(a_plate(REPAIRED, 0.2, 300),))
    sources = re.findall(r'(?:src|href)="([^"]{5})', page)
    assert set(sources) <= {"data:", "#box-"}
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
