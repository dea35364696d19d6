"""Recognise the pictures of a labelled set, and have the scorer judge them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web.children import PLATETRAIL

ONE_ROW = 2.5  # least width of a label's box over its height; docs/plates.md tells why
Label = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """What the scorer says of a set, or of its plates with so many rows.

    Attributes:
        plates: with a text that can be judged.
        exact: share of them that was read exactly.
        character_errors: edits to the right text over its characters.
        located: share of them that a prediction overlaps.
        recall: share of boxes that were found at half overlap.
        precision: share of predictions that are boxes at half overlap.
    """

    plates: int
    exact: float
    character_errors: float
    located: float
    recall: float
    precision: float


def recognise(folder: Path, predictions: Path, are_crops: bool) -> None:
    """Run `platetrail recognise` on the pictures of a set; see `make accuracy`."""
    words = ["recognise", str(folder / "images"), *(["--plates-are-crops"] if are_crops else [])]
    with predictions.open("wb") as out:
        subprocess.run([*PLATETRAIL, *words], stdout=out, check=True)


def score(
    scorer: Path, labels: Path, predictions: Path, are_crops: bool, scratch: Path
) -> Iterator[tuple[str, Score]]:
    """Judge a set as a whole, then by rows.

    Args:
        scorer: `alpr_score.py`.
        labels: `labels.jsonl` of the set.
        predictions: lines of `platetrail recognise`.
        are_crops: whether reading alone is judged.
        scratch: file for the labels of some of the plates.

    Yields:
        all, one row, two rows, each with its score; what has no plate is left out.
    """
    lines = [json.loads(line) for line in labels.read_text("utf-8").splitlines()]
    for name, belongs in _GROUPS.items():
        left = [_without(line, belongs) for line in lines]
        scratch.write_text("".join(json.dumps(line) + "\n" for line in left), "utf-8")
        words = [sys.executable, str(scorer), str(scratch), str(predictions), "--show", "0"]
        said = subprocess.run(
            [*words, *(["--crop"] if are_crops else [])], capture_output=True, text=True, check=True
        )
        found = json.loads(said.stdout.splitlines()[0])
        if found["texts"]:
            yield name, _score_of(found)


def is_one_row(plate: Label, picture: Label) -> bool:
    """Whether a label is a plate with one row, by the shape of its box (or of its crop)."""
    x1, y1, x2, y2 = plate.get("box") or (0, 0, picture["width"], picture["height"])
    return bool((x2 - x1) >= ONE_ROW * (y2 - y1))


_GROUPS: dict[str, Callable[[Label, Label], bool]] = {
    "all": lambda plate, picture: True,
    "one row": is_one_row,
    "two rows": lambda plate, picture: not is_one_row(plate, picture),
}


def _without(picture: Label, belongs: Callable[[Label, Label], bool]) -> Label:
    """The labels of a picture with plates of other groups to be ignored."""
    plates = [p if belongs(p, picture) else {**p, "ignore": True} for p in picture["plates"]]
    return {**picture, "plates": plates}


def _score_of(found: dict[str, Any]) -> Score:
    return Score(
        found["texts"],
        found["exact"],
        found["cer"],
        found["located"],
        found["recall50"],
        found["precision50"],
    )
