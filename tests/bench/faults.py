"""Faults of cameras that are watched: how soon each is back, and whether others were disturbed.

python -m tests.bench.faults
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from lpr.times import parse_utc
from tests.films import a_stage, a_visit, film
from tests.rtsp import RtspServer
from tests.watch_process import Watching

SIZES = {"large": (1280, 720), "small": (960, 540)}
SETTLING_S = 10.0
FAULT_S = 10.0
BACK_S = 5.0  # after the end of a fault
GIVEN_UP_S = 60.0
LOGIN = ("viewer", "right")


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong at one camera.

    Attributes:
        what: in words.
        camera: at which.
        begin, end: it.
    """

    what: str
    camera: str
    begin: Callable[[], object]
    end: Callable[[], object]


def _faults(servers: dict[str, RtspServer], films: dict[str, Path]) -> list[Fault]:
    return [
        Fault(
            "30 % of the packets lost",
            "LOSSY",
            lambda: servers["LOSSY"].tell("lose", "a", 0.3),
            lambda: servers["LOSSY"].tell("lose", "a", 0),
        ),
        Fault(
            "stream frozen",
            "FROZEN",
            lambda: servers["FROZEN"].tell("freeze", "a"),
            lambda: servers["FROZEN"].tell("thaw", "a"),
        ),
        Fault("server away", "AWAY", servers["AWAY"].stop, servers["AWAY"].start),
        Fault(
            "another password",
            "LOCKED",
            lambda: _locked(servers["LOCKED"]),
            lambda: servers["LOCKED"].tell("password", *LOGIN),
        ),
        Fault(
            "pictures of another size",
            "RESIZED",
            lambda: servers["RESIZED"].tell("play", "a", films["small"]),
            lambda: servers["RESIZED"].tell("play", "a", films["large"]),
        ),
        Fault(
            "noise in place of pictures",
            "NOISY",
            lambda: servers["NOISY"].tell("garbage", "a"),
            lambda: servers["NOISY"].tell("clean", "a"),
        ),
    ]


def _locked(server: RtspServer) -> None:
    server.stop()  # who is in stays in
    server.start()
    server.tell("password", LOGIN[0], "another")


def _back_after(watching: Watching, camera: str, end: datetime) -> float:
    """Seconds until a frame that was taken after the end of the fault came."""
    begun = time.monotonic()
    while time.monotonic() - begun < GIVEN_UP_S:
        one = watching.health[camera]
        if one["last_frame"] and parse_utc(one["last_frame"]) > end and one["fps"] > 0:
            return time.monotonic() - begun
        time.sleep(0.05)
    return GIVEN_UP_S


def _undisturbed(before: dict[str, Any], after: dict[str, Any], camera: str) -> bool:
    """Whether all other cameras looked on, and none was connected or started anew."""
    return all(
        after[one]["condition"] == "good"
        and after[one]["restarts"] == before[one]["restarts"]
        and after[one]["came"] - before[one]["came"] > 0.9 * 10 * FAULT_S
        for one in before
        if one != camera
    )


@click.command()
def main() -> None:
    """Each fault for ten seconds, one after the other."""
    with TemporaryDirectory(prefix="platetrail-faults-") as folder, ExitStack() as stack:
        stage = a_stage(1)
        begin = a_visit(stage).at_s - 1.0
        films = {
            name: film(Path(folder, f"{name}.mp4"), stage, begin, 3.0, 10, size)
            for name, size in SIZES.items()
        }
        names = ("LOSSY", "FROZEN", "AWAY", "LOCKED", "RESIZED", "NOISY")
        logins = {"LOCKED": ":".join(LOGIN)}
        servers = {
            name: stack.enter_context(RtspServer({"a": films["large"]}, logins.get(name, "")))
            for name in names
        }
        urls = {name: servers[name].url("a", logins.get(name, "")) for name in names}
        watching = stack.enter_context(Watching(Path(folder), urls, 'transport = "udp"\n'))
        watching.until(lambda: len(watching.health) == len(names))
        time.sleep(SETTLING_S)
        table = Table("fault", "told meanwhile", "back after", "", "others undisturbed")
        for fault in _faults(servers, films):
            before = watching.health
            fault.begin()
            time.sleep(FAULT_S)
            told = watching.health[fault.camera]
            fault.end()
            back_s = _back_after(watching, fault.camera, datetime.now(UTC))
            calm = _undisturbed(before, watching.health, fault.camera)
            meanwhile = told["message"] or told["condition"]
            met = "met" if back_s <= BACK_S else "missed"
            table.add_row(fault.what, meanwhile, f"{back_s:.1f} s", met, "yes" if calm else "no")
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
