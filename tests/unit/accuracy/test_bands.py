import pytest

from tests.accuracy.bands import height_band


@pytest.mark.parametrize(
    ("height", "band"),
    [
        (0, "less than 20"),
        (19.9, "less than 20"),
        (20, "20 to 39"),
        (39.9, "20 to 39"),
        (40, "40 to 79"),
        (79.9, "40 to 79"),
        (80, "80 and more"),
        (500, "80 and more"),
    ],
)
def test_a_height_is_in_one_band(height: float, band: str) -> None:
    assert height_band(height) == band
