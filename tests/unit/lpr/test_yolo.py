import math
from typing import Any

import numpy as np
import pytest

from lpr.errors import ModelError
from lpr.manifest import ModelEntry
from lpr.yolo import YoloSection, plates_of

KEYPOINTS = (11, 4, 49, 6, 50, 16, 10, 14)


def section(**keys: Any) -> YoloSection:
    known = {"name": "a yolo", "file": "yolo.onnx", "sha256": "0", "classes": ["plate"]}
    return YoloSection.model_validate({"format": "yolo", **known, **keys})


def raw(*cells: tuple[float, ...]) -> np.ndarray:
    """(1, 4 + C + E, N) as exports give it."""
    return np.array(cells, np.float32).T[None]


def end_to_end(*boxes: tuple[float, ...]) -> np.ndarray:
    """(1, N, 6 + E)."""
    return np.array(boxes, np.float32)[None]


def found(output: np.ndarray, of: YoloSection, min_score: float = 0.3) -> list[tuple[float, ...]]:
    """Score and the eight numbers of the corners, each to a tenth."""
    scores, corners = plates_of(output, of, min_score)
    return [
        (round(float(score), 3), *(round(float(v), 1) for v in quad.ravel()))
        for score, quad in zip(scores, corners, strict=True)
    ]


BOX = (10, 5, 50, 5, 50, 15, 10, 15)


@pytest.mark.parametrize(
    "output", [raw((30, 10, 40, 10, 0.9), (1, 1, 2, 2, 0)), raw((30, 10, 40, 10, 0.9))]
)
def test_a_cell_gives_middle_and_size(output: np.ndarray) -> None:
    assert found(output, section()) == [(0.9, *BOX)]


def test_cells_may_lie_in_lines_as_well() -> None:
    assert found(raw((30, 10, 40, 10, 0.9)).transpose(0, 2, 1), section()) == [(0.9, *BOX)]


def test_no_cells_are_no_plates() -> None:
    assert found(np.zeros((1, 5, 0), np.float32), section()) == []
    assert found(raw((30, 10, 40, 10, 0.29)), section()) == []


def test_of_cells_that_see_the_same_plate_the_best_one_stays() -> None:
    seen = found(
        raw((32, 10, 40, 10, 0.8), (30, 10, 40, 10, 0.9), (90, 10, 40, 10, 0.5)), section()
    )
    assert seen == [(0.9, *BOX), (0.5, 70, 5, 110, 5, 110, 15, 70, 15)]


def test_only_the_class_of_plates_counts() -> None:
    of = section(classes=["car", "plate"], plate_class=1)
    cells = raw((30, 10, 40, 10, 0.1, 0.9), (90, 10, 40, 10, 0.9, 0.1))
    assert found(cells, of) == [(0.9, *BOX)]


def test_several_classes_may_be_plates() -> None:
    of = section(classes=["long", "car", "square"], plate_class=[0, 2])
    cells = raw((30, 10, 40, 10, 0.1, 0.9, 0.6), (90, 10, 40, 10, 0.1, 0.9, 0.1))
    assert found(cells, of) == [(0.6, *BOX)]


def test_an_end_to_end_model_gives_corners_score_and_class() -> None:
    of = section(format="yolo-end-to-end", classes=["plate", "car"])
    boxes = end_to_end((10, 5, 50, 15, 0.9, 0), (60, 0, 99, 99, 0.8, 1), (0, 0, 0, 0, 0, 0))
    assert found(boxes, of) == [(0.9, *BOX)]
    assert found(boxes, of, min_score=0.0) == [(0.9, *BOX), (0.0, 60, 0, 99, 0, 99, 99, 60, 99)]


def test_a_box_that_holds_a_surer_one_is_the_same_plate() -> None:
    of = section(format="yolo-end-to-end")
    boxes = end_to_end((10, 5, 50, 15, 0.9, 0), (0, 0, 99, 99, 0.8, 0))
    assert found(boxes, of) == [(0.9, *BOX)]


def test_an_end_to_end_model_that_gives_a_box_for_two_classes_gives_one_plate() -> None:
    of = section(format="yolo-end-to-end", classes=["long", "square"], plate_class=[0, 1])
    boxes = end_to_end((10, 5, 50, 15, 0.9, 0), (10, 5, 50, 15, 0.4, 1))
    assert found(boxes, of) == [(0.9, *BOX)]


