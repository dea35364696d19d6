"""Which months are asked, and when: newest first, where that fills a page soon; pure.

To find the texts that a pattern such as `*12*` meets takes longer than all else, and each month has
its own. Where the newest month fills a page, the others are not asked. A pattern of which more is
known is met seldom, and by few texts: all months are asked at once.
"""

from collections.abc import Iterator, Sequence

from search.elastic.lifecycle import month_of
from search.terms import SearchTerms, is_pattern

FEW = 4  # characters that are known: one of some thousand plates meets them
GROWTH = 3  # times as many months are asked next: two or three questions for a year


def is_by_month(terms: SearchTerms) -> bool:
    """Whether a pattern is met often; everything, and whole texts, are found at once."""
    return "*" not in terms.texts and any(
        is_pattern(text) and len(text) - text.count("?") - text.count("*") <= FEW
        for text in terms.texts
    )


def rounds(months: Sequence[str], terms: SearchTerms) -> Iterator[Sequence[str]]:
    """The months that can have answers, newest first, more of them each time.

    Args:
        months: such as `2026-01`, in any order.
        terms: what is asked.
    """
    ends = [time for time in (terms.end, terms.after.at if terms.after else None) if time]
    last = month_of(min(ends)) if ends else max(months, default="")
    first = month_of(terms.start) if terms.start else ""
    rest = sorted((month for month in months if first <= month <= last), reverse=True)
    size = 1
    while rest:
        yield rest[:size]
        rest, size = rest[size:], size * GROWTH
