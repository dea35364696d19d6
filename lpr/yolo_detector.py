"""A YOLO export as detector: a frame through a foreign ONNX model to plate boxes."""

from pathlib import Path
from typing import Any

import numpy as np

from lpr.boxes import Frame, PlateBox
from lpr.errors import ModelError
from lpr.letterbox import GREY, letterbox, original_points
from lpr.network_input import DTYPES, InputForm, network_input
from lpr.session import first_look, load_session
from lpr.yolo import MULTIPLE, YoloSection, plates_of

FLOATS = ("tensor(float)", "tensor(float16)")
ADVICE = "set longest to the size that it was exported for"
Size = tuple[int, int]
"""Width and height in pixels."""


class YoloDetector:
    """A YOLO export in an onnxruntime session; see `lpr.boxes.Detector`.

    Args:
        file: the ONNX model: (1, 3, H, W) RGB 0..1 in, letterboxed; out what `lpr.yolo` tells.
        section: of the manifest.
        min_score: boxes below are dropped.
        threads: of the session.

    Raises:
        ModelError: the file is no such model, or another than its section says.
    """

    def __init__(self, file: Path, section: YoloSection, min_score: float, threads: int) -> None:
        self._session = load_session(file, threads)
        given = self._session.get_inputs()
        self._size = _fixed_size(given, section)
        self._input = given[0].name
        self._form = InputForm("nchw", "rgb", DTYPES[given[0].type], scale=(255.0,))
        self._section = section
        self._min_score = min_score
        with first_look(section.file, ADVICE):
            self.detect(np.full((MULTIPLE, MULTIPLE, 3), GREY, np.uint8))

    def detect(self, frame: Frame) -> list[PlateBox]:
        """Find every plate of a frame, best score first."""
        boxed = letterbox(frame, self._size or fitting_size(frame, self._section.longest or 0))
        pixels = network_input([boxed.picture], self._form)
        output = self._session.run(None, {self._input: pixels})[0]
        scores, corners = plates_of(output, self._section, self._min_score)
        quads = original_points(corners, boxed).tolist()
        return [
            PlateBox(((ax, ay), (bx, by), (cx, cy), (dx, dy)), float(score))
            for score, ((ax, ay), (bx, by), (cx, cy), (dx, dy)) in zip(scores, quads, strict=True)
        ]


def fitting_size(frame: Frame, longest: int) -> Size:
    """The size of input for a frame whose longer side becomes `longest`.

    Args:
        frame: (H, W, 3).
        longest: pixels, a multiple of MULTIPLE.

    Returns:
        Multiples of MULTIPLE.
    """
    height, width = frame.shape[:2]
    factor = longest / max(height, width)
    up = (max(1, -(-round(side * factor) // MULTIPLE)) * MULTIPLE for side in (width, height))
    return next(up), next(up)


def _fixed_size(given: list[Any], section: YoloSection) -> Size | None:
    """The size of a model's input; None if it takes any.

    Args:
        given: the session's inputs.
        section: of the model.
    """
    shapes = [f"{i.name} {i.shape} {i.type}" for i in given]
    if len(given) != 1 or len(given[0].shape) != 4 or given[0].type not in FLOATS:
        raise _other_input(section, shapes)
    number, channels, *sides = (n if isinstance(n, int) else None for n in given[0].shape)
    if number not in (1, None) or channels not in (3, None) or (sides.count(None) == 1):
        raise _other_input(section, shapes)
    height, width = sides
    if height is None or width is None:
        if section.longest is None:
            raise ModelError(
                f"{section.file} takes pictures of any size, and the manifest has no 'longest': "
                f"add it, a multiple of {MULTIPLE} pixels (what the model was trained with)"
            )
        return None
    if section.longest not in (None, max(height, width)):
        raise ModelError(
            f"{section.file} takes pictures of {width} x {height} only, and the manifest says "
            f"longest = {section.longest}: take it out"
        )
    return width, height


def _other_input(section: YoloSection, shapes: list[str]) -> ModelError:
    return ModelError(
        f"{section.file}: expected one input (1, 3, height, width) of float, "
        f"got {', '.join(shapes)}: export the model for one picture with three channels"
    )
