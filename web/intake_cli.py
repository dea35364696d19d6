"""`platetrail intake`."""

import logging

import click

from lpr.errors import SettingsError
from search.errors import SearchError
from web.settings import Settings


@click.command()
@click.pass_context
def intake(context: click.Context) -> None:
    """Receive what devices send, into the spool of this machine, until told to stop.

    `platetrail run` or `platetrail ingest` takes it in from there.
    """
    from web.intake_serving import serve_intake

    settings = context.find_object(Settings)
    assert settings is not None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # each worker opens the registry
    try:
        serve_intake(settings)
    except (SettingsError, SearchError) as error:
        raise click.UsageError(str(error)) from None
