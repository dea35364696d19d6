from datetime import UTC, datetime, timedelta
from hashlib import sha256

import cv2
import numpy as np
import pytest

from lpr.live_passings import UPDATE_S, CameraPassings
from lpr.passages import Passage
from lpr.recognition import SeenPlate
from lpr.reports import Report
from lpr.testing import a_seen_plate as a_plate
from lpr.tracker import JOIN_S, MOST_OPEN
from lpr.tracks import MOST_LOOKS

START = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def a_picture(grey: int) -> np.ndarray:
    return np.full((48, 64, 3), grey, np.uint8)


def grey(jpeg: bytes | None) -> int:
    """Of a picture that was reported."""
    assert jpeg is not None
    return int(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[0, 0, 0])


def driving(text: str, index: int, x: float = 100.0) -> SeenPlate:
    return a_plate(x + 60 * index, text, 0.95)


class Watched:
    """A camera that is looked at five times a second.

    Attributes:
        passings: under test.
        told: every report, with the second when it was given.
        now: seconds since the start.
    """

    def __init__(self, earlier: list[Passage] | None = None, begin: float = 0.0) -> None:
        self.passings = CameraPassings("C012", earlier or [])
        self.told: list[tuple[float, Report]] = []
        self.now = begin

    def sees(self, *plates: SeenPlate) -> None:
        picture = a_picture(round(self.now * 5) % 250)
        self._tell(self.passings.take(picture, at(self.now), plates))
        self.now += 0.2

    def is_quiet(self, seconds: float) -> None:
        for _ in range(round(seconds * 5)):
            self._tell(self.passings.quiet(at(self.now)))
            self.now += 0.2

    def finishes(self) -> None:
        self._tell(self.passings.finish())

    def _tell(self, reports: list[Report]) -> None:
        self.told += [(self.now, report) for report in reports]

    @property
    def passages(self) -> list[Passage]:
        return [report.passage for _, report in self.told]

    @property
    def finals(self) -> list[Passage]:
        return [report.passage for _, report in self.told if report.is_final]

    @property
    def ids(self) -> set[str]:
        return {passage.id for passage in self.passages}


def test_an_empty_road_has_no_reports() -> None:
    road = Watched()
    road.is_quiet(60)
    road.sees()
    road.finishes()
    assert road.told == []
    assert not road.passings.is_plate_in_view
    assert not road.passings.is_standing


def test_a_vehicle_is_reported_within_a_second_and_when_it_is_over_under_the_same_id() -> None:
    road = Watched()
    for index in range(6):
        road.sees(driving("30A12345", index))
    (first_at, first), *_ = road.told
    assert len(road.told) == 1
    assert first_at <= 1.0
    assert (first.is_final, first.passage.until) == (False, None)
    for _ in range(50):
        road.sees()
    (_, final) = road.told[-1]
    assert [report.is_final for _, report in road.told] == [False, True]
    assert (final.passage.id, final.passage.at_given, final.passage.track) == (
        first.passage.id,
        "2026-01-31T08:15:00.000Z",
        "1",
    )
    assert (final.passage.text, final.passage.until) == ("30A12345", at(1.0))


def test_a_final_report_betters_the_first_one() -> None:
    road = Watched()
    said = ["30A12845"] * 2 + ["30A12345"] * 10
    for index, text in enumerate(said):
        road.sees(a_plate(100 + 30 * index, text, 0.93 if index < 2 else 0.97))
    for _ in range(6):
        road.sees()
    assert [p.text for p in road.passages] == ["30A12845", "30A12345"]  # as it goes out of view
    road.finishes()
    assert [p.text for p in road.finals] == ["30A12345"]
    assert len(road.ids) == 1


def test_the_evidence_is_of_the_winning_text() -> None:
    road = Watched()
    said = [("30A12345", 0.6), ("30A12845", 0.85), ("30A12345", 0.8), ("30A12345", 0.7)]
    for index, (text, score) in enumerate(said):
        road.sees(a_plate(100 + 60 * index, text, score, grey=10 * index))
    road.finishes()
    ((_, report),) = road.told
    assert report.passage.text == "30A12345"
    assert (grey(report.frame), grey(report.crop)) == (2, 20)
    assert report.frame is not None
    assert report.crop is not None
    assert report.passage.frame == sha256(report.frame).hexdigest()
    assert report.passage.crop == sha256(report.crop).hexdigest()


def test_a_picture_may_be_changed_after_it_was_taken_in() -> None:
    passings, picture = CameraPassings("C012"), a_picture(7)
    passings.take(picture, START, [driving("30A12345", 0)])
    picture[:] = 200
    (report,) = passings.finish()
    assert grey(report.frame) == 7


