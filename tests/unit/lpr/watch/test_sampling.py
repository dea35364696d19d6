from collections.abc import Callable
from itertools import pairwise

import pytest

from lpr.watch.sampling import HEARTBEAT_S, Counts, Demand, Sampling, Verdict, sample

IDLE = Demand()
BUSY = Demand(plate_in_view=True, has_time=True)


def sampled(
    offsets: list[float],
    demand: Callable[[float], Demand] = lambda _: IDLE,
    moves: Callable[[float], bool] = lambda _: True,
    fps: float = 5.0,
) -> tuple[list[float], Counts]:
    """The offsets of the frames that are looked at, and the counts."""
    sampling, looked = Sampling(fps), []
    for offset in offsets:
        sampling, verdict = sample(sampling, offset, demand(offset), lambda o=offset: moves(o))  # type: ignore[misc]  # mypy does not see the default
        if verdict == "look":
            looked.append(offset)
    return looked, sampling.counts


def frames(seconds: float, fps: float = 25.0, first: float = 100.0) -> list[float]:
    return [first + number / fps for number in range(round(seconds * fps))]


def test_no_frames_want_nothing() -> None:
    assert sampled([]) == ([], Counts())


@pytest.mark.parametrize(
    ("came", "wanted", "count"),
    [(25, 5, 50), (25, 8, 80), (12.5, 5, 50), (4, 5, 40), (25, 25, 250)],
)
def test_so_many_frames_a_second_are_looked_at_evenly(
    came: float, wanted: float, count: int
) -> None:
    looked, counts = sampled(frames(10, came), fps=wanted)
    assert len(looked) == pytest.approx(count, abs=1)
    assert counts.looked == counts.wanted == len(looked)
    gaps = [b - a for a, b in pairwise(looked)]
    assert max(gaps) <= 1 / min(came, wanted) + 1 / came + 1e-6


def test_frames_that_tremble_lose_no_look() -> None:
    trembling = [
        offset + (0.004 if number % 2 else -0.004) for number, offset in enumerate(frames(10))
    ]
    assert sampled(trembling)[1].looked == pytest.approx(50, abs=1)


def test_nothing_is_made_up_for_after_a_gap() -> None:
    looked, _ = sampled([*frames(1), *frames(1, first=200.0)])
    assert len(looked) == 10


def test_more_are_looked_at_while_a_plate_is_in_view_if_there_is_time() -> None:
    assert sampled(frames(10), lambda _: BUSY)[1].looked == pytest.approx(100, abs=1)
    without_time = Demand(plate_in_view=True)
    assert sampled(frames(10), lambda _: without_time)[1].looked == 50


def test_a_plate_that_comes_into_view_is_looked_at_sooner_from_then_on() -> None:
    looked, _ = sampled(frames(2), lambda offset: BUSY if offset >= 101 else IDLE)
    assert len([offset for offset in looked if offset < 101]) == 5
    assert len([offset for offset in looked if offset >= 101]) == pytest.approx(10, abs=1)


def test_without_motion_there_is_a_look_now_and_then() -> None:
    looked, counts = sampled(frames(30), moves=lambda _: False)
    assert looked == pytest.approx([100, 100 + HEARTBEAT_S, 100 + 2 * HEARTBEAT_S])
    assert counts == Counts(750, 150, 3, 147, 0)


def test_a_plate_in_view_is_looked_at_without_motion() -> None:
    standing = Demand(plate_in_view=True)
    assert sampled(frames(4), lambda _: standing, lambda _: False)[1].looked == 20


def test_looks_go_on_for_a_moment_after_the_last_motion() -> None:
    looked, _ = sampled(frames(4), moves=lambda offset: offset < 101)
    assert looked == pytest.approx([100 + number / 5 for number in range(9)])


def test_motion_is_asked_for_only_when_a_look_is_due() -> None:
    asked: list[float] = []
    sampled(frames(2), moves=lambda offset: bool(asked.append(offset)) or True)
    assert len(asked) == 10


@pytest.mark.parametrize(("share", "looked"), [(1.0, 50), (0.5, 25), (0.3, 15), (0.0, 0)])
def test_an_overloaded_machine_drops_evenly_and_counts(share: float, looked: int) -> None:
    offsets, counts = sampled(frames(10), lambda _: Demand(share=share))
    assert (counts.looked, counts.dropped) == (looked, 50 - looked)
    gaps = {round((b - a) * 5) for a, b in pairwise(offsets)}
    assert len(gaps) <= 2


def test_an_overloaded_machine_looks_no_more_for_plates_in_view() -> None:
    squeezed = Demand(plate_in_view=True, has_time=True, share=0.5)
    assert sampled(frames(10), lambda _: squeezed)[1].looked == 25


def test_every_frame_has_one_fate() -> None:
    fates: list[Verdict] = []
    sampling = Sampling(5.0)
    for offset in frames(3):
        demand = Demand(share=0.5)
        sampling, verdict = sample(sampling, offset, demand, lambda: len(fates) % 3 > 0)
        fates.append(verdict)
    counts = sampling.counts
    assert counts.came == len(fates)
    assert counts.wanted == counts.looked + counts.without_motion + counts.dropped
    assert counts.looked == fates.count("look")
