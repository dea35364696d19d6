from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr.boxes import PlateBox
from lpr.errors import ModelError
from lpr.onnx_detector import MAX_CELLS, OnnxDetector, fit, merge, unscale

GREY = 114


def cells(*seen: tuple[float, float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Answers of cells, each a score and the upright box x1, y1, x2, y2 that it sees."""
    scores = np.array([score for score, *_ in seen], np.float32)
    quads = [(x1, y1, x2, y1, x2, y2, x1, y2) for _, x1, y1, x2, y2 in seen]
    return scores, np.array(quads, np.float32).reshape(-1, 8)


def found(*seen: tuple[float, float, float, float, float]) -> list[tuple[float, ...]]:
    """Score and bounds of what is left of the cells, to a tenth."""
    return [
        (round(box.score, 3), *(round(v, 1) for v in box.bounds))
        for box in merge(*cells(*seen), 0.3)
    ]


@pytest.mark.parametrize(
    ("size", "longest", "fitted", "inner"),
    [
        ((1, 1), 64, (64, 64), (64, 64)),
        ((1280, 720), 768, (768, 448), (768, 432)),
        ((720, 1280), 768, (448, 768), (432, 768)),
        ((100, 50), 64, (64, 64), (64, 32)),
        ((768, 768), 768, (768, 768), (768, 768)),
        ((1536, 768), 768, (768, 384), (768, 384)),
        ((1921, 1081), 768, (768, 448), (768, 432)),
        ((4000, 3), 128, (128, 64), (128, 1)),
    ],
)
def test_a_frame_is_scaled_and_padded_to_multiples(
    size: tuple[int, int], longest: int, fitted: tuple[int, int], inner: tuple[int, int]
) -> None:
    result = fit(np.zeros((size[1], size[0], 3), np.uint8), longest)
    assert result.picture.shape == (1, fitted[1], fitted[0], 3)
    assert result.scale == (inner[0] / size[0], inner[1] / size[1])
    assert (result.picture[0, : inner[1], : inner[0]] == 0).all()
    assert (result.picture[0, inner[1] :] == GREY).all()
    assert (result.picture[0, :, inner[0] :] == GREY).all()


@pytest.mark.parametrize("size", [(1537, 864), (1920, 1080), (2600, 1463), (3840, 2160)])
def test_a_large_frame_is_scaled_as_if_at_once(size: tuple[int, int]) -> None:
    small = np.random.default_rng(0).integers(0, 256, (90, 160, 3), np.uint8)
    frame = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    picture = fit(frame, 768).picture[0, :432].astype(int)
    at_once = cv2.resize(frame, (768, 432), interpolation=cv2.INTER_AREA)
    assert np.abs(picture - at_once).mean() < 1
    assert np.abs(picture - at_once).max() < 20


def test_no_cells_are_no_plates() -> None:
    assert merge(*cells(), 0.3) == []


def test_cells_below_the_least_score_are_left_out() -> None:
    assert found((0.29, 0, 0, 100, 30)) == []
    assert found((0.31, 0, 0, 100, 30)) == [(0.31, 0, 0, 100, 30)]


def test_cells_that_see_the_same_plate_are_one_box_between_them() -> None:
    seen = found((0.4, 4, 0, 104, 30), (0.8, 0, 0, 100, 30), (0.8, 2, 0, 102, 30))
    assert seen == [(0.8, 1.3, 0, 101.3, 30)]  # (0.64 * 0 + 0.64 * 2 + 0.16 * 4) / 1.44


def test_plates_side_by_side_stay_two_the_best_first() -> None:
    seen = found((0.5, 0, 0, 100, 30), (0.9, 90, 0, 190, 30))
    assert seen == [(0.9, 90, 0, 190, 30), (0.5, 0, 0, 100, 30)]


def test_a_box_inside_another_is_the_same_plate() -> None:
    ((score, *_),) = found((0.9, 0, 0, 100, 50), (0.5, 10, 30, 60, 48))
    assert score == 0.9


def test_scores_of_nothing_still_give_finite_corners() -> None:
    (box,) = merge(*cells((0.0, 0, 0, 100, 30)), 0.0)
    assert box == PlateBox(((0.0, 0.0), (100.0, 0.0), (100.0, 30.0), (0.0, 30.0)), 0.0)


def test_only_the_best_cells_are_looked_at() -> None:
    many = [(0.5, 200 * i, 0, 200 * i + 100, 30) for i in range(MAX_CELLS)]
    boxes = found((0.4, -300, 0, -200, 30), *many)
    assert len(boxes) == MAX_CELLS
    assert {score for score, *_ in boxes} == {0.5}


def test_a_box_goes_back_to_the_pixels_of_its_frame() -> None:
    box = PlateBox(((60.0, 20.0), (120.0, 20.0), (120.0, 40.0), (60.0, 40.0)), 0.7)
    assert unscale(box, (0.6, 0.5)) == PlateBox(
        ((100.0, 40.0), (200.0, 40.0), (200.0, 80.0), (100.0, 80.0)), 0.7
    )


@pytest.mark.parametrize("content", [b"", b"a letter, not a model"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "detector.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"cannot be loaded: expected an ONNX model"):
        OnnxDetector(tmp_path / "detector.onnx", 768, 0.3, 1)
