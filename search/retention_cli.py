"""Letting old sightings go, on the command line."""

from dataclasses import replace
from datetime import UTC, datetime

import click

from lpr.times import format_utc
from search.audit import record_look
from search.evidence_opening import open_evidence
from search.invocation import closing_registry, os_user, plain_errors, settings_of, working
from search.opening import access_of, open_store
from search.pages import PATIENT_S
from search.retention import count_before, let_go, limit_of
from search.settings import StoreSettings
from search.store import AgeingStore


@click.command()
@click.option("--yes", is_flag=True, help="Delete; otherwise only say what would go.")
@click.pass_context
def retention(context: click.Context, yes: bool) -> None:
    """Delete sightings older than retention_months, with their pictures.

    A picture that another sighting names stays as long as that one. Cut off, it is run again.
    """
    settings = settings_of(context)
    limit = limit_of(datetime.now(UTC), settings.retention_months)
    with plain_errors(), _open(settings) as store:
        count = count_before(store, limit)
        said = f"{count:,} sightings of before {format_utc(limit)}"
        if not yes:
            click.echo(f"{said} would go, with their pictures: --yes deletes them")
            return
        with closing_registry(settings.registry) as registry:
            details = {"before": format_utc(limit), "sightings": count}
            reason = f"retention_months = {settings.retention_months}"
            record_look(registry, os_user(), "retention", reason, details)
        with working("deleting"):
            gone = let_go(store, open_evidence(settings), limit, settings.data_dir)
    click.echo(f"{gone.sightings:,} sightings and {gone.pictures:,} pictures are gone")


def _open(settings: StoreSettings) -> AgeingStore:
    """The sighting store; nobody waits for it at a page."""
    access = access_of(settings)
    patient = replace(access, timeout_s=max(access.timeout_s, PATIENT_S))
    return open_store(settings.sightings, patient)
