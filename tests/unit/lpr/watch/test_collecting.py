"""Whoever follows a folder or a file, with a recogniser that takes its time at the other end."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from lpr.watch.addresses import Address
from lpr.watch.clocks import Timepiece, real_timepiece
from lpr.watch.collecting import Collecting
from lpr.watch.handover import Handover
from lpr.watch.messages import Begin, Free, Kept, Shown, Sign
from lpr.watch.playing import Playing
from lpr.watch.slots import COUNT, Slots
from lpr.watch.uploads import SETTLED_S, Uploads
from lpr.watch.watch_file import WatchedCamera

MANY = 3 * COUNT


class Recogniser:
    """Keeps what it is told, and gives a slot back when no other message comes."""

    def __init__(self, connection: "Connection[Any, Any]", slots: Slots, *, keeps: bool) -> None:
        self.told: list[Any] = []
        self.greys: list[int] = []
        self._connection, self._slots, self._keeps = connection, slots, keeps
        self._thread = threading.Thread(target=self._hear, daemon=True)
        self._thread.start()

    def _hear(self) -> None:
        shown: list[Shown] = []
        try:
            while True:
                if shown and not self._connection.poll(0.01):
                    self._look_at(shown.pop(0))
                    continue
                message = self._connection.recv()
                self.told.append(message)
                if isinstance(message, Shown):
                    shown.append(message)
                    assert len(shown) <= COUNT
        except (EOFError, OSError):
            return

    def _look_at(self, one: Shown) -> None:
        self.greys.append(int(self._slots.view(one.slot, one.size)[0, 0, 0]))
        if self._keeps:
            self._connection.send(Kept(one.number))
        self._connection.send(Free(one.slot))

    def close(self) -> None:
        """The other end is closed."""
        self._thread.join(10)
        self._connection.close()

    @property
    def shown(self) -> list[Shown]:
        return [message for message in self.told if isinstance(message, Shown)]

    @property
    def states(self) -> list[str]:
        """States that it was told, each once in a row."""
        signs = [message.state for message in self.told if isinstance(message, Sign)]
        return [one for i, one in enumerate(signs) if i == 0 or signs[i - 1] != one]

    @property
    def sign(self) -> Sign:
        return next(message for message in reversed(self.told) if isinstance(message, Sign))


@contextmanager
def recogniser(keeps: bool = True) -> Iterator[tuple[Recogniser, "Connection[Any, Any]", Slots]]:
    slots = Slots()
    ours, theirs = Pipe()
    one = Recogniser(ours, slots, keeps=keeps)
    yield one, theirs, slots
    theirs.close()
    one.close()
    slots.close()


class Clock:
    """Real, but for what a folder needs to settle."""

    def __init__(self) -> None:
        self.ahead = 0.0

    @property
    def timepiece(self) -> Timepiece:
        real = real_timepiece()
        return replace(real, steady=lambda: real.steady() + self.ahead)


def put(folder: Path, number: int) -> None:
    picture = np.full((40, 60, 3), number, np.uint8)
    cv2.imwrite(str(folder / f"20260131_1515{number:02}.png"), picture)


def collect(folder: Path, state: Path, recogniser_keeps: bool = True) -> Recogniser:
    """Look into a folder twice, so that what is there has settled."""
    clock = Clock()
    with recogniser(recogniser_keeps) as (one, connection, slots):
        uploads = Uploads(folder, state, clock.timepiece)
        hand = Handover(connection, slots, clock.timepiece, uploads.keep)
        collecting = Collecting(uploads, hand, clock.timepiece)
        collecting.collect_once()
        clock.ahead += SETTLED_S
        collecting.collect_once()
        hand.wait_until_looked()
        hand.tell()
        hand.begin(())  # a message that is answered by nothing: all before it has been sent
    return one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    return uploads


def test_every_still_is_handed_over_in_its_turn_however_long_that_takes(folder: Path) -> None:
    for number in range(MANY):
        put(folder, number)
    one = collect(folder, folder.parent / "state")
    assert one.greys == list(range(MANY))
    assert [shown.number for shown in one.shown] == list(range(1, MANY + 1))
    assert one.shown[3].at == datetime(2026, 1, 31, 8, 15, 3, tzinfo=UTC)
    assert (one.states[-1], one.sign.counts.looked, one.sign.no_slot) == ("up", MANY, 0)


def test_what_the_recogniser_has_kept_does_not_come_again(folder: Path) -> None:
    put(folder, 1)
    assert collect(folder, folder.parent / "state", recogniser_keeps=False).greys == [1]
    assert collect(folder, folder.parent / "state").greys == [1]
    assert collect(folder, folder.parent / "state").greys == []


def test_before_the_first_still_it_is_connecting_and_without_its_folder_down(folder: Path) -> None:
    state = folder.parent / "state"
    assert collect(folder, state).states == ["connecting"]
    folder.rmdir()
    sign = collect(folder, state).sign
    assert (sign.state, sign.trouble) == ("down", "not-found")
    assert sign.message == f"{folder}: no such file or folder"


def play(path: Path, fps: float = 5.0, times: int = 1) -> Recogniser:
    with recogniser() as (one, connection, slots):
        hand = Handover(connection, slots, real_timepiece())
        playing = Playing(
            WatchedCamera("C1", Address(str(path), "file"), fps=fps), hand, Clock().timepiece
        )
        for _ in range(times):
            playing.play_once()
        hand.begin(())
    return one


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Four seconds of ten frames, finished long ago."""
    path = tmp_path / "20260131_151504.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number, np.uint8), "bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    os.utime(path, (1e9, 1e9))
    return path


def test_a_file_is_read_to_its_end_and_no_frame_is_dropped(film: Path) -> None:
    one = play(film)
    seconds = [
        (shown.at - datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)).total_seconds()
        for shown in one.shown
    ]
    assert seconds == pytest.approx([0.2 * number for number in range(20)])
    assert one.states == ["connecting", "finished"]
    assert one.sign.message == f"{film}: the file has been read to its end"
    assert (one.sign.trouble, one.sign.counts.looked, one.sign.counts.dropped) == (None, 20, 0)


def test_a_file_that_is_read_again_shows_the_same_frames(film: Path) -> None:
    one = play(film, times=2)
    begins = [index for index, message in enumerate(one.told) if isinstance(message, Begin)]
    assert len(begins) == 3
    first, second = (
        [(m.at, m.size) for m in one.told[begin:end] if isinstance(m, Shown)]
        for begin, end in pairwise(begins)
    )
    assert first == second
    assert len(first) == 20


def test_a_file_that_is_not_there_is_down_and_why(tmp_path: Path) -> None:
    one = play(tmp_path / "20260131_151504.mkv")
    assert (one.sign.state, one.sign.trouble) == ("down", "not-found")
