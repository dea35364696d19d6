"""Endless views to learn reading from: real crops, rendered plates, and what is no plate."""

import random
from collections.abc import Iterator

import cv2
import numpy as np
import torch

from models.training.flat_plates import PlatePool
from models.training.not_plates import draw_lettering
from models.training.reader_crops import NO_CORNERS, UNKNOWN, Sample
from models.training.reader_net import ALPHABET, BLANK, HEIGHT, SLOTS, WIDTH
from models.training.reader_views import View, distort

RENDERED_SHARE = 0.62
NOTHING_SHARE = 0.05  # of views that show no plate
POOL = 3000  # rendered plates at hand
RENEWED = 0.25  # chance that a rendered plate is replaced by a new one once it was shown


def encode(text: str) -> list[int]:
    """Class of each slot; blank after the end."""
    return [ALPHABET.index(c) for c in text] + [BLANK] * (SLOTS - len(text))


class ReaderStream(torch.utils.data.IterableDataset):
    """Endless views, each as `tensors_of` gives them.

    Args:
        real: crops.
        patches: (N, 64, 160, 3) uint8 BGR, to lie behind rendered plates.
        nothings: the same, without any plate.
        seed: of all chance.
    """

    def __init__(
        self, real: list[Sample], patches: np.ndarray, nothings: np.ndarray, seed: int
    ) -> None:
        self.real, self.patches, self.nothings, self.seed = real, patches, nothings, seed
        self.weights = np.cumsum([s.weight for s in real]) / sum(s.weight for s in real)

    def __iter__(self) -> Iterator[tuple]:
        """Draw for ever; each worker and each start draws differently."""
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        chance = random.Random(int(rng.integers(1 << 31)))
        pool = PlatePool(POOL, RENEWED)
        while True:
            kind = rng.random()
            if kind < NOTHING_SHARE:
                sample, behind = self._nothing(rng), None
            elif kind < NOTHING_SHARE + RENDERED_SHARE:
                sample = pool.take(chance, rng)
                behind = self.patches[int(rng.integers(len(self.patches)))]
            else:
                sample = self.real[int(np.searchsorted(self.weights, rng.random()))]
                behind = None
            yield tensors_of(sample, distort(sample, behind, rng))

    def _nothing(self, rng: np.random.Generator) -> Sample:
        if rng.random() < 0.5:
            picture = cv2.resize(draw_lettering(rng), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        else:
            picture = self.nothings[int(rng.integers(len(self.nothings)))]
        whole = np.float32([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]])
        return Sample(picture, whole, NO_CORNERS, "", 0, UNKNOWN, 1.0, True)


def tensors_of(sample: Sample, view: View) -> tuple:
    """What the net sees and what is right.

    Returns:
        picture (64, 160, 3) uint8; classes of the slots (10,), UNKNOWN where nobody could read
        them; rows (0 one, 1 two, UNKNOWN); colour; corners (4, 2); what is known of them.
    """
    slots = encode(sample.text) if view.is_readable else [UNKNOWN] * SLOTS
    grey = np.array_equal(view.picture[..., 0], view.picture[..., 2])  # keeps no colour
    return (
        torch.from_numpy(np.ascontiguousarray(view.picture)),
        torch.tensor(slots),
        sample.rows - 1 if sample.rows else UNKNOWN,
        UNKNOWN if grey else sample.colour,
        torch.from_numpy(view.corners),
        sample.corners_known,
    )
