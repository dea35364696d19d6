"""Voting: the readings of one track to one reading; pure."""

from collections.abc import Sequence

from lpr.plates import aligned, choose, vehicle_kind
from lpr.readings import NOTHING_READ, Character, Reading

FLOOR = 0.002  # probability of a character that a reading does not name at all
LEAST_WEIGHT = 1e-6  # of a reading, so that those whose score is nothing can still be averaged
MOST_SURE = 0.995  # no number of looks makes a vote surer than this: they share their mistakes
_Slot = dict[str, float]


def vote(readings: Sequence[Reading]) -> Reading:
    """What a track's readings say together.

    Readings of the length that has most weight vote character by character, each with its
    probabilities; the looks of one passage are not independent, so their evidence is averaged, not
    multiplied. The grammar enters once, on the winner's characters.

    Args:
        readings: of one track, any order.

    Returns:
        The reading; `NOTHING_READ` if none read anything.
    """
    read = [r for r in readings if r.text and r.chars]
    if not read:
        return NOTHING_READ
    length = _likeliest_length(read)
    voters = [r for r in read if len(r.chars) == length]
    slots = tuple(_slot([(r.chars[i], _weight(r)) for r in voters]) for i in range(length))
    candidates = tuple((t, min(p, MOST_SURE)) for t, p in choose(slots))
    text, score = candidates[0]
    if not text:
        return NOTHING_READ
    agree = sum(_weight(r) for r in voters) / sum(_weight(r) for r in read)
    best = max((r for r in voters), key=lambda r: (r.text == text, r.score))
    return Reading(
        text=text,
        raw="".join(slot[0][0] for slot in slots),
        score=score * agree,
        chars=aligned(slots, text),
        candidates=tuple((t, p * agree) for t, p in candidates),
        rows=best.rows,
        colour=best.colour,
        kind=vehicle_kind(text, best.rows, best.colour),
        model=best.model,
    )


def _likeliest_length(readings: Sequence[Reading]) -> int:
    weights: dict[int, float] = {}
    for reading in readings:
        weights[len(reading.chars)] = weights.get(len(reading.chars), 0.0) + _weight(reading)
    return max(weights, key=lambda length: (weights[length], length))


def _weight(reading: Reading) -> float:
    return max(reading.score, LEAST_WEIGHT)


def _slot(votes: Sequence[tuple[Character, float]]) -> Character:
    """One position: mean of the votes, weighted by how sure each whole reading is."""
    total = sum(weight for _, weight in votes)
    sums: _Slot = {}
    for character, weight in votes:
        for letter, p in character:
            sums[letter] = sums.get(letter, 0.0) + p * weight / total
    ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return tuple((letter, p) for letter, p in ranked if p >= FLOOR)[:5] or (ranked[0],)
