"""`platetrail send`."""

import logging

import click

from lpr.errors import SettingsError
from search.invocation import plain_errors, settings_of, stop_when_told
from search.sending.again import spool_again
from search.sending.running import build_sender, lock_spool, run_sender


@click.command()
@click.option("--once", is_flag=True, help="End when everything that is there now is sent.")
@click.option("--again", is_flag=True, help="Only put what was refused back into the spool.")
@click.pass_context
def send(context: click.Context, once: bool, again: bool) -> None:
    """Send the spool to the centre's intake (intake_url), for ever.

    Live passages go first, and what waits longest beside them. What the centre refuses is set
    aside in refused.ndjson in the data folder; with --again it is tried once more, by the sender
    that runs or by the next one.
    """
    settings = settings_of(context)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        with plain_errors():
            if again:
                click.echo(f"{spool_again(settings)} lines are in the spool again", err=True)
            elif once:
                running = build_sender(settings)
                with lock_spool(settings.spool_dir):
                    while running.step():
                        pass
                total = running.total
                click.echo(f"{total.confirmed} confirmed, {total.refused} refused", err=True)
                context.exit(1 if total.refused else 0)
            else:
                run_sender(settings, stop_when_told())
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
