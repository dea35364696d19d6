"""How probable it is that a reading came from a plate; pure.

For each sighting of another text three cases are weighed: it was the vehicle that was asked for and
was misread; it was the vehicle that bears the text; it was some third one. What counts for a case
is how often such a vehicle is seen at all, times how well it explains the reading.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp

from lpr.passages import Passage
from lpr.plates import parse_plate
from search.confusing import Confusions, any_reader

LEAST = 1e-3  # probability of what a reading leaves open, however sure it is
UNSEEN = 0.05  # sightings that a plate which is asked for counts for beside those that are known
ONCE = 10.0  # vehicles that were seen once only, counted beforehand
USUAL = 0.95  # score of most readings
SURE = 0.6  # score of a reading from which on it tells that there is such a vehicle
IMPOSSIBLE = 0.05  # of texts that no plate has, against those that one can have
SPREAD = 0.5  # of what a reading leaves open, that is no confusion of one character


@dataclass(frozen=True, slots=True)
class Crowd:
    """How often vehicles were seen, by the text that was read of them.

    Attributes:
        seen: sightings of each text, each counted as it is probable to be right.
        once: probability that a possible plate is that of a vehicle which was seen a single time.
    """

    seen: Mapping[str, float]
    once: float

    def others(self, passage: Passage) -> float:
        """How often the bearer of a text was seen otherwise."""
        return max(0.0, self.seen.get(passage.text, 0.0) - passage.score)


def crowd_of(
    passages: Iterable[Passage], possible: int, others: Mapping[str, int] | None = None
) -> Crowd:
    """Count passages by their text.

    Args:
        passages: that may be misreadings of a plate.
        possible: how many plates there can be among the texts that were asked for.
        others: sightings of texts that are only counted, taken to be as sure as most.
    """
    seen: defaultdict[str, float] = defaultdict(float)
    sure: Counter[str] = Counter()
    counted = others or {}
    for text, count in counted.items():
        seen[text], sure[text] = count * USUAL, count
    for passage in passages:
        if passage.text not in counted:
            seen[passage.text] += passage.score
            sure[passage.text] += passage.score >= SURE
    once = sum(count == 1 for count in sure.values())
    return Crowd(seen, min(1.0, (once + ONCE) / max(1, possible)))


class Likeness:
    """Weighs readings against a plate.

    Args:
        plate: that is asked for.
        misreadings: logarithm of the probability of each text that it may be misread as.
        confusions: of this installation's reader.
        crowd: of the sightings of all these texts.
        unseen: sightings that the plate counts for beside those that are known.
    """

    def __init__(
        self,
        plate: str,
        misreadings: Mapping[str, float],
        confusions: Confusions,
        crowd: Crowd,
        unseen: float = UNSEEN,
    ) -> None:
        self._plate, self._misreadings = plate, misreadings
        self._confusions, self._crowd = confusions, crowd
        self._unseen = unseen
        self._wanted = crowd.seen.get(plate, 0.0) + unseen

    def of(self, passage: Passage) -> float:
        """Probability 0..1 that a passage was of the plate."""
        own = min(max(passage.score, LEAST), 1 - LEAST)
        if passage.text == self._plate:
            ours = own * (self._crowd.others(passage) + self._unseen)
            bearers = sum(
                p * (self._crowd.seen.get(text, 0.0) + self._crowd.once)
                for text, p in passage.candidates
                if text != self._plate
            )
        else:
            ours = self._wanted * self._explained(passage, own)
            is_possible = bool(parse_plate(passage.text))
            unseen = self._crowd.once * (1.0 if is_possible else IMPOSSIBLE)
            bearers = own * (self._crowd.others(passage) + unseen)
        return ours / (ours + bearers + (1 - own) * self._crowd.once)

    def _explained(self, passage: Passage, own: float) -> float:
        """What the reader itself gives the plate, or left open and is the plate's share of it."""
        listed = dict(passage.candidates)
        if self._plate in listed:
            return listed[self._plate]
        if by_characters := self._by_characters(passage):
            return own * by_characters
        others = sum(p for text, p in listed.items() if text != passage.text)
        left = max(1 - own - others, LEAST)
        return left * self._share(passage)

    def _by_characters(self, passage: Passage) -> float | None:
        """How much less probable the plate's characters are than those that were read."""
        if len(passage.chars) != len(self._plate) or len(passage.text) != len(self._plate):
            return None
        confusions, ratio = self._of(passage), 1.0
        for wanted, read, slot in zip(self._plate, passage.text, passage.chars, strict=True):
            if wanted != read:
                listed = dict(slot)
                left = max(1 - sum(listed.values()), LEAST)
                share = listed.get(wanted) or left * _share_of(wanted, read, confusions)
                ratio *= share / max(listed.get(read, 0.0), LEAST)
        return ratio

    def _share(self, passage: Passage) -> float:
        """The plate's share of all that may be misread as a text."""
        log_p = self._misreadings.get(passage.text)
        if log_p is None:
            return 0.0
        mistaken_for = self._of(passage).mistaken_for
        whole = sum(mistaken_for[read] for read in passage.text)
        return min(1.0, (1 - SPREAD) * exp(log_p) / whole)

    def _of(self, passage: Passage) -> Confusions:
        known = self._confusions.model and self._confusions.model in (passage.model or "")
        return self._confusions if known else any_reader()


def _share_of(printed: str, read: str, confusions: Confusions) -> float:
    return exp(confusions.taken[printed][read]) / confusions.mistaken_for[read]
