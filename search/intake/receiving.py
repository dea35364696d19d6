"""Takes what a device sends into the centre's own spool; doing it twice changes nothing."""

import json
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lpr.errors import PassageError
from lpr.spool import PICTURES, name_of, picture_path
from lpr.spool.lines import SpoolLine
from lpr.spool.pictures import SYNCED_AT_ONCE
from search.devices import Device, note_state
from search.errors import HealthError
from search.evidence import EvidenceStore
from search.health.keeping import note_health
from search.health.said import HEALTH, MachineSaid, read_health, read_spool
from search.ingest import CHANGED, read_believable
from search.intake.refusals import NotTaken, note_gone, note_refusals
from search.registry.tables import CameraRow
from search.transfer import MOST_PICTURE, Receipt, Refused

AHEAD = timedelta(minutes=5)  # a camera's clock that is ahead by more is to be set


class Spool(Protocol):
    """What `lpr.spool.SpoolWriter` does here; raises SpoolFullError and OSError."""

    def put_pictures(self, jpegs: Sequence[bytes]) -> None:
        """Keep pictures, synced."""
        ...

    def append_all(self, lines: Sequence[SpoolLine]) -> None:
        """Keep passages, synced, all or none."""
        ...


@dataclass(frozen=True, slots=True)
class Receiving:
    """Where what devices send goes.

    Attributes:
        spool: of the centre, and its folder.
        folder: of that spool.
        evidence: where `ingest` brings pictures from there.
        registry: cameras, devices, refusals.
        clock: the time now, aware UTC.
    """

    spool: Spool
    folder: Path
    evidence: EvidenceStore
    registry: Engine
    clock: Callable[[], datetime]

    def take_passages(self, device: Device, lines: Sequence[bytes]) -> Receipt:
        """Take a batch: when it returns, what it says is taken is on the disk.

        Raises:
            SpoolFullError, OSError, SQLAlchemyError: nothing is confirmed; try again later.
        """
        now = self.clock()
        registered = self._registered()
        believed: list[SpoolLine] = []
        refused: list[Refused] = []
        noted: list[NotTaken] = []
        for number, content in enumerate(lines, 1):
            camera = ""
            try:
                line = read_believable(content, now, AHEAD)
                camera = line.passage.camera
                check_camera(camera, device, registered)
            except PassageError as error:
                refused.append(Refused(number, str(error)))
                text = content.decode("utf-8", "backslashreplace")
                noted.append(NotTaken(device.name, camera, str(error), text))
                continue
            believed.append(line)
        lacking = self._lacking([name for line in believed for name in line.pictures])
        taken = [line for line in believed if lacking.isdisjoint(line.pictures)]
        if any(line.gone for line in taken):
            note_gone(self.registry, taken, now)
        if noted:
            note_refusals(self.registry, noted, now)
        if taken:
            self.spool.append_all(taken)
        return Receipt(len(taken), tuple(refused), tuple(lacking))

    def take_pictures(self, device: Device, pictures: Sequence[tuple[str, bytes]]) -> Receipt:
        """Keep pictures: when it returns, those that are not refused are on the disk.

        Raises:
            SpoolFullError, OSError, SQLAlchemyError: try again later.
        """
        faults = {name: picture_fault(name, jpeg) for name, jpeg in pictures}
        refused = [Refused(name, fault) for name, fault in faults.items() if fault]
        lacking = self._lacking([name for name, fault in faults.items() if not fault])
        new = [jpeg for name, jpeg in pictures if name in lacking]
        if new:
            self.spool.put_pictures(new)
        if refused:
            noted = [NotTaken(device.name, "", r.reason, str(r.what)) for r in refused]
            note_refusals(self.registry, noted, self.clock())
        return Receipt(len(pictures) - len(refused), tuple(refused))

    def take_state(self, device: Device, state: Mapping[str, Any]) -> Receipt:
        """Keep what a device says of its spool and of its cameras; what cannot be is refused.

        Raises:
            SQLAlchemyError: try again later.
        """
        now = self.clock()
        rest = {key: value for key, value in state.items() if key != HEALTH}
        noted: list[NotTaken] = []
        try:
            spool = read_spool(rest)
            note_state(self.registry, device.name, rest, now)
            if state.get(HEALTH) is not None:
                said = read_health(json.dumps(state[HEALTH]))
                own, noted = of_device(said, device)
                note_health(self.registry, device.name, own, spool.at or said.at, now)
        except HealthError as error:
            noted = [NotTaken(device.name, "", str(error))]
        if noted:
            note_refusals(self.registry, noted, now)
        return Receipt(refused=tuple(Refused(HEALTH, one.reason) for one in noted))

    def _lacking(self, names: Sequence[str]) -> Set[str]:
        """Those that are not here, in their order; S3 takes its time, so several are asked for."""
        wanted = dict.fromkeys(names)
        with ThreadPoolExecutor(SYNCED_AT_ONCE) as threads:
            there = threads.map(self._has, wanted)
            return dict.fromkeys(n for n, has in zip(wanted, there, strict=True) if not has).keys()

    def _has(self, name: str) -> bool:
        """Whether a picture is here; ingest moves it from spool to evidence, so in this order."""
        return picture_path(self.folder / PICTURES, name).is_file() or self.evidence.has(name)

    def _registered(self) -> frozenset[str]:
        with Session(self.registry) as session:
            return frozenset(session.scalars(select(CameraRow.id)))


def check_camera(camera: str, device: Device, registered: frozenset[str]) -> None:
    """See that a device may send passages of a camera; pure.

    Raises:
        PassageError: it may not, or nobody knows the camera.
    """
    if camera not in device.cameras:
        raise PassageError(f"camera: {_not_for(device, camera)}")
    if camera not in registered:
        raise PassageError(f"camera: {camera} is not registered at the centre")


def of_device(said: MachineSaid, device: Device) -> tuple[MachineSaid, list[NotTaken]]:
    """What a device says of its own cameras, and what it says of others and is not taken; pure."""
    own = tuple(camera for camera in said.cameras if camera.camera in device.cameras)
    others = [camera.camera for camera in said.cameras if camera not in own]
    reasons = [(camera, f"{HEALTH}: {_not_for(device, camera)}") for camera in others]
    return replace(said, cameras=own), [
        NotTaken(device.name, camera, reason) for camera, reason in reasons
    ]


def picture_fault(name: str, jpeg: bytes) -> str | None:
    """Why a picture cannot be taken; None if it can; pure."""
    if len(jpeg) > MOST_PICTURE:
        return f"the picture is too large: expected at most {MOST_PICTURE} bytes"
    if name_of(jpeg) != name:
        return CHANGED
    return None


def _not_for(device: Device, camera: str) -> str:
    return f"the token of {device.name} is not for camera {camera}"
