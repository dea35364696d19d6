"""Writes a page for each picture that says why it was not read."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from lpr.boxes import Detector, Frame, PlateBox
from lpr.explanation_page import page_of
from lpr.explanations import MOST_DROPPED, Explanation, dropped_boxes
from lpr.recognition import Recogniser, SeenPlate

_LONGEST_NAME = 200  # bytes; file systems take 255, and an ending comes to it


@dataclass(frozen=True, slots=True)
class _Known:
    """`Detector` that finds what is known already."""

    boxes: list[PlateBox]

    def detect(self, frame: Frame) -> list[PlateBox]:
        """Those boxes."""
        return self.boxes


class Explaining:
    """Writes the pages of one run; none of its pages takes another's place.

    Args:
        folder: of the pages; made if it is missing. Pages of earlier runs are replaced.
        recogniser: the ordinary one; reads what was dropped as it would have.
        detector: one that drops nothing; None if each picture is one plate already.
        min_score: below which the ordinary detector drops boxes.
    """

    def __init__(
        self, folder: Path, recogniser: Recogniser, detector: Detector | None, min_score: float
    ) -> None:
        self._folder = folder
        self._recogniser = recogniser
        self._detector = detector
        self._min_score = min_score
        self._taken: set[str] = set()

    def write(self, path: Path, frame: Frame, kept: list[SeenPlate]) -> None:
        """Write the page of one picture.

        Args:
            path: of the picture.
            frame: the picture.
            kept: what was found and read in it.
        """
        name = page_name(path.name, self._taken)
        self._taken.add(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        _write_whole(self._folder / name, page_of(self._explanation(path, frame, kept)))

    def _explanation(self, path: Path, frame: Frame, kept: list[SeenPlate]) -> Explanation:
        if self._detector is None:
            return Explanation(str(path), frame, tuple(kept))
        boxes = self._detector.detect(frame)
        dropped = dropped_boxes(boxes, [plate.box for plate in kept], self._min_score)
        shown = replace(self._recogniser, detector=_Known(dropped[:MOST_DROPPED]))
        return Explanation(
            str(path),
            frame,
            tuple(kept),
            tuple(shown.plates(frame)),
            len(dropped[MOST_DROPPED:]),
            self._min_score,
            boxes[0].score if boxes else None,
        )


def page_name(picture: str, taken: set[str]) -> str:
    """Name of a picture's page, another one than those taken.

    Args:
        picture: name of its file; a very long one is cut.
        taken: names of other pages.
    """
    while len(os.fsencode(picture)) > _LONGEST_NAME:
        picture = picture[:-1]
    name, count = f"{picture}.html", 1
    while name in taken:
        count += 1
        name = f"{picture}-{count}.html"
    return name


def _write_whole(path: Path, text: str) -> None:
    """Write a file; it is there whole or not at all."""
    temporary = path.with_name(f".{os.getpid()}.explanation")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
