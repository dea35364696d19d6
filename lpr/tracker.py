"""A tracker: joins what is seen frame by frame into tracks. One for each camera."""

from collections.abc import Sequence
from math import hypot, log

from lpr.boxes import PlateBox
from lpr.recognition import SeenPlate
from lpr.tracks import Look, Track

LOST_AFTER_S = 1.0  # a vehicle not seen for so long, and in so many looks, is out of view
LOST_AFTER_LOOKS = 4  # three may miss it, however rare they are
FOLLOWED_S = 3.0  # so long one that is out of view is looked for where it should be by now
JOIN_S = 8.0  # one that was lost and is read again within this time is the same
COVERED_S = 300.0  # so long something may stand before one that stood still when it was lost
REACH = 2.5  # plate sizes that a plate may move between two looks, beyond what was predicted
REACH_SAME = 6.0  # the same where both read the same
GROWTH = 2.0  # factor by which a plate's width may change between two looks
STAYED = 0.25  # plate sizes that it counts for when a plate is not where it was predicted
CONTRADICT = 0.32  # readings are of two vehicles: share of characters times both probabilities
UNLIKE_COST, UNREAD_COST = 3.0, 0.5  # plate sizes that texts count for: quite unlike, and unread
NEARLY = 0.85  # share of characters of one who is seen again where he should be by then
ECHO = 0.7  # the same of an unsure reading that is no vehicle of its own
LEAST_PART = 4  # characters that must be seen of a plate to be held against a part of another
LIKE = 0.5  # share of characters of one who is seen again where he stood
SAME_PLACE = 0.5  # overlap of the boxes of one who stood, was covered and is seen again
MOST_OPEN = 64  # tracks followed at once; beyond, those that were seen longest ago are over
FAR = 1e6  # cost of a pair that cannot be


class Tracker:
    """Joins what is seen frame by frame into tracks.

    A track is open while its vehicle is in view; then it is lost, and may be found again; then it
    is over.
    """

    def __init__(self, first_number: int = 1) -> None:
        self._tracks: list[Track] = []
        self._next = first_number
        self._frame = 0
        self._now = 0.0

    @property
    def open(self) -> tuple[Track, ...]:
        """Tracks whose vehicles are in view, but for looks that miss them."""
        return tuple(track for track in self._tracks if not is_lost(track, self._now))

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Tracks that are not over."""
        return tuple(self._tracks)

    def update(
        self, plates: Sequence[SeenPlate], clarities: Sequence[float], offset: float
    ) -> list[Track]:
        """Take in one frame.

        Args:
            plates: everything seen in it.
            clarities: of each, see `Look`.
            offset: of the frame, in seconds since the source began; never goes back.

        Returns:
            The track of each plate.
        """
        self._frame += 1
        self._now = offset
        looks = [
            Look(offset, plate.box, plate.reading, self._frame, clarity)
            for plate, clarity in zip(plates, clarities, strict=True)
        ]
        for track in self._tracks:
            track.missed += 1
        lost = [t for t in self._tracks if is_lost(t, offset) and offset - t.seen > FOLLOWED_S]
        found = pairs([t for t in self._tracks if t not in lost], looks, offset)
        for number, look in enumerate(looks):
            if number not in found:
                found[number] = _found_again(lost, look) or self._new()
                lost = [track for track in lost if track is not found[number]]
            found[number].add(look)
        return [found[number] for number in range(len(looks))]

    def go_on(self, offset: float) -> None:
        """Let time pass until then: `over` tells who is too late for a frame of that time."""
        self._now = offset

    def hold(self, offset: float) -> None:
        """Nothing moved until then: what was seen in the last frame is still in view."""
        self._now = offset
        for track in self._tracks:
            if track.missed:
                track.missed += 1
            else:
                track.seen = offset

    def over(self) -> list[Track]:
        """Let those go that cannot be found again, and those that are too many."""
        late = [t for t in self._tracks if self._now - t.seen > (COVERED_S if t.stands else JOIN_S)]
        left = sorted((t for t in self._tracks if t not in late), key=lambda t: -t.seen)
        return self._let_go([*late, *left[MOST_OPEN:]])

    def finish(self) -> list[Track]:
        """Every track; the tracker is empty afterwards."""
        return self._let_go(self._tracks)

    def absorb(self, track: Track, other: Track) -> None:
        """Make one track of two: `other` is gone then."""
        track.absorb(other)
        self._tracks.remove(other)

    def _new(self) -> Track:
        track = Track(self._next)
        self._next += 1
        self._tracks.append(track)
        return track

    def _let_go(self, tracks: Sequence[Track]) -> list[Track]:
        gone = [track for track in self._tracks if track in tracks]
        self._tracks = [track for track in self._tracks if track not in gone]
        return gone


def is_lost(track: Track, now: float) -> bool:
    """Whether a track's vehicle is out of view."""
    return now - track.seen > LOST_AFTER_S and track.missed > LOST_AFTER_LOOKS


