"""Prints two tables: how many vehicles of rendered crowds become passages, once and rightly read.

`python -m tests.bench.passages`. The first run draws and looks for half an hour; what was seen
stays in .cache/crowds for the next one, as long as the models are the same.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click
import cv2
from rich.console import Console
from rich.table import Table

from lpr.render.crowds import CrowdKind, crowd_plates
from tests.accuracy.calibration import Outcome, bins_of_equal_mass, calibration_error
from tests.bench.crowds_followed import LEAST_PX, Counts, Told, count, follow, outcomes
from tests.bench.crowds_seen import crowd_seen

KEPT = Path(".cache/crowds")
VEHICLES = 26  # of a crowd
AIMS = (">= .98", "<= .005", ">= .98")
HEADINGS = (
    "crowd",
    "vehicles",
    "recall",
    "doubled",
    "text right",
    "nobody's",
    "first text right",
    "told after, p95",
    "direction right",
)


@click.command()
@click.option("--crowds", default=9, show_default=True, help="Of each kind.")
@click.option("--first-seed", default=1, show_default=True, help="Of the first one.")
@click.option("--kept", default=KEPT, type=click.Path(path_type=Path), help="What was seen.")
@click.option("--misses", is_flag=True, help="List each vehicle that is missed, doubled, misread.")
def main(crowds: int, first_seed: int, kept: Path, misses: bool) -> None:
    """Measure on what our models see now."""
    cv2.setNumThreads(1)
    table = Table(*HEADINGS, title=f"plates over {LEAST_PX:g} px")
    said: list[Outcome] = []
    for kind in get_args(CrowdKind):
        counts = Counts()
        for seed in range(first_seed, first_seed + crowds):
            crowd = crowd_seen(kind, VEHICLES, seed, kept)
            texts = [plate.text for plate in crowd_plates(kind, VEHICLES, seed)]
            told = follow(crowd, texts)
            one = count(crowd, told)
            counts += one
            said += outcomes(crowd, told)
            if misses:
                _list(f"{kind} {seed}", one, told)
        table.add_row(kind, *_cells(counts))
    table.add_row("aim", "", *AIMS)
    console = Console(width=120)
    console.print(table)
    console.print(_scores(said))


def _cells(counts: Counts) -> list[str]:
    vehicles, passages = max(1, counts.vehicles), max(1, counts.passages)
    shares = (
        1 - counts.missed / vehicles,
        (counts.passages - (counts.vehicles - counts.missed)) / vehicles,
        counts.right / passages,
    )
    late = sorted(counts.delays)[int(0.95 * len(counts.delays))] if counts.delays else 0.0
    return [
        str(counts.vehicles),
        *(f"{share:.4f}" for share in shares),
        str(counts.nobodys),
        f"{counts.first_right / passages:.4f}",
        f"{late:.1f} s",
        f"{counts.directed / passages:.4f}",
    ]


def _scores(said: Sequence[Outcome]) -> Table:
    bins = bins_of_equal_mass(said)
    title = f"scores of {len(said)} passages: calibration error {calibration_error(bins):.4f}"
    table = Table("score", "passages", "said", "right", title=title)
    for one in bins:
        row = (f"{one.low:.3f} to {one.high:.3f}", str(one.count), f"{one.said:.3f}")
        table.add_row(*row, f"{one.right:.3f}")
    return table


def _list(crowd: str, counts: Counts, told: Sequence[Told]) -> None:
    last = {one.report.passage.id: one for one in told}
    for text in counts.wrong:
        passages = [one.report.passage for one in last.values() if one.vehicle == text]
        read = ", ".join(f"{p.text or '-'} ({p.score:.2f})" for p in passages)
        click.echo(f"{crowd}: {text}: {read or 'no passage'}")


if __name__ == "__main__":
    main()
