"""What every command of this package is given: settings, times, the registry, who asks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pwd import getpwuid
from typing import Any

import click
from sqlalchemy import Engine

from lpr.times import parse_utc
from search.registry.opening import open_registry
from search.settings import StoreSettings


class UtcTime(click.ParamType[datetime]):
    """A time with its offset."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The aware UTC time that a text gives."""
        try:
            return value if isinstance(value, datetime) else parse_utc(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def settings_of(context: click.Context) -> StoreSettings:
    """The settings that the entry point handed in."""
    settings = context.find_object(StoreSettings)
    if settings is None:
        raise RuntimeError("the command line hands settings in; none came")
    return settings


def os_user() -> str:
    """Who is at the command line, as the audit log names them; not what the environment claims."""
    number = os.getuid()
    try:
        return f"os:{getpwuid(number).pw_name}"
    except KeyError:
        return f"os:{number}"


@contextmanager
def closing_registry(url: str) -> Iterator[Engine]:
    """The registry, let go of at the end."""
    engine = open_registry(url)
    try:
        yield engine
    finally:
        engine.dispose()
