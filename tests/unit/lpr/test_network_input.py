import numpy as np
import pytest

from lpr.network_input import Channels, InputForm, network_input

BLUE, GREEN, RED = 10, 20, 30
PICTURE = np.full((2, 3, 3), (BLUE, GREEN, RED), np.uint8)


@pytest.mark.parametrize(
    ("channels", "pixel"),
    [("bgr", [10, 20, 30]), ("rgb", [30, 20, 10]), ("grey", [22])],
)
def test_channels_come_in_the_order_that_is_asked_for(channels: Channels, pixel: list[int]) -> None:
    batch = network_input([PICTURE, PICTURE], InputForm("nhwc", channels, np.uint8))
    assert (batch.shape, batch.dtype) == ((2, 2, 3, len(pixel)), np.uint8)
    assert batch[1, 1, 2].tolist() == pixel


def test_channels_may_come_before_the_lines() -> None:
    batch = network_input([PICTURE], InputForm("nchw", "rgb", np.uint8))
    assert batch.shape == (1, 3, 2, 3)
    assert batch[0, :, 0, 0].tolist() == [30, 20, 10]


def test_floats_have_the_mean_taken_off_and_are_scaled() -> None:
    form = InputForm("nhwc", "bgr", np.float32, (10.0, 10.0, 10.0), (1.0, 2.0, 4.0))
    assert network_input([PICTURE], form)[0, 0, 0].tolist() == [0.0, 5.0, 5.0]
    half = network_input([PICTURE], InputForm("nhwc", "grey", np.float16, scale=(2.0,)))
    assert (half.dtype, half[0, 0, 0].tolist()) == (np.float16, [11.0])
