"""How far something is: a bar at a terminal, elsewhere a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Tell = Callable[[int], object]
"""Is told how many more are done."""
TOLD_S = 30.0  # between two lines


@contextmanager
def counting(words: str, of: int) -> Iterator[Tell]:
    """Says how many of so many are done; `of` may turn out to be too few."""
    if not sys.stderr.isatty():
        yield _lines(words, of)
        return
    from rich.console import Console
    from rich.progress import Progress  # takes its time, and is seldom needed

    with Progress(console=Console(stderr=True)) as bars:
        bar = bars.add_task(words, total=of)
        yield lambda more: bars.advance(bar, more)


def _lines(words: str, of: int) -> Tell:
    done, told = 0, time.monotonic()

    def tell(more: int) -> None:
        nonlocal done, told
        done += more
        if time.monotonic() - told >= TOLD_S:
            told = time.monotonic()
            click.echo(f"{words}: {done:,} of {of:,}", err=True)

    return tell