@pytest.mark.parametrize("visibility", [False, True])
def test_four_keypoints_are_the_corners(visibility: bool) -> None:
    points = np.array(KEYPOINTS, np.float32).reshape(4, 2)
    told = np.column_stack([points, np.ones(4)]) if visibility else points
    numbers = tuple(float(v) for v in told.ravel())
    of = section(corners="keypoints")
    assert found(raw((30, 10, 40, 12, 0.9, *numbers)), of) == [(0.9, *KEYPOINTS)]
    of = section(format="yolo-end-to-end", corners="keypoints")
    assert found(end_to_end((10, 4, 50, 16, 0.9, 0, *numbers)), of) == [(0.9, *KEYPOINTS)]


@pytest.mark.parametrize(
    ("width", "height", "degrees", "quad"),
    [
        (40, 10, 0, BOX),
        (40, 10, 180, BOX),
        (10, 40, 90, BOX),
        (10, 40, -90, BOX),
        (40, 10, 30, (15.2, -4.3, 49.8, 15.7, 44.8, 24.3, 10.2, 4.3)),
        (10, 40, 120, (15.2, -4.3, 49.8, 15.7, 44.8, 24.3, 10.2, 4.3)),
    ],
)
def test_an_oriented_box_has_its_longer_sides_above_and_below(
    width: float, height: float, degrees: float, quad: tuple[float, ...]
) -> None:
    angle = math.radians(degrees)
    assert found(raw((30, 10, width, height, 0.9, angle)), section(corners="angle")) == [
        (0.9, *quad)
    ]
    of = section(format="yolo-end-to-end", corners="angle")
    assert found(end_to_end((30, 10, width, height, 0.9, 0, angle)), of) == [(0.9, *quad)]


def test_boxes_without_a_pixel_or_a_place_are_no_plates() -> None:
    cells = raw((30, 10, 40, 0.5, 0.9), (math.nan, 10, 40, 10, 0.9), (30, 10, 40, 10, math.nan))
    assert found(cells, section()) == []


@pytest.mark.parametrize(
    ("keys", "shape", "expected"),
    [
        ({}, (1, 6, 8400), "(1, 5, N)"),
        ({}, (5, 8400), "(1, 5, N)"),
        ({}, (2, 5, 8400), "(1, 5, N)"),
        ({"corners": "keypoints"}, (1, 5, 8400), "(1, 13 or 17, N)"),
        ({"corners": "angle"}, (1, 5, 8400), "(1, 6, N)"),
        ({"format": "yolo-end-to-end"}, (1, 5, 8400), "(1, N, 6)"),
        ({"format": "yolo-end-to-end"}, (1, 300, 7), "(1, N, 6)"),
    ],
)
def test_an_output_of_another_shape_is_refused(
    keys: dict[str, Any], shape: tuple[int, ...], expected: str
) -> None:
    of = section(**keys)
    with pytest.raises(ModelError) as refused:
        plates_of(np.zeros(shape, np.float32), of, 0.3)
    assert str(refused.value) == (
        f"yolo.onnx: expected an output {expected} for format {of.format!r}, 1 classes and corners "
        f"{of.corners!r}, got {shape}: set format, classes and corners in the manifest as the "
        "model was exported"
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"classes": None}, "has no 'classes': add it"),
        ({"clases": []}, "has 'clases', which its format does not know: take it out"),
        ({"longest": 700}, "'longest': Input should be a multiple of 32"),
        ({"longest": "640"}, "'longest': Input should be a valid integer"),
        ({"corners": "mask"}, "'corners': Input should be 'box', 'keypoints' or 'angle'"),
        ({"plate_class": 1}, "'plate_class' is 1, and 'classes' lists 1: name at least one"),
        ({"plate_class": []}, "'plate_class' is [], and 'classes' lists 1: name at least one"),
    ],
)
def test_a_section_that_cannot_be_is_refused_by_key(keys: dict[str, Any], said: str) -> None:
    options = {**section().model_dump(exclude_none=True), **keys}
    options = {key: value for key, value in options.items() if value is not None}
    entry = ModelEntry("detector", "a yolo", None, options)  # type: ignore[arg-type]  # not read
    with pytest.raises(ModelError) as refused:
        entry.as_section(YoloSection)
    assert str(refused.value).startswith(f"manifest.toml: [detector] {said}")
