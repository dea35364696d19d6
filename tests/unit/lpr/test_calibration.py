import pytest

from lpr.calibration import AS_IT_IS, Calibration

CURVE = Calibration(slope=2.0, bias=-1.0)


def test_without_a_curve_a_score_is_the_probability() -> None:
    assert AS_IT_IS.probability(0.73) == pytest.approx(0.73)


@pytest.mark.parametrize(
    ("score", "probability"), [(0.5, 0.2689), (0.9, 0.9675), (0.0, 0.0), (1.0, 1.0)]
)
def test_a_score_follows_the_curve(score: float, probability: float) -> None:
    assert CURVE.probability(score) == pytest.approx(probability, abs=1e-4)


def test_other_candidates_share_what_the_first_leaves() -> None:
    ((one, p), (other, q), (third, r)) = CURVE.candidates((("A1", 0.9), ("A7", 0.06), ("AT", 0.02)))
    assert (one, other, third) == ("A1", "A7", "AT")
    assert p == pytest.approx(0.9675, abs=1e-4)
    assert (q, r) == pytest.approx((0.0195, 0.0065), abs=1e-4)


def test_no_other_candidate_becomes_likelier_than_the_first() -> None:
    candidates = CURVE.candidates((("A1", 0.3), ("A7", 0.28)))
    assert candidates[0][0] == "A1"
    assert candidates[1][1] <= candidates[0][1]


def test_all_candidates_together_are_one_at_most() -> None:
    candidates = CURVE.candidates((("A1", 0.6), ("A7", 0.2), ("AT", 0.2)))
    assert sum(p for _, p in candidates) <= 1.0 + 1e-9
