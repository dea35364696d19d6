"""Ten cameras that are watched: what they cost, and how many of the wanted looks there is time for.

python -m tests.bench.cameras [--seconds N] [--size 640x360]

A real RTSP server plays rendered traffic, with a vehicle in view a fifth of the time, at another
moment at each camera. The server's own time does not count, but it runs on the same cores.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.bench.processes import cpu_s, memory_mb, tree_of
from tests.bench.store import Row
from tests.films import HD, a_stage, a_visit, film
from tests.rtsp import RtspServer
from tests.watch_process import Watching

CAMERAS = 10
IN_VIEW = 0.2  # share of the time
DRAWN_M = (1.0, 80.0)  # from where to where a vehicle is in the picture
SETTLING_S = 15  # until all cameras are connected and have learnt their street
MEMORY_EVERY_S = 60.0
FIRST_MINUTES = 5  # after which memory is to be flat


@dataclass(frozen=True, slots=True)
class Watched:
    """What watching was like.

    Attributes:
        cpu: seconds of processor time a second.
        wanted, dropped: looks of all cameras.
        lag_s: of the camera that was farthest behind, at the end.
        passages: of all cameras.
        memory_mb: once a minute.
    """

    cpu: float
    wanted: int
    dropped: int
    lag_s: float
    passages: int
    memory_mb: tuple[float, ...]

    @property
    def growth(self) -> float:
        """Of the memory after the first minutes, as a share; 0 before there is anything to say."""
        after = self.memory_mb[FIRST_MINUTES:]
        return max(after) / after[0] - 1 if after else 0.0


def camera_rows() -> list[Row]:
    """One minute of ten cameras."""
    with TemporaryDirectory(prefix="platetrail-cameras-") as folder:
        told = watch_cameras(Path(folder), 60.0, HD)
    return [
        (f"{CAMERAS} cameras 1920x1080, 25/s, looked at 5/s", told.cpu, "CPU s/s", 1.8),
        ("wanted looks that were dropped", float(told.dropped), f"of {told.wanted}", 1.0),
        ("their memory together", told.memory_mb[-1], "MB", None),
    ]


def watch_cameras(folder: Path, seconds: float, size: tuple[int, int]) -> Watched:
    """Watch cameras for some time.

    Args:
        folder: empty.
        seconds: that are measured, after some to settle.
        size: width and height of their pictures.
    """
    names = [f"C{number}" for number in range(CAMERAS)]
    path, film_s = _film(folder / "film.mp4", size)
    with RtspServer(dict.fromkeys(names, path)) as server:
        for number, name in enumerate(names):
            server.tell("begin", name, number * film_s // CAMERAS)
        with Watching(folder, {name: server.url(name) for name in names}) as watching:
            time.sleep(SETTLING_S)
            return _measured(watching, seconds)


def _film(path: Path, size: tuple[int, int]) -> tuple[Path, int]:
    """A vehicle that comes by, and the empty street before and after it; whole seconds."""
    stage = a_stage(1)
    visit = a_visit(stage)
    first, last = sorted(visit.at_s + (z - visit.read_m) / visit.speed for z in DRAWN_M)
    seconds = round((last - first) / IN_VIEW)
    alone = replace(stage, visits=(visit,))
    film(path, alone, first - (seconds - last + first) / 2, seconds, size=size)
    return path, seconds


def _measured(watching: Watching, seconds: float) -> Watched:
    process = watching.process.pid
    tree = tree_of(process)
    before, used, begun = _sums(watching), cpu_s(tree), time.monotonic()
    memory = [memory_mb(tree)]
    while (left := begun + seconds - time.monotonic()) > 0:
        time.sleep(min(left, MEMORY_EVERY_S))
        memory.append(memory_mb(tree_of(process)))
    spent = (cpu_s(tree) - used) / (time.monotonic() - begun)
    after = _sums(watching)
    return Watched(
        spent,
        after["wanted"] - before["wanted"],
        after["dropped"] - before["dropped"],
        max(one["lag_s"] for one in watching.health.values()),
        after["passages"] - before["passages"],
        tuple(memory),
    )


def _sums(watching: Watching) -> dict[str, int]:
    cameras = watching.health.values()
    return {key: sum(one[key] for one in cameras) for key in ("wanted", "dropped", "passages")}


@click.command()
@click.option("--seconds", default=60.0, show_default=True, help="That are measured.")
@click.option("--size", default="1920x1080", show_default=True, help="Of the pictures.")
def main(seconds: float, size: str) -> None:
    """Measure once, and tell all of it."""
    width, height = map(int, size.split("x"))
    with TemporaryDirectory(prefix="platetrail-cameras-") as folder:
        told = watch_cameras(Path(folder), seconds, (width, height))
    click.echo(
        f"{told.cpu:.2f} CPU seconds a second; {told.dropped} of {told.wanted} looks dropped"
    )
    click.echo(f"lag {told.lag_s:.2f} s, {told.passages} passages")
    click.echo(f"MB by the minute: {' '.join(f'{mb:.0f}' for mb in told.memory_mb)}")
    click.echo(f"grown after {FIRST_MINUTES} minutes by {told.growth:.1%}")


if __name__ == "__main__":
    main()
