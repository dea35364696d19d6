"""Several reports of one passage: which of them is kept; pure.

A passage can be reported while its vehicle is still in view, and again when it is over, with the
same id. The report that knows of a later end says more: it replaces the others whole, in whatever
order they come. So for a store this is a number that only grows, such as an external version in
Elasticsearch.
"""

from lpr.passages import Passage

OPEN = 0  # the extent of a report of a passage that is still going on


def extent(report: Passage) -> int:
    """How far a report reaches: microseconds from 1970 to its end, OPEN without one."""
    return OPEN if report.until is None else round(report.until.timestamp() * 1_000_000)


def betters(report: Passage, kept: Passage) -> bool:
    """Whether a report replaces the one that is kept: it has a later end, or the only one."""
    return extent(report) > extent(kept)
