"""`platetrail demo` in a process of its own, as a newcomer starts it."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from web.children import PLATETRAIL

_PLATE = re.compile(r"  (\S.*?)\s+seen (\d+) times, by (.+)")
_SAID = re.compile(r"  (open|account|password)\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration printed.

    Attributes:
        address, account, password: to sign in with.
        plates: printed form of each plate to try, with the ids of the cameras that read it.
    """

    address: str
    account: str
    password: str
    plates: tuple[tuple[str, tuple[str, ...]], ...]

    def enter(self, page: Page, reason: str) -> None:
        """Sign in and give a reason."""
        page.goto(self.address)
        page.fill("#username", self.account)
        page.fill("#password", self.password)
        page.keyboard.press("Enter")
        page.fill("#reason", reason)
        page.keyboard.press("Enter")
        page.wait_for_selector("#plate")


@contextmanager
def running_demo(data_dir: Path, port: int, options: Sequence[str]) -> Iterator[Demo]:
    """Start a demonstration, wait until it says where it is, and end it."""
    variables = {**os.environ, "PLATETRAIL_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    command = [*PLATETRAIL, "demo", "--port", str(port), *options]
    with subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield _read(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def _read(process: "subprocess.Popen[str]") -> Demo:
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("Ctrl-C"):
            break
    said = dict(found.groups() for line in lines if (found := _SAID.fullmatch(line)))
    assert said.keys() == {"open", "account", "password"}, "\n".join(lines)
    plates = tuple(
        (found[1], tuple(found[3].split(", ")))
        for line in lines
        if (found := _PLATE.fullmatch(line))
    )
    return Demo(said["open"], said["account"], said["password"], plates)
