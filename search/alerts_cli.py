"""The command for alerts."""

import json
from datetime import datetime

import click

from lpr.passages import rounded
from lpr.times import format_utc
from search.alerts.keeping import list_hits
from search.alerts.states import WITHDRAWN
from search.audit import record_look
from search.errors import WatchlistError
from search.invocation import UtcTime, closing_registry, os_user, plain_errors, settings_of
from search.watchlists.entry import CLONES
from search.watchlists.keeping import list_watchlists


@click.command()
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.option("--list", "name", help="Only of this watchlist; clones: one plate, two vehicles.")
@click.option("--reason", required=True, help="Why you look: kept in the audit log with your name.")
@click.pass_context
def alerts(
    context: click.Context,
    start: datetime | None,
    end: datetime | None,
    name: str | None,
    reason: str,
) -> None:
    """Print what the watchlists hit, oldest first: one line of JSON for each sighting.

    Each is possible only, until its state says that a person confirmed it. Sightings of one vehicle
    soon after one another share the id of their alert.
    """
    with plain_errors(), closing_registry(settings_of(context).registry) as registry:
        known = {CLONES} | {w.name for w in list_watchlists(registry)}
        if name is not None and name not in known:
            raise WatchlistError(f"there is no list {name!r}: see platetrail watchlists list")
        asked = {
            "from": format_utc(start) if start else None,
            "to": format_utc(end) if end else None,
            "list": name,
        }
        record_look(registry, os_user(), "alerts", reason, asked)
        for hit in list_hits(registry, start, end, name):
            fields = {
                "id": hit.alert_id,
                "list": hit.list,
                "entry": hit.entry,
                "camera": hit.camera,
                "at": format_utc(hit.at),
                "text": hit.text,
                "match": hit.match,
                "likelihood": rounded(hit.likelihood),
                "state": WITHDRAWN if hit.withdrawn else hit.state,
            }
            click.echo(json.dumps(fields, ensure_ascii=False))
