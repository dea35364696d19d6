"""Vehicles that were seen somewhere for the first time in a while.

A misread plate is new every time. So only plates count that were read surely, and each is held
against the vehicles that are known there and differ by one misreading: by how often these pass,
what the reader confuses and what it said of the reading, as in `search.similar`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta

from lpr.passages import Passage
from search.confusing import Confusions
from search.errors import TermsError
from search.likeness import Likeness, crowd_of
from search.misreadings import likeliest_misreadings, near_texts
from search.pages import whole_counts, whole_pages
from search.sightings import Sighting
from search.similar import possible_among
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms

SURE = 0.8  # score from which a plate is read surely
MOST = 50_000  # sightings in the span
MOST_NEW = 5_000  # vehicles that are held against those that are like them
TEXTS = 3_000  # that the store is asked for at once
COUNTED = 300  # sightings of all that are like one plate: who passes oftener is known as well
MISREADINGS = 600  # of a plate: all by one edit


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A vehicle that was not seen there before.

    Attributes:
        text: that was read.
        seen: in the span, oldest first; one or more.
        like: the text of a vehicle known there that it may be instead; empty if there is none.
        likelihood: probability 0..1 that it is that one, misread.
    """

    text: str
    seen: tuple[Passage, ...]
    like: str = ""
    likelihood: float = 0.0


def find_newcomers(
    store: SightingStore,
    terms: SearchTerms,
    before: timedelta,
    confusions: Confusions,
) -> list[Newcomer]:
    """Those that were seen in the span and not before, in the order in which they came.

    Args:
        store: of the sightings.
        terms: `*`, a span with both ends, and cameras; its limit is not used.
        before: how long before the span nobody may have seen them there.
        confusions: of this installation's reader.

    Raises:
        TermsError: an open span, or more vehicles than can be looked through.
        PartialStoreError: a part of the store did not answer: who was there before is not known.
    """
    if terms.start is None or terms.end is None:
        raise TermsError("first seen is asked of a span: name its start and its end")
    seen = _seen(store, terms)
    there = replace(terms, start=terms.start - before)
    known = _among(store, replace(there, end=terms.start), seen)
    new = [Newcomer(text, seen[text]) for text in seen if text not in known]
    if len(new) > MOST_NEW:
        raise TermsError(
            f"{len(new)} vehicles are new, and at most {MOST_NEW} can be held against those that "
            "are like them: name fewer cameras, a shorter span or more days before"
        )
    like = {one.text: near_texts(one.text) for one in new}
    known = _among(store, there, frozenset().union(*like.values()))
    weighed = [_weighed(store, there, one, like[one.text] & known, confusions) for one in new]
    return sorted(weighed, key=lambda one: (one.seen[0].at, one.text))


def _seen(store: SightingStore, terms: SearchTerms) -> dict[str, tuple[Passage, ...]]:
    """What passed in the span and was read surely once at least, oldest first, by text."""
    seen: defaultdict[str, list[Passage]] = defaultdict(list)
    looked = 0
    for page in whole_pages(store, replace(terms, limit=MAX_LIMIT)):
        looked += len(page)
        if looked > MOST:
            span = f"more than {MOST} sightings are in the span"
            raise TermsError(f"{span}: name fewer cameras or a shorter span")
        for sighting in page:
            seen[sighting.passage.text].append(sighting.passage)
    seen.pop("", None)
    return {
        text: tuple(reversed(passages))
        for text, passages in seen.items()
        if any(passage.score >= SURE for passage in passages)
    }


def _among(store: SightingStore, terms: SearchTerms, texts: Iterable[str]) -> set[str]:
    """Those of the texts that were read there."""
    found: set[str] = set()
    ordered = sorted(texts)
    for number in range(0, len(ordered), TEXTS):
        some = tuple(ordered[number : number + TEXTS])
        found |= whole_counts(store, replace(terms, texts=some)).keys()
    return found


def _counted(store: SightingStore, terms: SearchTerms, texts: Set[str]) -> Sequence[Sighting]:
    """The newest sightings of some texts."""
    asked = replace(terms, texts=tuple(sorted(texts)), limit=COUNTED)
    return next(whole_pages(store, asked), ())


def _weighed(
    store: SightingStore, terms: SearchTerms, new: Newcomer, like: Set[str], confusions: Confusions
) -> Newcomer:
    """With the vehicle that it may be instead: by that reading of it which says so least."""
    if not like:
        return new
    others = _counted(store, terms, like)
    passages = [*new.seen, *(sighting.passage for sighting in others)]
    crowd = crowd_of(passages, possible_among(new.text, near_texts(new.text)))
    likely = {
        plate: Likeness(
            plate, likeliest_misreadings(plate, confusions, MISREADINGS), confusions, crowd
        )
        for plate in sorted(like)
    }
    readings = (
        max((likeness.of(passage), plate) for plate, likeness in likely.items())
        for passage in new.seen
    )
    likelihood, plate = min(readings)
    return replace(new, like=plate, likelihood=likelihood)
