"""Plate boxes from what a YOLO export gives; pure.

Two formats, both in pixels of the input (docs.ultralytics.com/guides/end2end-detection, and the
heads in `ultralytics/nn/modules/head.py`):

- `yolo`: what YOLOv8, 9 and 11 export by themselves, and 26 with `end2end=False`: (1, 4 + C, N),
  for each of N cells middle x, middle y, width, height and the C scores, already 0..1. What has
  its last two axes changed is understood, too.
- `yolo-end-to-end`: what YOLOv10 and 26 export by themselves, and the others with `nms=True`:
  (1, N, 6), for each of N boxes x1, y1, x2, y2, score and class. Rows of nothing fill it up.

Models for poses and for oriented boxes append their keypoints or their angle; an end-to-end model
for oriented boxes gives middle and size in place of corners.
"""

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lpr.errors import ModelError
from lpr.manifest import Section
from lpr.overlaps import apart

MULTIPLE = 32  # pixels; the coarsest cells of these networks
LEAST_SIDE = 1.0  # pixels of the input; less is no plate but filling
BOX, POINT = 4, 2  # numbers that tell a box, and a point
EXTRAS = {"box": (0,), "keypoints": (4 * POINT, 4 * (POINT + 1)), "angle": (1,)}
"""Numbers behind the scores; the tooling gives each keypoint a visibility or does not."""

Array = NDArray[np.float32]


class YoloSection(Section):
    """The section of a YOLO detector.

    Attributes:
        classes: names of all the model's classes, in its order.
        plate_class: place of the class that is a plate, from 0; or of each of them.
        corners: where they come from: `box` (upright), `keypoints` (four, from the plate's own top
            left clockwise) or `angle` (of an oriented box).
        longest: longer side of the input in pixels, for models with an input of any size.
    """

    format: Literal["yolo", "yolo-end-to-end"]
    classes: list[str] = Field(min_length=1)
    plate_class: Annotated[int, Field(ge=0)] | list[Annotated[int, Field(ge=0)]] = 0
    corners: Literal["box", "keypoints", "angle"] = "box"
    longest: int | None = Field(default=None, gt=0, multiple_of=MULTIPLE)

    @property
    def plate_classes(self) -> list[int]:
        """Places of the classes that are plates."""
        return [self.plate_class] if isinstance(self.plate_class, int) else self.plate_class

    @property
    def is_end_to_end(self) -> bool:
        """Whether the model itself has chosen the boxes."""
        return self.format == "yolo-end-to-end"

    @model_validator(mode="after")
    def _plates_are_classes(self) -> "YoloSection":
        if not self.plate_classes or max(self.plate_classes) >= len(self.classes):
            raise ValueError(
                f"'plate_class' is {self.plate_class}, and 'classes' lists {len(self.classes)}: "
                "name at least one of them, counted from 0"
            )
        return self


def plates_of(output: NDArray[Any], section: YoloSection, min_score: float) -> tuple[Array, Array]:
    """The plates that a model gives.

    Args:
        output: its first one; see above.
        section: of the model.
        min_score: boxes below are left out.

    Returns:
        Scores (M,) 0..1, best first, and corners (M, 4, 2), pixels of the input, x then y, from top
        left clockwise.

    Raises:
        ModelError: the output has another shape than the section says.
    """
    rows = _rows(output, section)
    if section.is_end_to_end:
        head = BOX + 2  # score and class
        are_plates = np.isin(rows[:, BOX + 1], section.plate_classes)
        scores = np.asarray(rows[:, BOX] * are_plates, np.float32)
    else:
        head = BOX + len(section.classes)
        scores = rows[:, [BOX + place for place in section.plate_classes]].max(axis=1)
    corners = _corners(rows[:, :BOX], rows[:, head:], section)
    sides = np.ptp(corners, axis=1).min(axis=1)
    fit = (scores >= min_score) & (sides >= LEAST_SIDE) & np.isfinite(corners).all(axis=(1, 2))
    scores, corners = scores[fit], corners[fit]
    kept = apart(scores, np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1))
    return scores[kept], corners[kept]


def _rows(output: NDArray[Any], section: YoloSection) -> Array:
    """One row for each box, whichever way they lie in the output."""
    head = BOX + (2 if section.is_end_to_end else len(section.classes))
    lengths = [head + extra for extra in EXTRAS[section.corners]]
    if output.ndim == 3 and len(output) == 1:
        if output.shape[1] in lengths and not section.is_end_to_end:
            return np.asarray(output[0].T, np.float32)
        if output.shape[2] in lengths:
            return np.asarray(output[0], np.float32)
    lengths_said = " or ".join(str(length) for length in lengths)
    expected = f"(1, N, {lengths_said})" if section.is_end_to_end else f"(1, {lengths_said}, N)"
    raise ModelError(
        f"{section.file}: expected an output {expected} for format {section.format!r}, "
        f"{len(section.classes)} classes and corners {section.corners!r}, got {output.shape}: "
        "set format, classes and corners in the manifest as the model was exported"
    )


def _corners(boxes: Array, extras: Array, section: YoloSection) -> Array:
    """(M, 4, 2) from (M, 4) boxes and (M, E) numbers behind the scores."""
    if section.corners == "keypoints":
        return extras.reshape(len(extras), 4, -1)[..., :POINT]
    if section.corners == "angle":
        return _turned(boxes, extras[:, 0])
    low, high = boxes[:, :2], boxes[:, 2:]
    if not section.is_end_to_end:
        half = high * np.float32(0.5)
        low, high = low - half, low + half
    (x1, y1), (x2, y2) = low.T, high.T
    return np.stack([x1, y1, x2, y1, x2, y2, x1, y2], axis=1).reshape(-1, 4, 2)


def _turned(boxes: Array, angles: Array) -> Array:
    """Corners of oriented boxes.

    Such a box does not tell which side is up: its longer sides are taken for the upper and lower
    ones, and of those the one that is higher for the upper one.

    Args:
        boxes: (M, 4) middle x, middle y, width, height in pixels.
        angles: (M,) radians, of the width, clockwise as it is seen.
    """
    middle, width, height = boxes[:, :2], boxes[:, 2], boxes[:, 3]
    along = np.where(width >= height, angles, angles + np.pi / 2)
    along = (along + np.pi / 2) % np.pi - np.pi / 2
    direction = np.stack([np.cos(along), np.sin(along)], axis=1)
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    half_width = direction * (np.maximum(width, height) / 2)[:, None]
    half_height = normal * (np.minimum(width, height) / 2)[:, None]
    corners = (
        middle - half_width - half_height,
        middle + half_width - half_height,
        middle + half_width + half_height,
        middle - half_width + half_height,
    )
    return np.asarray(np.stack(corners, axis=1), np.float32)
