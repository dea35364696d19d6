"""Serves the pages with gunicorn: the application is made in each worker, after the fork."""

from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication

from search.evidence_opening import open_evidence
from search.registry.opening import open_registry
from web.app import create_app
from web.secret import secret_of
from web.settings import Settings

_MEMORY = Path("/dev/shm")  # for heartbeats: on a busy disk they would seem to stop
_TIMEOUT_S = 60  # a worker that does not answer for so long is started anew
_ENDING_S = 5  # that what is under way has when it is told to stop; live pages would go on
_REQUESTS = 20_000  # of a worker until it is replaced, so that memory stays flat


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """Gunicorn with the settings of this installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what is set."""
        settings = self._settings
        options = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": settings.web_workers,
            "threads": settings.web_threads,
            "worker_class": "gthread",
            "timeout": _TIMEOUT_S,
            "graceful_timeout": _ENDING_S,
            "max_requests": _REQUESTS,
            "max_requests_jitter": _REQUESTS // 10,
            "proc_name": "platetrail-web",
            "control_socket_disable": True,
            "forwarded_allow_ips": "127.0.0.1",
        }
        if _MEMORY.is_dir():
            options["worker_tmp_dir"] = str(_MEMORY)
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, in a worker."""
        return create_app(self._settings)


def serve(settings: Settings) -> None:
    """Serve until told to stop; does not return.

    Raises:
        SettingsError, RegistryError, EvidenceError: the application could not be made; said before
            any worker is started.
    """
    secret_of(settings)
    open_registry(settings.registry).dispose()
    open_evidence(settings)
    Server(settings).run()
