"""With tiny models made on the spot: no real weights, but real sessions."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lpr.boxes import PlateBox
from lpr.building import build_detector
from lpr.errors import ModelError
from lpr.settings import RecognitionSettings
from lpr.yolo import YoloSection
from lpr.yolo_detector import YoloDetector, fitting_size
from tests.onnx_files import Tensor, write_constant, write_model

FIXED = Tensor("images", (1, 3, 640, 640))
OPEN = Tensor("images", ("batch", 3, "height", "width"))
RAW = np.array([[320, 240, 80, 20, 0.9], [100, 300, 60, 20, 0.4]], np.float32).T[None].copy()
FRAME = np.zeros((720, 1280, 3), np.uint8)
SEEN = PlateBox(((560.0, 180.0), (720.0, 180.0), (720.0, 220.0), (560.0, 220.0)), 0.9)


def section(**keys: Any) -> YoloSection:
    known = {"name": "a yolo", "file": "yolo.onnx", "sha256": "0", "classes": ["plate"]}
    return YoloSection.model_validate({"format": "yolo", **known, **keys})


def detector(
    folder: Path, given: Tensor, output: np.ndarray, min_score: float = 0.5, **keys: Any
) -> YoloDetector:
    write_constant(folder / "yolo.onnx", given, output)
    return YoloDetector(folder / "yolo.onnx", section(**keys), min_score, 1)


def rounded(boxes: list[PlateBox]) -> list[PlateBox]:
    quads = ([(round(x, 2), round(y, 2)) for x, y in box.corners] for box in boxes)
    return [
        PlateBox(tuple(quad), round(box.score, 3))  # type: ignore[arg-type]  # it has four
        for quad, box in zip(quads, boxes, strict=True)
    ]


def test_plates_come_in_pixels_of_the_frame(tmp_path: Path) -> None:
    assert rounded(detector(tmp_path, FIXED, RAW).detect(FRAME)) == [SEEN]


def test_a_lower_least_score_lets_more_boxes_through(tmp_path: Path) -> None:
    boxes = detector(tmp_path, FIXED, RAW, min_score=0.3).detect(FRAME)
    assert [round(box.score, 3) for box in boxes] == [0.9, 0.4]


def test_a_model_in_half_precision_is_one_too(tmp_path: Path) -> None:
    given = Tensor("images", (1, 3, 640, 640), "float16")
    assert rounded(detector(tmp_path, given, RAW).detect(FRAME)) == [
        PlateBox(SEEN.corners, pytest.approx(0.9, abs=1e-3))
    ]


def test_an_input_of_any_size_is_filled_with_the_longer_side_of_the_manifest(
    tmp_path: Path,
) -> None:
    boxes = rounded(detector(tmp_path, OPEN, RAW, longest=640).detect(FRAME))
    (box,) = boxes  # 640 x 384, with 12 pixels of grey above
    assert box.corners == ((560.0, 436.0), (720.0, 436.0), (720.0, 476.0), (560.0, 476.0))


@pytest.mark.parametrize(
    ("size", "longest", "fitted"),
    [
        ((1280, 720), 640, (640, 384)),
        ((720, 1280), 640, (384, 640)),
        ((640, 640), 640, (640, 640)),
        ((1, 1), 64, (64, 64)),
        ((4000, 3), 128, (128, 32)),
    ],
)
def test_the_size_of_an_open_input_has_the_frames_proportions(
    size: tuple[int, int], longest: int, fitted: tuple[int, int]
) -> None:
    assert fitting_size(np.zeros((size[1], size[0], 3), np.uint8), longest) == fitted


def test_pixels_are_given_as_red_green_and_blue_from_0_to_1(tmp_path: Path) -> None:
    """The model weighs the mean of each channel; the scores of three boxes tell them."""
    write_model(
        tmp_path / "yolo.onnx",
        [Tensor("images", (1, 3, 32, 32))],
        [Tensor("output0", (1, 3, 6))],
        [
            ("ReduceMean", ("images", "sides"), "means"),
            ("Reshape", ("means", "column"), "scores"),
            ("Mul", ("scores", "is_score"), "scored"),
            ("Add", ("scored", "boxes"), "output0"),
        ],
        {
            "sides": np.array([2, 3], np.int64),
            "column": np.array([1, 3, 1], np.int64),
            "is_score": np.array([[[0, 0, 0, 0, 1, 0]]], np.float32),
            "boxes": np.array(
                [[[0, 0, 9, 3, 0, 0], [10, 0, 19, 3, 0, 0], [20, 0, 29, 3, 0, 0]]], np.float32
            ),
        },
    )
    of = section(format="yolo-end-to-end")
    seen = YoloDetector(tmp_path / "yolo.onnx", of, 0.0, 1).detect(
        np.full((32, 32, 3), (51, 102, 204), np.uint8)
    )
    assert [(round(box.score, 3), box.bounds[0]) for box in seen] == [
        (0.8, 0.0),
        (0.4, 10.0),
        (0.2, 20.0),
    ]


@pytest.mark.parametrize(
    "given",
    [
        Tensor("images", (1, 640, 640, 3)),
        Tensor("images", (1, 3, 640, 640), "uint8"),
        Tensor("images", (8, 3, 640, 640)),
        Tensor("images", (1, 1, 640, 640)),
        Tensor("images", (1, 3, 640, "width")),
        Tensor("images", (3, 640, 640)),
    ],
)
def test_an_input_that_cannot_be_filled_is_refused(tmp_path: Path, given: Tensor) -> None:
    with pytest.raises(ModelError, match=r"expected one input \(1, 3, height, width\) of float"):
        detector(tmp_path, given, RAW)


def test_an_open_input_needs_the_longer_side(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="pictures of any size, and the manifest has no 'longest'"):
        detector(tmp_path, OPEN, RAW)


def test_a_fixed_input_of_another_size_than_the_manifest_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="640 x 640 only, and the manifest says longest = 960"):
        detector(tmp_path, FIXED, RAW, longest=960)


def test_an_output_of_another_shape_is_refused_before_the_first_frame(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"got \(1, 84, 10\)"):
        detector(tmp_path, FIXED, np.zeros((1, 84, 10), np.float32))


def test_a_model_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    write_model(
        tmp_path / "yolo.onnx",
        [OPEN],
        [Tensor("output0", ("a", "b", "c"))],
        [("Reshape", ("images", "shape"), "output0")],
        {"shape": np.array([1, 5, 7], np.int64)},
    )
    with pytest.raises(ModelError, match=r"yolo\.onnx cannot be run: .*: set longest"):
        YoloDetector(tmp_path / "yolo.onnx", section(longest=64), 0.5, 1)


def manifest(folder: Path, keys: str) -> RecognitionSettings:
    """Settings with a manifest whose detector is a YOLO model."""
    write_constant(folder / "yolo.onnx", FIXED, RAW)
    digest = sha256((folder / "yolo.onnx").read_bytes()).hexdigest()
    known = f'name = "a yolo"\nfile = "yolo.onnx"\nsha256 = "{digest}"\n'
    (folder / "manifest.toml").write_text(f"[detector]\n{known}{keys}")
    return RecognitionSettings(models_dir=folder)


def test_the_manifest_alone_puts_it_in_place(tmp_path: Path) -> None:
    settings = manifest(tmp_path, 'format = "yolo"\nclasses = ["plate"]\nlicence = "MIT"\n')
    assert rounded(build_detector(settings, 0.5).detect(FRAME)) == [SEEN]


def test_a_format_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as refused:
        build_detector(manifest(tmp_path, 'format = "ssd"\n'), 0.5)
    assert str(refused.value) == (
        "manifest.toml: [detector] has format 'ssd': expected yolo or yolo-end-to-end, "
        "or none for a model of our own"
    )
