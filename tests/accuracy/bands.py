"""Plates by their height in pixels; pure."""

BANDS = ("less than 20", "20 to 39", "40 to 79", "80 and more")
_FROM = (20, 40, 80)  # pixels at which the second and later bands begin


def height_band(height: float) -> str:
    """The band of a label's box (of a crop without one: of the picture) by its height in pixels."""
    return BANDS[sum(height >= least for least in _FROM)]
