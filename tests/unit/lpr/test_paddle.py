"""With the real PP-OCR model that `tests/install_parts` has made ready."""

from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest

from lpr.building import build_recogniser
from lpr.errors import ModelError
from lpr.paddle import PaddleReader
from lpr.plates import printed_rows
from lpr.readings import NOTHING_READ, Colour
from lpr.render.plate import SIZES_MM, draw_plate, random_look
from lpr.settings import RecognitionSettings
from tests.prepare_paddle import FOLDER, MODEL_NAME

LONG, SHORT, MOTORCYCLE = SIZES_MM["car-long"][0], SIZES_MM["car-short"][0], (190, 140)


@pytest.fixture(scope="module")
def reader() -> PaddleReader:
    return PaddleReader(FOLDER, threads=1)


def _plate(
    text: str, size_mm: tuple[int, int], colour: Colour = "white", seed: int = 1
) -> np.ndarray:
    """A clean rendered plate, 100 pixels high."""
    rows = printed_rows(text, 1 if size_mm == LONG else 2)
    look = random_look(np.random.default_rng(seed), colour, len(rows))
    return draw_plate(rows, look, size_mm, 100 / size_mm[1])


ONE_ROW: list[tuple[str, Colour]] = [
    ("30A12345", "white"),
    ("29H67890", "yellow"),
    ("80B4567", "blue"),
    ("51LD20938", "white"),
    ("TM1234", "red"),
]
TWO_ROWS: list[tuple[str, tuple[int, int], Colour]] = [
    ("30K98765", SHORT, "white"),
    ("29E145678", MOTORCYCLE, "white"),
    ("36AB24680", MOTORCYCLE, "white"),
    ("29C13579", SHORT, "yellow"),
    ("80A31234", SHORT, "blue"),
]


@pytest.mark.parametrize(("text", "colour"), ONE_ROW)
def test_a_plate_of_one_row_is_read(reader: PaddleReader, text: str, colour: Colour) -> None:
    (reading,) = reader.read([_plate(text, LONG, colour)])
    assert (reading.text, reading.raw, reading.rows) == (text, text, 1)
    assert reading.candidates[0] == (text, reading.score)
    assert 0.5 < reading.score <= 1


@pytest.mark.parametrize(("text", "size_mm", "colour"), TWO_ROWS)
def test_a_plate_of_two_rows_is_read(
    reader: PaddleReader, text: str, size_mm: tuple[int, int], colour: Colour
) -> None:
    (reading,) = reader.read([_plate(text, size_mm, colour)])
    assert (reading.text, reading.raw, reading.rows) == (text, text, 2)
    assert 0.5 < reading.score <= 1


def test_each_character_has_probabilities_of_its_own(reader: PaddleReader) -> None:
    (reading,) = reader.read([_plate("30A12345", LONG)])
    assert [character[0][0] for character in reading.chars] == list("30A12345")
    sure = [character[0][1] for character in reading.chars]
    assert len(set(sure)) > 1
    assert all(0 < p <= 1 for p in sure)
    assert (reading.kind, reading.colour, reading.model) == ("car", None, f"paddleocr {MODEL_NAME}")


def test_readings_come_in_the_order_of_the_crops(reader: PaddleReader) -> None:
    assert reader.read([]) == []
    bare = np.full((60, 120, 3), 200, np.uint8)
    crops = [_plate("29E145678", MOTORCYCLE), bare, _plate("30A12345", LONG)]
    first, second, third = reader.read(crops)
    assert (first.text, second, third.text) == ("29E145678", NOTHING_READ, "30A12345")


@pytest.mark.parametrize("size", [(2, 2), (1, 40), (60, 3), (4, 640)])
def test_a_crop_of_a_few_pixels_is_not_read(reader: PaddleReader, size: tuple[int, int]) -> None:
    assert reader.read([np.full((*size, 3), 90, np.uint8)]) == [NOTHING_READ]


def test_it_is_a_choice_of_the_settings() -> None:
    settings = RecognitionSettings(reader="paddleocr", paddleocr_model_dir=FOLDER)
    seen = build_recogniser(settings).crop(_plate("30A12345", LONG))
    assert (seen.reading.text, seen.reading.model) == ("30A12345", f"paddleocr {MODEL_NAME}")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    settings = RecognitionSettings(reader="paddleocr", paddleocr_model_dir=tmp_path / "none")
    with pytest.raises(ModelError, match=r"none/inference\.onnx: set paddleocr_model_dir"):
        build_recogniser(settings)


def _copied(folder: Path, description: str) -> Path:
    copyfile(FOLDER / "inference.onnx", folder / "inference.onnx")
    (folder / "inference.yml").write_text(description, "utf-8")
    return folder


@pytest.mark.parametrize("description", ["", "Global: {}", "Global: [", "\0"])
def test_a_description_that_names_no_model_is_refused(tmp_path: Path, description: str) -> None:
    with pytest.raises(ModelError, match=r"does not tell Global\.model_name"):
        PaddleReader(_copied(tmp_path, description))


def test_a_description_without_the_rest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no text recognition model that PaddleOCR can run"):
        PaddleReader(_copied(tmp_path, f"Global: {{model_name: {MODEL_NAME}}}"))


def test_a_model_that_paddleocr_does_not_know_is_refused(tmp_path: Path) -> None:
    description = (FOLDER / "inference.yml").read_text("utf-8")
    folder = _copied(tmp_path, description.replace(MODEL_NAME, "no-such-model"))
    with pytest.raises(ModelError, match=r"can run \(.*no-such-model"):
        PaddleReader(folder)


def test_characters_of_another_model_are_refused(tmp_path: Path) -> None:
    description = (FOLDER / "inference.yml").read_text("utf-8").replace("  - A\n", "", 1)
    with pytest.raises(ModelError, match=r"lists 18709 classes .* has 18710"):
        PaddleReader(_copied(tmp_path, description))


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    copyfile(FOLDER / "inference.yml", tmp_path / "inference.yml")
    (tmp_path / "inference.onnx").write_bytes(b"cut off")
    with pytest.raises(ModelError, match=r"copy inference\.onnx and inference\.yml anew"):
        PaddleReader(tmp_path)
