"""Serves the intake with gunicorn: its parts are made in each worker, after the fork."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication

from lpr.errors import SettingsError
from lpr.spool import SpoolWriter
from search.evidence_opening import open_evidence
from search.intake.receiving import Receiving
from search.registry.opening import open_registry
from search.sending.running import is_loopback
from web.intake import create_intake
from web.settings import Settings

_MEMORY = Path("/dev/shm")  # for heartbeats: on a busy disk they would seem to stop
_TIMEOUT_S = 120  # a worker that does not answer for so long is started anew
_THREADS = 16  # of each worker: a device on a slow line holds one while it sends
_KEPT_S = 75  # that a connection without a request is kept


class Intake(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """Gunicorn with the settings of this installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what is set."""
        settings = self._settings
        options: dict[str, object] = {
            "bind": f"{settings.intake_host}:{settings.intake_port}",
            "workers": settings.intake_workers,
            "threads": _THREADS,
            "worker_class": "gthread",
            "timeout": _TIMEOUT_S,
            "keepalive": _KEPT_S,
            "proc_name": "platetrail-intake",
            "control_socket_disable": True,
            "forwarded_allow_ips": "127.0.0.1",
        }
        if settings.intake_certificate:
            options["certfile"] = str(settings.intake_certificate)
            options["keyfile"] = str(settings.intake_key)
        if _MEMORY.is_dir():
            options["worker_tmp_dir"] = str(_MEMORY)
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, in a worker."""
        settings = self._settings
        folder = settings.spool_dir
        receiving = Receiving(
            # full means not now: what devices still have must not push out what waits here
            SpoolWriter(folder, settings.spool_max_bytes, gives_up=False),
            folder,
            open_evidence(settings),
            open_registry(settings.registry),
            lambda: datetime.now(UTC),
        )
        return create_intake(receiving)


def serve_intake(settings: Settings) -> None:
    """Serve until told to stop; does not return.

    Raises:
        SettingsError, RegistryError, EvidenceError: it cannot start; said before any worker is
            started.
    """
    fault = intake_fault(settings)
    if fault:
        raise SettingsError(fault)
    open_registry(settings.registry).dispose()
    open_evidence(settings)
    Intake(settings).run()


def intake_fault(settings: Settings) -> str | None:
    """What is missing or wrong in the settings of the intake; None if nothing is."""
    if bool(settings.intake_certificate) != bool(settings.intake_key):
        return "intake_certificate: it and intake_key belong together: set both or none"
    for name, file in (
        ("intake_certificate", settings.intake_certificate),
        ("intake_key", settings.intake_key),
    ):
        if file and not file.is_file():
            return f"{name}: there is no file {file}"
    is_plain = not settings.intake_certificate and not settings.intake_behind_proxy
    if is_plain and not is_loopback(settings.intake_host):
        return (
            f"intake_host: plain HTTP on {settings.intake_host} would show tokens and plates: set "
            "intake_certificate and intake_key, or intake_behind_proxy if a proxy speaks HTTPS"
        )
    return None
