"""Stops Elasticsearch for minutes, as cameras write and people look; counts what is lost.

python -m tests.bench.outage --minutes 10

It hangs for the first half of the time, and is gone for the second.
"""

import sys

import click

from tests.outage import stop_for

TIMEOUT_S = 2.0  # as it is set where nobody sets it
LONGEST_S = 2 * TIMEOUT_S  # of a page on a machine with other work


@click.command()
@click.option("--minutes", default=10.0, show_default=True)
def main(minutes: float) -> None:
    """Measure on this machine, now."""
    outcome = stop_for(30 * minutes, 30 * minutes, TIMEOUT_S)
    click.echo(
        f"{minutes:g} minutes without Elasticsearch: {outcome.written:,} passages, "
        f"{outcome.waited:,} lines waited, {outcome.lost} lost, {outcome.doubled} doubled; caught "
        f"up {outcome.caught_up:.1f} s after it had started; {outcome.opened} pages opened "
        f"meanwhile, {len(outcome.wrong)} not as they should, the longest in "
        f"{outcome.longest:.2f} s (aim < {LONGEST_S:g})"
    )
    if outcome.lost or outcome.doubled or outcome.wrong or outcome.longest > LONGEST_S:
        click.echo("; ".join(outcome.wrong[:10]))
        sys.exit(1)


if __name__ == "__main__":
    main()
