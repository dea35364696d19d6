"""The sighting store on the command line."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lpr.spool import spool_state
from search.condition import Condition, describe
from search.errors import StoreError
from search.invocation import plain_errors, settings_of, working
from search.opening import is_elastic, open_cluster, sqlite_path
from search.settings import StoreSettings
from search.snapshot_cli import snapshot
from search.sqlite import SqliteStore
from search.store_copy_cli import copy
from search.store_verify_cli import verify_store

if TYPE_CHECKING:
    from search.elastic.planning import Wanted


@click.group()
def store() -> None:
    """The sighting store: how it is, and what it needs now and then."""


@store.command()
@click.pass_context
def init(context: click.Context) -> None:
    """Make what sightings are kept in, and see that it may be used; again as often as wanted.

    Nothing needs it: the first sighting makes the same.
    """
    settings = settings_of(context)
    with plain_errors():
        if not is_elastic(settings.sightings):
            path = sqlite_path(settings.sightings)
            was_there = path.exists()
            SqliteStore(path).close()
            click.echo(f"{path} {'was there' if was_there else 'is made'}")
            return
        with open_cluster(settings) as cluster:
            index, is_new = cluster.prepare(datetime.now(UTC))
            click.echo(f"{index} at {cluster.place} {'is made' if is_new else 'was there'}")
            lacking = cluster.rights_lacking()
    if lacking is None:
        click.echo("everybody may do everything there: it asks for no password")
    elif lacking:
        click.echo(f"this user has not the right {', '.join(lacking)}; other processes may need it")
    else:
        click.echo("this user may take in, look after and find sightings")


@store.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say whether the store is well, how much is in it, and how far it is behind.

    The exit status is 1 if it is not well.
    """
    settings = settings_of(context)
    with plain_errors():
        condition = _condition(settings)
        spool = spool_state(settings.spool_dir)
    if as_json:
        click.echo(json.dumps(condition.to_fields(spool), ensure_ascii=False))
    else:
        click.echo("\n".join(describe(condition, spool, datetime.now(UTC))))
    context.exit(1 if condition.faults else 0)


@store.command()
@click.pass_context
def migrate(context: click.Context) -> None:
    """Bring months with an older mapping to that of this version, while everything runs.

    It can be cut off at any moment; run again it goes on where it was.
    """
    from search.elastic.planning import has_older_mapping

    _move(context, has_older_mapping)


@store.command()
@click.option("--month", "months", multiple=True, help="Such as 2026-01; may be repeated.")
@click.pass_context
def reindex(context: click.Context, months: tuple[str, ...]) -> None:
    """Copy months into new indices, while everything runs: those whose settings are not today's.

    With --month the months that are named. It can be cut off at any moment; run again, for one
    month or another, it first goes on where it was.
    """
    from search.elastic.planning import has_other_settings

    if months:
        _move(context, lambda index: index.name.month in months, months)
    else:
        _move(context, has_other_settings)


store.add_command(snapshot)
store.add_command(verify_store)
store.add_command(copy)


def _move(context: click.Context, wanted: "Wanted", months: tuple[str, ...] = ()) -> None:
    settings = settings_of(context)
    with plain_errors(), open_cluster(settings) as cluster:
        missing = sorted(set(months) - set(cluster.months()))
        if missing:
            raise StoreError(f"there are no sightings of {', '.join(missing)}")
        moved = cluster.move_months(wanted)
    for move in moved:
        click.echo(f"{move.old.name} is now {move.new}")
    if not moved:
        click.echo("nothing to do")


def _condition(settings: StoreSettings) -> Condition:
    """How the store is; that it cannot be asked is a condition, too."""
    engine, place = "SQLite", settings.sightings
    try:
        if not is_elastic(settings.sightings):
            from search.sqlite.examining import examine as examine_file

            with working("reading the file"):
                return examine_file(sqlite_path(settings.sightings))
        engine = "Elasticsearch"
        with open_cluster(settings) as cluster:
            from search.elastic.examining import examine

            return examine(cluster)
    except StoreError as error:
        return Condition(engine, place, (str(error),))
