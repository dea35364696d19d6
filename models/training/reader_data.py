"""Crops to learn reading from: real ones from the training sets, and rendered ones."""

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from lpr.plates import generate_plate
from lpr.render import wear
from lpr.render.plate import SIZES_MM, draw_plate, random_look
from models.training.labels import LabelledPicture, read_labels
from models.training.reader_net import ALPHABET, BLANK, COLOURS, HEIGHT, SLOTS, WIDTH

REAL_SETS = {  # how often a crop of the set is drawn, against the others
    "vn-greenparking": 0.6,
    "vn-plate-crops": 1.0,
    "vn-hanoi-crops": 1.0,
    "vn-hanoi-checkin": 1.0,
    "vn-moto-phone": 1.0,
    "vn-street-kinds": 1.5,
    "vn-garage-cars": 1.0,
    "intl-cars-quads": 0.0,
}
FOREIGN_WEIGHT = 0.3
RENDERED_SHARE = 0.5
SURROUND = 0.25  # of the plate's size on each side, kept around a real crop
KEPT = (112, 272)  # height and width of a real crop with its surround
FLAT = (80, 200)  # height and width of a rendered flat plate
UNKNOWN = -100  # class that the loss leaves out


@dataclass(frozen=True, slots=True)
class Sample:
    """One crop: its picture, the plate's corners in it (4, 2), and what it says."""

    picture: np.ndarray
    corners: np.ndarray
    text: str
    rows: int
    colour: int
    weight: float


def encode(text: str) -> list[int]:
    """Class of each slot; blank after the end."""
    return [ALPHABET.index(c) for c in text] + [BLANK] * (SLOTS - len(text))


def real_samples(data: Path) -> list[Sample]:
    """Every crop of the training sets whose text is known."""
    samples = []
    for set_name, weight in REAL_SETS.items():
        if weight:
            for labelled in read_labels(data / set_name):
                samples += _crops(labelled, weight)
    return samples


def _crops(labelled: LabelledPicture, weight: float) -> list[Sample]:
    wanted = [p for p in labelled.plates if p.text and not p.ignore and len(p.text) <= SLOTS]
    if not wanted:
        return []
    frame = cv2.imread(str(labelled.path))
    if labelled.country != "vn":
        weight *= FOREIGN_WEIGHT
    samples = []
    for plate in wanted:
        x1, y1, x2, y2 = plate.box
        dx, dy = SURROUND * (x2 - x1), SURROUND * (y2 - y1)
        around = np.float32([[x1 - dx, y1 - dy], [x2 + dx, y1 - dy], [x1 - dx, y2 + dy]])
        height, width = KEPT
        to = np.float32([[0, 0], [width, 0], [0, height]])
        kept = cv2.warpAffine(
            frame,
            cv2.getAffineTransform(around, to),
            (width, height),
            flags=cv2.INTER_AREA,
            borderMode=cv2.BORDER_REPLICATE,
        )
        edge = SURROUND / (1 + 2 * SURROUND)
        box = [[edge, edge], [1 - edge, edge], [1 - edge, 1 - edge], [edge, 1 - edge]]
        ratio = (x2 - x1) / (y2 - y1)
        rows = 1 if ratio > 3.0 else 0 if ratio > 2.2 else 2
        corners = np.float32(box) * np.float32([width, height])
        samples.append(Sample(kept, corners, plate.text, rows, UNKNOWN, weight))
    return samples


def rendered_samples(count: int, seed: int, cache: Path) -> list[Sample]:
    """Flat rendered plates; drawn once, kept in `cache`.

    Args:
        count: how many.
        seed: of the rendering.
        cache: folder for the drawn pictures.

    Returns:
        Samples whose picture is the plate alone.
    """
    file = cache / f"plates-{count}-{seed}.npy"
    shape = (count, *FLAT, 3)
    drawn = file.exists()
    pictures = np.lib.format.open_memmap(file, "r" if drawn else "w+", np.uint8, shape)
    chance, rng = random.Random(seed), np.random.default_rng(seed)
    height, width = FLAT
    whole = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    samples = []
    for index in range(count):
        plate = generate_plate(chance)
        if not drawn:
            pictures[index] = draw_flat(plate, rng)
        colour = COLOURS.index(plate.colour)
        rows = len(plate.printed_rows)
        samples.append(Sample(pictures[index], whole, plate.text, rows, colour, 1.0))
    return samples


def draw_flat(plate, rng: np.random.Generator) -> np.ndarray:
    """A worn plate seen straight, (80, 200, 3) uint8 BGR whatever its proportions."""
    rows = plate.printed_rows
    if len(rows) == 1:
        shape = "car-long"
    elif plate.vehicle == "motorcycle" or rng.random() < 0.4:
        shape = "motorcycle"
    else:
        shape = "car-short"
    sizes = SIZES_MM[shape]
    size = sizes[int(rng.integers(len(sizes)))]
    red_letters = plate.colour == "white" and any(s in plate.text for s in ("NG", "QT"))
    look = random_look(rng, plate.colour, len(rows), red_letters)
    picture = draw_plate(rows, look, size, 1.25 * FLAT[0] / size[1])
    if rng.random() < 0.6:
        picture = wear.screws(picture, rng)
    if rng.random() < 0.5:
        picture = wear.dirt(picture, rng, rng.uniform(0, 0.45))
    return cv2.resize(picture, (FLAT[1], FLAT[0]), interpolation=cv2.INTER_AREA)


