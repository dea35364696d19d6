"""Tracks: the plate boxes of one vehicle over time; pure."""

from dataclasses import dataclass, field
from math import hypot

from lpr.boxes import PlateBox
from lpr.readings import NOTHING_READ, Reading

MOST_LOOKS = 60  # kept of a track: a vehicle may stand in the picture for days
MOST_TEXTS = 40  # of a track that are weighed: a plate that is hard to read says ever new ones
MOVED = 0.3  # plate widths; who has moved less since it came to a place stands there
STANDS_S = 1.5  # so long it must have been there
LATEST_S = 1.0  # the looks of so long tell how fast a vehicle is
FARTHEST_S = 1.0  # no way is foretold for longer
MOST_GROWN = 1.6  # factor by which a plate is believed to grow or shrink meanwhile
Place = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One look at a vehicle's plate; the same only as itself.

    Attributes:
        offset: seconds since the source began.
        box: where the plate was.
        reading: what it said.
        frame: number of the frame it was seen in.
        clarity: how well it could be seen: weight of its reading in a vote, above 0.
        middle: of the plate, x then y in pixels.
        width: of the upright box around it in pixels, at least 1.
        size: the same of a plate with one row; with two rows as much: such a plate is half as wide.
    """

    offset: float
    box: PlateBox
    reading: Reading
    frame: int
    clarity: float = 1.0
    middle: Place = field(init=False)
    width: float = field(init=False)
    size: float = field(init=False)

    def __post_init__(self) -> None:
        """Work out once what every other look is compared with."""
        xs, ys = zip(*self.box.corners, strict=True)
        width = max(1.0, max(xs) - min(xs))
        object.__setattr__(self, "middle", (sum(xs) / 4, sum(ys) / 4))
        object.__setattr__(self, "width", width)
        object.__setattr__(self, "size", max(width, 2 * (max(ys) - min(ys))))


@dataclass(slots=True, eq=False)
class Track:
    """The looks at one vehicle, in time order; of very many the surest.

    Attributes:
        number: of its source.
        looks: the first and the last two are always among them.
        seen: when it was in view last: no earlier than its last look.
        missed: frames since its last look.
        since: from when on it has been where it is.
        surest: its surest reading.
    """

    number: int
    looks: list[Look] = field(default_factory=list)
    seen: float = 0.0
    missed: int = 0
    since: float = 0.0
    surest: Reading = NOTHING_READ
    _weights: dict[str, float] = field(default_factory=dict)
    _came_to: Place = (0.0, 0.0)

    @property
    def begin(self) -> float:
        """When it was seen first."""
        return self.looks[0].offset

    @property
    def last(self) -> Look:
        """The latest look."""
        return self.looks[-1]

    @property
    def stands(self) -> bool:
        """Whether it has not moved for STANDS_S."""
        return self.seen - self.since >= STANDS_S

    @property
    def text(self) -> str:
        """What its looks read most surely together; empty if they read nothing."""
        return max(self._weights, key=lambda text: self._weights[text], default="")

    def weight(self, text: str) -> float:
        """Sum of the scores of the looks that read so."""
        return self._weights.get(text, 0.0)

    def add(self, look: Look) -> None:
        """Take in the next look."""
        at = look.middle
        far = hypot(at[0] - self._came_to[0], at[1] - self._came_to[1])
        if not self.looks or far > MOVED * look.width:
            self.since, self._came_to = look.offset, at
        self.looks.append(look)
        self.seen, self.missed = look.offset, 0
        if look.reading.text:
            self._weigh({look.reading.text: look.reading.score})
        if look.reading.score > self.surest.score:
            self.surest = look.reading
        self._thin_out()

    def absorb(self, later: "Track") -> None:
        """Take in the looks of a track that turned out to be the same vehicle's."""
        newest = max(self, later, key=lambda track: track.last.offset)
        self.seen, self.missed = max(self.seen, later.seen), newest.missed
        self.since, self._came_to = newest.since, newest._came_to
        self.surest = max(self.surest, later.surest, key=lambda reading: reading.score)
        self._weigh(later._weights)
        self.looks = sorted([*self.looks, *later.looks], key=lambda look: look.offset)
        self._thin_out()

    def predicted(self, offset: float) -> Place:
        """Where its middle should be at that time, pixels, by its latest three looks.

        Who drives straight on at the same speed is seen to move ever faster the nearer he is: the
        reciprocal of the plate's width changes evenly, and the speed in the frame with the width's
        square. Beside a straight line through the looks it halves the error (measured on rendered
        crowds after three missed frames: .29 of a plate's size in place of .60).
        """
        last = self.last
        x, y = last.middle
        first = next(look for look in self.looks[-3:] if last.offset - look.offset <= LATEST_S)
        since, ahead = last.offset - first.offset, min(offset - last.offset, FARTHEST_S)
        if since <= 0 or ahead <= 0:
            return x, y
        grown = _within(last.width / first.width)
        smaller = (1 / last.width - 1 / first.width) / since * ahead * last.width
        ahead *= grown * _within(1 / max(1 + smaller, 1 / MOST_GROWN))
        x0, y0 = first.middle
        return x + (x - x0) / since * ahead, y + (y - y0) / since * ahead

    def _weigh(self, texts: dict[str, float]) -> None:
        for text, weight in texts.items():
            self._weights[text] = self._weights.get(text, 0.0) + weight
        while len(self._weights) > MOST_TEXTS:
            del self._weights[min(self._weights, key=lambda text: self._weights[text])]

    def _thin_out(self) -> None:
        while len(self.looks) > MOST_LOOKS:
            between = range(1, len(self.looks) - 2)
            del self.looks[min(between, key=lambda i: self.looks[i].reading.score)]


def _within(grown: float) -> float:
    return min(MOST_GROWN, max(1 / MOST_GROWN, grown))
