"""Sightings that may be misreadings of a plate, the most probable first."""

import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from math import exp

from search.confusing import Confusions
from search.errors import TermsError
from search.likeness import UNSEEN, Likeness, crowd_of
from search.misreadings import likeliest_misreadings
from search.sightings import Sighting
from search.store import Page, SightingStore
from search.terms import MAX_LIMIT, SearchTerms, is_pattern

ASKED = 6000  # texts that a plate is most often misread as
WEIGHED = 200  # sightings that do not name the plate
SELDOM = 2  # sightings of a text, with which it need not be a vehicle's, and
WORTH = 1e-3  # how likely it is to be the plate, from which on it lacks where it is left out
SEEN_ONCE = 0.02  # sightings that a vehicle counts for which may bear a text that is seen once


@dataclass(frozen=True, slots=True)
class Similar:
    """An answer.

    Attributes:
        sightings: the most probable first, then newest, then by id.
        partial: whether a part of the store did not answer in time.
        is_cut: whether there are so many sightings that not all were weighed.
    """

    sightings: tuple[Sighting, ...]
    partial: bool = False
    is_cut: bool = False


def find_similar(store: SightingStore, terms: SearchTerms, confusions: Confusions) -> Similar:
    """Weigh what was read alike, or with the plate among its candidates.

    Args:
        store: where the sightings are.
        terms: whole plates that may be meant; `limit` counts, `candidates` and `after` do not.
        confusions: of this installation's reader.

    Raises:
        TermsError: a part of a plate, which is like most plates.
    """
    if any(map(is_pattern, terms.texts)):
        raise TermsError("misreadings are sought of a whole plate: leave out --similar, or ? and *")
    best: dict[str, Sighting] = {}
    partial = is_cut = False
    for plate in terms.texts:
        one = _similar(store, replace(terms, texts=(plate,), after=None), confusions)
        partial, is_cut = partial or one.partial, is_cut or one.is_cut
        for sighting in one.sightings:
            known = best.get(sighting.id)
            if known is None or known.likelihood < sighting.likelihood:
                best[sighting.id] = sighting
    return Similar(_ordered(best.values())[: terms.limit], partial, is_cut)


def _similar(store: SightingStore, terms: SearchTerms, confusions: Confusions) -> Similar:
    (plate,) = terms.texts
    misread = likeliest_misreadings(plate, confusions, ASKED)
    named = store.find(replace(terms, candidates=True, limit=MAX_LIMIT))
    counted = store.count_by_text(replace(terms, texts=tuple(sorted(misread))))
    wanted = UNSEEN + sum(s.passage.score for s in named.sightings if s.passage.text == plate)
    chosen, others_lack = _worth_a_look(misread, counted.counts, wanted)
    near = Page(())
    if chosen:
        near = store.find(
            replace(terms, texts=tuple(sorted(chosen)), candidates=False, limit=MAX_LIMIT)
        )
    found = {s.id: s for s in (*near.sightings, *named.sightings)}.values()
    others = {text: count for text, count in counted.counts.items() if text not in chosen}
    crowd = crowd_of((s.passage for s in found), possible_among(plate, misread), others)
    likeness = Likeness(plate, misread, confusions, crowd)
    weighed = (
        replace(
            s,
            match="exact" if s.passage.text == plate else "similar",
            likelihood=likeness.of(s.passage),
        )
        for s in found
    )
    return Similar(
        _ordered(weighed),
        near.partial or named.partial or counted.partial,
        others_lack or bool(near.next or named.next),
    )


def _worth_a_look(
    misread: Mapping[str, float], counts: Mapping[str, int], wanted: float
) -> tuple[set[str], bool]:
    """The texts whose sightings are weighed one by one, which takes the longest.

    Args:
        misread: logarithm of the probability that the plate is read as each text.
        counts: sightings of each.
        wanted: how often the plate was seen.

    Returns:
        The texts, of WEIGHED sightings or of one, and whether others may well be misreadings too.
    """
    likely = {
        text: wanted * exp(misread[text]) / (wanted * exp(misread[text]) + count - 1 + SEEN_ONCE)
        for text, count in counts.items()
    }
    ordered = sorted(likely, key=lambda text: (-likely[text], text))
    weighed = accumulate(counts[text] for text in ordered)
    last = bisect(list(weighed), WEIGHED) or 1
    lack = any(counts[text] <= SELDOM and likely[text] >= WORTH for text in ordered[last:])
    return set(ordered[:last]), lack


def possible_among(plate: str, texts: Iterable[str]) -> int:
    """How many texts have digits where the plate has some: those that can be plates, nearly."""
    shape = re.compile("".join(r"\d" if c.isdecimal() else "[A-Z]" for c in plate))
    return sum(1 for text in texts if shape.fullmatch(text))


def _ordered(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    newest = sorted(sightings, key=lambda s: s.id)
    newest.sort(key=lambda s: s.passage.at, reverse=True)
    return tuple(sorted(newest, key=lambda s: -s.likelihood))