def backgrounds(data: Path, count: int, seed: int) -> np.ndarray:
    """Patches of real streets to lie behind rendered plates, (count, 64, 160, 3) uint8."""
    rng = np.random.default_rng(seed)
    labelled = read_labels(data / "neg-streets") + read_labels(data / "vn-street-kinds")
    patches = np.empty((count, HEIGHT, WIDTH, 3), np.uint8)
    frames = [cv2.imread(str(labelled[i].path)) for i in rng.integers(len(labelled), size=150)]
    for patch in patches:
        frame = frames[int(rng.integers(len(frames)))]
        height = int(rng.integers(20, frame.shape[0] // 2))
        width = min(int(height * 2.5), frame.shape[1] - 1)
        y = int(rng.integers(0, frame.shape[0] - height))
        x = int(rng.integers(0, frame.shape[1] - width))
        patch[:] = cv2.resize(frame[y : y + height, x : x + width], (WIDTH, HEIGHT))
    return patches


def distort(sample: Sample, behind: np.ndarray | None, rng: np.random.Generator) -> np.ndarray:
    """A fresh (64, 160, 3) view of a sample, as an inexact detector and a bad camera give it.

    Args:
        sample: real with its surround, or a flat rendered plate.
        behind: (64, 160, 3) patch for a rendered plate, None for a real one.
        rng: source of chance.

    Returns:
        uint8 BGR.
    """
    margin = rng.uniform(-0.01, 0.11, 2)
    base = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]) * (1 - 2 * margin) + margin
    base += rng.normal(0, 0.012, 2)
    if behind is not None and rng.random() < 0.4:
        base = _tilted(base, rng)
    base += np.clip(rng.normal(0, 0.025, (4, 2)), -0.09, 0.09)
    to = (base * (WIDTH, HEIGHT)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(sample.corners, to)
    picture = sample.picture
    if behind is not None and rng.random() < 0.3:
        picture = wear.shadow(picture, rng)
    if behind is None:
        view = cv2.warpPerspective(
            picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE
        )
    else:
        view = behind.copy()
        cv2.warpPerspective(
            picture, matrix, (WIDTH, HEIGHT), view, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT
        )
    return _degrade(view, rng, strong=behind is not None)


def _tilted(base: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The plate turned inside its upright box, in true proportions of one or two rows."""
    aspect = rng.choice((1.4, 2.0, 4.3))
    angle = np.radians(rng.normal(0, 9))
    centred = (base - 0.5) * (aspect, 1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = centred @ turn.T
    turned[:, 1] += rng.normal(0, 0.12) * turned[:, 0]
    low, high = turned.min(0), turned.max(0)
    size = base.max(0) - base.min(0)
    return ((turned - low) / (high - low) * size + base.min(0)).astype(np.float32)


def _degrade(view: np.ndarray, rng: np.random.Generator, strong: bool) -> np.ndarray:
    if rng.random() < 0.8:
        view = wear.light(view, rng)
    if rng.random() < 0.2:
        view = wear.glare(view, rng)
    if rng.random() < 0.12:
        view = wear.shadow(view, rng)
    if rng.random() < 0.3:
        view = wear.motion_blur(view, rng, int(rng.integers(2, 11)))
    if rng.random() < (0.6 if strong else 0.35):
        width = int(rng.integers(32, 130))
        small = (width, max(14, int(width * rng.uniform(0.25, 0.75))))
        view = cv2.resize(view, small, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.4:
            view = wear.compress(view, int(rng.integers(25, 85)))
        view = cv2.resize(view, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.2:
        view = cv2.GaussianBlur(view, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.3:
        view = wear.noise(view, rng, rng.uniform(2, 16))
    if rng.random() < 0.12:
        x, y = int(rng.integers(WIDTH)), int(rng.integers(HEIGHT))
        w, h = int(rng.integers(3, 14)), int(rng.integers(3, 14))
        view[y : y + h, x : x + w] = rng.integers(0, 255, 3)
    if rng.random() < 0.15:
        view = cv2.cvtColor(cv2.cvtColor(view, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return view


class ReaderStream(torch.utils.data.IterableDataset):
    """Endless distorted samples: picture, slots, rows (0 one, 1 two), colour."""

    def __init__(
        self, real: list[Sample], rendered: list[Sample], patches: np.ndarray, seed: int
    ) -> None:
        self.real, self.rendered, self.patches, self.seed = real, rendered, patches, seed
        self.weights = np.cumsum([s.weight for s in real]) / sum(s.weight for s in real)

    def __iter__(self):
        """Draw for ever; each worker and each start draws differently."""
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            if rng.random() < RENDERED_SHARE:
                sample = self.rendered[int(rng.integers(len(self.rendered)))]
                behind = self.patches[int(rng.integers(len(self.patches)))]
            else:
                index = int(np.searchsorted(self.weights, rng.random()))
                sample, behind = self.real[index], None
            view = distort(sample, behind, rng)
            rows = sample.rows - 1 if sample.rows else UNKNOWN
            # a grey view keeps no colour; the class is then left out
            grey = np.array_equal(view[..., 0], view[..., 2])
            yield (
                torch.from_numpy(np.ascontiguousarray(view)),
                torch.tensor(encode(sample.text)),
                rows,
                UNKNOWN if grey else sample.colour,
            )
