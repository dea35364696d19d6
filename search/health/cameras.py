"""Every camera with what is known of it, the worst first. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from search.cameras import Camera
from search.health.keeping import Machine
from search.health.said import CameraSaid
from search.health.usual import Hours, is_few

Condition = Literal["down", "silent", "blind", "few", "connecting", "unheard", "good", "finished"]
"""From the worst on. down: no pictures come. silent: its machine tells no more. blind: pictures
come, and no plate can be read in them. few: all seems well, but unusually few vehicles pass.
unheard: no machine has ever told of it. finished: a file that was read to its end."""
ORDER: tuple[Condition, ...] = get_args(Condition)


@dataclass(frozen=True, slots=True)
class CameraState:
    """A camera as the page shows it; times are by our clock.

    Attributes:
        id: as passages name it.
        camera: as it is registered; None: it is not.
        condition: in one word.
        machine: that watches it; None: none is known.
        said: what that machine says of it; None: nothing, or no more.
        heard_at: when it last said something.
        last_frame: time of it.
        hour: passages of the last full hour; None: they could not be counted.
        usual: the same of former weeks; None: not known.
        newest: time of the newest sighting; None: there is none, or it could not be looked up.
    """

    id: str
    camera: Camera | None
    condition: Condition
    machine: Machine | None = None
    said: CameraSaid | None = None
    heard_at: datetime | None = None
    last_frame: datetime | None = None
    hour: int | None = None
    usual: float | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What the sighting store says.

    Attributes:
        hours: passages of the last full hour and of former weeks.
        latest: time of the newest sighting of each camera.
    """

    hours: Hours
    latest: Mapping[str, datetime]


def camera_states(
    cameras: Mapping[str, Camera],
    machines: Sequence[Machine],
    counted: Counted | None,
    now: datetime,
) -> list[CameraState]:
    """Every registered camera, and every one that a machine watches or may send passages of.

    A camera that several machines tell of stands there once for each of them.

    Args:
        cameras: registered ones, by id.
        machines: of the cameras.
        counted: passages; None: they could not be counted.
        now: aware UTC.
    """
    states = [
        _state(name, cameras.get(name), machine, counted, now)
        for machine in machines
        for name in machine.cameras
        if _tells(machine, name) or not any(_tells(other, name) for other in machines)
    ]
    watched = {state.id for state in states}
    states += [
        _state(camera.id, camera, None, counted, now)
        for camera in cameras.values()
        if camera.id not in watched
    ]
    return sorted(states, key=_badness)


def count_conditions(states: Iterable[CameraState]) -> dict[Condition, int]:
    """How many cameras are in each condition that one is in, from the worst on."""
    found = [state.condition for state in states]
    return {one: found.count(one) for one in ORDER if one in found}


def _state(
    name: str,
    camera: Camera | None,
    machine: Machine | None,
    counted: Counted | None,
    now: datetime,
) -> CameraState:
    said = None if machine is None else _said(machine, name)
    hour = counted.hours.count(name) if counted else None
    usual = counted.hours.usual(name) if counted else None
    last = None
    if machine and said and said.last_frame:
        last = machine.on_our_clock(said.last_frame)
    condition = _condition(name, machine, said, counted, now)
    return CameraState(
        id=name,
        camera=camera,
        condition=condition,
        machine=machine,
        said=None if condition == "silent" else said,
        heard_at=machine.heard_at if machine and said else None,
        last_frame=last,
        hour=hour,
        usual=usual,
        newest=counted.latest.get(name) if counted else None,
    )


def _condition(
    name: str,
    machine: Machine | None,
    said: CameraSaid | None,
    counted: Counted | None,
    now: datetime,
) -> Condition:
    if machine is not None and said is not None:
        if machine.is_silent(now):
            return "silent"
        if said.condition != "good":
            return said.condition
    if counted and _has_all(machine, counted.hours):
        hours = counted.hours
        if is_few(hours.count(name), hours.usual(name)):
            return "few"
    return "unheard" if said is None else "good"


def _has_all(machine: Machine | None, hours: Hours) -> bool:
    """Whether no passage of the hour still waits at the machine, as far as it says."""
    oldest = machine.oldest_at if machine else None
    return oldest is None or oldest >= hours.end


def _said(machine: Machine, name: str) -> CameraSaid | None:
    cameras = machine.said.cameras if machine.said else ()
    return next((camera for camera in cameras if camera.camera == name), None)


def _tells(machine: Machine, name: str) -> bool:
    return _said(machine, name) is not None


def _badness(state: CameraState) -> tuple[int, bool, str]:
    """Sorts the worst first; of those that are good, the ones with a trouble."""
    is_well = not (state.said and state.said.troubles)
    return ORDER.index(state.condition), is_well, state.id
