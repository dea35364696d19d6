"""How probable it is that a passage was of an entry that it may be of.

What the reader says is weighed as `search.similar` does it, with one difference: a plate that
somebody looks for is known to exist. How often the plates that look alike were seen is asked of the
sighting store, for the few readings that leave it open.
"""

from dataclasses import dataclass
from datetime import timedelta

from lpr.passages import Passage
from search.alerts.matcher import SURE, Found
from search.confusing import Confusions
from search.errors import StoreError
from search.likeness import ONCE, Crowd, Likeness, crowd_of
from search.misreadings import near_texts
from search.similar import possible_among
from search.store import SightingStore
from search.terms import MAX_LIMIT, SearchTerms, is_pattern

LISTED = 1.0  # sightings that a plate on a list counts for beside those that are known
LEAST = 0.3  # likelihood of an alert where the entry asks for no more
_WORTH = 0.02  # likelihood of a plate of which nothing is known that is worth a question
_BEFORE = timedelta(days=30)  # that sightings count from
_AROUND = 300  # plates that differ from one by a character, of those that can be


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that is probably of an entry.

    Attributes:
        found: the entry, and how the passage met it.
        passage: that came in.
        likelihood: probability 0..1 that it is of the entry.
    """

    found: Found
    passage: Passage
    likelihood: float


class Weigher:
    """Weighs what was found of the passages of one batch.

    Args:
        store: that tells how often a plate was seen.
        confusions: of the reader.
    """

    def __init__(self, store: SightingStore, confusions: Confusions) -> None:
        self._store, self._confusions = store, confusions
        self._crowds: dict[str, Crowd] = {}

    def hits(self, passage: Passage, found: list[Found]) -> list[Hit]:
        """The likeliest entry of each list, of those that are likely enough.

        Of a list that allows, how probable it is that the vehicle does not stand on it.
        """
        best: dict[str, Hit] = {}
        for one in found:
            if one.match != "absent":
                hit = Hit(one, passage, self._likelihood(passage, one))
                least = 0.0 if one.list.allow else max(LEAST, one.entry.min_likelihood)
                known = best.get(one.list.name)
                if hit.likelihood >= least and (known is None or known.likelihood < hit.likelihood):
                    best[one.list.name] = hit
        for one in found:
            if one.match == "absent":
                allowed = best.get(one.list.name)
                strange = 1.0 - (allowed.likelihood if allowed else 0.0)
                best[one.list.name] = Hit(one, passage, passage.score * strange)
        return [hit for hit in best.values() if hit.likelihood >= LEAST]

    def _likelihood(self, passage: Passage, found: Found) -> float:
        if found.text == passage.text and (is_pattern(found.entry.plate) or passage.score >= SURE):
            return passage.score
        if is_pattern(found.entry.plate):
            return dict(passage.candidates)[found.text]
        at_once = self._weigh(passage, found, Crowd({}, ONCE / _AROUND))
        if at_once < _WORTH:
            return at_once
        return self._weigh(passage, found, self._crowd(passage, found.text))

    def _weigh(self, passage: Passage, found: Found, crowd: Crowd) -> float:
        misread = {} if found.log_p is None else {passage.text: found.log_p}
        return Likeness(found.text, misread, self._confusions, crowd, LISTED).of(passage)

    def _crowd(self, passage: Passage, plate: str) -> Crowd:
        """How often the plate and those that look like it were seen; nothing if nobody can say."""
        if plate not in self._crowds:
            near = near_texts(plate)
            texts = tuple(sorted({*near, plate, passage.text}))
            terms = SearchTerms(texts, start=passage.at - _BEFORE, limit=MAX_LIMIT)
            try:
                seen = [s.passage for s in self._store.find(terms).sightings]
            except StoreError:  # away now, or not to be read by whoever only writes
                return Crowd({}, ONCE / _AROUND)
            self._crowds[plate] = crowd_of(seen, possible_among(plate, near))
        return self._crowds[plate]
