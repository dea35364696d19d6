"""The grammar as a weak prior: it enters once, on the probabilities of characters."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from lpr.plates.abroad import weight_abroad
from lpr.plates.grammar import parse_plate
from lpr.readings import Candidate, Character

BEAM = 24  # partial texts kept at each position
KEPT = 10  # candidates given
ALIKE = 0.23  # of the difference between such characters is the typeface's, and tells nothing
_ALIKE = str.maketrans("OQI", "001")  # many countries draw them alike
_IMPOSSIBLE: tuple[float, tuple[Character, ...]] = (-1.0, ())


def choose(slots: Sequence[Character], kept: int = KEPT) -> tuple[Candidate, ...]:
    """The likeliest whole texts.

    Args:
        slots: for each position the likeliest characters with their probabilities, best first;
            an empty string stands for no character.
        kept: candidates at most.

    Returns:
        At least one text with the probability that it is the right one, best first. They sum to at
        most 1: what is left is for texts that are not among them.
    """
    beam: dict[str, float] = {"": 1.0}
    for slot in slots:
        if len(slot) == 1:  # the order stays
            [(character, q)] = slot
            beam = {text + character: p * q for text, p in beam.items()}
            continue
        grown: dict[str, float] = {}
        for text, p in beam.items():
            for character, q in slot:
                grown[text + character] = grown.get(text + character, 0.0) + p * q
        best = sorted(grown.items(), key=lambda item: (-item[1], item[0]))[:BEAM]
        beam = dict(best)
    weights = {text: _weight(text) for text in beam}
    weighed = {t: p * weights[t] for t, p in _evened(beam, weights).items()}
    unseen = max(0.0, 1.0 - sum(beam.values()))
    best_weight = weights[max(weighed, key=weighed.__getitem__)]
    total = sum(weighed.values()) + unseen * best_weight
    ranked = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:kept]
    return tuple((text, min(1.0, w / total)) for text, w in ranked)


def _evened(beam: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Foreign texts that differ only by characters drawn alike have some of it in common."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for text in beam:
        if weights[text] < 1:
            groups[text.translate(_ALIKE)].append(text)
    evened = dict(beam)
    for texts in groups.values():
        together, weight = (sum(of[text] for text in texts) for of in (beam, weights))
        for text in texts:
            share = ALIKE * together * weights[text] / weight
            evened[text] = (1 - ALIKE) * beam[text] + share
    return evened


def _weight(text: str) -> float:
    return 1.0 if parse_plate(text) else weight_abroad(text)


def aligned(slots: Sequence[Character], text: str) -> tuple[Character, ...]:
    """The slots that the characters of a text stand in; those that it leaves out are dropped.

    Args:
        slots: see `choose`.
        text: one of the texts that `choose` made of them.

    Returns:
        One slot for each character of the text.
    """
    likeliest = [slot for slot in slots if slot[0][0]]
    if "".join(slot[0][0] for slot in likeliest) == text:
        return tuple(likeliest)  # no way is likelier than each slot's best
    ways: dict[int, tuple[float, tuple[Character, ...]]] = {0: (1.0, ())}
    for slot in slots:
        shares = dict(slot)
        grown: dict[int, tuple[float, tuple[Character, ...]]] = {}
        for count, (p, taken) in ways.items():
            steps = [(count, p * shares.get("", 0.0), taken)]
            if count < len(text):
                steps.append((count + 1, p * shares.get(text[count], 0.0), (*taken, slot)))
            for number, q, path in steps:
                if q > grown.get(number, _IMPOSSIBLE)[0]:
                    grown[number] = (q, path)
        ways = grown
    return ways[len(text)][1]
