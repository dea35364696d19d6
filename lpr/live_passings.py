"""The passages of one camera, told while they happen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lpr.boxes import Frame
from lpr.clarity import clarity
from lpr.concluding import EARLY, conclude, is_told_early
from lpr.direction import direction_of
from lpr.passages import Passage
from lpr.readings import Reading
from lpr.recognition import SeenPlate
from lpr.reports import Report, earlier_report, ended, is_better_than, read_report
from lpr.seen_once import once_each
from lpr.shown import Evidence, Shot, best_for, remember, together
from lpr.times import format_utc
from lpr.tracker import JOIN_S, NEARLY, Tracker, alike, is_echo, is_lost, is_same_vehicle
from lpr.tracks import Track

__all__ = ["UPDATE_S", "CameraPassings", "Report"]

UPDATE_S = 300.0  # between two reports of a vehicle that stays
EARLIER = timedelta(minutes=10)  # who was seen before that is not waited for after a restart
BACK_S = 1.0  # a clock that is set back further than that begins anew


@dataclass(slots=True, eq=False)
class _Told:
    """What is kept of a track beside its looks.

    Attributes:
        evidence: pictures.
        report: the last one, None before the first.
        at: when that was, seconds since the source began.
        is_lost: whether its vehicle was out of view when that was looked at last.
    """

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
        earlier: what was reported before the process began anew: a vehicle that was there in the
            last ten minutes and is seen in the first JOIN_S goes on under its old id.
    """

    def __init__(self, camera: str, earlier: Sequence[Passage] = ()) -> None:
        self._camera = camera
        self._earlier = [passage for passage in earlier if passage.text]
        self._tracker = Tracker(_number_after(earlier))
        self._told: dict[int, _Told] = {}
        self._origin: datetime | None = None
        self._now = 0.0

    @property
    def is_plate_in_view(self) -> bool:
        """Whether a plate is in view, but for looks that miss it."""
        return bool(self._tracker.open)

    @property
    def is_standing(self) -> bool:
        """Whether plates are in view and all stand still: then looks can be rarer."""
        return self.is_plate_in_view and all(track.stands for track in self._tracker.open)

    def take(self, picture: Frame, at: datetime, plates: Sequence[SeenPlate]) -> list[Report]:
        """Take in a frame that was looked at.

        Args:
            picture: the frame, (H, W, 3) uint8 BGR; it may be changed afterwards.
            at: its time, aware UTC.
            plates: everything seen in it.

        Returns:
            What is to be reported now.
        """
        reports = self._go_on(at)
        plates = once_each(plates)
        clarities = [clarity(plate.crop, plate.reading.rows) for plate in plates]
        tracks = self._tracker.update(plates, clarities, self._now)
        shot = Shot(picture)
        for track, plate in zip(tracks, plates, strict=True):
            told = self._told.setdefault(track.number, _Told())
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
        self._earlier += [report.passage for report in reports if report.passage.text]
        self._origin, self._now = None, 0.0
        return reports

    def _go_on(self, at: datetime) -> list[Report]:
        """Set the time; a clock that is set back begins anew."""
        reports: list[Report] = []
        if self._origin and (at - self._origin).total_seconds() < self._now - BACK_S:
            reports = self.finish()
        if self._origin is None:
            self._origin = at
            self._earlier = [p for p in self._earlier if abs(at - (p.until or p.at)) <= EARLIER]
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
        if told.report is None and reading and (before := self._taken_up(reading, track)):
            told.report, told.at = earlier_report(before), self._now
            if not is_final:
                return []
        if reading and not (told.report and is_better_than(told.report, reading)):
            vehicle = told.report.passage if told.report else self._begun(track)
            report = read_report(vehicle, reading, best_for(told.evidence, reading.text))
        elif told.report:
            report = told.report
        else:
            return []
        until = self._time(track.seen) if told.report or is_final else None
        told.report = ended(report, until, direction_of(track.looks), is_final)
        told.at = self._now
        return [told.report]

    def _begun(self, track: Track) -> Passage:
        at = self._time(track.begin)
        name = str(track.number)
        return Passage(self._camera, at, "", 0.0, at_given=format_utc(at), track=name)

    def _taken_up(self, reading: Reading, track: Track) -> Passage | None:
        """The passage from before the process began anew that a track goes on."""
        like = {p.id: alike(p.text, reading.text) for p in self._earlier}
        best = max(self._earlier, key=lambda p: like[p.id], default=None)
        if track.begin > JOIN_S or best is None or like[best.id] < NEARLY:
            return None
        self._earlier.remove(best)
        return best

    def _time(self, offset: float) -> datetime:
        """To the millisecond."""
        assert self._origin is not None
        time = self._origin + timedelta(seconds=offset)
        return time.replace(microsecond=0) + timedelta(milliseconds=round(time.microsecond / 1000))


def _number_after(earlier: Sequence[Passage]) -> int:
    numbers = [int(p.track) for p in earlier if p.track and p.track.isdecimal()]
    return max(numbers, default=0) + 1
