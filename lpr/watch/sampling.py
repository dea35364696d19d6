"""Which frames of a camera are looked at. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

BUSY = 2.0  # times as many looks while a plate is in view, if there is time left
HEARTBEAT_S = 10.0  # without motion; a vehicle that came to stand unseen is found then
LINGER_S = 0.8  # looks go on so long after the last motion: who stops is still there
_EARLY = 0.1  # share of a step that a frame may come too early and count for it
_SLOW = 1.5  # steps to the next look that belong to slower sampling
_JUMP_S = 5.0  # a gap in the frames: nothing was wanted in it

Verdict = Literal["not due", "look", "no motion", "dropped"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is known when a frame comes.

    Attributes:
        plate_in_view: at the last look.
        has_time: the machine could look at more.
        share: of the wanted looks that there is time for; below 1 the machine is overloaded. All
            its cameras are given the same, so that they lose alike.
    """

    plate_in_view: bool = False
    has_time: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the frames.

    Attributes:
        came: from the source.
        wanted: due for a look.
        looked: that were looked at.
        without_motion: due, and nothing had moved.
        dropped: due and moved, and the machine was overloaded.
    """

    came: int = 0
    wanted: int = 0
    looked: int = 0
    without_motion: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Sampling:
    """Where a camera's sampling stands.

    Attributes:
        fps: looks wanted in each second.
        due: offset of the next look, in seconds.
        looked_at, moved_at: offsets of the last look and the last motion; None before the first.
        owed: looks that the share of an overloaded machine has saved up, below 1.
        counts: until now.
    """

    fps: float
    due: float = float("-inf")
    looked_at: float | None = None
    moved_at: float | None = None
    owed: float = 0.0
    counts: Counts = field(default_factory=Counts)


def sample(
    sampling: Sampling, offset: float, demand: Demand, has_moved: Callable[[], bool]
) -> tuple[Sampling, Verdict]:
    """Whether to look at one more frame.

    Args:
        sampling: after the frames before.
        offset: of the frame, seconds; never goes back.
        demand: what is known.
        has_moved: whether something moved since the last frame it was asked for; is asked only
            for frames that are due, since it costs something.

    Returns:
        How sampling stands now, and what to do with the frame.
    """
    counts = replace(sampling.counts, came=sampling.counts.came + 1)
    is_busy = demand.plate_in_view and demand.has_time and demand.share >= 1
    step = 1 / (sampling.fps * (BUSY if is_busy else 1.0))
    due = sampling.due
    if is_busy and sampling.looked_at is not None and due - sampling.looked_at > _SLOW * step:
        due = sampling.looked_at + step  # a plate has come into view
    if offset + _EARLY * step < due:
        return replace(sampling, due=due, counts=counts), "not due"
    moved_at = offset if has_moved() else sampling.moved_at
    state = replace(sampling, due=_next(due, offset, step), moved_at=moved_at)
    counts = replace(counts, wanted=counts.wanted + 1)
    if not _is_worth(state, offset, demand):
        counts = replace(counts, without_motion=counts.without_motion + 1)
        return replace(state, counts=counts), "no motion"
    owed = state.owed + max(0.0, demand.share)
    if demand.share < 1 and owed < 1 - 1e-9:
        counts = replace(counts, dropped=counts.dropped + 1)
        return replace(state, owed=owed, counts=counts), "dropped"
    counts = replace(counts, looked=counts.looked + 1)
    left = owed - 1 if demand.share < 1 else 0.0
    return replace(state, owed=left, looked_at=offset, counts=counts), "look"


def _next(due: float, offset: float, step: float) -> float:
    """When the next look is due: evenly, but nothing is made up for after a gap."""
    is_gap = offset - due > min(step, _JUMP_S)
    return offset + step if is_gap else due + step


def _is_worth(state: Sampling, offset: float, demand: Demand) -> bool:
    if demand.plate_in_view or state.looked_at is None:
        return True
    has_moved = state.moved_at is not None and offset - state.moved_at <= LINGER_S
    return has_moved or offset - state.looked_at >= HEARTBEAT_S
