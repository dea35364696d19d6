"""Passages that were reported before, whose vehicles may be seen again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from lpr.passages import Passage
from lpr.tracker import JOIN_S, NEARLY, alike

EARLIER = timedelta(minutes=10)  # who was seen before that is not waited for after a restart
JOIN = timedelta(seconds=JOIN_S)


class Earlier:
    """What was reported of vehicles before the process began anew, or the frames broke off.

    One that was there in the last ten minutes and is seen in the first JOIN_S goes on under its old
    id. Where no frame is missed meanwhile, it must be seen again within JOIN_S by their own times.

    Args:
        passages: in the order in which they began.
        is_repeatable: whether no frame is missed.
    """

    def __init__(self, passages: Sequence[Passage], is_repeatable: bool) -> None:
        self._passages = [passage for passage in passages if passage.text]
        self._is_repeatable = is_repeatable

    def add(self, passages: Iterable[Passage]) -> None:
        """Remember passages too; one without a text cannot be known again."""
        self._passages += [passage for passage in passages if passage.text]

    def begin(self, at: datetime) -> None:
        """Forget whom nobody waits for when frames begin at a time."""
        self._passages = [p for p in self._passages if abs(at - (p.until or p.at)) <= EARLIER]

    def near(self, at: datetime) -> list[Passage]:
        """Forget all but those who may go on after a time, and give these."""
        self._passages = [p for p in self._passages if _apart(p, at) <= JOIN]
        return list(self._passages)

    def take_up(self, text: str, begin: datetime, offset: float) -> Passage | None:
        """The passage that a vehicle goes on, which is then forgotten here.

        Args:
            text: of the vehicle's plate.
            begin: when it was seen first, aware UTC.
            offset: the same in seconds since the frames began.
        """
        if not self._is_repeatable and offset > JOIN_S:
            return None
        may = [p for p in self._passages if not self._is_repeatable or _apart(p, begin) <= JOIN]
        best = max(may, key=lambda p: alike(p.text, text), default=None)
        if best is None or alike(best.text, text) < NEARLY:
            return None
        self._passages.remove(best)
        return best


def _apart(passage: Passage, at: datetime) -> timedelta:
    """How far a time is from a passage; below 0 within it."""
    return max(passage.at - at, at - (passage.until or passage.at))
