"""What the manifest says of a foreign reader, and what its output means by that; pure."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lpr.ctc import characters_of
from lpr.errors import ModelError
from lpr.manifest import Section
from lpr.network_input import Channels, Layout
from lpr.onnx_reader import softmax
from lpr.readings import Character
from lpr.slots import slot_characters

TINY = 1e-9  # probability that stands for none, which has no logarithm
SUM_ERROR = 0.02  # by which probabilities in half precision may miss 1
BLANK = "blank"  # name of the class that is no character

Array = NDArray[np.float32]
Numbers = float | Annotated[list[float], Field(min_length=1, max_length=3)]


class ReaderSection(Section):
    """What the section of every foreign reader tells.

    Attributes:
        alphabet: characters in the order of the model's classes.
        height, width: of the input in pixels.
        layout: order of the input's axes: number, height, width, channels.
        colour: channels of the input, in order.
        mean, scale: (pixel - mean) / scale is given to it, one number or one for each channel; for
            float input only.
        keep_aspect: whether crops keep their proportions, with grey around them.
        rows: `whole` crops are read, or the rows that they are `cut` into.
        output: name of the one to take, for models with several.
        probabilities: whether it has those, or logits.
        temperature: divides the logits, so that probabilities mean what they say.
    """

    alphabet: str = Field(min_length=1)
    height: int = Field(gt=0)
    width: int = Field(gt=0)
    layout: Layout
    colour: Channels
    mean: Numbers = 0.0
    scale: Numbers = 1.0
    keep_aspect: bool = False
    rows: Literal["whole", "cut"] = "whole"
    output: str | None = None
    probabilities: bool = False
    temperature: float = Field(default=1.0, gt=0)


class SlotsSection(ReaderSection):
    """The section of a reader with one slot for each character, as fast-plate-ocr's are.

    Attributes:
        pad: the character of the alphabet that stands for none.
    """

    format: Literal["slots"]
    pad: str = Field(min_length=1, max_length=1)

    @property
    def classes(self) -> list[str]:
        """Of the output, in order."""
        return [BLANK if c == self.pad else c for c in self.alphabet]

    @property
    def shape(self) -> str:
        """Of the output that is expected."""
        return f"(N, slots, {len(self.classes)})"

    def lines(self, output: Array) -> Array | None:
        """The output as (N, S, C); None if it cannot be."""
        if output.ndim == 2 and output.shape[1] % len(self.alphabet) == 0:
            return output.reshape(len(output), -1, len(self.alphabet))
        return output if output.ndim == 3 else None

    def characters(self, probabilities: Array, places: NDArray[np.intp]) -> tuple[Character, ...]:
        """The characters of (S, C) probabilities."""
        return slot_characters(probabilities, places)

    @model_validator(mode="after")
    def _pad_is_in_alphabet(self) -> "SlotsSection":
        if self.pad not in self.alphabet:
            raise ValueError(
                f"'pad' is {self.pad!r}, which is not in 'alphabet': list every class of the model "
                "there, in its order, that one too"
            )
        return self


class CtcSection(ReaderSection):
    """The section of a reader with CTC classes.

    Attributes:
        blank: whether the blank is the first or the last class; it is not in the alphabet.
        axes: of the output: n pictures, t columns, c classes.
    """

    format: Literal["ctc"]
    blank: Literal["first", "last"]
    axes: Literal["ntc", "tnc", "nct"] = "ntc"

    @property
    def classes(self) -> list[str]:
        """Of the output, in order."""
        return [BLANK, *self.alphabet] if self.blank == "first" else [*self.alphabet, BLANK]

    @property
    def shape(self) -> str:
        """Of the output that is expected."""
        sizes = {"n": "N", "t": "columns", "c": str(len(self.classes))}
        return f"({', '.join(sizes[axis] for axis in self.axes)})"

    def lines(self, output: Array) -> Array | None:
        """The output as (N, T, C); None if it cannot be."""
        if output.ndim != 3:
            return None
        return output.transpose([self.axes.index(axis) for axis in "ntc"])

    def characters(self, probabilities: Array, places: NDArray[np.intp]) -> tuple[Character, ...]:
        """The characters of (T, C) probabilities."""
        return characters_of(probabilities, places)


def probabilities_of(output: Array, count: int, section: SlotsSection | CtcSection) -> Array:
    """The probabilities that a model gives.

    Args:
        output: as the section describes it.
        count: pictures that were given.
        section: of the model.

    Returns:
        (count, T or S, C), each 0..1.

    Raises:
        ModelError: the output is not what the section says.
    """
    lines = section.lines(output)
    if lines is None or len(lines) != count or lines.shape[2] != len(section.classes):
        raise ModelError(
            f"{section.file}: expected an output {section.shape} for {count} pictures and "
            f"{len(section.classes)} classes, got {output.shape}: set format, alphabet and axes in "
            "the manifest as the model was exported"
        )
    are = bool((lines >= 0).all() and (abs(lines.sum(axis=2) - 1) < SUM_ERROR).all())
    if are != section.probabilities:
        raise ModelError(
            f"{section.file}: its output {'is' if are else 'is not'} probabilities, and the "
            f"manifest says otherwise: set probabilities = {str(are).lower()}"
        )
    logits = np.log(np.maximum(lines, TINY)) if section.probabilities else lines
    return softmax(logits / np.float32(section.temperature))
