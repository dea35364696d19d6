import json
import os
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import ExifTags, Image

from lpr.boxes import Frame
from lpr.passage_lines import parse_passage
from lpr.plates import parse_plate, printed_rows
from lpr.render.pictures import draw_street_picture
from lpr.render.plate import SIZES_MM, draw_plate, random_look
from lpr.spool import SEGMENT_PATTERN
from lpr.testing import AS_ANYBODY, bare_png
from web.children import PLATETRAIL

PLATE_KEYS = [
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
LEAST_PX = 100.0  # width of a plate that must be read
ODD_NAME = os.fsdecode(b"xe m\xc3\xa1y \xff.jpg")  # Vietnamese, with a space, and not UTF-8


@dataclass(frozen=True)
class Answer:
    """What a run of the command gave."""

    status: int
    lines: list[dict[str, Any]]
    stderr: str

    def line(self, name: str) -> dict[str, Any]:
        """The one line of the file of that name."""
        (line,) = (line for line in self.lines if Path(line["image"]).name == name)
        return line

    def texts(self, name: str) -> list[str]:
        return [plate["text"] for plate in self.line(name)["plates"]]


def recognise(data: Path, *arguments: str | Path) -> Answer:
    ended = subprocess.run(
        [*AS_ANYBODY, *PLATETRAIL, "recognise", *arguments],
        env={**os.environ, "PLATETRAIL_DATA_DIR": str(data)},
        capture_output=True,
        check=False,
    )
    lines = [json.loads(line) for line in ended.stdout.decode("utf-8").splitlines()]
    return Answer(ended.returncode, lines, ended.stderr.decode())


def a_street() -> tuple[Frame, str]:
    """A rendered picture with one plate that is large enough to read, and its text."""
    for seed in range(1000):
        picture, truths = draw_street_picture(np.random.default_rng(seed), (1280, 720))
        if len(truths) == 1 and np.ptp(truths[0].corners[:, 0]) >= LEAST_PX:
            return picture, truths[0].plate.text
    raise AssertionError("no rendered picture shows one large plate")


def save_in_every_format(folder: Path, frame: Frame) -> None:
    picture = Image.fromarray(frame[..., ::-1])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    picture.save(folder / "plain.jpg", quality=95)
    picture.save(folder / ODD_NAME, quality=95)
    picture.transpose(Image.Transpose.ROTATE_90).save(folder / "turned.jpg", quality=95, exif=exif)
    picture.convert("L").save(folder / "grey.jpg", quality=95)
    picture.convert("CMYK").save(folder / "ink.jpg", quality=95)
    picture.convert("RGBA").save(folder / "layer.png")
    picture.quantize(256).save(folder / "palette.png")
    picture.save(folder / "web.webp", quality=90)
    picture.save(folder / "bits.bmp")
    cv2.imwrite(str(folder / "deep.png"), frame.astype(np.uint16) * 257)
    cv2.imwrite(str(folder / "deep_grey.png"), np.asarray(picture.convert("L"), np.uint16) * 257)


BAD = {
    "truncated.jpg": "the picture is damaged: image file is truncated",
    "empty.png": "the file is empty",
    "huge.png": "over 100 megapixels: scale the picture down",
    "letter.jpg": "not a picture: expected JPEG, PNG, WebP, BMP or TIFF",
    "closed.jpg": "no right to read it: give this user the right",
    "gone.jpg": "no such file or folder",
    "letter.mp4": "not a video, or a damaged one",
    "empty.mkv": "the file is empty",
    "no pictures": "the folder holds no picture and no video",
    "closed folder": "no right to read it: give this user the right",
    "nowhere.jpg": "no such file or folder",
}


def save_what_cannot_be_read(folder: Path) -> None:
    plain = (folder / "plain.jpg").read_bytes()
    (folder / "truncated.jpg").write_bytes(plain[: len(plain) // 2])
    (folder / "empty.png").touch()
    (folder / "huge.png").write_bytes(bare_png(12_000, 12_000, 8, 2, b""))
    (folder / "letter.jpg").write_text("dear colleague, this is a letter\n" * 20)
    (folder / "closed.jpg").write_bytes(plain)
    (folder / "closed.jpg").chmod(0)
    (folder / "gone.jpg").symlink_to("where it was")
    (folder / "letter.mp4").write_text("dear colleague, this is a letter\n" * 20)
    (folder / "empty.mkv").touch()
    (folder / "notes.txt").write_text("not looked at")
    (folder / "closed folder").mkdir(mode=0)


@pytest.fixture(scope="module")
def street() -> tuple[Frame, str]:
    return a_street()


@pytest.fixture(scope="module")
def answer(street: tuple[Frame, str], tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """Of a folder with good and bad files, a folder without pictures, and a path that is none."""
    place = tmp_path_factory.mktemp("files")
    (place / "pictures").mkdir()
    (place / "no pictures").mkdir()
    save_in_every_format(place / "pictures", street[0])
    save_what_cannot_be_read(place / "pictures")
    paths = (place / "pictures", place / "no pictures", place / "nowhere.jpg")
    answer = recognise(place / "data", *paths)
    (place / "pictures" / "closed folder").chmod(0o700)
    return answer


GOOD = [
    "plain.jpg",
    ODD_NAME,
    "turned.jpg",
    "grey.jpg",
    "ink.jpg",
    "layer.png",
    "palette.png",
    "web.webp",
    "bits.bmp",
    "deep.png",
    "deep_grey.png",
]


def test_every_file_gives_one_line_and_the_status_tells_of_the_bad_ones(answer: Answer) -> None:
    assert answer.status == 1
    names = [Path(line["image"]).name for line in answer.lines]
    assert sorted(names) == sorted([*GOOD, *BAD])
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(("name", "reason"), BAD.items())
def test_a_file_that_cannot_be_read_says_why(answer: Answer, name: str, reason: str) -> None:
    line = answer.line(name)
    assert list(line) == ["image", "error"]
    assert line["error"].startswith(reason)


@pytest.mark.parametrize("name", GOOD)
def test_a_picture_of_any_format_has_the_keys_of_the_contract(answer: Answer, name: str) -> None:
    line = answer.line(name)
    assert list(line) == ["image", "width", "height", "plates"]
    assert (line["width"], line["height"]) == (1280, 720)
    assert [list(plate) for plate in line["plates"]] == [PLATE_KEYS] * len(line["plates"])


@pytest.mark.parametrize("name", GOOD)
def test_the_plate_is_read_in_every_format(
    answer: Answer, street: tuple[Frame, str], name: str
) -> None:
    assert answer.texts(name) == [street[1]]


def save_crop(path: Path, text: str, size: str, colour: str, seed: int) -> None:
    rows = printed_rows(text, 1 if size == "car-long" else 2)
    look = random_look(np.random.default_rng(seed), colour, len(rows))
    cv2.imwrite(str(path), draw_plate(rows, look, SIZES_MM[size][0], 0.7))


def test_crops_are_read_as_they_are(tmp_path: Path) -> None:
    crops = tmp_path / "crops"
    crops.mkdir()
    save_crop(crops / "long.png", "30A12345", "car-long", "white", 1)
    save_crop(crops / "short.jpg", "51F24680", "car-short", "yellow", 2)
    save_crop(crops / "motorcycle.webp", "29AA56789", "motorcycle", "white", 3)
    answer = recognise(tmp_path / "data", "--plates-are-crops", crops)
    assert (answer.status, len(answer.lines)) == (0, 3)
    read = {Path(line["image"]).name: line["plates"] for line in answer.lines}
    seen = {
        name: (plate["text"], plate["rows"], plate["colour"], plate["kind"])
        for name, (plate,) in read.items()
    }
    assert seen == {
        "long.png": ("30A12345", 1, "white", "car"),
        "short.jpg": ("51F24680", 2, "yellow", None),
        "motorcycle.webp": ("29AA56789", 2, "white", "motorcycle"),
    }
    assert all(list(plate) == PLATE_KEYS for (plate,) in read.values())


def test_a_crop_has_its_characters_and_candidates_with_probabilities(tmp_path: Path) -> None:
    save_crop(tmp_path / "long.png", "30A12345", "car-long", "white", 1)
    (line,) = recognise(tmp_path / "data", "--plates-are-crops", tmp_path / "long.png").lines
    (plate,) = line["plates"]
    assert [slot[0][0] for slot in plate["chars"]] == list("30A12345")
    assert all(0 <= p <= 1 for slot in plate["chars"] for _, p in slot)
    assert plate["candidates"][0] == ["30A12345", plate["score"]]
    assert plate["box"] == [0.0, 0.0, float(line["width"]), float(line["height"])]
    assert parse_plate(plate["text"])


def record(path: Path, frame: Frame, seconds: int) -> None:
    """A video of a street in which nothing moves, five frames in a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=5, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = frame.shape[1], frame.shape[0], "yuv420p"
        for tick in range(5 * seconds):
            picture = av.VideoFrame.from_ndarray(frame, format="bgr24")
            picture.pts, picture.time_base = tick, Fraction(1, 5)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


def test_a_parked_car_in_a_video_is_one_passage_in_the_spool(
    street: tuple[Frame, str], tmp_path: Path
) -> None:
    record(tmp_path / "street.mp4", street[0], 2)
    placed = ("--camera", "C012", "--start", "2026-01-31T15:15:04+07:00", "--spool")
    answer = recognise(tmp_path / "data", tmp_path / "street.mp4", *placed)
    assert (answer.status, answer.lines) == (0, [])
    (segment,) = (tmp_path / "data" / "spool").glob(SEGMENT_PATTERN)
    (passage,) = (parse_passage(line) for line in segment.read_text("utf-8").splitlines())
    assert (passage.camera, passage.text) == ("C012", street[1])
    assert passage.at_given == "2026-01-31T08:15:04.000Z"
