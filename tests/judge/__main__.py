"""Prints how good routes are on traffic of SUMO whose truth is known: `make judge`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from tests.judge.answering import Installation, check_command, installed, ours, shortest
from tests.judge.cities import City, hanoi, made
from tests.judge.figures import Figures, Judged, figures, judge
from tests.judge.scenes import Faults, Scene, make_scene
from tests.judge.sumo import Drive, Sumo

DEPARTING = 2400  # vehicles that set out; some do not arrive, some drive too little
JUDGED = 2000  # of them
FEWEST_ROADS = 12  # of a drive
CITIES = ("hanoi", "made")
_USUAL = Faults()
HEADER = (
    "| city | cameras | seed | | F1 | NLL | best way driven | calibration error | misread found "
    "| foreign stops | legs | ms a route |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Result:
    """How the routes of one scene were, by either way.

    Attributes:
        routes: by who answered.
        ms: for each route, the same.
    """

    routes: dict[str, list[Judged]]
    ms: dict[str, float]


@click.command()
@click.option("--roads", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--city",
    "cities",
    type=click.Choice(CITIES),
    multiple=True,
    default=CITIES,
    show_default=True,
)
@click.option("--seed", "seeds", type=int, multiple=True, default=(11, 12, 13), show_default=True)
@click.option("--cameras", type=int, multiple=True, default=(400, 150, 60), show_default=True)
@click.option(
    "--taste",
    default=1.6,
    show_default=True,
    help="Up to so many times as slow as it is a driver takes a road for.",
)
@click.option("--missed", default=_USUAL.missed, show_default=True, help="Share of passings.")
@click.option("--misread", default=_USUAL.misread, show_default=True, help="Share of the others.")
@click.option("--alike", default=_USUAL.alike, show_default=True, help="Share of the plates.")
@click.option("--down", default=_USUAL.down, show_default=True, help="Share of the cameras.")
@click.option("--clock-s", default=_USUAL.clock_s, show_default=True, help="Spread of clocks.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".cache/judge"),
    show_default=True,
    help="For nets and traffic; what lies there is not made again.",
)
def main(
    roads: Path | None,
    cities: tuple[str, ...],
    seeds: tuple[int, ...],
    cameras: tuple[int, ...],
    taste: float,
    keep: Path,
    **faults: float,
) -> None:
    """Judge routes on traffic that SUMO drives.

    `--roads` is an OpenStreetMap extract with the centre of Hanoi.
    """
    keep.mkdir(parents=True, exist_ok=True)
    sumo = Sumo.installed()
    click.echo(HEADER)
    for city in cities:
        city_of = _city_of(city, roads, keep, sumo)
        results: dict[int, list[Result]] = {count: [] for count in cameras}
        drives = partial(_drives, sumo, taste)
        for seed, count, result in _results(city_of, drives, seeds, cameras, Faults(**faults)):
            results[count].append(result)
            _print(city, count, str(seed), [result])
        for count, all_seeds in results.items():
            _print(city, count, "all", all_seeds)


def _results(
    city_of: Callable[[int], City],
    drives_in: Callable[[City, int], list[Drive]],
    seeds: tuple[int, ...],
    cameras: tuple[int, ...],
    faults: Faults,
) -> Iterator[tuple[int, int, Result]]:
    for seed in seeds:
        city = city_of(seed)
        metres = {road.id: road.length_m for road in city.roads}
        drives = drives_in(city, seed)
        for count in cameras:
            with TemporaryDirectory() as scratch:
                there = Path(scratch)
                scene = make_scene(city.roads, drives, count, faults, seed, there)
                with installed(scene, there / "data") as here:
                    yield seed, count, _judged(here, scene, metres)


def _drives(sumo: Sumo, taste: float, city: City, seed: int) -> list[Drive]:
    driven = sumo.drive(city.net, [road.id for road in city.roads], DEPARTING, taste, seed)
    return [drive for drive in driven if len(drive.roads) >= FEWEST_ROADS][:JUDGED]


def _city_of(name: str, roads: Path | None, keep: Path, sumo: Sumo) -> Callable[[int], City]:
    """The city of a seed; the real one is the same for all."""
    if name == "made":
        return lambda seed: made(seed, keep, sumo)
    if roads is None:
        raise click.UsageError("hanoi wants --roads FILE, an extract with its centre")
    centre = hanoi(roads, keep, sumo)
    return lambda seed: centre


def _judged(here: Installation, scene: Scene, metres: dict[str, float]) -> Result:
    """All vehicles of a scene; the command is checked with the one that was shown most often."""
    most = max(scene.vehicles, key=lambda vehicle: len(vehicle.passings))
    check_command(here, most.plate)
    routes, ms = {}, {}
    for name, answer in (("shortest path", shortest(here)), ("PlateTrail", ours(here))):
        start = perf_counter()
        routes[name] = [judge(one, answer(one.plate), metres) for one in scene.vehicles]
        ms[name] = 1000 * (perf_counter() - start) / len(scene.vehicles)
    return Result(routes, ms)


def _print(city: str, cameras: int, seed: str, results: list[Result]) -> None:
    for name in results[0].routes:
        got = figures([one for result in results for one in result.routes[name]])
        ms = sum(result.ms[name] for result in results) / len(results)
        click.echo(f"| {city} | {cameras} | {seed} | {name} | {_cells(got)} | {ms:.1f} |")


def _cells(got: Figures) -> str:
    shares = (got.f1, got.nll, got.exact, got.calibration, got.found, got.foreign)
    return " | ".join([*(f"{share:.3f}" for share in shares), str(got.legs)])


if __name__ == "__main__":
    main()
