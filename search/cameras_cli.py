"""Commands for cameras."""

from collections.abc import Sequence
from pathlib import Path

import click

from search.cameras import Camera, format_cameras, list_cameras, read_cameras, save_cameras
from search.fitting import HEADER, fit_rows, misfit_lines
from search.invocation import closing_registry, plain_errors, settings_of
from search.plain_text import counted, in_columns
from search.roads.graph import RoadGraph
from search.roads.keeping import list_roads
from search.roads.snapping import snap

_LISTED = ("id", "name", "area", "ward", "district", "lat", "lon", "heading")


@click.group()
def cameras() -> None:
    """Cameras: where they stand, and which roads they see."""


@cameras.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def import_file(context: click.Context, file: Path) -> None:
    """Take cameras in from FILE: CSV with id,name,lat,lon,heading,area,ward,district.

    All of them or none. One that is known already is replaced, others stay. Those that fit no road
    are listed.
    """
    with plain_errors():
        given = read_cameras(file)
        with closing_registry(settings_of(context).registry) as registry:
            save_cameras(registry, given)
            graph = RoadGraph(list_roads(registry))
    click.echo(f"imported: {counted(len(given), 'camera')}", err=True)
    tell_misfits(given, graph)


@cameras.command()
@click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True))
@click.pass_context
def export(context: click.Context, file: str) -> None:
    """Write the cameras to FILE or standard output, as `import` takes them."""
    with plain_errors():
        with closing_registry(settings_of(context).registry) as registry:
            text = format_cameras(list_cameras(registry))
        with click.open_file(file, "w", "utf-8", atomic=True) as out:
            out.write(text)


@cameras.command("list")
@click.option("--ward", help="Only those that stand in this ward.")
@click.pass_context
def list_all(context: click.Context, ward: str | None) -> None:
    """List the cameras by id."""
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        known = list_cameras(registry, ward)
    if not known:
        click.echo("there are no cameras", err=True)
        return
    for line in in_columns([_LISTED, *map(_cells, known)]):
        click.echo(line)


@cameras.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Say which camera sees which road, how far from it and in which direction.

    Cameras that fit no road come last, with the reason; then the exit status is 1.
    """
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        known = list_cameras(registry)
        graph = RoadGraph(list_roads(registry))
    if not graph.roads:
        raise click.ClickException("there are no roads: see platetrail roads import")
    fits = snap(graph, known)
    rows = fit_rows(known, fits, graph.roads)
    lines = misfit_lines(known, fits)
    for line in (in_columns([HEADER, *rows]) if rows else []) + lines:
        click.echo(line)
    alone = sum(fits[camera.id].misfit is not None for camera in known)
    click.echo(f"{counted(len(known), 'camera')}, {alone} without a road", err=True)
    context.exit(1 if alone else 0)


def tell_misfits(known: Sequence[Camera], graph: RoadGraph) -> None:
    """List the cameras that fit no road; say so if there are no roads yet."""
    if not graph.roads:
        click.echo("there are no roads yet: see platetrail roads import", err=True)
        return
    for line in misfit_lines(known, snap(graph, known)):
        click.echo(f"warning: {line}", err=True)


def _cells(camera: Camera) -> tuple[str, ...]:
    heading = "both ways" if camera.heading is None else f"{camera.heading:g}"
    places = (f"{camera.lat:.6f}", f"{camera.lon:.6f}")
    return camera.id, camera.name, camera.area, camera.ward, camera.district, *places, heading
