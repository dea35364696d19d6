"""A foreign reader: crops through an ONNX model that only its manifest tells us of."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from lpr.boxes import Frame
from lpr.ctc import places_of
from lpr.errors import ModelError
from lpr.foreign import foreign_reading
from lpr.letterbox import GREY, letterbox
from lpr.network_input import DTYPES, InputForm, network_input
from lpr.reader_section import Array, CtcSection, ReaderSection, SlotsSection, probabilities_of
from lpr.readings import Character, Reading
from lpr.rows import cut_rows
from lpr.session import first_look, load_session

BATCH = 8  # pictures in one run of the session
ADVICE = "set height, width, layout and colour as the model wants them"


class ForeignReader:
    """A foreign reader in an onnxruntime session; see `lpr.reader.Reader`.

    Args:
        file: the ONNX model.
        section: of the manifest.
        threads: of the session.

    Raises:
        ModelError: the file is no such model, or another than its section says.
    """

    def __init__(self, file: Path, section: SlotsSection | CtcSection, threads: int) -> None:
        self._session = load_session(file, threads)
        self._section = section
        given = self._session.get_inputs()
        self._form = _form(given, section)
        self._batch = 1 if given[0].shape[0] == 1 else BATCH
        self._input = given[0].name
        self._output = _output(self._session.get_outputs(), section)
        self._places = places_of(section.classes)
        self._first_look()

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        """Read rectified crops of any size, in order."""
        rows = [cut_rows(crop) for crop in crops]
        parts = rows if self._section.rows == "cut" else [(crop,) for crop in crops]
        said = iter(self._characters([part for some in parts for part in some]))
        return [
            foreign_reading([c for _ in some for c in next(said)], len(cut), self._section.name)
            for some, cut in zip(parts, rows, strict=True)
        ]

    def _characters(self, pictures: Sequence[Frame]) -> list[tuple[Character, ...]]:
        return [
            self._section.characters(line, self._places)
            for start in range(0, len(pictures), self._batch)
            for line in self._probabilities(pictures[start : start + self._batch])
        ]

    def _probabilities(self, pictures: Sequence[Frame]) -> Array:
        fitted = [fitted_picture(picture, self._section) for picture in pictures]
        pixels = network_input(fitted, self._form)
        output = self._session.run([self._output], {self._input: pixels})[0]
        return probabilities_of(np.asarray(output, np.float32), len(pictures), self._section)

    def _first_look(self) -> None:
        bare = np.full((self._section.height, self._section.width, 3), GREY, np.uint8)
        with first_look(self._section.file, ADVICE):
            self._probabilities([bare] * min(2, self._batch))


def fitted_picture(picture: Frame, section: ReaderSection) -> Frame:
    """A picture in the size of the input, (height, width, 3) uint8 BGR."""
    size = (section.width, section.height)
    if section.keep_aspect:
        return letterbox(picture, size).picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _form(given: list[Any], section: ReaderSection) -> InputForm:
    """How the model wants pictures, after its inputs were compared with the section."""
    channels = 1 if section.colour == "grey" else 3
    size = {"n": 1, "h": section.height, "w": section.width, "c": channels}
    expected = [size[axis] for axis in section.layout]
    fits = (
        len(given) == 1
        and given[0].type in DTYPES
        and len(given[0].shape) == 4
        and all(
            not isinstance(g, int) or g == e for g, e in zip(given[0].shape, expected, strict=True)
        )
    )
    if not fits:
        raise ModelError(
            f"{section.file}: expected one input of any number of pictures or one, "
            f"{section.layout} {expected} of uint8 or float, "
            f"got {', '.join(f'{i.name} {i.shape} {i.type}' for i in given)}: "
            "set layout, colour, height and width in the manifest as the model wants them"
        )
    mean, scale = (_numbers(value) for value in (section.mean, section.scale))
    if given[0].type == "tensor(uint8)" and (mean, scale) != ((0.0,), (1.0,)):
        raise ModelError(
            f"{section.file} takes uint8, which is given as it is: take mean and scale out"
        )
    if {len(mean), len(scale)} - {1, channels} or 0.0 in scale:
        raise ModelError(
            f"{section.file}: expected mean and scale as one number or {channels} for "
            f"{section.colour}, no scale of 0, got {section.mean} and {section.scale}: mend them"
        )
    return InputForm(section.layout, section.colour, DTYPES[given[0].type], mean, scale)


def _numbers(value: float | list[float]) -> tuple[float, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _output(given: list[Any], section: ReaderSection) -> str:
    names: list[str] = [output.name for output in given]
    if section.output is None and len(names) == 1:
        return names[0]
    if section.output is None or section.output not in names:
        raise ModelError(
            f"{section.file} has the outputs {', '.join(names)}, and the manifest takes "
            f"{section.output or 'none'}: set output to the one with the characters"
        )
    return section.output
