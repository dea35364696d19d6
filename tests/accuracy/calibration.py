"""Whether scores mean what they say: calibration error, Brier score, reliability; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BINS = 10
Outcome = tuple[float, bool]
"""The probability 0..1 that was said, and whether it was right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said with similar probabilities.

    Attributes:
        low, high: of a bin of equal width its borders, of equal mass its least and greatest.
        count: how much was said.
        said: mean probability.
        right: share that was right.
    """

    low: float
    high: float
    count: int
    said: float
    right: float


def bins_of_equal_width(outcomes: Sequence[Outcome], count: int = BINS) -> tuple[Bin, ...]:
    """Bins [0, 0.1), [0.1, 0.2) and so on, the last one with 1; empty ones are left out."""
    held: list[list[Outcome]] = [[] for _ in range(count)]
    for outcome in outcomes:
        held[min(count - 1, int(outcome[0] * count))].append(outcome)
    return tuple(_bin(n / count, (n + 1) / count, part) for n, part in enumerate(held) if part)


def bins_of_equal_mass(outcomes: Sequence[Outcome], count: int = BINS) -> tuple[Bin, ...]:
    """Bins with as many outcomes each, but for one, by rising probability; none is empty."""
    ranked = sorted(outcomes, key=lambda outcome: outcome[0])
    cuts = [round(n * len(ranked) / count) for n in range(count + 1)]
    parts = [ranked[start:end] for start, end in pairwise(cuts) if end > start]
    return tuple(_bin(part[0][0], part[-1][0], part) for part in parts)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini et al., 2015).

    The gap between what was said and what was right, bin by bin, weighted by the bins' counts; 0
    for no bins.
    """
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.said - one.right) for one in bins) / max(1, total)


def brier(outcomes: Sequence[Outcome]) -> float:
    """Mean square of what was said less what was right (1 or 0); 0 for no outcomes."""
    return sum((said - right) ** 2 for said, right in outcomes) / max(1, len(outcomes))


def _bin(low: float, high: float, part: Sequence[Outcome]) -> Bin:
    said = sum(probability for probability, _ in part) / len(part)
    right = sum(is_right for _, is_right in part) / len(part)
    return Bin(low, high, len(part), said, right)
