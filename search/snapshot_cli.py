"""Snapshots of sightings in Elasticsearch on the command line."""

from datetime import UTC, datetime

import click

from lpr.times import format_utc
from search.invocation import plain_errors, settings_of, working
from search.opening import open_cluster

REPOSITORY = "platetrail"
repository_option = click.option(
    "--repository", default=REPOSITORY, show_default=True, help="Name of it in Elasticsearch."
)


@click.group()
def snapshot() -> None:
    """Copies of the sightings in Elasticsearch, in a repository of its own."""


@snapshot.command()
@click.argument("folder")
@repository_option
@click.pass_context
def register(context: click.Context, folder: str, repository: str) -> None:
    """Let FOLDER, which every node sees under this name, keep snapshots."""
    from search.elastic.snapshots import register as register_folder

    with plain_errors(), open_cluster(settings_of(context)) as cluster:
        register_folder(cluster, repository, folder)
    click.echo(f"{repository} keeps snapshots in {folder}")


@snapshot.command()
@repository_option
@click.pass_context
def take(context: click.Context, repository: str) -> None:
    """Copy all months while everything runs; what the last snapshot has is not copied again."""
    from search.elastic.snapshots import take as take_now

    with plain_errors(), open_cluster(settings_of(context)) as cluster, working("copying"):
        taken = take_now(cluster, repository, datetime.now(UTC))
    click.echo(f"{taken.name}\t{len(taken.indices)} months")


@snapshot.command("list")
@repository_option
@click.pass_context
def list_all(context: click.Context, repository: str) -> None:
    """List snapshots: name, when it was begun, state, indices."""
    from search.elastic.snapshots import list_snapshots

    with plain_errors(), open_cluster(settings_of(context)) as cluster:
        for one in list_snapshots(cluster, repository):
            click.echo(f"{one.name}\t{format_utc(one.at)}\t{one.state}\t{','.join(one.indices)}")


@snapshot.command()
@click.argument("name")
@click.option("--month", "months", multiple=True, help="Such as 2026-01; may be repeated.")
@repository_option
@click.pass_context
def restore(context: click.Context, name: str, months: tuple[str, ...], repository: str) -> None:
    """Bring those months of the snapshot NAME back that are not there."""
    from search.elastic.snapshots import restore as bring_back

    settings = settings_of(context)
    with plain_errors(), open_cluster(settings) as cluster, working("copying"):
        back = bring_back(cluster, repository, name, months, settings.sightings_replicas)
    for month in back:
        click.echo(f"{month} is back")
