from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from lpr.boxes import Detector, Frame, PlateBox
from lpr.building import build_detector
from lpr.overlaps import without
from lpr.render.pictures import draw_street_picture
from lpr.settings import RecognitionSettings
from lpr.testing import a_box
from lpr.tiling import OVERLAP, Tile, TiledDetector, is_cut, moved, tiles_of

HD = (1920, 1080)
UHD = (3840, 2160)


class Bright:
    """`Detector` that finds the bright upright plates of a dark frame, each at its visible part.

    Args:
        least: share of the frame's width that a plate must have.
    """

    def __init__(self, least: float = 0.0) -> None:
        self._least = least
        self.sizes: list[tuple[int, int]] = []

    def detect(self, frame: Frame) -> list[PlateBox]:
        height, width = frame.shape[:2]
        self.sizes.append((width, height))
        boxes = []
        for grey in sorted({int(value) for value in np.unique(frame)} - {0}, reverse=True):
            ys, xs = np.nonzero(frame[..., 0] == grey)
            x1, y1, x2, y2 = (float(v) for v in (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1))
            if x2 - x1 >= self._least * width:
                corners = ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
                boxes.append(PlateBox(corners, grey / 255))
        return boxes


def dark(size: tuple[int, int], *plates: PlateBox) -> Frame:
    """A dark frame; each plate has a grey of its own, the first is the brightest."""
    frame = np.zeros((size[1], size[0], 3), np.uint8)
    for index, plate in enumerate(plates):
        x1, y1, x2, y2 = (round(v) for v in plate.bounds)
        frame[y1:y2, x1:x2] = 250 - 10 * index
    return frame


def bounds(boxes: list[PlateBox]) -> list[tuple[float, ...]]:
    return [box.bounds for box in boxes]


@pytest.mark.parametrize(
    ("size", "side", "columns", "rows"),
    [
        ((1, 1), 256, 1, 1),
        ((640, 480), 640, 1, 1),
        ((641, 480), 640, 2, 1),
        ((1280, 720), 640, 3, 2),
        (HD, 960, 3, 2),
        (UHD, 960, 5, 3),
        (UHD, 1280, 4, 2),
        ((1080, 1920), 960, 2, 3),
    ],
)
def test_as_few_tiles_as_are_needed_cover_a_frame(
    size: tuple[int, int], side: int, columns: int, rows: int
) -> None:
    tiles = tiles_of(*size, side)
    assert len(tiles) == columns * rows
    assert len({tile.x1 for tile in tiles}) == columns
    assert {(tile.x2 - tile.x1, tile.y2 - tile.y1) for tile in tiles} == {
        (min(side, size[0]), min(side, size[1]))
    }
    assert (tiles[0].x1, tiles[0].y1, tiles[-1].x2, tiles[-1].y2) == (0, 0, *size)


@pytest.mark.parametrize("size", [HD, UHD, (1283, 727)])
@pytest.mark.parametrize("side", [256, 640, 960])
def test_neighbours_share_a_fifth_of_their_side_at_least(size: tuple[int, int], side: int) -> None:
    tiles = tiles_of(*size, side)
    lefts, tops = sorted({tile.x1 for tile in tiles}), sorted({tile.y1 for tile in tiles})
    for starts in (lefts, tops):
        steps = [later - earlier for earlier, later in pairwise(starts)]
        assert all(side - step >= side * OVERLAP - 1 for step in steps)


@pytest.mark.parametrize(
    ("x", "is_left_out"),
    [(160.0, False), (110.0, True), (490.0, True), (60.0, True), (560.0, True)],
)
def test_a_box_at_an_inner_border_is_cut(x: float, is_left_out: bool) -> None:
    tile = Tile(60, 0, 540, 400)
    assert is_cut(a_box(x), tile, 1000, 400) == is_left_out


def test_a_box_at_the_border_of_the_frame_is_not_cut() -> None:
    tile = Tile(0, 0, 1000, 400)
    for box in (a_box(20), a_box(980), a_box(500, 5), a_box(500, 398)):
        assert not is_cut(box, tile, 1000, 400)


def test_a_moved_box_keeps_its_shape_and_score() -> None:
    assert moved(a_box(100, 50), 30, 5) == a_box(130, 55)


def test_a_frame_no_larger_than_a_tile_is_looked_at_once() -> None:
    detector = Bright()
    plate = a_box(300, 200, 100, 24)
    found = TiledDetector(detector, 640).detect(dark((640, 480), plate))
    assert detector.sizes == [(640, 480)]
    assert bounds(found) == [plate.bounds]


def test_a_frame_without_plates_has_none_in_tiles() -> None:
    assert TiledDetector(Bright(), 960).detect(dark(HD)) == []


@pytest.mark.parametrize("x", [480, 500, 960, 1000, 1440, 60, 1860])
@pytest.mark.parametrize("y", [20, 120, 960, 1060])
def test_a_plate_on_a_border_of_tiles_is_found_once_and_whole(x: float, y: float) -> None:
    plate = a_box(x, y, 100, 24)
    detector = Bright(least=0.06)  # sees the plate in tiles only
    found = TiledDetector(detector, 960).detect(dark(HD, plate))
    assert bounds(found) == [plate.bounds]


def test_a_plate_too_small_for_the_whole_frame_is_found_in_its_tile() -> None:
    plates = [a_box(x, y, 48, 12) for x, y in ((100, 100), (960, 540), (3000, 1800))]
    frame = dark(UHD, *plates)
    detector = Bright(least=0.03)
    assert detector.detect(frame) == []
    assert bounds(TiledDetector(detector, 960).detect(frame)) == bounds(plates)


def test_a_plate_too_large_for_a_tile_is_found_in_the_whole_frame() -> None:
    plate = a_box(1900, 1000, 1400, 400)
    found = TiledDetector(Bright(), 960).detect(dark(UHD, plate))
    assert bounds(found) == [plate.bounds]


def test_of_a_plate_that_two_tiles_see_the_surer_box_is_left() -> None:
    class Surer:
        """Sees the same plate in each tile, surer each time."""

        def __init__(self) -> None:
            self._score = 0.5

        def detect(self, frame: Frame) -> list[PlateBox]:
            self._score += 0.01
            return [replace(box, score=self._score) for box in Bright().detect(frame)]

    plate = a_box(720, 540, 100, 24)  # in both tiles of the middle, which begin at 0 and at 480
    (box,) = TiledDetector(Surer(), 960).detect(dark((1440, 960), plate))
    assert (box.bounds, box.score) == (plate.bounds, pytest.approx(0.53))


def test_small_rendered_plates_are_found_with_tiles_and_not_without() -> None:
    frame, truths = draw_street_picture(np.random.default_rng(3), HD)
    corners = [[(float(x), float(y)) for x, y in truth.corners] for truth in truths]
    plates = [PlateBox((a, b, c, d), 1.0) for a, b, c, d in corners]
    small = [plate for plate in plates if plate.bounds[3] - plate.bounds[1] < 20]
    whole = build_detector(RecognitionSettings(), 0.5)
    in_tiles = build_detector(RecognitionSettings(detector_tile=640), 0.5)

    def missed(detector: Detector) -> list[PlateBox]:
        return without(small, detector.detect(frame))

    assert len(small) >= 2
    assert missed(whole) == small
    assert missed(in_tiles) == []
