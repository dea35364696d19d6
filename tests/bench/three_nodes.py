"""Kills one of three nodes of Elasticsearch amid passages, and counts what is lost and doubled.

python -m tests.bench.three_nodes --count 200000
"""

import sys

import click

from tests.node_kill import kill_one

TIMEOUT_S = 2.0  # as it is set where nobody sets it


@click.command()
@click.option("--count", default=200_000, show_default=True, help="Passages.")
def main(count: int) -> None:
    """Measure on this machine, now."""
    outcome = kill_one(count, TIMEOUT_S)
    click.echo(
        f"three nodes, one killed after {outcome.killed_at:,} of {count:,} passages and brought "
        f"back: {outcome.lost} lost, {outcome.doubled} doubled in {outcome.seconds:.0f} s; "
        f"{outcome.asked} searches, {len(outcome.unanswered)} not answered whole, the longest in "
        f"{outcome.longest:.2f} s"
    )
    if outcome.lost or outcome.doubled or outcome.unanswered:
        click.echo("; ".join(outcome.unanswered[:20]))
        sys.exit(1)


if __name__ == "__main__":
    main()
