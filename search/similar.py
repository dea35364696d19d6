"""Sightings that may be misreadings of a plate, the most probable first."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from search.confusing import Confusions
from search.errors import TermsError
from search.likeness import Likeness, crowd_of
from search.misreadings import likeliest_misreadings
from search.sightings import Sighting
from search.store import Page, SightingStore
from search.terms import MAX_LIMIT, SearchTerms, is_pattern

ASKED = 6000  # texts that a plate is most often misread as
FEWER = 4  # times fewer are asked for where too many sightings meet them


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
    near, is_cut = _near(store, terms, misread)
    found = {s.id: s for s in (*near.sightings, *named.sightings)}.values()
    crowd = crowd_of((s.passage for s in found), possible_among(plate, misread))
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
        _ordered(weighed), near.partial or named.partial, is_cut or named.next is not None
    )


def _near(
    store: SightingStore, terms: SearchTerms, misread: Mapping[str, float]
) -> tuple[Page, bool]:
    """Sightings of the likeliest misreadings, all of each; and whether less likely ones lack."""
    texts = list(misread)
    count = len(texts)
    while count:
        asked = replace(
            terms, texts=tuple(sorted(texts[:count])), candidates=False, limit=MAX_LIMIT
        )
        page = store.find(asked)
        if page.next is None:
            return page, count < len(texts)
        count //= FEWER
    return Page(()), True


def possible_among(plate: str, texts: Iterable[str]) -> int:
    """How many texts have digits where the plate has some: those that can be plates, nearly."""
    shape = re.compile("".join(r"\d" if c.isdecimal() else "[A-Z]" for c in plate))
    return sum(1 for text in texts if shape.fullmatch(text))


def _ordered(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    newest = sorted(sightings, key=lambda s: s.id)
    newest.sort(key=lambda s: s.passage.at, reverse=True)
    return tuple(sorted(newest, key=lambda s: -s.likelihood))
