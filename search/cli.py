"""Commands of `search`: take passages in, look a plate up; and the other modules' commands."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from lpr.passages import passage_to_fields
from lpr.spool.segments import read_lines
from search.alerts_cli import alerts
from search.audit import record_look
from search.backup_cli import backup, restore
from search.cameras import chosen_cameras
from search.cameras_cli import cameras
from search.channels_cli import channels
from search.confusing import load_confusions
from search.devices_cli import devices
from search.drain import drain_spool
from search.evidence_cli import evidence, verify
from search.evidence_opening import open_evidence
from search.first_seen_cli import first_seen
from search.following import follow_spool
from search.ingest import Ingest, Refusal, Source, append_refusals, ingest_lines
from search.invocation import (
    PARTIAL,
    UtcTime,
    asked_texts,
    closing_registry,
    os_user,
    plain_errors,
    settings_of,
    stop_when_told,
)
from search.opening import open_sightings
from search.registry_cli import registry
from search.regular_cli import regular
from search.retention_cli import retention
from search.roads_cli import roads
from search.route_cli import route
from search.scenes_cli import common, convoy
from search.send_cli import send
from search.settings import StoreSettings
from search.sightings import Sighting
from search.similar import find_similar
from search.store import SightingStore
from search.store_cli import store
from search.terms import DEFAULT_LIMIT, MAX_LIMIT, SearchTerms
from search.watching import Watching
from search.watchlists_cli import watchlists

WARNINGS_SHOWN = 20  # a source without its pictures would fill the screen


def add_commands(group: click.Group) -> None:
    """Add the commands of this package to the command line."""
    group.add_command(ingest)
    group.add_command(search)
    group.add_command(route)
    group.add_command(evidence)
    group.add_command(verify)
    group.add_command(cameras)
    group.add_command(roads)
    group.add_command(watchlists)
    group.add_command(alerts)
    group.add_command(channels)
    group.add_command(common)
    group.add_command(convoy)
    group.add_command(regular)
    group.add_command(first_seen)
    group.add_command(devices)
    group.add_command(registry)
    group.add_command(send)
    group.add_command(store)
    group.add_command(retention)
    group.add_command(backup)
    group.add_command(restore)


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the pictures that FILE names, laid out as in a spool (ab/ab12...jpg).",
)
@click.option("--follow", is_flag=True, help="The spool as it fills, until told to stop.")
@click.pass_context
def ingest(context: click.Context, file: str | None, pictures: Path | None, follow: bool) -> None:
    """Take passages into the store: from FILE, from standard input (-), or from the spool.

    Each line is one passage. What is known already changes nothing. A bad line is set aside in
    refused.ndjson in the data folder, and the exit status is 1.
    """
    settings = settings_of(context)
    if follow:
        _follow(settings, file)
        return
    warnings = 0

    def warn(message: str) -> None:
        nonlocal warnings
        warnings += 1
        if warnings <= WARNINGS_SHOWN:
            click.echo(f"warning: {message}", err=True)

    def refuse(refusals: Sequence[Refusal]) -> None:
        append_refusals(settings.data_dir / "refused.ndjson", refusals)
        for refusal in refusals:
            click.echo(f"{refusal.source}:{refusal.line}: refused: {refusal.reason}", err=True)

    with plain_errors(), open_sightings(settings) as store, Watching(settings) as watching:
        watching.catch_up(store)
        evidence = open_evidence(settings)
        look = partial(watching.look, store)
        way = Ingest(store, evidence, refuse, warn, lambda: datetime.now(UTC), look)
        if file is None and settings.intake_url:
            raise click.UsageError("intake_url is set: platetrail send drains this spool")
        if file is None:
            counts = drain_spool(settings.spool_dir, way)
        else:
            with click.open_file(file, "rb") as content:
                counts = ingest_lines(read_lines(content), Source(file, pictures), way)
    if warnings > WARNINGS_SHOWN:
        click.echo(f"warning: {warnings - WARNINGS_SHOWN} further pictures are missing", err=True)
    click.echo(str(counts), err=True)
    context.exit(1 if counts.refused else 0)


def _follow(settings: StoreSettings, file: str | None) -> None:
    if file is not None or settings.intake_url:
        raise click.UsageError("--follow takes in the spool of a machine that does not send it")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    with plain_errors():
        follow_spool(settings, open_evidence(settings), stop_when_told())


@click.command()
@click.argument("plate")
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.option("--camera", "cameras", multiple=True, help="Id of a camera; may be repeated.")
@click.option("--ward", "wards", multiple=True, help="Name of a ward; may be repeated.")
@click.option("--candidates", is_flag=True, help="Also what the reader held to be possible.")
@click.option(
    "--similar", is_flag=True, help="Also what may have been misread, the most probable first."
)
@click.option("--reason", required=True, help="Why you look: kept in the audit log with your name.")
@click.option("--limit", type=click.IntRange(min=1), default=DEFAULT_LIMIT, show_default=True)
@click.pass_context
def search(
    context: click.Context,
    plate: str,
    start: datetime | None,
    end: datetime | None,
    cameras: tuple[str, ...],
    wards: tuple[str, ...],
    candidates: bool,
    similar: bool,
    limit: int,
    reason: str,
) -> None:
    """Find the sightings of PLATE, newest first: one line of JSON each.

    In PLATE `?` stands for one character and `*` for any number of them; `*` alone is everything
    that passed. Times name their offset: 2026-01-31T08:15:04Z, 2026-01-31T15:15:04+07:00. Where a
    part of the store does not answer, what was found is printed and the exit status is 1.
    """
    settings = settings_of(context)
    with plain_errors():
        texts = asked_texts(plate)
        if len(texts) > 1:
            click.echo(f"warning: {plate} is searched as {' and as '.join(texts)}", err=True)
        with closing_registry(settings.registry) as registry:
            terms = SearchTerms(
                texts,
                start=start,
                end=end,
                cameras=chosen_cameras(registry, cameras, wards),
                candidates=candidates,
                limit=min(limit, MAX_LIMIT),
            )
            asked = terms.to_fields() | {"similar": similar, "limit": limit}
            record_look(registry, os_user(), "search", reason, asked)
        with open_sightings(settings) as store:
            if similar:
                is_whole = _print_similar(store, terms, settings)
            else:
                is_whole = _print_answers(store, terms, limit)
    if not is_whole:
        click.echo(f"warning: {PARTIAL}", err=True)
        context.exit(1)


def _print_answers(store: SightingStore, terms: SearchTerms, limit: int) -> bool:
    """Print page after page; whether the whole store was asked."""
    is_whole = True
    while True:
        page = store.find(terms)
        is_whole = is_whole and not page.partial
        for sighting in page.sightings[:limit]:
            click.echo(json.dumps(_fields(sighting), ensure_ascii=False))
        limit -= len(page.sightings)
        if page.next is None or limit <= 0:
            return is_whole
        terms = replace(terms, after=page.next)


def _print_similar(store: SightingStore, terms: SearchTerms, settings: StoreSettings) -> bool:
    """Print the most probable ones; whether the whole store was asked."""
    found = find_similar(store, terms, load_confusions(settings.models_dir))
    for sighting in found.sightings:
        click.echo(json.dumps(_fields(sighting), ensure_ascii=False))
    if found.is_cut:
        more = "there are too many sightings like it to weigh all of them"
        click.echo(f"warning: {more}: ask for a shorter span or fewer cameras", err=True)
    return not found.partial


def _fields(sighting: Sighting) -> dict[str, Any]:
    return {
        "id": sighting.id,
        **passage_to_fields(sighting.passage),
        "match": sighting.match,
        "likelihood": round(sighting.likelihood, 4),
    }
