"""Prints one table: how well the shipped models read sets of real photographs."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from tests.accuracy.scoring import Score, recognise, score

CROPS = frozenset({"vn-plate-crops"})  # sets whose pictures are plates already


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--scorer", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--set", "chosen", multiple=True, help="Only this set; repeatable.")
def main(data: Path, scorer: Path, chosen: tuple[str, ...]) -> None:
    """Recognise every set below DATA and score it.

    A set is a folder with `images/` and `labels.jsonl`.
    """
    table = Table("set", "rows")
    for heading in ("plates", "exact", "character errors", "located", "recall", "precision"):
        table.add_column(heading, justify="right")
    folders = sorted(file.parent for file in data.glob("*/labels.jsonl"))
    with TemporaryDirectory(prefix="platetrail-accuracy-") as scratch:
        for folder in folders:
            if chosen and folder.name not in chosen:
                continue
            predictions, labels = Path(scratch) / "predictions", Path(scratch) / "labels"
            are_crops = folder.name in CROPS
            recognise(folder, predictions, are_crops)
            scored = score(scorer, folder / "labels.jsonl", predictions, are_crops, labels)
            for rows, one in scored:
                table.add_row(folder.name, rows, *_cells(one, are_crops))
            table.add_section()
    Console(width=110).print(table)


def _cells(one: Score, are_crops: bool) -> list[str]:
    read = [str(one.plates), _share(one.exact), _share(one.character_errors)]
    found = [_share(one.located), _share(one.recall), _share(one.precision)]
    return read + (["", "", ""] if are_crops else found)


def _share(value: float) -> str:
    return f"{value:.3f}"


if __name__ == "__main__":
    main()
