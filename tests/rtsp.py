"""Starts `tests/rtsp_server.py` and tells it what to do."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from lpr.closing import Closing
from tests.ports import free_port

PYTHON = "/usr/bin/python3"  # Debian's own: it has GStreamer
SERVER = Path(__file__).with_name("rtsp_server.py")


class RtspServer(Closing):
    """Cameras that speak RTSP on this machine, in a process of their own.

    Args:
        films: of each mount: H.264 in MP4, best without B-frames and with a key frame each second.
        login: `USER:PASSWORD` that is asked for; empty asks for none.
        auth: `basic` or `digest`.
    """

    def __init__(self, films: Mapping[str, Path], login: str = "", auth: str = "digest") -> None:
        self.port = free_port()
        mounts = [f"{mount}={path}" for mount, path in films.items()]
        told = ["--user", login, "--auth", auth] if login else []
        self._command = [PYTHON, str(SERVER), "--port", str(self.port), *told, *mounts]
        self._process: subprocess.Popen[str] | None = None

    def url(self, mount: str, login: str = "") -> str:
        """Of a mount, with a login in it if one is given."""
        return f"rtsp://{login + '@' if login else ''}127.0.0.1:{self.port}/{mount}"

    def start(self) -> None:
        """Start, on the same port each time; returns when it listens."""
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            self._command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )
        self._expect("ready")

    def stop(self) -> None:
        """Kill it: connections break off, and nobody listens."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def tell(self, *order: str | Path | float) -> None:
        """Give an order, such as `tell("freeze", "a")`; the server's docstring lists them."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, order)) + "\n")
        self._process.stdin.flush()
        self._expect("ok")

    def _expect(self, answer: str) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        said = self._process.stdout.readline().strip()
        assert said == answer, f"the RTSP server said {said!r}: are its Debian packages installed?"

    def __enter__(self) -> Self:
        self.start()
        return self

    def close(self) -> None:
        """Kill it."""
        self.stop()
