"""Have the scorer judge the lines of a set."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.accuracy.labels import LabelledPicture, LabelledPlate

Fields = dict[str, Any]
Belongs = Callable[[LabelledPicture, LabelledPlate], bool]
"""Whether a labelled plate is one of a group."""


@dataclass(frozen=True, slots=True)
class Score:
    """What the scorer says of a set, or of a group of its plates.

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


GROUPS: Mapping[str, Belongs] = {
    "all": lambda picture, plate: True,
    "one row": lambda picture, plate: plate.rows == 1,
    "two rows": lambda picture, plate: plate.rows == 2,
}
COUNTRIES: Mapping[str, Belongs] = {
    "Vietnamese": lambda picture, plate: picture.country == "vn",
    "Vietnamese, by eye": lambda picture, plate: (
        picture.country == "vn" and picture.text_source == "human"
    ),
    "foreign": lambda picture, plate: picture.country != "vn",
}
"""Of sets whose pictures are plates already: they hold several countries."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """`alpr_score.py`, in a process of its own.

    Attributes:
        script: where it is.
    """

    script: Path

    def groups(
        self, pictures: Iterable[LabelledPicture], lines: Iterable[Fields], are_crops: bool
    ) -> Iterator[tuple[str, Score]]:
        """Judge a set as a whole, by rows and, of crops, by country.

        Args:
            pictures: as labelled.
            lines: of `platetrail recognise`.
            are_crops: whether reading alone is judged.

        Yields:
            The name of each group and its score; what has no plate is left out.
        """
        pictures, lines = list(pictures), list(lines)
        for name, belongs in {**GROUPS, **(COUNTRIES if are_crops else {})}.items():
            labels = [_only(picture, belongs) for picture in pictures]
            score = self.score(labels, lines, are_crops)
            if score.plates:
                yield name, score

    def score(self, labels: Iterable[Fields], lines: Iterable[Fields], are_crops: bool) -> Score:
        """Judge lines by lines of labels."""
        with TemporaryDirectory(prefix="platetrail-accuracy-") as scratch:
            files = [Path(scratch, "labels"), Path(scratch, "lines")]
            for file, content in zip(files, (labels, lines), strict=True):
                file.write_text("".join(json.dumps(one) + "\n" for one in content), "utf-8")
            words = [sys.executable, str(self.script), *map(str, files), "--show", "0"]
            words += ["--crop"] if are_crops else []
            said = subprocess.run(words, capture_output=True, text=True, check=True)
        found = json.loads(said.stdout.splitlines()[0])
        return Score(
            found["texts"],
            found["exact"],
            found["cer"],
            found["located"],
            found["recall50"],
            found["precision50"],
        )


def _only(picture: LabelledPicture, belongs: Belongs) -> Fields:
    """The labels of a picture with plates of other groups to be ignored."""
    fields = picture.fields["plates"]
    plates = [
        one if belongs(picture, plate) else {**one, "ignore": True}
        for one, plate in zip(fields, picture.plates, strict=True)
    ]
    return {**picture.fields, "plates": plates}
