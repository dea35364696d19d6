"""`platetrail route`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import click

from search.audit import record_look
from search.cameras import Camera, list_cameras
from search.errors import TermsError
from search.invocation import (
    PARTIAL,
    UtcTime,
    asked_texts,
    closing_registry,
    os_user,
    plain_errors,
    settings_of,
)
from search.opening import open_sightings
from search.roads.graph import RoadGraph
from search.roads.keeping import list_roads
from search.route_formats import route_to_csv, route_to_geojson, route_to_json
from search.route_table import route_to_table
from search.routes import MOST_STOPS, Route, find_route
from search.settings import StoreSettings
from search.terms import SearchTerms, is_pattern
from search.ways import CameraWays


@dataclass(frozen=True, slots=True)
class Found:
    """A route with what is needed to write it down.

    Attributes:
        route: its sightings and legs.
        cameras: all of them, by id.
        ways: between them.
    """

    route: Route
    cameras: Mapping[str, Camera]
    ways: CameraWays


WRITERS: Mapping[str, Callable[[Found], bytes]] = {
    "table": lambda f: route_to_table(f.route, f.cameras, f.ways.names).encode(),
    "json": lambda f: f"{route_to_json(f.route)}\n".encode(),
    "csv": lambda f: route_to_csv(f.route, f.cameras, f.ways.names).encode(),
    "geojson": lambda f: f"{route_to_geojson(f.route, f.cameras)}\n".encode(),
}


@click.command()
@click.argument("plate")
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.option("--reason", required=True, help="Why you look: kept in the audit log with your name.")
@click.option(
    "--format", "kind", type=click.Choice(list(WRITERS)), default="table", show_default=True
)
@click.pass_context
def route(
    context: click.Context,
    plate: str,
    start: datetime | None,
    end: datetime | None,
    reason: str,
    kind: str,
) -> None:
    """Show where the vehicle with PLATE went: its stops, and the legs between them.

    Ways between stops are inferred from the road map: nobody saw the vehicle there. Times name
    their offset: 2026-01-31T08:15:04Z, 2026-01-31T15:15:04+07:00.
    """
    with plain_errors():
        terms = SearchTerms((_one_plate(plate),), start, end, candidates=True)
        found = _find(settings_of(context), terms, reason, kind)
        written = WRITERS[kind](found)
    if found.route.is_cut:
        more = f"there are more than {MOST_STOPS} sightings, and only the newest are shown"
        click.echo(f"warning: {more}: ask for a shorter span", err=True)
    click.echo(written, nl=False)
    if found.route.is_partial:
        click.echo(f"warning: {PARTIAL}", err=True)
        context.exit(1)


def _one_plate(plate: str) -> str:
    """The plate that was most likely meant; two meanings would be two vehicles.

    Raises:
        TermsError: not a whole plate.
    """
    texts = asked_texts(plate)
    if is_pattern(texts[0]):
        raise TermsError(
            f"{plate!r} stands for many vehicles: a route is of one whole plate, without ? and *"
        )
    if len(texts) > 1:
        others = " or ".join(texts[1:])
        click.echo(f"warning: {plate} is taken as {texts[0]}; it may mean {others}", err=True)
    return texts[0]


def _find(settings: StoreSettings, terms: SearchTerms, reason: str, kind: str) -> Found:
    """Write the look down, then work the route out."""
    with closing_registry(settings.registry) as registry:
        record_look(registry, os_user(), "route", reason, terms.to_fields() | {"format": kind})
        cameras = {camera.id: camera for camera in list_cameras(registry)}
        ways = CameraWays(RoadGraph(list_roads(registry)), cameras.values())
    with open_sightings(settings) as store:
        return Found(find_route(store, terms, ways), cameras, ways)
