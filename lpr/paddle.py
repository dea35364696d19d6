"""PaddleOCR as a reader, from a model directory and without a network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml  # type: ignore[import-untyped]  # has no types, and one function of it is used
from numpy.typing import NDArray
from paddleocr import TextRecognition

from lpr.boxes import Frame
from lpr.ctc import characters_of, places_of
from lpr.errors import ModelError
from lpr.foreign import foreign_reading
from lpr.readings import Character, Reading
from lpr.rows import cut_rows

WEIGHTS, DESCRIPTION = "inference.onnx", "inference.yml"
BATCH = 8  # rows in one run of the session
_BLANK = np.full((48, 320, 3), 127, np.uint8)  # pixels of one row as PP-OCR's models want it


class PaddleReader:
    """PaddleOCR's text recognition with onnxruntime; see `lpr.reader.Reader`.

    Args:
        model_dir: holds `inference.onnx` and `inference.yml`; the latter names the model.
        threads: of the session.

    Raises:
        ModelError: a file is missing, damaged, or does not fit the other.
    """

    def __init__(self, model_dir: Path, threads: int = 2) -> None:
        name = _model_name(model_dir)
        self._model = _load(model_dir, name, threads)
        self._name = f"paddleocr {name}"

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        """Read rectified crops of any size, in order."""
        cut = [cut_rows(crop) for crop in crops]
        said = iter(_characters(self._model, [row for rows in cut for row in rows]))
        return [
            foreign_reading([c for _ in rows for c in next(said)], len(rows), self._name)
            for rows in cut
        ]


class _Decoder:
    """Stands in for PaddleOCR's own decoder, which keeps one probability for a whole line.

    Args:
        classes: of the model, in its order, blank first.
        description: file that they come from, for the message.
    """

    def __init__(self, classes: Sequence[str], description: Path) -> None:
        self._places = places_of(classes)
        self._description = description

    def __call__(
        self, outputs: Sequence[NDArray[np.float32]], **_unused: object
    ) -> tuple[list[tuple[Character, ...]], list[None]]:
        """Characters of each line of a batch, in the place of PaddleOCR's texts and scores."""
        lines = np.asarray(outputs[0])
        if lines.shape[-1] != len(self._places):
            raise ModelError(
                f"{self._description} lists {len(self._places)} classes with blank and space, and "
                f"{WEIGHTS} has {lines.shape[-1]}: take both files from the same model"
            )
        return [characters_of(line, self._places) for line in lines], [None] * len(lines)


def _model_name(model_dir: Path) -> str:
    for file in (model_dir / WEIGHTS, model_dir / DESCRIPTION):
        if not file.is_file():
            raise ModelError(
                f"there is no {file}: set paddleocr_model_dir to the folder of a PaddleOCR text "
                f"recognition model with {WEIGHTS} and {DESCRIPTION}"
            )
    description = model_dir / DESCRIPTION
    try:
        # PaddleOCR wants the name beside the file that holds it; the C loader is 13 times as fast
        settings = yaml.load(description.read_bytes(), yaml.CSafeLoader)
        return str(settings["Global"]["model_name"])
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ModelError(
            f"{description} does not tell Global.model_name ({error}): copy the model anew"
        ) from error


def _load(model_dir: Path, name: str, threads: int) -> Any:
    """The model, after a first look: one that does not fit is refused now, not at a plate."""
    try:
        model = TextRecognition(
            model_name=name,
            model_dir=str(model_dir),
            engine="onnxruntime",
            engine_config={"intra_op_num_threads": threads},
            device="cpu",
        )
        predictor = model.paddlex_predictor
        predictor.post_op = _Decoder(predictor.post_op.character, model_dir / DESCRIPTION)
        _characters(model, [_BLANK])
    except ModelError:
        raise
    except Exception as error:  # of onnxruntime, paddlex and pydantic: they share no root
        raise ModelError(
            f"{model_dir} holds no text recognition model that PaddleOCR can run "
            f"({error}): copy {WEIGHTS} and {DESCRIPTION} anew"
        ) from error
    return model


def _characters(model: Any, rows: Sequence[Frame]) -> list[tuple[Character, ...]]:
    """What each row says; `_Decoder` has put characters where PaddleOCR has a text."""
    if not rows:
        return []
    results = model.predict([np.ascontiguousarray(row) for row in rows], batch_size=BATCH)
    return [result["rec_text"] for result in results]
