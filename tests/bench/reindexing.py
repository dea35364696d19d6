"""What a reindex during writing loses, doubles and lets fail, and how long it takes.

`python -m tests.bench.reindexing --count 1000000` fills a month, copies it into another index while
a camera writes and an officer searches, kills that once, and runs it to its end.
"""

from dataclasses import asdict

import click

from tests.elasticsearch import elasticsearch
from tests.reindexing import reindex_at_work

VERSION = "8.19.21"


@click.command()
@click.option("--count", default=1_000_000, show_default=True, help="Sightings of the month.")
@click.option("--timeout", default=10.0, show_default=True, help="Seconds of an answer.")
def main(count: int, timeout: float) -> None:
    """Measure on this machine, now."""
    with elasticsearch(VERSION) as server:
        outcome = reindex_at_work(server.url, "bench", count, timeout)
    for what, value in asdict(outcome).items():
        click.echo(f"{what}: {value}")


if __name__ == "__main__":
    main()
