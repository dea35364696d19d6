"""Real crops to learn reading from, each with what it says."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from models.training import pseudo_labels
from models.training.labels import LabelledPicture, LabelledPlate, read_labels
from models.training.reader_net import SLOTS

SETS = {  # how often a crop of the set is drawn, against the others
    "vn-greenparking": 0.6,
    "vn-plate-crops": 1.0,
    "vn-hanoi-crops": 1.0,
    "vn-hanoi-checkin": 1.0,
    "vn-moto-phone": 1.0,
    "vn-street-kinds": 1.5,
    "vn-garage-cars": 1.0,
    "vn-traffic-camera": 1.0,
    "intl-street": 1.0,
    "intl-cars-quads": 1.0,
    "asia-mixed": 1.0,
    "eg-moto": 0.5,
}
SURROUND = 0.25  # of the plate's size on each side, kept around a real crop
KEPT = (112, 272)  # height and width of a real crop with its surround
ONE_ROW_ABOVE, TWO_ROWS_BELOW = 3.0, 2.2  # width of a Vietnamese box over its height
UNKNOWN = -100  # class that the loss leaves out
NO_CORNERS, HULL, EXACT = range(3)  # what is known of a plate's corners


@dataclass(frozen=True, slots=True)
class Sample:
    """One crop.

    Attributes:
        picture: of the plate, real with its surround, rendered without.
        corners: of the plate in it, (4, 2) pixels; of its upright box where only that is known.
        corners_known: NO_CORNERS (there is no plate), HULL or EXACT.
        text: A-Z and 0-9; empty where there is no plate.
        rows: 1 or 2, 0 if unknown.
        colour: index in `reader_net.COLOURS`, or UNKNOWN.
        weight: how often it is drawn.
        is_real: whether its surround is its own.
    """

    picture: np.ndarray
    corners: np.ndarray
    corners_known: int
    text: str
    rows: int
    colour: int
    weight: float
    is_real: bool


def real_samples(data: Path) -> list[Sample]:
    """Every crop of the training sets whose text is known, or agreed on by two readers.

    Args:
        data: folder of the training sets.
    """
    agreed = _agreed_texts(data)
    samples = []
    for set_name, weight in SETS.items():
        for labelled in read_labels(data / set_name):
            plates = [
                replace(plate, text=agreed.get((labelled.path, index), _trusted(set_name, plate)))
                for index, plate in enumerate(labelled.plates)
            ]
            samples += _crops(replace(labelled, plates=tuple(plates)), weight)
    return samples


def _trusted(set_name: str, plate: LabelledPlate) -> str | None:
    return None if set_name == "intl-cars-quads" else plate.text  # its texts are unreliable


def _agreed_texts(data: Path) -> dict[tuple[Path, int], str]:
    """Texts of `pseudo_labels`, by picture and place of the plate in it.

    Raises:
        FileNotFoundError: they were not made yet; says how.
    """
    if not pseudo_labels.FILE.exists():
        raise FileNotFoundError(
            f"there is no {pseudo_labels.FILE}: run python -m models.training.pseudo_labels first"
        )
    lines = map(json.loads, pseudo_labels.FILE.read_text("utf-8").splitlines())
    return {(data / line["image"], line["plate"]): line["text"] for line in lines}


def _crops(labelled: LabelledPicture, weight: float) -> list[Sample]:
    wanted = [p for p in labelled.plates if p.text and not p.ignore and len(p.text) <= SLOTS]
    if not wanted:
        return []
    frame = cv2.imread(str(labelled.path))
    return [_crop(frame, plate, labelled.country == "vn", weight) for plate in wanted]


def _crop(frame: np.ndarray, plate: LabelledPlate, is_vietnamese: bool, weight: float) -> Sample:
    x1, y1, x2, y2 = plate.box
    dx, dy = SURROUND * (x2 - x1), SURROUND * (y2 - y1)
    around = np.float32([[x1 - dx, y1 - dy], [x2 + dx, y1 - dy], [x1 - dx, y2 + dy]])
    height, width = KEPT
    to = np.float32([[0, 0], [width, 0], [0, height]])
    matrix = cv2.getAffineTransform(around, to)
    kept = cv2.warpAffine(
        frame, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    box = plate.corners or ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
    corners = (np.float32(box) @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
    ratio = (x2 - x1) / (y2 - y1)
    rows = 1 if ratio > ONE_ROW_ABOVE else 2 if ratio < TWO_ROWS_BELOW and is_vietnamese else 0
    known = EXACT if plate.corners else HULL
    return Sample(kept, corners, known, plate.text or "", rows, UNKNOWN, weight, True)
