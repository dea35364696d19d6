"""Commands for the road map."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from search.cameras import Camera, list_cameras
from search.cameras_cli import tell_misfits
from search.fitting import misfit_lines, misfits
from search.geometry import Box
from search.invocation import closing_registry, plain_errors, settings_of, working
from search.plain_text import counted, in_columns, shortened
from search.roads.checking import RoadFindings, check_roads, junction_count, kilometres
from search.roads.cut import largest_part, roads_within
from search.roads.geojson import format_geojson
from search.roads.graph import RoadGraph
from search.roads.keeping import list_roads, save_roads
from search.roads.reading import read_roads
from search.roads.road import Road, RoadFile
from search.roads.snapping import Fit, snap

_LISTED = ("id", "name", "class", "km/h", "metres", "ways", "from", "to")
SHOWN = 20  # of what `check` found; a city's map has hundreds of islands


@click.group()
def roads() -> None:
    """Roads between cameras: the map that routes are guessed on."""


@roads.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def import_file(context: click.Context, file: Path) -> None:
    """Put the roads of FILE in place of the map: .osm.pbf, .osm, .geojson or .json.

    GeoJSON holds LineStrings with `id`, `speed_kmh` and, if wanted, `from`, `to`, `oneway`,
    `length_m`, `name`, `no_turns`, `driven_by`, `driven_back_by`. All of it or nothing.
    Turn restrictions of OpenStreetMap become turns that are forbidden; how many are left out is
    said. Cameras that fit no road are listed.
    """
    with plain_errors():
        with working(f"Reading {file}"):
            given = read_roads(file)
        with (
            closing_registry(settings_of(context).registry) as registry,
            working(f"Saving {counted(len(given.roads), 'road')}"),
        ):
            save_roads(registry, given.roads)
            known = list_cameras(registry)
    click.echo(f"imported: {_sum_words(given.roads)}", err=True)
    for line in _turn_lines(given):
        click.echo(line, err=True)
    tell_misfits(known, RoadGraph(given.roads))


@roads.command()
@click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--box",
    type=float,
    nargs=4,
    metavar="WEST SOUTH EAST NORTH",
    help="Only the largest part in it that hangs together; WGS 84 degrees.",
)
@click.pass_context
def export(context: click.Context, file: str, box: Box | None) -> None:
    """Write the map to FILE or standard output as GeoJSON, as `import` takes it."""
    with plain_errors():
        known = _kept(context)
        text = format_geojson(largest_part(roads_within(known, box)) if box else known)
        with click.open_file(file, "w", "utf-8", atomic=True) as out:
            out.write(text)


@roads.command("list")
@click.pass_context
def list_all(context: click.Context) -> None:
    """List the roads by id; how many there are comes last, on standard error."""
    with plain_errors():
        known = _kept(context)
    if known:
        click.echo("\n".join(in_columns([_LISTED, *map(_cells, known)])))
    click.echo(_sum_words(known), err=True)


@roads.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Look the map over: islands, roads without a way in or out, cameras without a road.

    The exit status is 1 if a camera sees no road, or none of the largest part.
    """
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        known, cameras = list_roads(registry), list_cameras(registry)
    if not known:
        raise click.ClickException("there are no roads: see platetrail roads import")
    graph = RoadGraph(known)
    findings = check_roads(graph)
    fits = snap(graph, cameras)
    blind, lost = misfit_lines(cameras, fits), _castaways(cameras, fits, graph, findings)
    click.echo(_sum_words(known))
    for line in [
        *_finding_lines(known, findings),
        *_told("cameras that see no road", blind, len(misfits(cameras, fits))),
        *_told("cameras that see no road of the largest part", lost),
    ]:
        click.echo(line)
    context.exit(1 if blind or lost else 0)


def _turn_lines(given: RoadFile) -> list[str]:
    turns = sum(len(road.no_turns) for road in given.roads)
    lines = [f"forbidden: {counted(turns, 'turn')}"] if turns else []
    if given.left_out:
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(given.left_out.items()))
        lines.append(f"turn restrictions left out: {why}")
    return lines


def _kept(context: click.Context) -> list[Road]:
    with closing_registry(settings_of(context).registry) as registry:
        return list_roads(registry)


def _finding_lines(known: Sequence[Road], findings: RoadFindings) -> list[str]:
    share = kilometres(findings.mainland) / (kilometres(known) or 1)
    alone = [f"{_sum_words(piece)}, such as {_example(piece)}" for piece in findings.islands]
    return [
        f"largest part that hangs together: {_sum_words(findings.mainland)} ({share:.1%})",
        *_told("islands", alone),
        *_told(
            "roads with no way in, where a vehicle could only appear",
            map(_named, findings.no_way_in),
        ),
        *_told(
            "roads with no way out, where a vehicle could only vanish",
            map(_named, findings.no_way_out),
        ),
        *_told("roads without length", map(_named, findings.without_length)),
    ]


def _castaways(
    cameras: Iterable[Camera], fits: Mapping[str, Fit], graph: RoadGraph, findings: RoadFindings
) -> list[str]:
    """Cameras that see only roads outside the largest part."""
    mainland = {road.id for road in findings.mainland}
    return [
        f"{camera.id} ({camera.name}) sees no road of the largest part, but {_named(seen[0])}"
        for camera in cameras
        if (seen := [graph.roads[place.road] for place in fits[camera.id].places])
        and not any(road.id in mainland for road in seen)
    ]


def _told(what: str, lines: Iterable[str], count: int | None = None) -> list[str]:
    found = list(lines)
    return [
        f"{what}: {len(found) if count is None else count}",
        *(f"  {line}" for line in shortened(found, SHOWN)),
    ]


def _sum_words(known: Sequence[Road]) -> str:
    counts = counted(len(known), "road"), counted(junction_count(known), "junction")
    return f"{', '.join(counts)}, {kilometres(known):.1f} km"


def _example(piece: Sequence[Road]) -> str:
    """The first road that has a name, if any has."""
    return _named(next((road for road in piece if road.name), piece[0]))


def _named(road: Road) -> str:
    return f"{road.id} ({road.name})" if road.name else road.id


def _cells(road: Road) -> tuple[str, ...]:
    return (
        road.id,
        road.name,
        road.road_class,
        f"{road.speed_kmh:.0f}",
        f"{road.length_m:.0f}",
        "one way" if road.oneway else "both ways",
        road.from_node,
        road.to_node,
    )
