from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe
from typing import Any

import av
import pytest

from lpr.watch.clips import Clips
from lpr.watch.clocks import real_timepiece
from lpr.watch.handover import Handover
from lpr.watch.messages import Clip, CutClip
from lpr.watch.slots import Slots
from tests.encoded import SIZE, encoded, numbers_in, packets_of

BEGIN = datetime(2026, 1, 31, 8, tzinfo=UTC)


@contextmanager
def recogniser(clips: Clips | None) -> Iterator[tuple[Any, Handover]]:
    """What the recogniser sends with and receives by, and the camera's side."""
    ours, theirs = Pipe()
    slots = Slots()
    try:
        yield ours, Handover(theirs, slots, real_timepiece(), clips=clips)
    finally:
        slots.close()


@pytest.fixture
def clips() -> Clips:
    kept = Clips("C1", 4.0)
    with av.open(encoded()) as container:
        stream = container.streams.video[0]
        kept.connect(stream)
        packets = packets_of(stream)
    for packet in packets:
        kept.add(packet)
        seconds = packet.time_s - packets[0].time_s
        kept.mark(packet.time_s, BEGIN + timedelta(seconds=seconds), SIZE)
    return kept


def test_a_clip_is_cut_when_the_recogniser_asks_for_it(clips: Clips) -> None:
    with recogniser(clips) as (connection, hand):
        connection.send(CutClip(7, BEGIN + timedelta(seconds=1), BEGIN + timedelta(seconds=1.95)))
        hand.listen()
        answer = connection.recv()
        assert answer.number == 7
        assert numbers_in(answer.mp4) == list(range(10, 20))


def test_a_camera_without_clips_says_so() -> None:
    with recogniser(None) as (connection, hand):
        connection.send(CutClip(8, BEGIN, BEGIN))
        hand.listen()
        assert connection.recv() == Clip(8, None)
