"""A plate that is not read surely is looked at again, cut otherwise; pure."""

from collections.abc import Sequence
from dataclasses import replace

from lpr.readings import Reading

LOOK_AGAIN_BELOW = 0.95
"""Score below which a plate is looked at again; docs/adr/0010 tells what that brings."""
CLOSER, WIDER = -0.04, 0.08  # of the plate's size, added to the margin that it was cut with


def wants_more_looks(reading: Reading) -> bool:
    """Whether a reading is unsure, and its reader saw where the plate lies in the crop."""
    return reading.corners is not None and reading.score < LOOK_AGAIN_BELOW


def together(looks: Sequence[Reading]) -> tuple[int, Reading]:
    """What several looks at one plate say together.

    Of the texts that were read, the one that all looks hold likeliest wins; its probability is the
    mean of what they give it, since they share their mistakes.

    Args:
        looks: at least one reading.

    Returns:
        Which of them read the winning text most surely, and its reading with the score and the
        candidates of all.
    """
    shares: dict[str, float] = {}
    for look in looks:
        for text, p in look.candidates:
            shares[text] = shares.get(text, 0.0) + p / len(looks)
    read = [look.text for look in looks if look.text]
    if not read:
        return 0, looks[0]
    text = max(read, key=lambda read_text: shares[read_text])
    best = max(range(len(looks)), key=lambda i: (looks[i].text == text, looks[i].score))
    score = shares.pop(text)
    others = sorted(((t, min(p, score)) for t, p in shares.items()), key=lambda c: (-c[1], c[0]))
    kept = len(looks[best].candidates) - 1
    return best, replace(looks[best], score=score, candidates=((text, score), *others[:kept]))
