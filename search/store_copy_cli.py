"""`platetrail store copy`."""

from dataclasses import replace
from datetime import datetime

import click

from search.copying import Copied, copy_sightings, count_of, everything, fewer
from search.errors import StoreError
from search.invocation import UtcTime, plain_errors, settings_of
from search.opening import access_of, is_elastic, open_store, sqlite_path
from search.pages import PATIENT_S
from search.progress import counting
from search.settings import StoreSettings
from search.store import SightingStore


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--from", "start", type=UtcTime(), help="Seen at this time or later (ISO 8601).")
@click.option("--to", "end", type=UtcTime(), help="Seen before this time (ISO 8601).")
@click.pass_context
def copy(
    context: click.Context,
    source: str,
    target: str,
    start: datetime | None,
    end: datetime | None,
) -> None:
    """Copy sightings FROM one store TO another, newest first, while both are used.

    Each is sqlite:///PATH, or http(s)://HOST:PORT[,HOST:PORT...][/NAME] of Elasticsearch, which is
    entered as the settings say. What TO has already is not written again: run it again after it
    was cut off, and for what came in meanwhile. The exit status is 1 if TO lacks something.
    """
    with plain_errors():
        terms = everything(start, end)
        settings = settings_of(context)
        with _existing(source, settings) as before, _open(target, settings) as after:
            with counting("copied", sum(count_of(before, terms).values())) as tell:
                copied = copy_sightings(before, after, terms, tell)
            late = fewer(copied.seen, count_of(before, terms))
            lacking = fewer(count_of(after, terms), copied.seen)
    click.echo(_told(copied))
    if late:
        click.echo(f"{sum(late.values()):,} came in meanwhile: run this again")
    for camera, count in sorted(lacking.items()):
        click.echo(f"camera {camera}: TO lacks {count:,}: run this again", err=True)
    context.exit(1 if lacking else 0)


def _told(copied: Copied) -> str:
    return (
        f"{sum(copied.seen.values()):,} sightings gone over: {copied.new:,} new, "
        f"{copied.bettered:,} known by a report that said less"
    )


def _existing(url: str, settings: StoreSettings) -> SightingStore:
    """The store to copy from; a mistyped address must not make an empty one."""
    if not is_elastic(url) and not sqlite_path(url).is_file():
        raise StoreError(f"FROM: there is no file {sqlite_path(url)}")
    store = _open(url, settings)
    if not store.count():
        store.close()
        raise StoreError(f"FROM: there are no sightings in {url}")
    return store


def _open(url: str, settings: StoreSettings) -> SightingStore:
    access = access_of(settings)
    return open_store(url, replace(access, timeout_s=max(access.timeout_s, PATIENT_S)))
