from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from lpr.reports import Report
from lpr.watch.addresses import Address
from lpr.watch.health import CameraHealth, Tally, health_of
from lpr.watch.messages import Sign
from lpr.watch.sampling import Counts
from lpr.watch.scene import Scene
from lpr.watch.status import is_stale, lines_of, metrics_of
from lpr.watch.watch_file import WatchedCamera

NOW = datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)
CAMERA = WatchedCamera("C1", Address("rtsp://10.0.0.1/a", "rtsp"))
GOOD = Scene(sharpness=150.0, darkness=0.4, detail=30.0)
UP = Sign("up", at=NOW, size=(1920, 1080), fps=25.0, counts=Counts(100, 20, 15, 5, 0), scene=GOOD)


@dataclass
class Followed:
    """A camera's process that says what was written down."""

    sign: Sign
    camera: WatchedCamera = CAMERA
    restarts: int = 0


def health(sign: Sign) -> CameraHealth:
    return health_of(Followed(sign), Tally(), NOW)


def a_report(score: float, at: datetime = NOW, is_final: bool = True) -> Report:
    return Report(Passage("C1", at, "30A12345", score, until=at), None, None, is_final)


@pytest.mark.parametrize(
    ("sign", "condition", "troubles"),
    [
        (Sign("connecting"), "connecting", ()),
        (Sign("connecting", failed=3), "down", ()),
        (Sign("down", "frozen", "it sends nothing", 1), "down", ()),
        (UP, "good", ()),
        (replace(UP, scene=replace(GOOD, darkness=0.97)), "blind", ("dark",)),
        (replace(UP, scene=replace(GOOD, detail=1.0)), "blind", ("covered",)),
        (replace(UP, scene=replace(GOOD, frozen_s=61.0)), "blind", ("frozen",)),
        (replace(UP, scene=replace(GOOD, likeness=0.1)), "blind", ("moved",)),
        (replace(UP, scene=replace(GOOD, sharpness=5.0)), "blind", ("blurred",)),
        (replace(UP, clock_offset_s=-40.0), "good", ("clock",)),
        (replace(UP, key_frames_only=True), "good", ("overloaded",)),
        (replace(UP, fps=3.0), "good", ("slow",)),
        (Sign("finished", message="the file has been read to its end"), "finished", ()),
    ],
)
def test_a_camera_that_is_up_but_blind_is_told_apart_from_one_that_is_down(
    sign: Sign, condition: str, troubles: tuple[str, ...]
) -> None:
    assert (health(sign).condition, health(sign).troubles) == (condition, troubles)


def test_stills_are_not_slow_however_seldom_they_come() -> None:
    uploads = WatchedCamera("C1", Address("uploads", "stills"))
    assert health_of(Followed(replace(UP, fps=0.1), uploads), Tally(), NOW).troubles == ()


def test_refused_stills_are_shown_with_the_last_reason() -> None:
    sign = replace(UP, refused=2, refused_for="a.jpg: the picture is damaged")
    fields = {**FIELDS, "cameras": [health(sign).to_fields()]}
    assert lines_of(fields, NOW)[1].endswith(
        "2 stills refused, the last: a.jpg: the picture is damaged"
    )


def test_passages_are_counted_once_by_their_last_report_and_for_an_hour() -> None:
    tally = Tally()
    tally.take(a_report(0.9, is_final=False))
    tally.take(a_report(0.9))
    tally.take(a_report(0.3))
    tally.take(a_report(0.9, NOW - timedelta(minutes=59)))
    assert (tally.passages, tally.hour(NOW)) == (3, (3, 2))
    assert tally.hour(NOW + timedelta(minutes=61)) == (0, 0)


def test_the_time_of_a_look_follows_the_latest_ones() -> None:
    tally = Tally()
    assert health_of(Followed(UP), tally, NOW).to_fields()["look_ms"] == 0.0
    tally.looked(40.0)
    tally.looked(60.0)
    assert health_of(Followed(UP), tally, NOW).to_fields()["look_ms"] == pytest.approx(42.0)


def test_frames_without_a_slot_were_not_looked_at_but_dropped() -> None:
    fields = health(replace(UP, no_slot=3)).to_fields()
    assert (fields["looked"], fields["dropped"]) == (12, 3)


LOST = {"pictures": 2, "passages": 0, "last": "2026-01-31T08:00:00Z", "cameras": {}}
FIELDS = {
    "at": "2026-01-31T08:15:03Z",
    "spool": {"waiting": 4, "oldest": None, "bytes": 3_200_000, "lost": LOST},
    "cameras": [health(UP).to_fields(), health(Sign("down", "frozen", "silent", 1)).to_fields()],
}


def test_the_worst_camera_comes_first_with_its_reason() -> None:
    header, first, second, *spool = lines_of(FIELDS, NOW)
    assert header.split()[:2] == ["camera", "condition"]
    assert first.split()[:3] == ["C1", "down", "never"]
    assert first.endswith("silent")
    assert second.split()[:3] == ["C1", "good", "0.0"]
    assert spool[0] == "spool: 4 passages wait, 3.2 MB"
    assert spool[1].startswith("lost for want of room: 2 pictures, 0 passages")


def test_what_was_put_down_long_ago_is_stale() -> None:
    assert not is_stale(FIELDS, NOW)
    assert is_stale(FIELDS, NOW + timedelta(minutes=1))


def test_metrics_of_no_file_say_that_nobody_watches() -> None:
    lines = metrics_of({}, is_watching=False).decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["platetrail_watching 0.0"]


def test_metrics_name_each_camera() -> None:
    lines = metrics_of(FIELDS, is_watching=True).decode().splitlines()
    assert 'platetrail_camera_looks_total{camera="C1"} 15.0' in lines
    assert 'platetrail_camera_condition{camera="C1",condition="down"} 1.0' in lines
    assert 'platetrail_camera_trouble{camera="C1",trouble="frozen"} 1.0' in lines
    assert "platetrail_spool_waiting 4.0" in lines
    assert "platetrail_lost_pictures_total 2.0" in lines
