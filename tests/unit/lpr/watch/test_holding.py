from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from lpr.reports import Report
from lpr.spool import name_of
from lpr.watch.holding import WAIT_S, Holding, span_of
from lpr.watch.messages import Clip, CutClip

BEGIN = datetime(2026, 1, 31, 8, tzinfo=UTC)
CLIP_S = 4.0
MP4 = b"\0\0\0\x20ftypisom some seconds"


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def report(track: str = "1", *, is_final: bool = True) -> Report:
    until = at(2) if is_final else None
    return Report(
        Passage("C1", at(0), "30A12345", 0.9, track=track, until=until), b"", b"", is_final
    )


class Camera:
    def __init__(self, clip_s: float = CLIP_S) -> None:
        self.asked: list[CutClip] = []
        self.holding = Holding(clip_s, self.asked.append)


@pytest.mark.parametrize(
    ("until_s", "span"), [(0, (-2, 2)), (1, (-1.5, 2.5)), (3.9, (-0.05, 3.95)), (60, (57, 61))]
)
def test_a_short_passage_is_in_the_middle_and_of_a_long_one_the_end_is_shown(
    until_s: float, span: tuple[float, float]
) -> None:
    assert span_of(at(0), at(until_s), CLIP_S) == (at(span[0]), at(span[1]))


def test_a_final_report_waits_for_its_clip_and_names_it() -> None:
    camera, final = Camera(), report()
    assert camera.holding.take(final, 10.0) == []
    assert camera.asked == [CutClip(1, at(-1), at(3))]
    assert camera.holding.late(10.0 + WAIT_S - 0.1) == []
    (kept,) = camera.holding.came(Clip(1, MP4))
    assert (kept.clip, kept.passage.clip) == (MP4, name_of(MP4))
    assert kept.passage.id == final.passage.id
    assert camera.holding.late(99.0) == camera.holding.all() == []


def test_where_there_is_no_clip_it_goes_without() -> None:
    camera, final = Camera(), report()
    camera.holding.take(final, 10.0)
    assert camera.holding.came(Clip(1, None)) == [final]
    assert camera.holding.came(Clip(1, MP4)) == []


def test_no_clip_is_waited_for_longer_than_three_seconds() -> None:
    camera, first, second = Camera(), report("1"), report("2")
    camera.holding.take(first, 10.0)
    camera.holding.take(second, 11.0)
    assert camera.holding.late(10.0 + WAIT_S) == [first]
    assert camera.holding.came(Clip(1, MP4)) == []
    assert [r.passage.track for r in camera.holding.came(Clip(2, MP4))] == ["2"]


def test_when_everything_ends_nothing_is_waited_for() -> None:
    camera, first, second = Camera(), report("1"), report("2")
    camera.holding.take(first, 10.0)
    camera.holding.take(second, 11.0)
    assert camera.holding.all() == [first, second]
    assert camera.holding.all() == []


def test_what_is_not_final_and_all_of_a_camera_without_clips_goes_at_once() -> None:
    first, final = report(is_final=False), report()
    assert Camera().holding.take(first, 10.0) == [first]
    assert Camera(clip_s=0.0).holding.take(final, 10.0) == [final]
