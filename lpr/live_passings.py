"""The passages of one camera, told while they happen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lpr.boxes import Frame
from lpr.clarity import clarity
from lpr.concluding import EARLY, conclude, is_told_early
from lpr.direction import direction_of
from lpr.earlier import Earlier
from lpr.passages import Passage
from lpr.readings import Reading
from lpr.recognition import SeenPlate
from lpr.reports import Report, earlier_report, ended, is_better_than, read_report
from lpr.seen_once import once_each
from lpr.shown import Evidence, Shot, best_for, remember, together
from lpr.times import format_utc
from lpr.tracker import Tracker, is_echo, is_lost, is_same_vehicle
from lpr.tracks import Track

__all__ = ["UPDATE_S", "CameraPassings", "Report"]

UPDATE_S = 300.0  # between two reports of a vehicle that stays
BACK_S = 1.0  # a clock that is set back further than that begins anew


@dataclass(slots=True, eq=False)
class _Told:
    """What is kept of a track beside its looks.

    Attributes:
        name: of the track in passages.
        evidence: pictures.
        report: the last one, None before the first.
        at: when that was, seconds since the source began.
        is_lost: whether its vehicle was out of view when that was looked at last.
    """

    name: str
    evidence: Evidence = field(default_factory=dict)
    report: Report | None = None
    at: float = 0.0
    is_lost: bool = False


class CameraPassings:
    """Follows the plates of one camera and reports each vehicle that passes.

    A vehicle is reported first when two looks read the same and one of them surely, or 0.8 s after
    it was first read at all surely, if its looks together are sure by then (`EARLY`), otherwise
    when it is out of view; again every UPDATE_S while it stays, and when its text has changed as it
    goes out of view; at last when no later look can be its own any more. A plate that cannot be
    read is reported only then.

    Args:
        camera: id.
        earlier: what was reported before the process began anew; see `Earlier`.
        is_repeatable: whether the frames can be had again after a crash, as those of files can. The
            same frames after the same `earlier` then give the same ids: nothing depends on what was
            seen before, and a track is named by its first frame.
    """

    def __init__(
        self, camera: str, earlier: Sequence[Passage] = (), *, is_repeatable: bool = False
    ) -> None:
        self._camera, self._is_repeatable = camera, is_repeatable
        self._earlier = Earlier(earlier, is_repeatable)
        self._tracker = Tracker(_number_after(earlier))
        self._told: dict[int, _Told] = {}
        self._origin: datetime | None = None
        self._now = 0.0
        self._latest: datetime | None = None

    @property
    def is_plate_in_view(self) -> bool:
        """Whether a plate is in view, but for looks that miss it."""
        return bool(self._tracker.open)

    @property
    def is_standing(self) -> bool:
        """Whether plates are in view and all stand still: then looks can be rarer."""
        return self.is_plate_in_view and all(track.stands for track in self._tracker.open)

    @property
    def is_over(self) -> bool:
        """Whether everything has been said of all vehicles that were seen."""
        return not self._tracker.tracks

    def returning(self) -> list[Passage]:
        """Who was reported at last and may be seen again: `earlier` of who goes on from here."""
        return self._earlier.near(self._latest) if self._latest else []

    def take(
        self, picture: Frame, at: datetime, plates: Sequence[SeenPlate], still: str = ""
    ) -> list[Report]:
        """Take in a frame that was looked at.

        Args:
            picture: the frame, (H, W, 3) uint8 BGR; it may be changed afterwards.
            at: its time, aware UTC.
            plates: everything seen in it.
            still: names it among stills of the same time; empty for a frame of a video.

        Returns:
            What is to be reported now.
        """
        reports = self._go_on(at)
        if still:  # nothing is known of the time since the one before: nobody is waited for
            self._tracker.go_on(self._now)
            reports += [report for track in self._tracker.over() for report in self._last(track)]
        plates = once_each(plates)
        clarities = [clarity(plate.crop, plate.reading.rows) for plate in plates]
        tracks = self._tracker.update(plates, clarities, self._now)
        shot, names = Shot(picture), _names(plates, still)
        for track, plate, name in zip(tracks, plates, names, strict=True):
            name = name if self._is_repeatable else str(track.number)
            told = self._told.setdefault(track.number, _Told(name))
            told.evidence = remember(told.evidence, track, plate, shot)
        for track in tracks:
            self._unite(track)
        return [*reports, *self._due()]

    def quiet(self, at: datetime) -> list[Report]:
        """Take in that nothing moved and so nobody looked: what stands there still does.

        Args:
            at: the time, aware UTC.

        Returns:
            What is to be reported now.
        """
        reports = self._go_on(at)
        self._tracker.hold(self._now)
        return [*reports, *self._due()]

    def finish(self) -> list[Report]:
        """The last report of everything that is not over.

        Frames may come all the same, if only the camera was away: it goes on as after a restart.
        """
        reports = [report for track in self._tracker.finish() for report in self._last(track)]
        self._earlier.add(report.passage for report in reports)
        self._origin, self._now = None, 0.0
        return reports

    def _go_on(self, at: datetime) -> list[Report]:
        """Set the time; a clock that is set back begins anew."""
        reports: list[Report] = []
        back_s = 0.0 if self._is_repeatable else BACK_S
        if self._origin and (at - self._origin).total_seconds() < self._now - back_s:
            reports = self.finish()
        if self._origin is None:
            self._origin = at
            self._earlier.begin(at)
        self._latest = at
        self._now = max(self._now, (at - self._origin).total_seconds())
        return reports

    def _unite(self, track: Track) -> None:
        """Make one track of two that read the same, unless both have been reported."""
        if track not in self._tracker.tracks:
            return
        mine = self._told[track.number]
        for other in self._tracker.tracks:
            theirs = self._told[other.number]
            first, second = sorted((track, other), key=lambda t: t.begin)
            both_told = mine.report and theirs.report
            if other is track or both_told or not is_same_vehicle(first, second):
                continue
            has_told = self._told[second.number].report
            self._make_one(*((second, first) if has_told else (first, second)))
            return

    def _due(self) -> list[Report]:
        over = self._tracker.over()
        going = [report for track in self._tracker.tracks for report in self._next(track)]
        return [*going, *(report for track in over for report in self._last(track))]

    def _next(self, track: Track) -> list[Report]:
        """The report of a track that is not over, if there is something to say."""
        told = self._told[track.number]
        was_lost, told.is_lost = told.is_lost, is_lost(track, self._now)
        if told.is_lost and not was_lost:
            return self._changed(track, told)
        if told.report:
            is_late = self._now - told.at >= UPDATE_S and not told.is_lost
            return self._told_now(track, conclude(track), is_final=False) if is_late else []
        if track.missed or not is_told_early(track, self._now):
            return []
        reading = conclude(track)
        if reading is None or reading.score < EARLY:
            return []
        return self._told_now(track, reading, is_final=False)

    def _changed(self, track: Track, told: _Told) -> list[Report]:
        """The report of a vehicle that has just gone out of view: if it is new, or its text."""
        reading = conclude(track)
        if reading is None or not reading.text:
            return []
        if told.report and told.report.passage.text == reading.text:
            return []
        if told.report is None and (other := self._echoed(track, reading)):
            self._make_one(other, track)
            return []
        return self._told_now(track, reading, is_final=False)

    def _last(self, track: Track) -> list[Report]:
        """The last report of a track that is over; of a sign there is none."""
        told, reading = self._told[track.number], conclude(track)
        is_known = told.report is None and reading is not None and self._echoed(track, reading)
        reports = [] if is_known else self._told_now(track, reading, is_final=True)
        del self._told[track.number]
        return reports

    def _echoed(self, track: Track, reading: Reading) -> Track | None:
        """The vehicle, reported already, that an unsure reading is a worse one of."""
        if reading.score >= EARLY:
            return None
        told = (t for t in self._tracker.tracks if t is not track and self._told[t.number].report)
        return next((other for other in told if is_echo(track, other)), None)

    def _make_one(self, kept: Track, gone: Track) -> None:
        self._tracker.absorb(kept, gone)
        evidence, told = self._told.pop(gone.number).evidence, self._told[kept.number]
        told.evidence = together(told.evidence, evidence, kept)

    def _told_now(self, track: Track, reading: Reading | None, *, is_final: bool) -> list[Report]:
        told = self._told[track.number]
        begin = self._time(track.begin)
        if (
            told.report is None
            and reading
            and (before := self._earlier.take_up(reading.text, begin, track.begin))
        ):
            told.report, told.at = earlier_report(before), self._now
            if not is_final:
                return []
        if reading and not (told.report and is_better_than(told.report, reading)):
            vehicle = told.report.passage if told.report else self._begun(begin, told.name)
            report = read_report(vehicle, reading, best_for(told.evidence, reading.text))
        elif told.report:
            report = told.report
        else:
            return []
        until = self._time(track.seen) if told.report or is_final else None
        told.report = ended(report, until, direction_of(track.looks), is_final)
        told.at = self._now
        return [told.report]

    def _begun(self, at: datetime, name: str) -> Passage:
        return Passage(self._camera, at, "", 0.0, at_given=format_utc(at), track=name)

    def _time(self, offset: float) -> datetime:
        """To the millisecond."""
        assert self._origin is not None
        time = self._origin + timedelta(seconds=offset)
        return time.replace(microsecond=0) + timedelta(milliseconds=round(time.microsecond / 1000))


def _number_after(earlier: Sequence[Passage]) -> int:
    numbers = [int(p.track) for p in earlier if p.track and p.track.isdecimal()]
    return max(numbers, default=0) + 1


def _names(plates: Sequence[SeenPlate], still: str) -> list[str]:
    """What tracks that begin with these plates are called: by their order from the left."""
    order = sorted(range(len(plates)), key=lambda index: plates[index].box.bounds)
    before = f"{still}-" if still else ""
    return [f"{before}{order.index(index) + 1}" for index in range(len(plates))]