def test_three_missed_frames_leave_one_passage() -> None:
    road = Watched()
    for index in range(12):
        road.sees(*([] if index in (4, 5, 6) else [driving("30A12345", index)]))
    road.finishes()
    assert [(p.text, p.until) for p in road.finals] == [("30A12345", at(2.2))]
    assert len(road.ids) == 1


def test_motorbikes_that_cross_are_two_passages() -> None:
    road = Watched()
    for index in range(9):
        texts = ("29H112345", "29X967890") if index not in (4, 5) else ("", "")
        left, right = 300 + 22 * index, 480 - 22 * index
        road.sees(
            a_plate(left, texts[0], 0.9, y=300 - 20 * index, width=34, height=28),
            a_plate(right, texts[1], 0.9, y=310 - 20 * index, width=32, height=26),
        )
    road.finishes()
    assert sorted(p.text for p in road.finals) == ["29H112345", "29X967890"]
    assert len(road.ids) == 2


def test_a_red_light_of_two_minutes_with_others_crossing_in_front_is_one_passage() -> None:
    road = Watched()
    for index in range(10):
        road.sees(a_plate(100 + 60 * min(index, 6), "30A12345", 0.9))
    for number in range(8):  # something covers it for three seconds, then nothing moves
        assert road.passings.is_plate_in_view
        road.is_quiet(12)
        for index in range(15):
            road.sees(a_plate(60 * index, f"29B0000{number}", 0.9, y=600))
        for _ in range(10):
            road.sees(a_plate(460, "30A12345" if number % 2 else "", 0.9))
    for index in range(10):
        road.sees(a_plate(460 + 60 * index, "30A12345", 0.9))
    road.finishes()
    mine = [p for p in road.finals if p.text == "30A12345"]
    assert [(p.at, p.until) for p in mine] == [(START, at(road.now - 0.2))]
    assert len([p for p in road.passages if p.text == "30A12345"]) == 2  # the first and the last
    assert len(road.ids) == 9


def test_while_all_stand_looks_can_be_rarer() -> None:
    road = Watched()
    for index in range(8):
        road.sees(driving("30A12345", index))
        assert (road.passings.is_plate_in_view, road.passings.is_standing) == (True, False)
    for _ in range(10):
        road.sees(driving("30A12345", 7))
    assert road.passings.is_standing
    road.sees(driving("30A12345", 7), driving("29B16789", 0))
    assert not road.passings.is_standing


def test_parked_all_day_is_one_passage_whose_until_grows_and_memory_stays() -> None:
    road = Watched()
    for index in range(10):
        road.sees(driving("30A12345", min(index, 6)))
    for _ in range(24):  # hours
        road.now += 1.0
        road.is_quiet(590)
        for index in range(30):  # others pass, and now and then it is missed
            parked = [driving("30A12345", 6)] * (index % 3 != 0)
            road.sees(*parked, driving("29B16789", index, -900))
        road.now += 3000
        road.sees(driving("30A12345", 6))
    road.finishes()
    mine = [p for p in road.passages if p.text == "30A12345"]
    assert len({p.id for p in mine}) == 1
    untils = [p.until for p in mine[1:]]
    assert untils == sorted(untils)
    assert len(mine) <= 2 + 24 * 3600 / UPDATE_S
    assert mine[-1].until == at(road.now - 0.2)


def test_an_update_comes_every_few_minutes_with_the_same_pictures() -> None:
    road = Watched()
    for _ in range(10):
        road.sees(a_plate(100, "30A12345", 0.95))
    road.is_quiet(3 * UPDATE_S)
    assert [round(now / UPDATE_S) for now, _ in road.told] == [0, 1, 2, 3]
    assert {p.frame for p in road.passages} == {road.passages[0].frame}
    assert [report.is_final for _, report in road.told] == [False] * 4


def test_a_vehicle_that_goes_on_after_a_long_quiet_time_is_still_the_same() -> None:
    road = Watched()
    for _ in range(5):
        road.sees(a_plate(100, "30A12345", 0.95))
    road.is_quiet(200)
    for index in range(8):
        road.sees(driving("30A12345", index))
    road.finishes()
    assert len(road.ids) == 1


def test_after_a_long_quiet_time_the_next_look_decides_who_is_there() -> None:
    road = Watched()
    for _ in range(5):
        road.sees(a_plate(100, "30A12345", 0.95))
    road.is_quiet(200)
    for _ in range(5):
        road.sees(a_plate(110, "29B16789", 0.95))
    road.finishes()
    assert [(p.text, p.at) for p in road.finals] == [("30A12345", START), ("29B16789", at(201.0))]


