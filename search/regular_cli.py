"""`platetrail regular`."""

from datetime import UTC, datetime, time, timedelta

import click

from search.audit import record_look
from search.cameras import list_cameras
from search.invocation import (
    PARTIAL,
    UtcTime,
    closing_registry,
    os_user,
    plain_errors,
    settings_of,
    working,
)
from search.local_time import HANOI
from search.opening import open_sightings
from search.regular.finding import find_regular
from search.regular.formats import regular_to_json, regular_to_table
from search.roads.graph import RoadGraph
from search.roads.keeping import list_roads
from search.route_cli import one_plate
from search.terms import SearchTerms
from search.travel_times.keeping import TravelTimes
from search.ways import CameraWays

USUAL_SPAN = timedelta(weeks=6)  # that every weekday is in often enough


@click.command()
@click.argument("plate")
@click.option("--from", "start", type=UtcTime(), help="Whole days from then on; else six weeks.")
@click.option("--to", "end", type=UtcTime(), help="Whole days until then; else until today.")
@click.option(
    "--format", "kind", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@click.option("--reason", required=True, help="Why you look: kept in the audit log with your name.")
@click.pass_context
def regular(
    context: click.Context,
    plate: str,
    start: datetime | None,
    end: datetime | None,
    kind: str,
    reason: str,
) -> None:
    """Tell when the vehicle with PLATE regularly passes where, and where it is over night.

    Days are those of Hanoi. Each finding is held against a vehicle that passes there as often at
    any time of any day; whoever is everywhere at all hours has none.
    """
    settings = settings_of(context)
    with plain_errors():
        end = end or datetime.combine(datetime.now(HANOI), time(), HANOI).astimezone(UTC)
        terms = SearchTerms((one_plate(plate),), start or end - USUAL_SPAN, end, candidates=True)
        with closing_registry(settings.registry) as registry:
            record_look(registry, os_user(), "regular", reason, terms.to_fields())
            cameras = {camera.id: camera for camera in list_cameras(registry)}
            ways = CameraWays(RoadGraph(list_roads(registry)), cameras.values())
            with open_sightings(settings) as store, working("looking for what is regular"):
                found = find_regular(store, terms, ways, TravelTimes(registry))
    written = regular_to_json(found) if kind == "json" else regular_to_table(found, cameras)
    click.echo(written, nl=False)
    if found.seen.is_partial:
        click.echo(f"warning: {PARTIAL}", err=True)
        context.exit(1)
