"""Starts `platetrail watch`, and tells what it does."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lpr.closing import Closing
from lpr.passages import Passage
from lpr.spool.segments import good_lines, list_segments
from tests.ports import free_port
from web.children import PLATETRAIL

PATIENCE_S = 60.0


class Watching(Closing):
    """`platetrail watch` on cameras, killed at the end unless it was stopped.

    Args:
        folder: its data folder.
        urls: of the cameras, by id.
        more: lines of every camera in the watch file.
    """

    def __init__(self, folder: Path, urls: Mapping[str, str], more: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        lines = (f'[{name}]\nsource = "{url}"\n{more}' for name, url in urls.items())
        (folder / "watch.toml").write_text("".join(lines), "utf-8")
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        variables = {
            **os.environ,
            "PLATETRAIL_DATA_DIR": str(self.folder),
            "PLATETRAIL_METRICS_PORT": str(self.port),
        }
        return subprocess.Popen([*PLATETRAIL, "watch"], env=variables)

    def kill_and_start(self) -> None:
        """As after a power cut."""
        self.process.kill()
        self.process.wait()
        self.process = self._started()

    def stop(self) -> float:
        """End it by SIGTERM; how long that took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0
        return time.monotonic() - begun

    @property
    def passages(self) -> list[Passage]:
        """Every report in the spool, in order."""
        spool = self.folder / "spool"
        return [line.passage for one in list_segments(spool) for line in good_lines(one)]

    @property
    def health(self) -> dict[str, dict[str, Any]]:
        """Of each camera by its id; empty before the first second."""
        file = self.folder / "health.json"
        if not file.exists():
            return {}
        return {one["camera"]: one for one in json.loads(file.read_text("utf-8"))["cameras"]}

    def until(self, is_so: Callable[[], Any]) -> None:
        """Wait for something."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, f"not so after {PATIENCE_S} s: {self.health}"
            time.sleep(0.1)

    def children(self) -> dict[str, list[int]]:
        """Process numbers of what it started, by what they are."""
        found: dict[str, list[int]] = {"decoding": [], "watch": []}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    variables = (entry / "environ").read_bytes()
                except OSError:
                    continue
                if f"PLATETRAIL_DATA_DIR={self.folder}".encode() in variables:
                    is_decoder = b"lpr.watch.decoding" in words
                    found["decoding" if is_decoder else "watch"].append(int(entry.name))
        return found

    def close(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()
