"""The registry on the command line."""

import click

from search.invocation import closing_registry, plain_errors, settings_of
from search.registry.copying import copy_registry


@click.group()
def registry() -> None:
    """Cameras, roads, accounts, cases and the audit log."""


@registry.command()
@click.argument("source")
@click.pass_context
def copy(context: click.Context, source: str) -> None:
    """Copy a registry from SOURCE into the one that registry_url names, which must be empty.

    SOURCE is sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE. Stop every process first.
    """
    with (
        plain_errors(),
        closing_registry(source) as before,
        closing_registry(settings_of(context).registry) as after,
    ):
        for name, count in copy_registry(before, after).items():
            click.echo(f"{name}: {count}")
