"""How a passage meets a question; pure."""

from lpr.passages import Passage
from search.sightings import Match, Sighting
from search.terms import SearchTerms, is_pattern


def as_answer(passage: Passage, terms: SearchTerms, own: bool) -> Sighting:
    """A found passage as the answer to a question.

    Args:
        passage: what was found.
        terms: what was asked.
        own: whether the text that was read matched, not only one of its candidates.

    Returns:
        The sighting; its likelihood is the probability that the text that matched is right.
    """
    match: Match
    if own:
        match = "exact" if passage.text in terms.texts else "pattern"
        likelihood = dict(passage.candidates).get(passage.text, passage.score)
    else:
        match = "candidate"
        likelihood = max(
            p
            for text, p in passage.candidates
            if any(matches(text, wanted) for wanted in terms.texts)
        )
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