def test_a_plate_that_was_missed_in_the_last_look_is_not_held_while_nothing_moves() -> None:
    road = Watched()
    for index in range(5):
        road.sees(driving("30A12345", index))
    road.sees()
    road.is_quiet(JOIN_S + 2)
    assert [(p.text, p.until) for p in road.finals] == [("30A12345", at(0.8))]


def reported(**changes: object) -> Passage:
    values = {
        "camera": "C012",
        "at": START,
        "at_given": "2026-01-31T08:15:00.000Z",
        "text": "30A12345",
        "score": 0.5,
        "track": "41",
        "frame": "f" * 64,
        "crop": "c" * 64,
    }
    return Passage(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("until", [None, at(20.0)])
def test_a_vehicle_still_there_after_a_restart_goes_on_under_its_old_id(
    until: datetime | None,
) -> None:
    before = reported(until=until)
    road = Watched([before], begin=30.0)
    for index in range(10):
        road.sees(driving("30A12345", index), driving("29B16789", index, 400))
    road.finishes()
    mine = [p for p in road.passages if p.text == "30A12345"]
    assert {p.id for p in mine} == {before.id}
    assert (mine[-1].until, mine[-1].score > 0.9) == (at(31.8), True)
    assert mine[-1].frame != before.frame
    (other,) = [p for p in road.finals if p.text == "29B16789"]
    assert (other.track, other.at) == ("43", at(30.0))


def test_what_was_read_better_before_the_restart_stays_with_its_pictures() -> None:
    before = reported(score=0.994)
    road = Watched([before], begin=30.0)
    for index in range(4):
        road.sees(a_plate(100 + 60 * index, "30A12345", 0.7))
    road.finishes()
    ((_, report),) = [told for told in road.told if told[1].is_final]
    assert (report.frame, report.crop) == (None, None)
    assert report.passage == reported(score=0.994, until=at(30.6))


def test_a_vehicle_that_comes_later_than_the_restart_is_a_new_passage() -> None:
    road = Watched([reported()], begin=30.0)
    for _ in range(60):
        road.sees()
    for index in range(10):
        road.sees(driving("30A12345", index))
    road.finishes()
    assert [(p.at, p.track) for p in road.finals] == [(at(42.0), "42")]


def test_a_vehicle_that_was_reported_long_before_the_restart_is_a_new_passage() -> None:
    road = Watched([reported(until=at(20))], begin=700.0)
    for index in range(10):
        road.sees(driving("30A12345", index))
    road.finishes()
    assert [p.at for p in road.finals] == [at(700.0)]


def test_a_vehicle_that_stands_there_when_the_camera_comes_back_goes_on_under_its_old_id() -> None:
    road = Watched()
    for _ in range(10):
        road.sees(a_plate(100, "30A12345", 0.95))
    road.finishes()  # no frames come
    road.now += 60.0
    for _ in range(10):
        road.sees(a_plate(100, "30A12345", 0.95))
    road.finishes()
    assert len(road.ids) == 1
    assert [p.until for p in road.finals] == [at(1.8), at(63.8)]


def test_a_clock_that_is_set_back_ends_what_was_and_begins_anew() -> None:
    road = Watched(begin=3600.0)
    for index in range(5):
        road.sees(driving("30A12345", index))
    road.now = 0.0
    for index in range(5):
        road.sees(driving("29B16789", index))
    road.finishes()
    assert [(p.text, p.at) for p in road.finals] == [
        ("30A12345", at(3600.0)),
        ("29B16789", START),
    ]


def test_thousands_of_false_plates_do_not_fill_the_memory() -> None:
    passings = CameraPassings("C012")
    for number in range(100):
        plates = [a_plate(300 * i, y=200 * ((number + i) % 7), width=40) for i in range(30)]
        passings.take(a_picture(1), at(number / 5), plates)
        assert len(passings._tracker.tracks) <= MOST_OPEN
        assert set(passings._told) == {track.number for track in passings._tracker.tracks}


def test_a_track_that_is_open_for_days_keeps_few_looks() -> None:
    road = Watched()
    for number in range(1000):
        road.sees(a_plate(100, f"30A{number % 90:05d}", 0.7))
    (track,) = road.passings._tracker.tracks
    assert len(track.looks) == MOST_LOOKS
    assert len(road.passings._told[track.number].evidence) <= 4


@pytest.mark.parametrize(
    ("growth", "direction"), [(1.15, "towards"), (1 / 1.15, "away"), (1.0, None)]
)
def test_a_passage_tells_which_way_the_vehicle_drove(growth: float, direction: str | None) -> None:
    road = Watched()
    for index in range(6):
        road.sees(a_plate(100 + 60 * index, "30A12345", width=100 * growth**index))
    road.finishes()
    assert [p.direction for p in road.finals] == [direction]
