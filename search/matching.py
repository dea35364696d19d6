"""How a passage meets a question; pure."""

from lpr.passages import Passage
from search.sightings import Match, Sighting
from search.terms import SearchTerms, is_pattern


class Question:
    """What texts meet a question.

    Args:
        terms: that are asked.
    """

    def __init__(self, terms: SearchTerms) -> None:
        self._exact = frozenset(text for text in terms.texts if not is_pattern(text))
        self._patterns = [text for text in terms.texts if is_pattern(text)]

    def is_met_by(self, text: str) -> bool:
        """Whether a text that was read, or a candidate, is asked for."""
        return text in self._exact or any(matches(text, wanted) for wanted in self._patterns)

    def answer(self, passage: Passage) -> Sighting:
        """A found passage as the answer to the question.

        Returns:
            The sighting; its likelihood is the probability that the text that matched is right.
        """
        match: Match
        if self.is_met_by(passage.text):
            match = "exact" if passage.text in self._exact else "pattern"
            likelihood = dict(passage.candidates).get(passage.text, passage.score)
        else:
            match = "candidate"
            likelihood = max(p for text, p in passage.candidates if self.is_met_by(text))
        return Sighting(passage.id, passage, match, likelihood)


def matches(text: str, pattern: str) -> bool:
    """Whether a normal text meets a pattern of `?` and `*`."""
    if not is_pattern(pattern):
        return text == pattern
    head, star, tail = pattern.partition("*")
    if not star:
        return len(text) == len(head) and _same(text, head)
    if len(text) < len(head) or not _same(text[: len(head)], head):
        return False
    rest = text[len(head) :]
    return any(matches(rest[i:], tail) for i in range(len(rest) + 1))


def _same(text: str, pattern: str) -> bool:
    return all(p in ("?", c) for c, p in zip(text, pattern, strict=True))
