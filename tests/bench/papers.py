"""Seconds for the papers of a route of 50 stops, with a frame and a crop for each."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from search.testing import Shell
from tests.bench.store import Row
from tests.drive import PLATE, drive

STOPS = 50
_ROUNDS = 3
_ASKED = ("--reason", "a measurement")


def paper_rows(folder: Path) -> list[Row]:
    """Whole commands: the question, the route, the file.

    Args:
        folder: empty.
    """
    shell = Shell(folder)
    shell.settings.data_dir.mkdir()
    _done(shell, "ingest", str(drive(shell.settings, STOPS)))
    numbers = iter(range(_ROUNDS))
    last = str(folder / f"{_ROUNDS - 1}.zip")

    def pack() -> None:
        out = str(folder / f"{next(numbers)}.zip")
        _done(shell, "evidence", "pack", PLATE, *_ASKED, "--out", out)

    def pdf() -> None:
        _done(shell, "route", PLATE, *_ASKED, "--format", "pdf")

    return [
        (f"PDF of a route of {STOPS} stops", _seconds(pdf), "s", 3.0),
        (f"evidence pack of {STOPS} sightings", _seconds(pack), "s", 5.0),
        ("the same pack verified", _seconds(lambda: _done(shell, "verify", last)), "s", None),
    ]


def _seconds(job: Callable[[], None]) -> float:
    took = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        job()
        took.append(time.perf_counter() - start)
    return median(took)


def _done(shell: Shell, *arguments: str) -> None:
    result = shell.run(*arguments)
    if result.exit_code != 0:
        raise RuntimeError(f"{arguments[0]}: {result.output}")
