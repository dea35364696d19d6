"""What a reader's score is worth: from the product of its characters to a probability; pure.

Platt scaling (Platt, 1999): a logistic curve, fitted on plates that no training saw.
"""

from dataclasses import dataclass
from math import exp, log

from lpr.readings import Candidate

_LEAST = 1e-6  # a score is never quite 0 or 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curve of one reader.

    Attributes:
        slope: factor of the log-odds of a score.
        bias: added to them.
    """

    slope: float = 1.0
    bias: float = 0.0

    def probability(self, score: float) -> float:
        """How probable it is that the whole text is right, 0..1.

        Args:
            score: what the characters and the grammar make of it, 0..1.
        """
        score = min(max(score, _LEAST), 1 - _LEAST)
        return 1 / (1 + exp(-(self.slope * log(score / (1 - score)) + self.bias)))

    def candidates(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """The same texts in the same order, each as probable as it is.

        The others share what the first one leaves, as they did before.

        Args:
            candidates: at least one, best first.
        """
        (text, score), *others = candidates
        best = self.probability(score)
        factor = (1 - best) / max(1 - score, _LEAST)
        return ((text, best), *((other, min(p * factor, best)) for other, p in others))


AS_IT_IS = Calibration()
"""Of a reader whose scores need no curve."""
