"""Counts which characters our reader confuses, and keeps the counts as JSON.

python -m tests.accuracy.confusions --count 20000 --out models/confusions.json
"""

import json
import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from lpr.building import build_recogniser
from lpr.manifest import find_models, read_entry
from lpr.reader import Reader
from lpr.recognition import Recogniser
from lpr.settings import RecognitionSettings
from tests.accuracy.confusion import Confusions, Texts, confusion_fields, count_confusions
from tests.accuracy.judging import Judged
from tests.accuracy.labels import LABELS
from tests.accuracy.looking import look_at_set
from tests.accuracy.worn_plates import worn_plates

ROWS = (1, 2)
BATCH = 64  # plates drawn and read at once


@click.command()
@click.option("--count", type=click.IntRange(1), default=20_000, help="Rendered plates.")
@click.option("--data", type=click.Path(path_type=Path, exists=True), help="Photographs as well.")
@click.option("--seed", type=int, default=1, help="Of all chance.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def main(count: int, data: Path | None, seed: int, out: Path) -> None:
    """Read rendered plates, and the Vietnamese ones of labelled photographs below DATA."""
    settings = RecognitionSettings()
    recogniser = build_recogniser(settings)
    sources = {"rendered": rendered_texts(recogniser.reader, count, seed)}
    if data:
        sources["photographs"] = photographed_texts(data, recogniser)
    model = read_entry(find_models(settings.models_dir), "reader").name
    rows = {number: {name: texts[number] for name, texts in sources.items()} for number in ROWS}
    out.write_text(format_confusions(model, rows), "utf-8")


def rendered_texts(reader: Reader, count: int, seed: int) -> dict[int, Confusions]:
    """What the reader makes of rendered plates, by rows."""
    plates = worn_plates(seed)
    texts: dict[int, list[Texts]] = {number: [] for number in ROWS}
    starts = range(0, count, BATCH)
    for start in track(starts, "rendered plates", console=Console(stderr=True)):
        batch = list(islice(plates, min(BATCH, count - start)))
        readings = reader.read([plate.crop for plate in batch])
        for plate, reading in zip(batch, readings, strict=True):
            texts[plate.rows].append((plate.text, reading.text))
    return {number: count_confusions(pairs) for number, pairs in texts.items()}


def photographed_texts(data: Path, recogniser: Recogniser) -> dict[int, Confusions]:
    """What the reader makes of the Vietnamese plates of labelled sets, by rows."""
    folders = sorted(file.parent for file in data.glob(f"*/{LABELS}"))
    judged: list[Judged] = []
    for folder in track(folders, "photographs", console=Console(stderr=True)):
        judged += look_at_set(folder, recogniser, None, lambda name: None).native().judged()
    return confusions_by_rows(judged)


def confusions_by_rows(judged: list[Judged]) -> dict[int, Confusions]:
    """What was read for plates that something overlaps, by rows."""
    located = [one for one in judged if one.read]
    return {
        number: count_confusions(
            (one.plate.text, one.text) for one in located if one.plate.rows == number
        )
        for number in ROWS
    }


def format_confusions(model: str, rows: Mapping[int, Mapping[str, Confusions]]) -> str:
    """The file as it is kept: each list of numbers on one line."""
    text = json.dumps(confusion_fields(model, rows), indent=1)
    return re.sub(r"\[[^\[\]]*\]", lambda numbers: "".join(numbers[0].split()), text) + "\n"


if __name__ == "__main__":
    main()
