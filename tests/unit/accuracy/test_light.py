import numpy as np
import pytest

from tests.accuracy.light import light_of, upright_cut


def _crop(ground: int, ink: int, washed_out: int = 0) -> np.ndarray:
    """100 pixels: 20 of ink, so many washed out, the rest of the ground."""
    levels = [ink] * 20 + [255] * washed_out + [ground] * (80 - washed_out)
    return np.repeat(np.array(levels, np.uint8).reshape(10, 10, 1), 3, axis=2)


@pytest.mark.parametrize(
    ("ground", "washed_out", "light"),
    [
        (139, 0, "dark"),
        (140, 0, "ordinary"),
        (229, 0, "ordinary"),
        (230, 0, "bright"),
        (249, 0, "bright"),
        (250, 0, "glare"),
        (200, 9, "ordinary"),
        (100, 10, "glare"),
    ],
)
def test_the_ground_and_what_is_washed_out_decide(ground: int, washed_out: int, light: str) -> None:
    assert light_of(_crop(ground, 10, washed_out)) == light


def test_a_cut_is_what_lies_in_the_box() -> None:
    picture = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert np.array_equal(upright_cut(picture, (1.0, 2.0, 3.0, 4.0)), picture[2:4, 1:3])
    assert upright_cut(picture, None) is picture


@pytest.mark.parametrize("box", [(-5.0, -5.0, -2.0, -2.0), (9.0, 9.0, 12.0, 12.0), (1, 1, 1, 1)])
def test_a_cut_has_one_pixel_at_least(box: tuple[float, float, float, float]) -> None:
    assert upright_cut(np.zeros((4, 4, 3), np.uint8), box).shape == (1, 1, 3)
