from math import atan

import numpy as np
import pytest

from lpr.render.camera_view import CameraView


def test_what_the_camera_looks_at_lies_in_the_middle() -> None:
    view = CameraView(1280, 720, 2000.0, 4.0, pitch=atan(4.0 / 20.0))
    assert view.project(np.array([(0.0, 0.0, 20.0)]))[0] == pytest.approx((640, 360))


def test_right_is_right_and_up_is_up() -> None:
    view = CameraView(1280, 720, 2000.0, 4.0, pitch=0.2)
    (x, y), (right, _), (_, up) = view.project(
        np.array([(0.0, 0.0, 20.0), (1.0, 0.0, 20.0), (0.0, 1.0, 20.0)])
    )
    assert right > x
    assert up < y


def test_twice_as_far_is_half_as_large() -> None:
    view = CameraView(1280, 720, 2000.0, 4.0, pitch=0.0)
    near, far = (view.project(np.array([(0.0, 4.0, z), (1.0, 4.0, z)]))[:, 0] for z in (10.0, 20.0))
    assert near[1] - near[0] == pytest.approx(200)
    assert far[1] - far[0] == pytest.approx(100)


def test_the_foremost_place_lies_on_the_lower_edge() -> None:
    view = CameraView(1280, 720, 2400.0, 2.8, pitch=0.17)
    at = np.array([(0.0, 0.55, view.foremost_m(0.55))])
    assert view.project(at)[0, 1] == pytest.approx(720)
