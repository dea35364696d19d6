"""Prints one table: speed and memory, beside what is aimed at."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from tests.bench.alerts import alert_rows
from tests.bench.cameras import camera_rows
from tests.bench.elastic import elastic_rows
from tests.bench.papers import paper_rows
from tests.bench.routes import route_rows
from tests.bench.similar import similar_rows
from tests.bench.store import Row, find_rows, ingest_rows
from tests.bench.ten_million import city_rows
from tests.bench.vision import vision_rows

KEPT = Path(".cache/bench")  # a million sightings take minutes to make: they stay for the next run
FINE = ("times", "s", "CPU s/s", "share")  # units whose second decimal tells something


@click.command()
@click.option(
    "--only",
    type=click.Choice(
        [
            *("vision", "cameras", "ingest", "find", "elastic", "city", "papers", "routes"),
            *("similar", "alerts"),
        ]
    ),
    help="One part.",
)
@click.option(
    "--roads", type=click.Path(exists=True, path_type=Path), help="Of a city, for routes."
)
def main(only: str | None, roads: Path | None) -> None:
    """Measure on this machine, now."""
    rows: list[Row] = []
    if only in (None, "vision"):
        rows += vision_rows()
    if only in (None, "cameras"):
        rows += camera_rows()
    if only in (None, "ingest"):
        with TemporaryDirectory(prefix="platetrail-bench-") as folder:
            rows += ingest_rows(Path(folder))
    if only in (None, "find"):
        KEPT.mkdir(parents=True, exist_ok=True)
        rows += find_rows(KEPT)
    if only in (None, "elastic"):
        rows += elastic_rows()
    if only in (None, "city"):
        rows += city_rows()
    if only in (None, "papers"):
        with TemporaryDirectory(prefix="platetrail-bench-") as folder:
            rows += paper_rows(Path(folder))
    if only in (None, "routes") and roads:
        rows += route_rows(roads)
    if only in (None, "similar"):
        rows += similar_rows()
    if only in (None, "alerts"):
        rows += alert_rows()
    table = Table("what", title=f"{len(os.sched_getaffinity(0))} cores; sightings in {KEPT}")
    for heading in ("measured", "aim", ""):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(*_cells(row))
    Console(width=100).print(table)


def _cells(row: Row) -> tuple[str, str, str, str]:
    what, value, unit, aim = row
    measured = f"{value:,.2f} {unit}" if unit in FINE else f"{value:,.1f} {unit}"
    if aim is None:
        return what, measured, "", ""
    met = "met" if value < aim else "missed"
    return what, measured, f"< {aim:g} {unit}", met


if __name__ == "__main__":
    main()
