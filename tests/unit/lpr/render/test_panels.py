import numpy as np
import pytest

from lpr.render.panels import Texture, set_in

RED = np.full((40, 80, 3), (0, 0, 255), np.uint8)


def _frame() -> np.ndarray:
    return np.full((100, 200, 3), 50, np.uint8)


def _quad(x1: float, y1: float, x2: float, y2: float) -> np.ndarray:
    return np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], np.float64)


def test_a_texture_fills_its_corners_and_nothing_else() -> None:
    frame = _frame()
    set_in(frame, Texture.of(RED), _quad(50, 30, 130, 70))
    assert (frame[35:65, 55:125] == (0, 0, 255)).all()
    assert (frame[:28] == 50).all()
    assert (frame[72:] == 50).all()
    assert (frame[:, :48] == 50).all()
    assert (frame[:, 132:] == 50).all()


def test_a_texture_whose_back_is_turned_is_not_drawn() -> None:
    frame = _frame()
    set_in(frame, Texture.of(RED), _quad(130, 30, 50, 70))
    assert (frame == 50).all()


@pytest.mark.parametrize("corner", [(-60, -20), (180, 90), (-500, -500), (900, 20)])
def test_what_lies_outside_the_frame_is_cut_off(corner: tuple[int, int]) -> None:
    x, y = corner
    frame = _frame()
    set_in(frame, Texture.of(RED), _quad(x, y, x + 80, y + 40))
    inside = frame[max(0, y + 2) : max(0, y + 38), max(0, x + 2) : max(0, x + 78)]
    assert (inside == (0, 0, 255)).all()
    assert frame.shape == (100, 200, 3)


def test_half_transparent_lets_half_of_what_lies_below_through() -> None:
    frame = _frame()
    set_in(frame, Texture.of(RED, np.full((40, 80), 128, np.uint8)), _quad(50, 30, 130, 70))
    assert frame[50, 90] == pytest.approx((25, 25, 153), abs=2)


def test_light_multiplies_the_colours() -> None:
    frame = _frame()
    set_in(frame, Texture.of(RED), _quad(50, 30, 130, 70), (1.0, 1.0, 0.5))
    assert frame[50, 90].tolist() == [0, 0, 127]
