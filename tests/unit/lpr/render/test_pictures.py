import random
from dataclasses import replace

import cv2
import numpy as np
import pytest

from lpr.plates import PlateKind, generate_plate
from lpr.render.camera_view import CameraView
from lpr.render.light import Hour, light_of
from lpr.render.pictures import Placed, draw_street_picture, draw_traffic
from lpr.render.scene import LitVehicle, draw_vehicle

VIEW = CameraView(1280, 720, 2400.0, 2.6, 0.17)
HOURS: tuple[tuple[Hour, bool], ...] = (
    ("day", False),
    ("dusk", False),
    ("night", False),
    ("day", True),
)


def _vehicle(kind: PlateKind, seed: int = 1, hour: Hour = "day") -> LitVehicle:
    rng = np.random.default_rng(seed)
    plate = generate_plate(random.Random(seed), kind)
    return LitVehicle.of(draw_vehicle(rng, plate, "rear"), light_of(hour, False, rng))


def test_the_same_chance_gives_the_same_picture() -> None:
    one, truths = draw_street_picture(np.random.default_rng(5))
    other, _ = draw_street_picture(np.random.default_rng(5))
    assert (one == other).all()
    assert all(np.isfinite(truth.corners).all() for truth in truths)


def test_a_picture_has_the_size_that_was_asked_for() -> None:
    picture, _ = draw_street_picture(np.random.default_rng(6), (472, 303))
    assert picture.shape == (303, 472, 3)


@pytest.mark.parametrize("hour", ["day", "dusk", "night"])
@pytest.mark.parametrize("kind", [PlateKind.CAR, PlateKind.MOTORCYCLE, PlateKind.MILITARY])
def test_the_corners_bound_the_plate(kind: PlateKind, hour: Hour) -> None:
    vehicle = _vehicle(kind, hour=hour)
    grey = np.full((720, 1280, 3), 90, np.uint8)
    with_plate, without = grey.copy(), grey.copy()
    truth = vehicle.draw(with_plate, VIEW, 0.2, 8.0)
    bare = LitVehicle(replace(vehicle.vehicle, plate=None), vehicle.light)
    assert bare.draw(without, VIEW, 0.2, 8.0) is None
    assert truth is not None
    ys, xs = np.nonzero(np.abs(with_plate.astype(int) - without).max(axis=2) > 0)
    low, high = truth.corners.min(0), truth.corners.max(0)
    assert (xs.min(), ys.min()) == pytest.approx(tuple(low), abs=3)
    assert (xs.max(), ys.max()) == pytest.approx(tuple(high), abs=3)


def test_the_corners_begin_at_the_top_left_and_go_clockwise() -> None:
    truth = _vehicle(PlateKind.CAR).draw(np.zeros((720, 1280, 3), np.uint8), VIEW, 0.0, 8.0)
    assert truth is not None
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = truth.corners
    assert x1 < x2
    assert x4 < x3
    assert y1 < y4
    assert y2 < y3


def test_a_plate_behind_another_vehicle_is_not_told() -> None:
    near, far = _vehicle(PlateKind.CAR, 1), _vehicle(PlateKind.CAR, 2)
    frame = np.zeros((720, 1280, 3), np.uint8)
    told = draw_traffic(frame, VIEW, [Placed(near, 0.0, 8.0), Placed(far, 0.0, 14.0)])
    assert near.vehicle.plate is not None
    assert [truth.plate for truth in told] == [near.vehicle.plate.plate]


def test_a_car_by_night_is_darker_and_its_lamps_are_bright() -> None:
    means = []
    for hour in ("day", "night"):
        frame = np.zeros((720, 1280, 3), np.uint8)
        _vehicle(PlateKind.CAR, 1, hour).draw(frame, VIEW, 0.0, 9.0)
        means.append(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)[frame.max(axis=2) > 0].mean())
    assert means[1] < 0.6 * means[0]
