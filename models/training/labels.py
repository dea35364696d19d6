"""Labelled pictures of the training sets, as their `labels.jsonl` tells them."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LabelledPlate:
    """One plate of a picture.

    Attributes:
        box: x1, y1, x2, y2 in pixels.
        corners: four, from top left clockwise, or None where only the box is known.
        text: A-Z and 0-9, or None where it is not known for sure.
        ignore: neither a plate to learn nor background.
    """

    box: tuple[float, float, float, float]
    corners: tuple[tuple[float, float], ...] | None
    text: str | None
    ignore: bool


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture, its plates, and whether every plate in it is labelled."""

    path: Path
    set_name: str
    country: str
    plates: tuple[LabelledPlate, ...]
    complete: bool


def read_labels(folder: Path) -> list[LabelledPicture]:
    """Read the labels of one set.

    Args:
        folder: holds `labels.jsonl` and the pictures that it names.

    Returns:
        Pictures in the order of the file.
    """
    with (folder / "labels.jsonl").open(encoding="utf-8") as lines:
        return [_picture(folder, json.loads(line)) for line in lines]


def _picture(folder: Path, fields: dict) -> LabelledPicture:
    return LabelledPicture(
        path=folder / fields["image"],
        set_name=folder.name,
        country=fields.get("country") or ("vn" if folder.name.startswith("vn") else ""),
        plates=tuple(_plate(p) for p in fields["plates"] if p.get("box") and not p.get("scene")),
        complete=fields.get("complete", True),
    )


def _plate(fields: dict) -> LabelledPlate:
    corners = fields.get("corners")
    return LabelledPlate(
        box=tuple(fields["box"]),
        corners=tuple(tuple(c) for c in corners) if corners else None,
        text=None if fields.get("ambiguous") else fields.get("text"),
        ignore=bool(fields.get("ignore")),
    )
