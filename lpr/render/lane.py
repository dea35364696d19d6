"""How vehicles follow each other in a lane and stop at a red light; pure.

The Intelligent Driver Model (Treiber, Hennecke, Helbing, 2000): a driver speeds up towards the
speed that is wished for, and brakes for what stands or drives ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.1
_SPEED_UP, _BRAKE = 1.6, 2.5  # metres a second, each second
_STANDING_GAP_M, _HEADWAY_S = 1.6, 0.9
_HARDEST = 6.0  # nobody brakes harder
_CREEP = 0.12  # one who is slower, and hardly speeds up, stands
_ROOM_M = 2.0  # beyond a leader's length, before the next one comes


@dataclass(frozen=True, slots=True)
class Red:
    """A red light.

    Attributes:
        at_m: its line, metres along the lane; one stops before it.
        begin_s, end_s: while it is red.
    """

    at_m: float
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Driver:
    """One who wants to drive along a lane.

    Attributes:
        enter_s: when, at the earliest.
        speed: that is wished for, metres a second.
        length_m: of the vehicle.
    """

    enter_s: float
    speed: float
    length_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Driven:
    """Where one was.

    Attributes:
        times: (N,) seconds, STEP_S apart.
        front: (N,) metres along the lane.
    """

    times: NDArray[np.float64]
    front: NDArray[np.float64]

    def at(self, time: float) -> float:
        """Where the front is then; before and after, far away."""
        if time < self.times[0]:
            return -inf
        return float(np.interp(time, self.times, self.front, right=inf))


def drive_along(drivers: Sequence[Driver], length_m: float, reds: Sequence[Red]) -> list[Driven]:
    """Let drivers follow each other.

    Args:
        drivers: in the order in which they come.
        length_m: of the lane.
        reds: lights along it.

    Returns:
        Each one's way, from the lane's begin to its end.
    """
    ways: list[Driven] = []
    for number, driver in enumerate(drivers):
        ahead = (ways[-1], drivers[number - 1].length_m) if ways else None
        ways.append(_way(driver, ahead, length_m, reds))
    return ways


def _way(
    driver: Driver, ahead: tuple[Driven, float] | None, length_m: float, reds: Sequence[Red]
) -> Driven:
    time, place, speed = driver.enter_s, 0.0, driver.speed
    while ahead and -inf <= ahead[0].at(time) - ahead[1] < _ROOM_M:
        time += STEP_S
        speed = driver.speed / 2
    times, fronts = [time], [place]
    while place < length_m:
        gap, other = _nearest(time, place, speed, ahead, reds)
        change = _acceleration(driver.speed, speed, gap, other)
        speed = max(0.0, speed + STEP_S * change) if max(speed, change) > _CREEP else 0.0
        time, place = time + STEP_S, place + STEP_S * speed
        times.append(time)
        fronts.append(place)
    return Driven(np.array(times), np.array(fronts))


def _nearest(
    time: float,
    place: float,
    speed: float,
    ahead: tuple[Driven, float] | None,
    reds: Sequence[Red],
) -> tuple[float, float]:
    """How far it is to what is next, and how fast that is."""
    gap, other = inf, speed
    if ahead:
        way, length = ahead
        gap = way.at(time) - length - place
        other = (way.at(time) - way.at(time - STEP_S)) / STEP_S if gap < inf else speed
    for red in reds:
        can_stop = red.at_m - place > speed * speed / (2 * _HARDEST)
        if red.begin_s <= time < red.end_s and can_stop and red.at_m - place < gap:
            gap, other = red.at_m - place, 0.0
    return gap, other


def _acceleration(wish: float, speed: float, gap: float, other: float) -> float:
    free = 1 - (speed / wish) ** 4
    if gap == inf:
        return _SPEED_UP * free
    closing = speed * (speed - other) / (2 * sqrt(_SPEED_UP * _BRAKE))
    wanted = _STANDING_GAP_M + max(0.0, speed * _HEADWAY_S + closing)
    return max(-_HARDEST, _SPEED_UP * (free - (wanted / max(0.1, gap)) ** 2))
