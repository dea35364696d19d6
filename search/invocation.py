"""What every command of this package is given: settings, times, plates, the registry, who asks."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pwd import getpwuid
from types import FrameType
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from lpr.errors import PlateError
from lpr.plates import check_length, doubt_about, typed_texts
from lpr.times import parse_utc
from search.errors import SearchError, TermsError
from search.registry.faults import cause_of
from search.registry.opening import open_registry
from search.settings import StoreSettings
from search.terms import is_pattern

PARTIAL = "a part of the store did not answer in time: sightings may be lacking"


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


@contextmanager
def plain_errors() -> Iterator[None]:
    """Ends a command with one clear line where what it does goes wrong."""
    try:
        yield
    except BrokenPipeError:  # whoever read the output has enough; click ends in silence
        raise
    except (SearchError, PlateError, OSError) as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        said = f"the registry says no, nothing was changed: {cause_of(error)}"
        raise click.ClickException(said) from error


def stop_when_told() -> threading.Event:
    """Is set by SIGTERM and Ctrl-C, so that what a process is at comes to its end."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return stopped


@contextmanager
def working(words: str) -> Iterator[None]:
    """Says at a terminal what takes its time; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # takes its time, and is seldom needed

    with Console(stderr=True).status(words):
        yield


def asked_texts(plate: str) -> tuple[str, ...]:
    """What was meant by a plate that was typed; warns of what cannot be a Vietnamese one.

    Returns:
        Normal forms or patterns, likeliest first, one or more.

    Raises:
        TermsError: no letter and no digit.
        PlateError: fewer or more characters than can be asked for.
    """
    texts = tuple(text for text in typed_texts(plate) if text)
    if not texts:
        raise TermsError(f"{plate!r} has no letter or digit: type a plate, or * for everything")
    for text in texts:
        check_length(text)
    doubt = None if is_pattern(texts[0]) else doubt_about(texts[0])
    if doubt:
        click.echo(f"warning: {texts[0]} cannot be a Vietnamese plate: {doubt.value}", err=True)
    return texts