def pairs(tracks: Sequence[Track], looks: Sequence[Look], offset: float) -> dict[int, Track]:
    """Which look is which track's, the cheapest pair first.

    Args:
        tracks: open ones.
        looks: of one frame.
        offset: of that frame, seconds.

    Returns:
        The tracks by the numbers of their looks, from 0; a look that has none is a new vehicle's.
    """
    costs = []
    for t, track in enumerate(tracks):
        predicted = track.predicted(offset)
        for n, look in enumerate(looks):
            cost = _cost(track, look, predicted)
            if cost < FAR:
                costs.append((cost, t, n))
    costs.sort()
    found: dict[int, Track] = {}
    taken: set[int] = set()
    for _, t, n in costs:
        if t not in taken and n not in found:
            taken.add(t)
            found[n] = tracks[t]
    return found


def _cost(track: Track, look: Look, predicted: tuple[float, float]) -> float:
    """Distance in plate sizes, nearer where both read the same; FAR where it cannot be."""
    grown = look.width / track.last.width
    unit, (x, y), (x0, y0) = max(look.size, track.last.size), look.middle, track.last.middle
    away = hypot(x - predicted[0], y - predicted[1]) / unit
    still = hypot(x - x0, y - y0) / unit
    if not 1 / GROWTH < grown < GROWTH or min(away, still) > REACH_SAME:
        return FAR
    unlike = 1 - alike(track.surest.text, look.reading.text)
    read = track.surest.score * look.reading.score
    if read * unlike > CONTRADICT or min(away, still) > (REACH_SAME if unlike == 0.0 else REACH):
        return FAR
    text = read * UNLIKE_COST * unlike + (1 - read) * UNREAD_COST
    return min(away, still + STAYED) + abs(log(grown)) + text


def _found_again(lost: Sequence[Track], look: Look) -> Track | None:
    """The lost track that a look is of: it reads the same, or is where that one stood."""
    text = look.reading.text
    same = [t for t in lost if text and t.text == text]
    stood = [t for t in lost if t.stands and _is_in_its_place(t, look)]
    return max(same or stood, key=lambda t: t.seen, default=None)


def _is_in_its_place(track: Track, look: Look) -> bool:
    is_like = alike(track.text, look.reading.text) >= LIKE
    return is_like and overlap(track.last.box, look.box) >= SAME_PLACE


def alike(one: str, other: str) -> float:
    """Share of characters that agree, 0..1; half where one is unread.

    A plate that is partly covered is read in part: a text is held against the part of the other
    that it is most like.
    """
    if not one or not other:
        return 0.5
    short, long = sorted((one, other), key=len)
    if len(short) < LEAST_PART:
        return _same(short, long) / len(long)
    parts = (long[i:] for i in range(len(long) - len(short) + 1))
    return max(_same(short, part) for part in parts) / len(short)


def _same(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=False))


def is_same_vehicle(first: Track, later: Track) -> bool:
    """Whether a track goes on with what an earlier one saw.

    Both read the same with no long gap between, or nearly the same and the later one begins where
    the first one's vehicle should have been by then.
    """
    gap = later.begin - first.seen
    if min(len(first.text), len(later.text)) < LEAST_PART:
        return False
    if first.text == later.text:
        return gap <= (COVERED_S if first.stands else JOIN_S)
    if not 0 < gap <= FOLLOWED_S or alike(first.text, later.text) < NEARLY:
        return False
    (x, y), (x0, y0) = later.looks[0].middle, first.predicted(later.begin)
    far = hypot(x - x0, y - y0) / max(later.looks[0].size, first.last.size)
    return far <= REACH_SAME


def is_echo(track: Track, other: Track) -> bool:
    """Whether a track read, at about the same time, much of what another one did."""
    is_near = max(track.begin - other.seen, other.begin - track.seen) <= FOLLOWED_S
    enough = min(len(track.text), len(other.text)) >= LEAST_PART
    return is_near and enough and alike(track.text, other.text) >= ECHO


def overlap(one: PlateBox, other: PlateBox) -> float:
    """Shared area of two upright boxes as a share of what both cover, 0..1."""
    (a1, b1, a2, b2), (c1, d1, c2, d2) = one.bounds, other.bounds
    shared = max(0.0, min(a2, c2) - max(a1, c1)) * max(0.0, min(b2, d2) - max(b1, d1))
    both = (a2 - a1) * (b2 - b1) + (c2 - c1) * (d2 - d1) - shared
    return shared / both if both > 0 else 0.0
