"""The reading of a foreign reader: one that was not made for our plates; pure."""

from collections.abc import Sequence

from lpr.plates import aligned, choose, repair_text, vehicle_kind
from lpr.plates.wellformed import LONGEST, SHORTEST
from lpr.readings import NOTHING_READ, Character, Reading

LOOK_ALIKE = 0.2
"""Least share of a character's probability that goes to the look-alike which its position asks for
(0 for O): the shape was read, not which of the two it is. The grammar (`choose`) makes 0.75 of one
such repair; measured, 10 of 12 were right. Two at once remain a candidate behind what was said:
they would have spoilt 13 of 114 foreign plates and mended none of ours."""


def foreign_reading(slots: Sequence[Character], rows: int, model: str) -> Reading:
    """Make a reading of the characters that were said.

    Args:
        slots: the likeliest characters of each position, best first, rows joined; an empty string
            stands for no character there.
        rows: 1 or 2.
        model: name of the reader.

    Returns:
        The reading. `raw` is what was said, and the first of each of `chars`; a repaired character
        stands behind it, with its share. `NOTHING_READ` if it is too short or too long for a plate.
    """
    said = [i for i, slot in enumerate(slots) if slot[0][0]]
    if not SHORTEST <= len(said) <= LONGEST:
        return NOTHING_READ
    raw = "".join(slots[i][0][0] for i in said)
    repair = repair_text(raw)
    repaired = {said[i]: repair.text[i] for i in repair.changed}
    shared = tuple(
        _shared(slot, repaired[i]) if i in repaired else slot for i, slot in enumerate(slots)
    )
    candidates = choose(shared)
    text, score = candidates[0]
    if not text:
        return NOTHING_READ
    return Reading(
        text=text,
        raw=raw,
        score=score,
        chars=aligned(shared, text),
        candidates=candidates,
        rows=rows,
        kind=vehicle_kind(text, rows, None),
        model=model,
    )


def _shared(slot: Character, look_alike: str) -> Character:
    """The slot where the look-alike has its share at least; what was said stays first."""
    said, probability = slot[0]
    others = dict(slot[1:])
    known = others.get(look_alike, 0.0)
    moved = max(0.0, LOOK_ALIKE * probability - known)
    others[look_alike] = known + moved
    ranked = sorted(others.items(), key=lambda item: (-item[1], item[0]))
    return ((said, probability - moved), *ranked)
