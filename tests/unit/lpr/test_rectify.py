import cv2
import numpy as np
import pytest

from lpr.boxes import Frame, PlateBox, Point
from lpr.rectify import corners_in_frame, rectify

Quad = tuple[Point, Point, Point, Point]
UPRIGHT: Quad = ((100.0, 60.0), (220.0, 60.0), (220.0, 90.0), (100.0, 90.0))


def a_street(quad: Quad, size: tuple[int, int] = (400, 200)) -> Frame:
    """A grey street with a plate whose quarters are red, green, white and blue, clockwise."""
    frame = np.full((size[1], size[0], 3), 100, np.uint8)
    flat = np.zeros((30, 120, 3), np.uint8)
    flat[:15, :60], flat[:15, 60:] = (0, 0, 255), (0, 255, 0)
    flat[15:, :60], flat[15:, 60:] = (255, 0, 0), (255, 255, 255)
    source = np.array([[0, 0], [120, 0], [120, 30], [0, 30]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(quad, np.float32))
    mask = cv2.warpPerspective(np.full((30, 120), 255, np.uint8), matrix, size)
    drawn = cv2.warpPerspective(flat, matrix, size)
    return np.where(mask[..., None] > 0, drawn, frame).astype(np.uint8)


def quarters(crop: Frame) -> list[tuple[int, ...]]:
    """The middles of the quarters from the top left clockwise, to the nearest pure colour."""
    h, w = crop.shape[0] // 4, crop.shape[1] // 4
    points = (crop[h, w], crop[h, -w], crop[-h, -w], crop[-h, w])
    return [tuple(int(v > 127) * 255 for v in point) for point in points]


@pytest.mark.parametrize(
    "quad",
    [
        UPRIGHT,
        ((100.0, 60.0), (215.0, 95.0), (208.0, 124.0), (92.0, 88.0)),
        ((220.0, 90.0), (100.0, 90.0), (100.0, 60.0), (220.0, 60.0)),
        ((100.0, 60.0), (220.0, 40.0), (220.0, 80.0), (100.0, 90.0)),
    ],
)
def test_a_plate_is_straightened_however_it_lies(quad: Quad) -> None:
    crop = rectify(a_street(quad), PlateBox(quad, 0.9))
    assert quarters(crop) == [(0, 0, 255), (0, 255, 0), (255, 255, 255), (255, 0, 0)]


def test_a_crop_has_the_plates_size_with_a_margin_around() -> None:
    crop = rectify(a_street(UPRIGHT), PlateBox(UPRIGHT, 0.9), margin=0.1)
    assert crop.shape == (36, 144, 3)
    assert crop.dtype == np.uint8
    assert (crop[0, 0], crop[-1, -1]) == (pytest.approx((100,) * 3), pytest.approx((100,) * 3))


def test_without_a_margin_the_crop_is_the_plate_alone() -> None:
    frame = a_street(UPRIGHT)
    crop = rectify(frame, PlateBox(UPRIGHT, 0.9), margin=0.0)
    assert np.abs(crop.astype(int) - frame[60:90, 100:220]).max() <= 1


def test_a_large_plate_is_made_smaller() -> None:
    quad: Quad = ((10.0, 10.0), (1610.0, 10.0), (1610.0, 410.0), (10.0, 410.0))
    crop = rectify(a_street(quad, (1700, 500)), PlateBox(quad, 0.9), margin=0.0)
    assert crop.shape == (160, 640, 3)
    assert quarters(crop) == [(0, 0, 255), (0, 255, 0), (255, 255, 255), (255, 0, 0)]


def test_what_lies_outside_the_frame_goes_on_as_its_edge() -> None:
    frame = np.full((50, 50, 3), 200, np.uint8)
    quad: Quad = ((-20.0, 10.0), (20.0, 10.0), (20.0, 20.0), (-20.0, 20.0))
    assert rectify(frame, PlateBox(quad, 0.9), margin=0.0).tolist() == [[[200] * 3] * 40] * 10


@pytest.mark.parametrize("place", [(-900.0, -900.0), (900.0, 900.0), (20.0, -900.0)])
def test_a_box_wholly_outside_is_the_nearest_edge(place: Point) -> None:
    x, y = place
    quad: Quad = ((x, y), (x + 40, y), (x + 40, y + 10), (x, y + 10))
    crop = rectify(np.full((50, 50, 3), 200, np.uint8), PlateBox(quad, 0.9), margin=0.0)
    assert (crop.shape, int(crop.min()), int(crop.max())) == ((10, 40, 3), 200, 200)


@pytest.mark.parametrize(
    "quad",
    [
        ((5.0, 5.0), (5.0, 5.0), (5.0, 5.0), (5.0, 5.0)),
        ((0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (30.0, 0.0)),
    ],
)
def test_a_box_without_area_is_a_crop_of_something(quad: Quad) -> None:
    height, width, channels = rectify(np.zeros((50, 50, 3), np.uint8), PlateBox(quad, 0.9)).shape
    assert min(height, width) >= 2
    assert channels == 3


def test_a_panorama_too_wide_for_opencv_is_read_too() -> None:
    frame = np.full((60, 40_000, 3), 100, np.uint8)
    frame[20:40, 39_800:39_900] = (0, 0, 255)
    quad: Quad = ((39_800.0, 20.0), (39_900.0, 20.0), (39_900.0, 40.0), (39_800.0, 40.0))
    crop = rectify(frame, PlateBox(quad, 0.9), margin=0.0)
    assert crop.shape == (20, 100, 3)
    assert crop[10, 50].tolist() == [0, 0, 255]
    whole: Quad = ((0.0, 0.0), (40_000.0, 0.0), (40_000.0, 60.0), (0.0, 60.0))
    assert rectify(frame, PlateBox(whole, 0.9), margin=0.0).shape == (2, 640, 3)


def test_a_frame_is_not_changed() -> None:
    frame = a_street(UPRIGHT)
    before = frame.copy()
    rectify(frame, PlateBox(UPRIGHT, 0.9))
    assert (frame == before).all()


def test_corners_seen_in_a_crop_are_found_again_in_the_frame() -> None:
    box = PlateBox(((100.0, 50.0), (300.0, 50.0), (300.0, 100.0), (100.0, 100.0)), 0.9)
    # with a margin of a tenth the box takes from 0.1 to 0.9 of its crop
    shares = ((0.1, 0.1), (0.5, 0.1), (0.5, 0.9), (0.1, 0.9))
    found = corners_in_frame(box, shares, margin=0.1)
    wanted = [[100, 50], [200, 50], [200, 100], [100, 100]]
    assert np.array(found.corners) == pytest.approx(np.array(wanted), abs=0.01)
    assert found.score == 0.9
