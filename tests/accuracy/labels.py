"""Labelled pictures of a set, as its `labels.jsonl` tells them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lpr.plates import normal_text

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""
LABELS = "labels.jsonl"
ONE_ROW = 2.5  # least width of a label's box over its height; docs/plates.md tells why


@dataclass(frozen=True, slots=True)
class LabelledPlate:
    """One plate of a picture.

    Attributes:
        box: None for a crop whose label has none.
        width, height: of the box, otherwise of the picture; pixels.
        text: normal form; empty where it cannot be judged: unknown, `ignore` or `ambiguous`.
        ignore: too cut or small to be judged at all.
    """

    box: Box | None
    width: float
    height: float
    text: str
    ignore: bool

    @property
    def rows(self) -> int:
        """1 or 2, by the shape of its box."""
        return 1 if self.width >= ONE_ROW * self.height else 2


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture and what is known of it.

    Attributes:
        name: of its file, without folders; the scorer goes by it.
        country: of its plates; of sets `vn-...` that do not say, `vn`.
        text_source: who read its texts, empty if that is not said.
        is_complete: whether every plate that can be seen is labelled.
        plates: in the order of `fields`.
        fields: the line itself, for the scorer.
    """

    name: str
    country: str
    text_source: str
    is_complete: bool
    plates: tuple[LabelledPlate, ...]
    fields: dict[str, Any]


def read_labels(folder: Path) -> tuple[LabelledPicture, ...]:
    """The pictures of one set, in the order of its `labels.jsonl`."""
    lines = (folder / LABELS).read_text("utf-8").splitlines()
    native = "vn" if folder.name.startswith("vn-") else ""
    return tuple(labelled_picture(json.loads(line), native) for line in lines)


def labelled_picture(fields: dict[str, Any], native: str = "") -> LabelledPicture:
    """One line of labels.

    Args:
        fields: of the line.
        native: country of a picture that does not tell.
    """
    size = (fields["width"], fields["height"])
    return LabelledPicture(
        name=Path(fields["image"]).name,
        country=fields.get("country") or native,
        text_source=fields.get("text_src") or "",
        is_complete=fields.get("complete", True),
        plates=tuple(_plate(plate, size) for plate in fields["plates"]),
        fields=fields,
    )


def _plate(fields: dict[str, Any], size: tuple[int, int]) -> LabelledPlate:
    x1, y1, x2, y2 = fields.get("box") or (0, 0, *size)
    is_judged = not fields.get("ignore") and not fields.get("ambiguous")
    return LabelledPlate(
        box=(x1, y1, x2, y2) if fields.get("box") else None,
        width=x2 - x1,
        height=y2 - y1,
        text=normal_text(fields.get("text") or "") if is_judged else "",
        ignore=bool(fields.get("ignore")),
    )
