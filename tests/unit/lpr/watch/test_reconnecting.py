from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from lpr.errors import SourceError, Trouble
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame, Still
from lpr.watch.reconnecting import QUICK_ATTEMPTS, Link, pause_s, reconnecting

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Over(Exception):  # noqa: N818  # it is no error
    pass


class Camera:
    """Opens as it was written down: a number of frames, or the trouble that it has."""

    def __init__(self, script: list[int | Trouble]) -> None:
        self.script = iter(script)
        self.now = 0.0
        self.pauses: list[float] = []
        self.links: list[Link] = []
        self.is_open = False

    def connect(self) -> "Camera":
        what = next(self.script, None)
        if what is None:
            raise Over
        if isinstance(what, str):
            raise SourceError(what, f"it is {what}")
        self.count = what
        self.is_open = True
        return self

    def frames(self) -> Iterator[LiveFrame]:
        for _ in range(self.count):
            self.now += 1.0
            yield LiveFrame(Still(np.zeros((2, 2, 3), np.uint8)), NOON, "arrival", self.now)
        raise SourceError("frozen", "it is frozen")

    def close(self) -> None:
        self.is_open = False

    def sleep(self, seconds: float) -> None:
        assert not self.is_open
        self.pauses.append(seconds)
        self.now += seconds
        if len(self.pauses) > 50:
            raise Over

    def watched(self, chance: float = 0.5) -> list[LiveFrame]:
        timepiece = Timepiece(lambda: NOON, lambda: self.now, self.sleep)
        found: list[LiveFrame] = []
        with pytest.raises(Over):
            found.extend(reconnecting(self.connect, timepiece, lambda: chance, self.links.append))
        return found


def test_frames_go_on_after_every_trouble() -> None:
    camera = Camera(["unreachable", 2, "wrong-password", "not-found", 3])
    offsets = [frame.offset for frame in camera.watched()]
    assert len(offsets) == 5
    assert offsets == sorted(offsets)
    told = [(link.state, link.trouble) for link in camera.links]
    assert told[:4] == [
        ("connecting", None),
        ("down", "unreachable"),
        ("connecting", None),
        ("up", None),
    ]
    assert [trouble for _, trouble in told if trouble] == [
        "unreachable",
        "frozen",
        "wrong-password",
        "not-found",
        "frozen",
    ]


def test_pauses_grow_and_begin_anew_after_a_steady_connection() -> None:
    camera = Camera(["unreachable", "unreachable", "unreachable", "unreachable", 20, 1])
    camera.watched()
    assert camera.pauses == [0.5, 1.0, 2.0, 2.0, 0.5, 1.0]


@pytest.mark.parametrize("attempts", range(1, 200, 7))
@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_pauses_are_short_for_half_a_minute_and_never_over_it(attempts: int, chance: float) -> None:
    assert 0 < pause_s(attempts, chance) <= (2.5 if attempts <= QUICK_ATTEMPTS else 30.0)


def test_half_a_minute_of_refusals_has_short_pauses_only() -> None:
    assert sum(pause_s(n, 0.0) for n in range(1, QUICK_ATTEMPTS + 1)) > 28


def test_pauses_of_many_cameras_differ() -> None:
    assert pause_s(5, 0.0) == 1.5
    assert pause_s(5, 1.0) == 2.5
