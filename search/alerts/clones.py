"""One plate in two places at once: found while sightings come in.

Two sightings that are further apart than any vehicle gets in the time between them are of two
vehicles that bear one plate, or one of them is misread. Only where each plate was seen last is
remembered, and not for long.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lpr.passages import Passage
from lpr.plates import parse_plate
from search.alerts.matcher import Found
from search.geometry import Point, great_circle_m
from search.watchlists.entry import CLONES, Entry, Watchlist

LIST = Watchlist(CLONES)
REMEMBERED = timedelta(minutes=15)  # in it the fastest vehicle is through the city
FASTEST_MS = 150 / 3.6  # straight over the ground
CLOCKS_S = 60.0  # that the clocks of two cameras may differ
SURE = 0.95  # score of both readings
CLONED = 1e-4  # of vehicles that are seen: another one bears the plate
MET = 1e-3  # of misreadings: the text is that of a vehicle that is seen about then
LEAST = 0.5  # likelihood of what is told
_FORGET_AFTER = 10_000  # sightings


@dataclass(frozen=True, slots=True)
class Meeting:
    """A sighting that another one of the same plate contradicts.

    Attributes:
        camera, at: of the other one.
        metres, seconds: between them.
        likelihood: probability 0..1 that two vehicles bear the plate.
    """

    camera: str
    at: datetime
    metres: float
    seconds: float
    likelihood: float

    def found(self, passage: Passage) -> Found:
        """What both sightings are raised as."""
        minutes, seconds = divmod(round(self.seconds), 60)
        said = f"{self.metres / 1000:.1f} km / {minutes} min {seconds:02} s"
        entry = Entry(LIST.name, passage.text, said, passage.at)
        return Found(LIST, entry, "exact", passage.text)


Last = tuple[datetime, str, float]
"""Time, camera and score of a sighting."""


class Clones:
    """Where each plate was seen last."""

    def __init__(self) -> None:
        self.places: Mapping[str, Point] = {}
        self._last: dict[str, Last] = {}
        self._before: dict[str, Last | None] = {}
        self._looks = 0

    def begin(self) -> None:
        """What is looked at from here on can be taken back."""
        self._before = {}

    def take_back(self) -> None:
        """Forget what was looked at since, so that it is found again when it is looked at again."""
        for text, last in self._before.items():
            if last is None:
                self._last.pop(text, None)
            else:
                self._last[text] = last
        self._before = {}

    def look(self, passage: Passage) -> Meeting | None:
        """Whether a sighting cannot be of the vehicle that bore the plate a while ago.

        Args:
            passage: in any order; cameras without a place count for nothing.
        """
        if passage.score < SURE or passage.camera not in self.places:
            return None
        last = self._last.get(passage.text)
        if last is None or last[0] <= passage.at:
            self._before.setdefault(passage.text, last)
            self._last[passage.text] = (passage.at, passage.camera, passage.score)
            self._forget(passage.at)
        if last is None or last[1] == passage.camera or not parse_plate(passage.text):
            return None
        at, camera, score = last
        if camera not in self.places:
            return None
        seconds = abs((passage.at - at).total_seconds())
        metres = great_circle_m(self.places[camera], self.places[passage.camera])
        if metres <= FASTEST_MS * (seconds + CLOCKS_S):
            return None
        likelihood = _likelihood(score, passage.score)
        return Meeting(camera, at, metres, seconds, likelihood) if likelihood >= LEAST else None

    def _forget(self, now: datetime) -> None:
        self._looks += 1
        if self._looks % _FORGET_AFTER == 0:
            oldest = now - REMEMBERED
            self._last = {text: last for text, last in self._last.items() if last[0] >= oldest}


def _likelihood(one: float, other: float) -> float:
    """That both readings are right and two vehicles bear the plate, and none is misread."""
    both = CLONED * one * other
    return both / (both + MET * ((1 - one) + (1 - other)))
