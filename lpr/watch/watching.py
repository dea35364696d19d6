"""Watching the cameras of this machine: what `platetrail watch` keeps running."""

import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from lpr.building import build_recogniser
from lpr.passages import Passage
from lpr.settings import RecognitionSettings
from lpr.spool import SpoolWriter, recent, spool_state
from lpr.times import format_utc
from lpr.watch.camera_process import COMMAND, CameraProcess
from lpr.watch.clocks import real_timepiece
from lpr.watch.health import CameraHealth
from lpr.watch.looking import Looking
from lpr.watch.stills_memory import memory_path
from lpr.watch.watch_file import WatchedCamera

EARLIER = timedelta(seconds=320)  # a vehicle that stays is reported every five minutes
SPOOL_EVERY = timedelta(seconds=10)
_LOG = logging.getLogger("platetrail.watch")


def watch(settings: RecognitionSettings, cameras: Sequence[WatchedCamera]) -> None:
    """Watch cameras until SIGTERM or SIGINT; vehicles in view are reported before it returns.

    Args:
        settings: of this machine.
        cameras: to watch.
    """
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    recogniser = build_recogniser(settings)
    with SpoolWriter(settings.spool_dir, settings.spool_max_bytes) as spool:
        looking = Looking(
            [_process(settings, camera) for camera in cameras],
            {c.id: _earlier(settings.spool_dir, c.id) for c in cameras if c.address.is_live},
            recogniser,
            spool,
            HealthFile(settings).write,
            real_timepiece(),
        )
        try:
            while not told:
                looking.turn()
        finally:
            looking.stop()


def _earlier(spool: Path, camera: str) -> list[Passage]:
    """What a camera reported shortly before: its vehicles may still be in view."""
    return recent(spool, camera, datetime.now(UTC) - EARLIER)


def _process(settings: RecognitionSettings, camera: WatchedCamera) -> CameraProcess:
    command: tuple[str, ...] = COMMAND
    if camera.address.tells_events:
        command = (sys.executable, "-m", "lpr.anpr.following", str(settings.spool_dir))
    uploads = camera.address.kind == "stills"
    stills = memory_path(settings.stills_dir, camera.id, "ndjson") if uploads else None
    view = memory_path(settings.views_dir, camera.id, "npy") if camera.address.is_live else None
    return CameraProcess(camera, command, stills, view)


class HealthFile:
    """How everything is, in a file that is whole at any moment.

    Args:
        settings: of this machine.
    """

    def __init__(self, settings: RecognitionSettings) -> None:
        self._file, self._spool = settings.health_file, settings.spool_dir
        self._state: dict[str, Any] = {}
        self._looked = datetime.min.replace(tzinfo=UTC)

    def write(self, cameras: Sequence[CameraHealth]) -> None:
        """Put it down; how the spool stands is looked up now and then, since that takes time."""
        now = datetime.now(UTC)
        if now - self._looked > SPOOL_EVERY:
            self._state, self._looked = spool_state(self._spool).to_fields(), now
        fields = {
            "at": format_utc(now),
            "machine": socket.gethostname(),
            "spool": self._state,
            "cameras": [camera.to_fields() for camera in cameras],
        }
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            temporary.write_text(json.dumps(fields, ensure_ascii=False) + "\n", "utf-8")
            temporary.replace(self._file)
        except OSError as error:  # a full disk: watching goes on
            _LOG.error("%s cannot be written: %s", self._file, error.strerror)
            temporary.unlink(missing_ok=True)
