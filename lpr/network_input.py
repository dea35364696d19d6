"""Pictures as a foreign network wants them; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.boxes import Frame

Layout = Literal["nhwc", "nchw"]
Channels = Literal["grey", "rgb", "bgr"]
DTYPES: dict[str, type[Any]] = {
    "tensor(uint8)": np.uint8,
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
}
"""What onnxruntime calls the types of pixels that can be given."""


@dataclass(frozen=True, slots=True)
class InputForm:
    """How a network wants pictures.

    Attributes:
        layout: order of the axes: number, height, width, channels.
        channels: which they are, in order.
        dtype: of the pixels, see `DTYPES`; uint8 is given as it is.
        mean, scale: of other types: (pixel - mean) / scale, one number or one for each channel.
    """

    layout: Layout
    channels: Channels
    dtype: type[Any]
    mean: tuple[float, ...] = (0.0,)
    scale: tuple[float, ...] = (1.0,)


def network_input(pictures: Sequence[Frame], form: InputForm) -> NDArray[Any]:
    """One batch.

    Args:
        pictures: at least one, each (H, W, 3) uint8 BGR, all of one size.
        form: see `InputForm`.

    Returns:
        (N, H, W, C) or (N, C, H, W) of the form's type.
    """
    batch = np.stack([_with_channels(picture, form.channels) for picture in pictures])
    if form.dtype is not np.uint8:
        mean, scale = (np.asarray(value, np.float32) for value in (form.mean, form.scale))
        batch = ((batch - mean) / scale).astype(form.dtype)
    return np.ascontiguousarray(batch if form.layout == "nhwc" else batch.transpose(0, 3, 1, 2))


def _with_channels(picture: Frame, channels: Channels) -> NDArray[Any]:
    if channels == "grey":
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_BGR2GRAY))[
            ..., None
        ]
    return picture if channels == "bgr" else picture[..., ::-1]
