"""A second opinion: another reader is asked for the crops that the first is not sure of."""

from collections.abc import Sequence
from dataclasses import replace

from lpr.boxes import Frame
from lpr.plates import parse_plate, vehicle_kind
from lpr.reader import Reader
from lpr.readings import Candidate, Reading

CLEARLY = 0.15
"""How much higher the other's score must be for its text to win. Measured where our reader was
below 0.8 and PaddleOCR above it by that much: PaddleOCR was right in 86 of 100, ours in none."""
CLEARLY_FOREIGN = 0.5
"""The same where only the first text is a plate's. Most of what was measured was foreign."""
ALONE = 0.5  # share of its score that a reading keeps where the other reader read nothing
MOST_SURE = 0.98
"""No agreement is surer: both look at the same pixels. PaddleOCR alone was right in 0.978 of what
it was surest of."""
DISPUTED = 0.93
"""No text is surer that the other reader contradicts. Of those that would be above 0.97 it was the
share that was right."""


class SecondOpinion:
    """Asks a second reader where the first is not sure; see `lpr.reader.Reader`.

    Args:
        first: reads every crop.
        other: reads those whose first reading has a score below `below`.
        below: 0..1.
    """

    def __init__(self, first: Reader, other: Reader, below: float) -> None:
        self._first = first
        self._other = other
        self._below = below

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        """Read rectified crops of any size, in order."""
        readings = self._first.read(crops)
        unsure = [i for i, reading in enumerate(readings) if reading.score < self._below]
        if not unsure:
            return readings
        others = self._other.read([crops[i] for i in unsure])
        settled = dict(zip(unsure, others, strict=True))
        return [
            settle(reading, settled[i]) if i in settled else reading
            for i, reading in enumerate(readings)
        ]


def settle(first: Reading, other: Reading) -> Reading:
    """What two readings of one crop say together.

    - The same text: the chance that both are wrong is (1 - a)(1 - b) if they err independently.
      They look at the same pixels, so no score is above `MOST_SURE`.
    - Two texts: at most one is right. See `is_outweighed` for which wins. Of the cases in which not
      both are right, w (1 - l) of 1 - w l are the winner's: its score becomes their share, which is
      never more than w, and not above `DISPUTED` either. The other text stays among the
      candidates, with its own share.
    - One read nothing: the other's text stays, with `ALONE` of its score: whether there is a plate
      at all is in doubt.

    All but the text is the first reader's where it tells it; the kind follows from both.

    Args:
        first: of the reader that is always asked.
        other: of the reader that was asked as well.

    Returns:
        The reading; its `model` is the reader that said the text, or both.
    """
    if not (first.text and other.text):
        return _scaled(first if first.text else other, ALONE)
    if first.text == other.text:
        return _agreed(first, other)
    if is_outweighed(first, other):
        return _preferred(_told_by(other, first), first)
    return _preferred(first, other)


def is_outweighed(first: Reading, other: Reading) -> bool:
    """Whether the other of two different texts wins.

    The first reader was made for these plates, so the other must be surer: clearly so (`CLEARLY`)
    where both texts are plates of a kind, or both are none; by any amount where only the other is;
    very clearly (`CLEARLY_FOREIGN`) where only the first is, since the first reader tends to make
    one of ours of a foreign plate.

    Args:
        first: has a text.
        other: has another text.
    """
    is_plate, is_other_plate = bool(parse_plate(first.text)), bool(parse_plate(other.text))
    if is_plate and not is_other_plate:
        return other.score - first.score > CLEARLY_FOREIGN
    return other.score - first.score > (CLEARLY if is_plate == is_other_plate else 0.0)


def _told_by(other: Reading, first: Reading) -> Reading:
    """The other's text in the first reading: of rows, colour and place the first knows more."""
    return replace(
        first,
        text=other.text,
        raw=other.raw,
        score=other.score,
        chars=other.chars,
        candidates=other.candidates,
        rows=first.rows or other.rows,
        model=other.model,
    )


def _agreed(first: Reading, other: Reading) -> Reading:
    sure = max(first.score, other.score)
    score = max(sure, min(MOST_SURE, 1 - (1 - first.score) * (1 - other.score)))
    left = (1 - score) / (1 - first.score) if first.score < 1 else 0.0
    candidates = ((first.text, score), *((t, p * left) for t, p in first.candidates[1:]))
    return replace(
        first,
        score=score,
        chars=(first if first.score >= other.score else other).chars,
        candidates=candidates,
        model=f"{first.model} + {other.model}",
    )


def _preferred(winner: Reading, loser: Reading) -> Reading:
    won, lost = (min(reading.score, MOST_SURE) for reading in (winner, loser))
    not_both = 1 - won * lost
    score = min(won * (1 - lost) / not_both, DISPUTED)
    kept = _scaled(winner, score / winner.score if winner.score else 0.0)
    return replace(
        kept,
        candidates=_with(kept.candidates, (loser.text, lost * (1 - won) / not_both)),
        kind=vehicle_kind(kept.text, kept.rows, kept.colour),
    )


def _scaled(reading: Reading, share: float) -> Reading:
    candidates = tuple((text, p * share) for text, p in reading.candidates)
    return replace(reading, score=reading.score * share, candidates=candidates)


def _with(candidates: Sequence[Candidate], second: Candidate) -> tuple[Candidate, ...]:
    """Candidates with one more behind the first, which stays the first."""
    known = dict(candidates[1:])
    known[second[0]] = max(second[1], known.get(second[0], 0.0))
    return (candidates[0], *sorted(known.items(), key=lambda item: (-item[1], item[0])))
