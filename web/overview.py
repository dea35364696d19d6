"""How all cameras and machines are, and what was not taken in: of one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lpr.times import format_utc
from search.errors import StoreError
from search.health.cameras import CameraState, Condition, Counted, camera_states, count_conditions
from search.health.keeping import Machine, list_machines
from search.health.refused import NotTakenIn, refused_by_devices, set_aside
from search.health.usual import Hours, count_hours
from search.intake.refusals import list_refusals
from web.outages import Outage
from web.parts import Parts

REFUSED = "refused.ndjson"  # in the data folder
LOOKED = 1000  # of the newest refusals of devices; one that is ill must not make the page slow
SHOWN = 100  # kinds of refusals by camera, of devices and of this machine each


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of the cameras shows.

    Attributes:
        at: when, aware UTC.
        cameras: the worst first.
        machines: that watch them.
        refused: what was not taken in.
        hours: that passages were counted in; None: the store is away, or a part of it.
        outage: that lasts, None while the store answers.
    """

    at: datetime
    cameras: Sequence[CameraState]
    machines: Sequence[Machine]
    refused: Sequence[NotTakenIn]
    hours: Hours | None
    outage: Outage | None

    @property
    def conditions(self) -> dict[Condition, int]:
        """How many cameras are in each condition, from the worst on."""
        return count_conditions(self.cameras)

    def to_fields(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "at": format_utc(self.at),
            "hour": format_utc(self.hours.start) if self.hours else None,
            "store_away_since": format_utc(self.outage.since) if self.outage else None,
            "cameras": [_camera_fields(state) for state in self.cameras],
            "machines": [_machine_fields(machine, self.at) for machine in self.machines],
            "refused": [_refused_fields(one) for one in self.refused],
        }


def look_over(here: Parts) -> Overview:
    """See how everything is now; without its passages where the store is away."""
    now = here.clock()
    settings = here.settings
    try:
        store = here.store
        counted = Counted(count_hours(store, now), store.latest())
    except StoreError:
        counted = None
    machines = list_machines(here.registry, settings.health_file, now)
    return Overview(
        now,
        camera_states(here.city.cameras(), machines, counted, now),
        machines,
        [
            *refused_by_devices(list_refusals(here.registry, LOOKED))[:SHOWN],
            *set_aside(settings.data_dir / REFUSED)[:SHOWN],
        ],
        counted.hours if counted else None,
        here.outages.now(),
    )


def _camera_fields(state: CameraState) -> dict[str, Any]:
    said, camera = state.said, state.camera
    return {
        "camera": state.id,
        "name": camera.name if camera else None,
        "ward": camera.ward if camera else None,
        "registered": camera is not None,
        "condition": state.condition,
        "troubles": list(said.troubles) if said else [],
        "trouble": said.trouble if said else None,
        "message": said.message if said else "",
        "machine": state.machine.name if state.machine else None,
        "heard": _time(state.heard_at),
        "last_frame": _time(state.last_frame),
        "fps": said.fps if said else None,
        "wanted_fps": said.wanted_fps if said else None,
        "dropped": said.dropped if said else None,
        "restarts": said.restarts if said else None,
        "refused_stills": said.refused if said else None,
        "decode_ms": said.decode_ms if said else None,
        "look_ms": said.look_ms if said else None,
        "hour_passages": state.hour,
        "usual_passages": state.usual,
        "newest_sighting": _time(state.newest),
        "recent_passages": said.hour if said else None,
        "recent_read": said.hour_read if said else None,
        "sharpness": said.sharpness if said else None,
        "darkness": said.darkness if said else None,
        "clock_offset_s": said.clock_offset_s if said else None,
    }


def _machine_fields(machine: Machine, now: datetime) -> dict[str, Any]:
    spool = machine.spool
    return {
        "machine": machine.name,
        "cameras": sorted(machine.cameras),
        "state": machine.state(now),
        "seen": _time(machine.seen_at),
        "heard": _time(machine.heard_at),
        "fault": machine.fault,
        "clock_ahead_s": round(machine.ahead.total_seconds(), 3) if machine.came_at else None,
        "waiting": spool.waiting if spool else None,
        "oldest": _time(machine.oldest_at),
        "spool_bytes": spool.bytes if spool else None,
        "lost_pictures": spool.lost.pictures if spool else None,
        "lost_passages": spool.lost.passages if spool else None,
    }


def _refused_fields(one: NotTakenIn) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "device": one.device,
        "camera": one.camera,
        "times": one.times,
        "last": _time(one.last_at),
        "reason": one.reason,
        "where": one.where,
    }


def _time(time: datetime | None) -> str | None:
    return None if time is None else format_utc(time)
