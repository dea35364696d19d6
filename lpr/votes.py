"""Voting: the readings of one track to one reading; pure."""

from collections.abc import Sequence
from dataclasses import replace

from lpr.calibration import Calibration
from lpr.plates import aligned, choose, vehicle_kind
from lpr.readings import NOTHING_READ, Character, Reading

FLOOR = 0.002  # probability of a character that a reading does not name at all
LEAST_WEIGHT = 1e-6  # of a reading, so that those whose score is nothing can still be averaged
SURE = 0.97  # readings that are surer than that weigh no more: 32 times as much as one of a half
VOTED = Calibration(slope=1.66, bias=-0.68)
"""What the score of a vote of several readings is worth. Fitted with `tests.bench.vote_curve` on
568 tracks of rendered crowds (seeds 21 to 26) that platetrail-reader-2 read: the mean of looks, of
which those from afar are unsure, is less sure than the text is where they agree, and surer where
they do not."""
MOST_SURE = 0.995  # no number of looks makes a vote surer than this: they share their mistakes
_Slot = dict[str, float]


def vote(readings: Sequence[Reading], clarities: Sequence[float] | None = None) -> Reading:
    """What a track's readings say together.

    Args:
        readings: of one track, any order.
        clarities: of each reading, above 0; None if all could be seen alike.

    Returns:
        The reading, its score and candidates as probable as VOTED says, those of a single one as
        they are; `NOTHING_READ` if none read anything.
    """
    together = averaged(readings, clarities)
    if not together.text:
        return NOTHING_READ
    candidates = together.candidates
    if sum(bool(reading.text and reading.chars) for reading in readings) > 1:
        candidates = VOTED.candidates(candidates)
    candidates = tuple((text, min(p, MOST_SURE)) for text, p in candidates)
    return replace(together, score=candidates[0][1], candidates=candidates)


def averaged(readings: Sequence[Reading], clarities: Sequence[float] | None = None) -> Reading:
    """The vote before its curve.

    Readings of the length that has most weight vote character by character, each with its
    probabilities; the looks of one passage are not independent, so their evidence is averaged, not
    multiplied. A reading weighs as much as the odds that it is right, times how well its plate
    could be seen. The grammar enters once, on the winner's characters.

    Args, Returns: see `vote`.
    """
    weighed = zip(readings, clarities or [1.0] * len(readings), strict=True)
    read = [(r, _odds(r.score) * clear) for r, clear in weighed if r.text and r.chars]
    if not read:
        return NOTHING_READ
    length = _likeliest_length(read)
    voters = [(r, weight) for r, weight in read if len(r.chars) == length]
    slots = tuple(_slot([(r.chars[i], weight) for r, weight in voters]) for i in range(length))
    agree = sum(weight for _, weight in voters) / sum(weight for _, weight in read)
    candidates = tuple((text, p * agree) for text, p in choose(slots))
    text, score = candidates[0]
    if not text:
        return NOTHING_READ
    best = max((r for r, _ in voters), key=lambda r: (r.text == text, r.score))
    return Reading(
        text=text,
        raw="".join(slot[0][0] for slot in slots),
        score=score,
        chars=aligned(slots, text),
        candidates=candidates,
        rows=best.rows,
        colour=best.colour,
        kind=vehicle_kind(text, best.rows, best.colour),
        model=best.model,
    )


def _odds(score: float) -> float:
    return max(min(score, SURE) / (1 - min(score, SURE)), LEAST_WEIGHT)


def _likeliest_length(read: Sequence[tuple[Reading, float]]) -> int:
    weights: dict[int, float] = {}
    for reading, weight in read:
        weights[len(reading.chars)] = weights.get(len(reading.chars), 0.0) + weight
    return max(weights, key=lambda length: (weights[length], length))


def _slot(votes: Sequence[tuple[Character, float]]) -> Character:
    """One position: mean of the votes, weighted by how sure each whole reading is."""
    total = sum(weight for _, weight in votes)
    sums: _Slot = {}
    for character, weight in votes:
        for letter, p in character:
            sums[letter] = sums.get(letter, 0.0) + p * weight / total
    ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return tuple((letter, p) for letter, p in ranked if p >= FLOOR)[:5] or (ranked[0],)
