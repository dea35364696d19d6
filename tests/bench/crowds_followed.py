"""What becomes of rendered crowds: their passages, held against the truth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

import numpy as np

from lpr.boxes import PlateBox
from lpr.live_passings import CameraPassings
from lpr.recognition import SeenPlate
from lpr.reports import Report
from lpr.shown import to_jpeg
from lpr.tracker import alike, overlap
from tests.accuracy.calibration import Outcome
from tests.bench.crowds_seen import CrowdLook, CrowdSeen

START = datetime(2026, 1, 31, 8, tzinfo=UTC)
LEAST_PX = 20.0  # height of a plate that must be read
OVER = 0.3  # overlap of a box with the plate that it is of
LIKE = 0.6  # share of characters, where the box is of a plate that is partly covered
SURE = 0.8  # score of a look that reads the plate rightly: from it on a report is awaited
NO_FRAME = np.zeros((8, 8, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Told:
    """A report and the vehicle that it is of.

    Attributes:
        report: as it was given.
        now_s: when, seconds since the crowd began.
        vehicle: the text on its plate; None if it is nobody's.
    """

    report: Report
    now_s: float
    vehicle: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of some crowds.

    Attributes:
        vehicles: whose plates were once whole, uncovered and over LEAST_PX high.
        missed: of these.
        passages: of these.
        right: passages of these with the right text at last.
        first_right: with the right text at first.
        directed: with the right direction.
        nobodys: passages of none of the crowd, such as those of signs.
        delays: seconds from the first sure look at a vehicle to its first report.
        wrong: plates that were missed, doubled or misread.
    """

    vehicles: int = 0
    missed: int = 0
    passages: int = 0
    right: int = 0
    first_right: int = 0
    directed: int = 0
    nobodys: int = 0
    delays: tuple[float, ...] = ()
    wrong: tuple[str, ...] = ()

    def __add__(self, other: "Counts") -> "Counts":
        names = [field.name for field in fields(self)]
        return Counts(*(getattr(self, name) + getattr(other, name) for name in names))


def follow(crowd: CrowdSeen, texts: Sequence[str]) -> list[Told]:
    """Every report of a crowd.

    Args:
        crowd: as our models saw it.
        texts: on its plates.
    """
    whose = {to_jpeg(p.crop): vehicle for look in crowd.looks for p, vehicle in owners(look)}
    passings, told = CameraPassings("C001"), []
    for look in crowd.looks:
        at = START + timedelta(seconds=look.at_s)
        reports = passings.take(NO_FRAME, at, look.seen) if look.moves else passings.quiet(at)
        told += [Told(r, look.at_s, vehicle_of(r, whose, texts)) for r in reports]
    last = crowd.looks[-1].at_s
    return [*told, *(Told(r, last, vehicle_of(r, whose, texts)) for r in passings.finish())]


def owners(look: CrowdLook) -> Iterator[tuple[SeenPlate, str | None]]:
    """Whose plate each seen one is: the one that it overlaps most."""
    for plate in look.seen:
        shares = {t.text: overlap(plate.box, _upright(t.corners)) for t in look.truths}
        best = max(shares, key=lambda text: shares[text], default=None)
        yield plate, best if best and shares[best] >= OVER else None


def vehicle_of(
    report: Report, whose: Mapping[bytes, str | None], texts: Sequence[str]
) -> str | None:
    """Whose passage it is: by where its crop was cut; of a plate that is covered, by its text."""
    assert report.crop is not None
    if owner := whose[report.crop]:
        return owner
    text = report.passage.text
    best = max(texts, key=lambda one: alike(one, text))
    return best if text and alike(best, text) >= LIKE else None


def heights(crowd: CrowdSeen) -> dict[str, float]:
    """The greatest height of each plate while it was whole and not covered, pixels."""
    tallest: dict[str, float] = {}
    for truth in (truth for look in crowd.looks if look.moves for truth in look.truths):
        left = float(np.linalg.norm(truth.corners[3] - truth.corners[0]))
        tallest[truth.text] = max(left, tallest.get(truth.text, 0.0))
    return tallest


def count(crowd: CrowdSeen, told: Sequence[Told]) -> Counts:
    """Hold what was told against the truth."""
    wanted = {text for text, height in heights(crowd).items() if height > LEAST_PX}
    last = {one.report.passage.id: one for one in told}
    first = {one.report.passage.id: one for one in reversed(told)}
    mine = {i: one for i, one in last.items() if one.vehicle in wanted}
    right = [one.vehicle for one in mine.values() if one.report.passage.text == one.vehicle]
    told_of = [one.vehicle for one in mine.values()]
    way = "away" if crowd.end == "rear" else "towards"
    return Counts(
        vehicles=len(wanted),
        missed=len(wanted - set(told_of)),
        passages=len(mine),
        right=len(right),
        first_right=sum(first[i].report.passage.text == one.vehicle for i, one in mine.items()),
        directed=sum(one.report.passage.direction == way for one in mine.values()),
        nobodys=sum(one.vehicle is None for one in last.values()),
        delays=tuple(_delays(crowd, {i: first[i] for i in mine})),
        wrong=tuple(t for t in sorted(wanted) if told_of.count(t) != 1 or t not in right),
    )


def outcomes(crowd: CrowdSeen, told: Sequence[Told]) -> list[Outcome]:
    """The scores of the last reports with a text, and whether they were right."""
    wanted = {text for text, height in heights(crowd).items() if height > LEAST_PX}
    last = {one.report.passage.id: one for one in told}.values()
    read = [(one.report.passage, one.vehicle) for one in last if one.vehicle in wanted]
    return [(passage.score, passage.text == vehicle) for passage, vehicle in read if passage.text]


def _delays(crowd: CrowdSeen, first: Mapping[str, Told]) -> Iterator[float]:
    sure: dict[str, float] = {}
    for look in crowd.looks:
        for plate, vehicle in owners(look):
            if vehicle == plate.reading.text and plate.reading.score >= SURE:
                sure.setdefault(vehicle, look.at_s)
    for one in first.values():
        if one.vehicle in sure:
            yield max(0.0, one.now_s - sure[one.vehicle])


def _upright(corners: np.ndarray) -> PlateBox:
    (x1, y1), (x2, y2) = corners.min(0).tolist(), corners.max(0).tolist()
    return PlateBox(((x1, y1), (x2, y1), (x2, y2), (x1, y2)), 1.0)
