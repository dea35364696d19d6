from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from lpr.watch.clip_orders import MOST_ORDERS, ClipOrders, span_of
from lpr.watch.messages import Clip, CutClip

BEGIN = datetime(2026, 1, 31, 8, tzinfo=UTC)
CLIP_S = 4.0


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def passage(track: int = 1) -> Passage:
    return Passage("C1", at(0), "30A12345", 0.9, track=str(track), until=at(2))


class Camera:
    def __init__(self, clip_s: float = CLIP_S) -> None:
        self.sent: list[CutClip] = []
        self.orders = ClipOrders(clip_s, self.sent.append)


@pytest.mark.parametrize(
    ("until_s", "span"), [(0, (-2, 2)), (1, (-1.5, 2.5)), (3.9, (-0.05, 3.95)), (60, (57, 61))]
)
def test_a_short_passage_is_in_the_middle_and_of_a_long_one_the_end_is_shown(
    until_s: float, span: tuple[float, float]
) -> None:
    assert span_of(at(0), at(until_s), CLIP_S) == (at(span[0]), at(span[1]))


def test_a_clip_finds_its_passage_once() -> None:
    camera = Camera()
    for track in (1, 2):
        camera.orders.order(passage(track))
    assert camera.sent == [CutClip(1, at(-1), at(3)), CutClip(2, at(-1), at(3))]
    assert camera.orders.came(Clip(2, b"")) == passage(2)
    assert camera.orders.came(Clip(1, None)) == passage(1)
    assert camera.orders.came(Clip(1, b"")) is None


def test_orders_that_are_never_answered_are_forgotten() -> None:
    camera = Camera()
    for track in range(1, MOST_ORDERS + 2):
        camera.orders.order(passage(track))
    assert camera.orders.came(Clip(1, b"")) is None
    assert camera.orders.came(Clip(2, b"")) == passage(2)


def test_a_camera_without_clips_is_asked_for_none() -> None:
    camera = Camera(clip_s=0.0)
    camera.orders.order(passage())
    assert camera.sent == []
