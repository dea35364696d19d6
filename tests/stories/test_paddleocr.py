"""PaddleOCR in place of our own reader, by configuration."""

import json
import os
import subprocess
from pathlib import Path

import cv2
import numpy as np

from lpr.plates import printed_rows
from lpr.render.plate import SIZES_MM, draw_plate, random_look
from tests.prepare_paddle import FOLDER
from web.children import PLATETRAIL


def test_recognise_prints_what_paddleocr_read_and_nothing_else(tmp_path: Path) -> None:
    look = random_look(np.random.default_rng(1), "white", 2)
    plate = draw_plate(printed_rows("29E145678", 2), look, SIZES_MM["motorcycle"][0], 0.8)
    picture = tmp_path / "plate.png"
    cv2.imwrite(str(picture), plate)
    variables = {
        **os.environ,
        "PLATETRAIL_DATA_DIR": str(tmp_path / "data"),
        "PLATETRAIL_READER": "paddleocr",
        "PLATETRAIL_PADDLEOCR_MODEL_DIR": str(FOLDER),
    }
    command = [*PLATETRAIL, "recognise", "--plates-are-crops", str(picture)]
    said = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    (line,) = said.stdout.splitlines()
    (seen,) = json.loads(line)["plates"]
    assert (seen["text"], seen["raw"], seen["rows"]) == ("29E145678", "29E145678", 2)
