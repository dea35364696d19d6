import pytest

from tests.accuracy.calibration import (
    Bin,
    Outcome,
    bins_of_equal_mass,
    bins_of_equal_width,
    brier,
    calibration_error,
)

OUTCOMES: list[Outcome] = [(0.1, False), (0.3, True), (0.9, True), (1.0, False)]


def test_nothing_said_has_no_bins_and_no_error() -> None:
    assert bins_of_equal_width([]) == bins_of_equal_mass([]) == ()
    assert calibration_error(()) == brier([]) == 0


def test_bins_of_equal_width_hold_what_lies_between_their_borders() -> None:
    low, high = bins_of_equal_width(OUTCOMES, 2)
    assert low == Bin(0.0, 0.5, 2, pytest.approx(0.2), 0.5)
    assert high == Bin(0.5, 1.0, 2, pytest.approx(0.95), 0.5)


def test_a_border_belongs_to_the_upper_bin_and_1_to_the_last() -> None:
    bins = bins_of_equal_width([(0.5, True), (1.0, True)], 2)
    assert [(one.low, one.count) for one in bins] == [(0.5, 2)]


def test_empty_bins_of_equal_width_are_left_out() -> None:
    assert [one.low for one in bins_of_equal_width(OUTCOMES)] == [0.1, 0.3, 0.9]


def test_bins_of_equal_mass_hold_as_many_each() -> None:
    low, high = bins_of_equal_mass(list(reversed(OUTCOMES)), 2)
    assert low == Bin(0.1, 0.3, 2, pytest.approx(0.2), 0.5)
    assert high == Bin(0.9, 1.0, 2, pytest.approx(0.95), 0.5)


def test_fewer_outcomes_than_bins_of_equal_mass_leave_no_empty_ones() -> None:
    assert [one.count for one in bins_of_equal_mass(OUTCOMES[:3], 10)] == [1, 1, 1]


def test_the_calibration_error_is_the_gap_weighted_by_counts() -> None:
    bins = (Bin(0.0, 0.5, 3, 0.2, 0.5), Bin(0.5, 1.0, 1, 0.9, 1.0))
    assert calibration_error(bins) == pytest.approx((3 * 0.3 + 1 * 0.1) / 4)


def test_the_brier_score_is_the_mean_square() -> None:
    assert brier(OUTCOMES) == pytest.approx((0.01 + 0.49 + 0.01 + 1.0) / 4)
