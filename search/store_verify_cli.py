"""`platetrail store verify`."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import click

from search.copying import count_of, everything
from search.evidence_opening import open_evidence
from search.invocation import UtcTime, plain_errors, settings_of
from search.lacks import Lack
from search.opening import access_of, open_store
from search.pages import PATIENT_S
from search.progress import counting
from search.retention import limit_of
from search.verifying import Places, Verified, verify


@click.command("verify")
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.option("--pictures", is_flag=True, help="Read every picture, and compare it with its name.")
@click.pass_context
def verify_store(
    context: click.Context, start: datetime | None, end: datetime | None, pictures: bool
) -> None:
    """Compare spool, store and evidence while they are used, and name what is missing.

    One line of JSON for each: a passage that the spool has as taken in and the store has not, a
    picture that a sighting names and the evidence has not, a picture that was changed. The exit
    status is 1 if there are any.
    """
    settings = settings_of(context)
    if settings.intake_url:
        raise click.UsageError("intake_url is set: the sightings are at the centre, verify there")
    lacks = 0

    def report(lack: Lack) -> None:
        nonlocal lacks
        lacks += 1
        click.echo(json.dumps(lack.to_fields(), ensure_ascii=False))

    with plain_errors():
        terms, began = everything(start, end), datetime.now(UTC)
        access = access_of(settings)
        patient = replace(access, timeout_s=max(access.timeout_s, PATIENT_S))
        with open_store(settings.sightings, patient) as store:
            places = Places(
                settings.spool_dir,
                settings.data_dir / "refused.ndjson",
                store,
                open_evidence(settings),
            )
            with counting("sightings read", sum(count_of(store, terms).values())) as tell:
                verified = verify(
                    places,
                    terms,
                    began,
                    limit_of(began, settings.retention_months),
                    report,
                    tell,
                    reads_pictures=pictures,
                )
    click.echo(_told(verified, lacks), err=True)
    context.exit(1 if lacks else 0)


def _told(verified: Verified, lacks: int) -> str:
    return (
        f"{verified.confirmed:,} passages of the spool, {verified.waiting:,} more wait; "
        f"{verified.sightings:,} sightings; {verified.pictures:,} pictures"
        + ("" if verified.unnamed is None else f", {verified.unnamed:,} more that nobody names")
        + (f": {lacks:,} missing" if lacks else ": nothing is missing")
    )
