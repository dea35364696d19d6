import json
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from lpr.boxes import Frame
from lpr.errors import PictureError
from lpr.passage_lines import parse_passage
from lpr.passages import Passage
from lpr.recognising import Recognising
from lpr.recognition import Recogniser, SeenPlate
from lpr.sources import Source
from lpr.testing import SameReader, Script, Seen, a_box, a_reading, scripted

START = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)


@pytest.fixture
def picture(tmp_path: Path) -> Source:
    path = tmp_path / "street.png"
    cv2.imwrite(str(path), np.zeros((120, 200, 3), np.uint8))
    return Source(path)


@pytest.fixture
def video(tmp_path: Path) -> Source:
    """Two seconds, five frames in each."""
    path = tmp_path / "street.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for tick in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="bgr24")
            frame.pts, frame.time_base = tick, Fraction(1, 5)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return Source(path, is_video=True)


def one_vehicle() -> list[Sequence[Seen]]:
    return [[], *[[(a_box(100 + 60 * i), a_reading("30A12345"))] for i in range(4)]]


def job(frames: Sequence[Sequence[Seen]], **how: Any) -> Recognising:
    return Recognising(scripted(frames), 5.0, **how)


def test_a_picture_is_one_line(picture: Source) -> None:
    seen = [(a_box(100), a_reading("30A12345")), (a_box(100, 30), a_reading(""))]
    (line,) = job([seen]).lines(picture)
    assert (line["image"], line["width"], line["height"]) == (str(picture.path), 200, 120)
    assert [plate["text"] for plate in line["plates"]] == ["30A12345", ""]


def test_what_is_explained_is_what_is_printed(picture: Source) -> None:
    explained: list[tuple[Path, tuple[int, ...], list[str]]] = []

    def explain(path: Path, frame: Frame, plates: list[SeenPlate]) -> None:
        explained.append((path, frame.shape, [plate.reading.text for plate in plates]))

    seen = [(a_box(100), a_reading("30A12345"))]
    (line,) = job([seen], explain=explain).lines(picture)
    assert [plate["text"] for plate in line["plates"]] == ["30A12345"]
    assert explained == [(picture.path, (120, 200, 3), ["30A12345"])]


def test_a_picture_that_is_a_crop_is_read_whole(picture: Source) -> None:
    recogniser = Recogniser(Script([]), SameReader(a_reading("30A12345")))
    (line,) = Recognising(recogniser, 5.0, are_crops=True).lines(picture)
    (plate,) = line["plates"]
    assert (plate["text"], plate["box"]) == ("30A12345", [0.0, 0.0, 200.0, 120.0])


def test_a_picture_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no such file"):
        list(job([]).lines(Source(tmp_path / "nothing.png")))


def test_a_video_without_plates_has_no_lines(video: Source) -> None:
    assert list(job([]).lines(video)) == []


def test_a_video_of_no_camera_gives_passages_with_seconds(video: Source) -> None:
    (line,) = job(one_vehicle()).lines(video)
    assert (line["camera"], line["offset"], line["text"]) == ("street.mp4", 0.2, "30A12345")
    assert line.keys().isdisjoint({"at", "until", "frame", "crop"})


def test_a_video_of_a_camera_gives_passages_that_ingest_reads(video: Source) -> None:
    (line,) = job(one_vehicle(), camera="C012", start=START).lines(video)
    passage = parse_passage(json.dumps(line))
    assert (passage.camera, passage.text, passage.track) == ("C012", "30A12345", "1")
    assert (passage.at_given, passage.until) == (
        "2026-01-31T08:15:00.200Z",
        START.replace(microsecond=800_000),
    )


def test_a_video_by_frame_gives_a_line_for_each(video: Source) -> None:
    lines = list(job(one_vehicle(), by_frame=True).lines(video))
    assert [line["offset"] for line in lines] == [round(i / 5, 3) for i in range(10)]
    assert [[p["text"] for p in line["plates"]] for line in lines] == [
        [],
        *[["30A12345"]] * 4,
        *[[]] * 5,
    ]
    assert list(lines[0]) == ["image", "offset", "width", "height", "plates"]


def test_with_a_spool_passages_go_there_and_no_line_is_given(video: Source) -> None:
    spool: list[Passage] = []
    how = {"camera": "C012", "start": START, "keep": lambda jpeg: "0" * 64, "spool": spool.append}
    assert list(job(one_vehicle(), **how).lines(video)) == []
    (passage,) = spool
    assert (passage.camera, passage.text, passage.frame) == ("C012", "30A12345", "0" * 64)
