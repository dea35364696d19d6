"""Commands for accounts."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Engine

from search.invocation import closing_registry, plain_errors, settings_of
from web.accounts import ROLES, add_account, list_accounts, set_active, set_password
from web.errors import AccountError


@click.group()
def users() -> None:
    """Accounts: who may sign in, and as what."""


_BY_STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@users.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--full-name", default="", help="As pages show it.")
@_BY_STDIN
@click.pass_context
def add(context: click.Context, name: str, role: str, full_name: str, password_stdin: bool) -> None:
    """Make an account; the password is asked for."""
    password = _password(password_stdin)
    with _registry(context) as registry:
        add_account(registry, name, role, password, datetime.now(UTC), full_name)
    click.echo(f"{name} may sign in now, as {role}", err=True)


@users.command("list")
@click.pass_context
def list_all(context: click.Context) -> None:
    """List accounts: name, role, whether active, full name."""
    with _registry(context) as registry:
        for account in list_accounts(registry):
            state = "active" if account.is_active else "locked"
            click.echo(f"{account.username}\t{account.role}\t{state}\t{account.full_name}")


@users.command()
@click.argument("name")
@_BY_STDIN
@click.pass_context
def password(context: click.Context, name: str, password_stdin: bool) -> None:
    """Give an account another password; its sessions end."""
    given = _password(password_stdin)
    with _registry(context) as registry:
        set_password(registry, name, given)


def _switch(context: click.Context, name: str, active: bool) -> None:
    with _registry(context) as registry:
        set_active(registry, name, active)


@users.command()
@click.argument("name")
@click.pass_context
def lock(context: click.Context, name: str) -> None:
    """Let somebody sign in no more; their sessions end."""
    _switch(context, name, active=False)


@users.command()
@click.argument("name")
@click.pass_context
def unlock(context: click.Context, name: str) -> None:
    """Let somebody sign in again."""
    _switch(context, name, active=True)


@contextmanager
def _registry(context: click.Context) -> Iterator[Engine]:
    """The registry; what goes wrong with it or with an account ends the command in one line."""
    try:
        with plain_errors(), closing_registry(settings_of(context).registry) as registry:
            yield registry
    except AccountError as error:
        raise click.ClickException(str(error)) from error


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
