"""Several reports of one passage: which of them is kept; pure.

A passage can be reported while its vehicle is still in view, and again when it is over, with the
same id. The report that knows of a later end says more, or that has a clip where the ends are the
same: it replaces the others whole, in whatever order they come. So for a store this is a number
that only grows, such as an external version in Elasticsearch.
"""

from collections.abc import Sequence

from lpr.passages import Passage

OPEN = 0  # the extent of a report of a passage that is still going on


def extent(report: Passage) -> int:
    """How far a report reaches: OPEN if it knows no end after 1970.

    Otherwise the microseconds from 1970 to its end twice, and one more if it has a clip.
    """
    if report.until is None:
        return OPEN
    end = max(OPEN, round(report.until.timestamp() * 1_000_000))
    return 2 * end + (report.clip is not None)


def betters(report: Passage, kept: Passage) -> bool:
    """Whether a report replaces the one that is kept: a later end, or the only one, or a clip."""
    return extent(report) > extent(kept)


def best_of(reports: Sequence[Passage]) -> dict[str, Passage]:
    """Of each passage, by its id, the report that betters the others; of equal ones the first."""
    best: dict[str, Passage] = {}
    for report in reports:
        name = report.id
        if name not in best or betters(report, best[name]):
            best[name] = report
    return best
