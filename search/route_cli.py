"""`platetrail route`."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from search.audit import record_look
from search.cameras import list_cameras
from search.errors import PaperError, TermsError
from search.evidence_opening import open_evidence
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
from search.papers.findings import LANGUAGES, Asked, Findings, Language
from search.papers.formats import FORMATS
from search.roads.graph import RoadGraph
from search.roads.keeping import list_roads
from search.roads.profile import Profile, in_order
from search.routes import MOST_STOPS, find_route
from search.settings import StoreSettings
from search.terms import SearchTerms, is_pattern
from search.travel_times.keeping import TravelTimes
from search.ways import CameraWays


@click.command()
@click.argument("plate")
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.option("--reason", required=True, help="Why you look: kept in the audit log with your name.")
@click.option(
    "--format", "kind", type=click.Choice(list(FORMATS)), default="table", show_default=True
)
@click.option(
    "--vehicle",
    type=click.Choice(in_order(Profile)),
    help="Guess ways that it may drive; otherwise those of the kind that its plate shows.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="vi",
    show_default=True,
    help="Of PDF and XLSX.",
)
@click.pass_context
def route(
    context: click.Context,
    plate: str,
    start: datetime | None,
    end: datetime | None,
    reason: str,
    kind: str,
    vehicle: str | None,
    language: Language,
) -> None:
    """Show where the vehicle with PLATE went: its stops, and the legs between them.

    Ways between stops are inferred from the road map: nobody saw the vehicle there. Times name
    their offset: 2026-01-31T08:15:04Z, 2026-01-31T15:15:04+07:00.
    """
    with plain_errors():
        if not FORMATS[kind].is_text and sys.stdout.isatty():
            raise PaperError(f"{kind} is not for a terminal: add > route.{kind}")
        terms = SearchTerms((one_plate(plate),), start, end, candidates=True)
        asked = Asked(os_user(), reason, "", datetime.now(UTC).replace(microsecond=0), language)
        details = {"format": kind} | ({"vehicle": vehicle} if vehicle else {})
        profile = Profile(vehicle) if vehicle else None
        found = find_asked(settings_of(context), terms, asked, "route", details, profile)
        written = FORMATS[kind].write(found)
    warn_if_cut(found)
    click.echo(written, nl=False)
    if found.route.is_partial:
        click.echo(f"warning: {PARTIAL}", err=True)
        context.exit(1)


def one_plate(plate: str) -> str:
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


def warn_if_cut(found: Findings) -> None:
    """Say so where a route is longer than what was found."""
    if found.route.is_cut:
        more = f"there are more than {MOST_STOPS} sightings, and only the newest are shown"
        click.echo(f"warning: {more}: ask for a shorter span", err=True)


def find_asked(
    settings: StoreSettings,
    terms: SearchTerms,
    asked: Asked,
    action: str,
    details: Mapping[str, str],
    profile: Profile | None = None,
) -> Findings:
    """Write the look down, then work the route out."""
    with closing_registry(settings.registry) as registry:
        record_look(registry, asked.who, action, asked.reason, terms.to_fields() | dict(details))
        cameras = {camera.id: camera for camera in list_cameras(registry)}
        graph = RoadGraph(list_roads(registry))
        ways = CameraWays(graph, cameras.values())
        with open_sightings(settings) as store:
            route = find_route(store, terms, ways, profile, learnt=TravelTimes(registry))
    return Findings(route, cameras, ways.names, graph.roads, open_evidence(settings), asked)
