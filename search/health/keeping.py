"""What machines with cameras said last: devices in the registry, this one in its health file."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lpr.watch.status import STALE
from search.devices import Device, list_devices
from search.errors import HealthError
from search.health.said import MachineSaid, SpoolSaid, health_fields, read_health, read_spool
from search.registry.tables import DeviceHealthRow, DeviceRow
from search.registry.writing import insert_into

MachineState = Literal["watching", "idle", "silent", "unheard"]
"""idle: it is there, and says nothing of cameras; silent: it is not heard any more."""
PATIENCE = timedelta(minutes=3)  # a device says each minute how it is
THIS = "localhost"  # name of this machine where it does not say another


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine with cameras, as it was last heard of.

    Attributes:
        name: of the device, or of this machine.
        cameras: ids that it may send passages of; of this machine, that it watches.
        said: of its cameras; None: nothing yet.
        spool: how it stands; None: not known.
        sent_at, came_at: when it last spoke of its cameras, by its clock and by ours.
        patience: how long after that it counts as silent.
        seen_at: when it was last heard of at all, aware UTC; None: never.
        fault: why what it said cannot be used; empty if it can.
    """

    name: str
    cameras: frozenset[str]
    said: MachineSaid | None = None
    spool: SpoolSaid | None = None
    sent_at: datetime | None = None
    came_at: datetime | None = None
    patience: timedelta = PATIENCE
    seen_at: datetime | None = None
    fault: str = ""

    @property
    def ahead(self) -> timedelta:
        """How far its clock is ahead of ours; the way here makes it look a little behind."""
        if self.sent_at is None or self.came_at is None:
            return timedelta(0)
        return self.sent_at - self.came_at

    def on_our_clock(self, time: datetime) -> datetime:
        """A time that it said."""
        return time - self.ahead

    @property
    def heard_at(self) -> datetime | None:
        """When somebody last watched its cameras, by our clock."""
        return None if self.said is None else self.on_our_clock(self.said.at)

    @property
    def oldest_at(self) -> datetime | None:
        """When the passage that waits longest was put into its spool, by our clock."""
        oldest = self.spool.oldest if self.spool else None
        return None if oldest is None else self.on_our_clock(oldest)

    def state(self, now: datetime) -> MachineState:
        """How it is, in one word."""
        if not self.is_silent(now):
            return "watching"
        if self.seen_at is None:
            return "unheard"
        return "silent" if now - self.seen_at > self.patience else "idle"

    def is_silent(self, now: datetime) -> bool:
        """Whether nobody tells any more how its cameras are: no line, no power, nobody watching."""
        if self.said is None or self.sent_at is None or self.came_at is None:
            return True
        return now - self.came_at > self.patience or self.sent_at - self.said.at > STALE


def note_health(
    engine: Engine, device: str, said: MachineSaid, sent_at: datetime, now: datetime
) -> None:
    """Keep what a device says of its cameras.

    Args:
        engine: of the registry.
        device: its name.
        said: of them.
        sent_at: by its clock.
        now: aware UTC.
    """
    with Session(engine) as session, session.begin():
        number = session.scalars(select(DeviceRow.id).where(DeviceRow.name == device)).one()
        told = {"content": health_fields(said), "sent_at": sent_at, "came_at": now}
        new = insert_into(session, DeviceHealthRow).values(device_id=number, **told)
        session.execute(new.on_conflict_do_update(index_elements=["device_id"], set_=told))


def list_machines(engine: Engine, health_file: Path, now: datetime) -> list[Machine]:
    """Every machine with cameras: this one if it watches any, and the devices that may send.

    Args:
        engine: of the registry.
        health_file: that `platetrail watch` of this machine writes.
        now: aware UTC.
    """
    own = own_machine(health_file, now)
    with Session(engine) as session:
        query = select(DeviceRow.name, DeviceHealthRow).join(DeviceHealthRow)
        kept: dict[str, DeviceHealthRow] = {row[0]: row[1] for row in session.execute(query)}
    devices = [one for one in list_devices(engine) if one.revoked_at is None]
    return [*([own] if own else []), *(_machine(one, kept.get(one.name)) for one in devices)]


def own_machine(health_file: Path, now: datetime) -> Machine | None:
    """This machine, if it ever watched cameras."""
    try:
        said = read_health(health_file.read_bytes())
    except FileNotFoundError:
        return None
    except (HealthError, OSError) as error:
        return Machine(THIS, frozenset(), fault=str(error))
    return Machine(
        name=said.machine or THIS,
        cameras=frozenset(camera.camera for camera in said.cameras),
        said=said,
        spool=said.spool,
        sent_at=said.at,
        came_at=said.at,
        patience=STALE,
        seen_at=min(said.at, now),
    )


def _machine(device: Device, kept: DeviceHealthRow | None) -> Machine:
    """A device with what is kept of it; checked anew, since older versions have checked less."""
    said, spool, faults = None, None, []
    try:
        spool = read_spool(device.state) if device.state else None
    except HealthError as error:
        faults.append(str(error))
    try:
        said = None if kept is None else read_health(json.dumps(kept.content))
    except HealthError as error:
        faults.append(str(error))
    return Machine(
        name=device.name,
        cameras=device.cameras,
        said=said,
        spool=spool,
        sent_at=kept.sent_at if kept else None,
        came_at=kept.came_at if kept else None,
        seen_at=device.seen_at,
        fault="; ".join(faults),
    )
