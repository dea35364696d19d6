"""Pictures to learn finding plates from: real ones, with rendered plates set into them."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from lpr.render import wear
from models.training.flat_plates import PlatePool
from models.training.labels import LabelledPicture, read_labels
from models.training.not_plates import draw_lettering

SETS = {  # how often a picture of the set is drawn, against the others
    "vn-street-kinds": 2.0,
    "vn-hanoi-checkin": 2.0,
    "vn-moto-phone": 1.5,
    "vn-garage-cars": 1.0,
    "vn-greenparking": 0.35,
    "vn-traffic-camera": 1.0,
    "intl-street": 1.2,
    "intl-cars-quads": 1.5,
    "asia-mixed": 1.0,
    "eg-moto": 1.0,
    "neg-streets": 1.3,
}
RENDERED_WEIGHT = 0.4  # of a picture of a rendered street
BATCHES = ((384, 14, 0.6), (512, 8, 0.25), (704, 4, 0.15))
"""Pixels of the square views of a batch, how many there are in it, and how often it is drawn."""
MAX_PLATES = 12
POOL, RENEWED = 400, 0.1  # rendered plates at hand; see PlatePool
LEAST_FRAME = 0.6  # of a view's side that the longer side of a frame takes
NARROWEST = 16  # pixels of a plate's width in a view


@dataclass(frozen=True, slots=True)
class Target:
    """One plate in a view.

    Attributes:
        corners: (4, 2) in pixels; of a plate whose box alone is known, the box's own.
        exact: whether the corners are known, not only their box.
        ignore: neither plate nor background.
    """

    corners: np.ndarray
    exact: bool
    ignore: bool


def training_pictures(
    data: Path, rendered: Path, keep: Callable[[LabelledPicture], bool]
) -> tuple[list[LabelledPicture], np.ndarray]:
    """The pictures of the training sets and the running sum of how often each is drawn.

    Args:
        data: folder of the real sets.
        rendered: set of rendered pictures.
        keep: whether a picture may be used.
    """
    pictures, weights = [], []
    sets = {data / name: weight for name, weight in SETS.items()} | {rendered: RENDERED_WEIGHT}
    for folder, weight in sets.items():
        found = [p for p in read_labels(folder) if keep(p)]
        pictures += found
        weights += [weight] * len(found)
    return pictures, np.cumsum(weights) / sum(weights)


def targets_of(picture: LabelledPicture) -> list[Target]:
    """The labelled plates of a picture."""
    targets = []
    for plate in picture.plates:
        x1, y1, x2, y2 = plate.box
        box = plate.corners or ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
        targets.append(Target(np.float32(box), plate.corners is not None, plate.ignore))
    return targets


def view_of(
    frame: np.ndarray, targets: list[Target], size: int, rng: np.random.Generator
) -> tuple[np.ndarray, list[Target]]:
    """A random square part of a frame at a random scale, sometimes turned or mirrored."""
    height, width = frame.shape[:2]
    scale = _scale(targets, max(height, width), size, rng)
    angle = 0.0
    if all(t.exact or t.ignore for t in targets) or rng.random() < 0.2:
        angle = np.radians(np.clip(rng.normal(0, 7), -25, 25))
    sheared = rng.normal(0, 0.05) if angle else 0.0
    stretch = np.exp(rng.normal(0, 0.08))
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[cos * stretch, -sin + sheared * scale], [sin * stretch, cos]])
    focus = _focus(targets, width, height, rng)
    middle = rng.uniform(0.12, 0.88, 2) * size
    if scale * max(height, width) < size:
        middle = np.array([size / 2, size / 2])
        focus = np.array([width / 2, height / 2])
    matrix = np.hstack([turn, (middle - turn @ focus)[:, None]]).astype(np.float32)
    grey = [int(v) for v in rng.integers(0, 255, 3)]
    flags = cv2.INTER_AREA if scale < 0.7 else cv2.INTER_LINEAR
    source, pre = frame, 1.0
    while scale / pre < 0.5:  # warpAffine alone would alias
        source = cv2.resize(source, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        pre /= 2
    small = matrix.copy()
    small[:, :2] /= pre
    view = cv2.warpAffine(source, small, (size, size), flags=flags, borderValue=grey)
    moved = [Target(t.corners @ matrix[:, :2].T + matrix[:, 2], t.exact, t.ignore) for t in targets]
    if rng.random() < 0.3:
        view = np.ascontiguousarray(view[:, ::-1])
        moved = [Target(_mirrored(t.corners, size), t.exact, t.ignore) for t in moved]
    return view, moved


def _mirrored(corners: np.ndarray, size: int) -> np.ndarray:
    return (corners * (-1, 1) + (size, 0))[[1, 0, 3, 2]].astype(np.float32)


def _scale(targets: list[Target], longest: int, size: int, rng: np.random.Generator) -> float:
    wanted = [t for t in targets if not t.ignore]
    if not wanted or rng.random() < 0.35:
        return float(np.exp(rng.uniform(np.log(0.8), np.log(2.2)))) * size / longest
    corners = wanted[int(rng.integers(len(wanted)))].corners
    plate_width = max(8.0, float(np.ptp(corners[:, 0])))
    scale = float(np.exp(rng.uniform(np.log(NARROWEST), np.log(0.9 * size)))) / plate_width
    return max(scale, LEAST_FRAME * size / longest)


def _focus(targets: list[Target], width: int, height: int, rng: np.random.Generator) -> np.ndarray:
    wanted = [t for t in targets if not t.ignore]
    if wanted and rng.random() < 0.8:
        return wanted[int(rng.integers(len(wanted)))].corners.mean(0)
    return rng.uniform(0, 1, 2) * (width, height)


def paste_plates(
    view: np.ndarray,
    targets: list[Target],
    pool: PlatePool,
    chance: random.Random,
    rng: np.random.Generator,
) -> tuple[np.ndarray, list[Target]]:
    """Set one to three rendered plates into a view where no plate is labelled."""
    view, targets = view.copy(), list(targets)
    size = view.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        plate = pool.take(chance, rng)
        flat = plate.picture
        is_vietnamese = plate.colour >= 0
        if plate.rows == 1:
            aspect = rng.uniform(4.1, 4.9) if is_vietnamese else rng.uniform(2.0, 4.9)
        else:
            aspect = rng.choice((1.36, 1.4, 2))
        width = float(np.exp(rng.uniform(np.log(NARROWEST), np.log(0.7 * size))))
        half = np.array([width, width / aspect]) / 2
        quad = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        angle = np.radians(np.clip(rng.normal(0, 8), -30, 30))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        quad = (quad * (rng.uniform(0.75, 1), 1)) @ turn.T
        quad[:, 1] += rng.normal(0, 0.1) * quad[:, 0]
        quad += rng.normal(0, 0.02, (4, 2)) * half
        quad = (quad + rng.uniform(0.05, 0.95, 2) * size).astype(np.float32)
        low, high = quad.min(0), quad.max(0)
        if any(_touches(low, high, t.corners) for t in targets):
            continue
        targets.append(Target(quad, True, False))
        _set_in(view, flat, quad, low, high, rng, with_rim=rng.random() < 0.6)
    return view, targets


def swap_plates(
    view: np.ndarray,
    targets: list[Target],
    pool: PlatePool,
    chance: random.Random,
    rng: np.random.Generator,
) -> tuple[np.ndarray, list[Target]]:
    """Set rendered plates in the place of real ones whose box alone is known.

    The street stays real, and the corners are known exactly then.
    """
    view, swapped = view.copy(), []
    for target in targets:
        low, high = target.corners.min(0), target.corners.max(0)
        size = high - low
        if target.exact or target.ignore or size[0] < NARROWEST or rng.random() < 0.4:
            swapped.append(target)
            continue
        plate = pool.take(chance, rng, 1 if size[0] > 2.5 * size[1] else 2)
        base = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) + rng.normal(0, 0.02, (4, 2))
        base[:, 1] += rng.normal(0, 0.08) * (base[:, 0] - 0.5)
        base = (base - base.min(0)) / np.ptp(base, axis=0)  # fills the box
        quad = (low + (base * 1.04 - 0.02) * size).astype(np.float32)
        _set_in(view, plate.picture, quad, quad.min(0), quad.max(0), rng, with_rim=False)
        swapped.append(Target(quad, True, False))
    return view, swapped


def paste_lettering(
    view: np.ndarray,
    targets: list[Target],
    pieces: list[np.ndarray],
    rng: np.random.Generator,
) -> np.ndarray:
    """Set one to four pieces of lettering into a view, where no plate is.

    `pieces` are kept for the next views and renewed now and then.
    """
    view, size = view.copy(), view.shape[0]
    for _ in range(int(rng.integers(1, 5))):
        index = int(rng.integers(POOL))
        if index >= len(pieces) or rng.random() < RENEWED:
            pieces[index : index + 1] = [draw_lettering(rng)]
        piece = pieces[min(index, len(pieces) - 1)]
        height, width = piece.shape[:2]
        wide = float(np.exp(rng.uniform(np.log(20), np.log(0.6 * size))))
        half = np.array([wide, wide * height / width]) / 2
        quad = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        if rng.random() < 0.6:
            quad[:, 1] += rng.normal(0, 0.12) * quad[:, 0]
        quad = (quad + rng.uniform(0.05, 0.95, 2) * size).astype(np.float32)
        low, high = quad.min(0), quad.max(0)
        if not any(_touches(low, high, t.corners) for t in targets):
            _set_in(view, piece, quad, low, high, rng, with_rim=False)
    return view


def _touches(low: np.ndarray, high: np.ndarray, corners: np.ndarray) -> bool:
    pad = 0.15 * (high - low)
    return bool((corners.max(0) > low - pad).all() and (corners.min(0) < high + pad).all())


def _set_in(view, flat, quad, low, high, rng, with_rim: bool) -> None:
    """Draw `flat` into `quad` in the light of what lies there."""
    x1, y1 = np.maximum(np.floor(low - 4), 0).astype(int)
    x2, y2 = np.minimum(np.ceil(high + 4), view.shape[0]).astype(int)
    if x2 - x1 < 4 or y2 - y1 < 4:
        return
    part = view[y1:y2, x1:x2]
    if with_rim:  # a bumper or a mudguard around it
        rim = quad + (quad - quad.mean(0)) * rng.uniform(0.05, 0.5)
        tone = [int(v) for v in np.clip(rng.uniform(0, 255) + rng.normal(0, 12, 3), 0, 255)]
        cv2.fillConvexPoly(view, np.int32(rim * 16), tone, cv2.LINE_AA, 4)
    brightness = np.clip(part.mean() / 130 * rng.uniform(0.7, 1.4), 0.3, 1.25)
    lit = np.clip(flat * brightness, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        lit = wear.shadow(lit, rng)
    height, width = flat.shape[:2]
    shrink = max(1.0, width / max(8.0, float(high[0] - low[0])))
    if shrink > 1.5:
        size = (max(6, int(width / shrink)), max(6, int(height / shrink)))
        lit = cv2.resize(lit, size, interpolation=cv2.INTER_AREA)
        height, width = lit.shape[:2]
    source = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(source, quad - np.float32([x1, y1]))
    size = (int(x2 - x1), int(y2 - y1))
    warped = cv2.warpPerspective(lit, matrix, size)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    share = mask[..., None].astype(np.float32) / 255
    part[:] = (part * (1 - share) + warped * share).astype(np.uint8)
    if rng.random() < 0.5:
        part[:] = cv2.GaussianBlur(part, (0, 0), rng.uniform(0.4, 1.0))


def degrade(view: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light, blur, noise and compression of a whole view."""
    if rng.random() < 0.7:
        view = wear.light(view, rng)
    if rng.random() < 0.15:
        view = cv2.GaussianBlur(view, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < 0.1:
        view = wear.motion_blur(view, rng, int(rng.integers(3, 9)))
    if rng.random() < 0.2:
        view = wear.noise(view, rng, rng.uniform(2, 14))
    if rng.random() < 0.3:
        view = wear.compress(view, int(rng.integers(25, 85)))
    if rng.random() < 0.1:
        view = cv2.cvtColor(cv2.cvtColor(view, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return view


class DetectorStream(torch.utils.data.IterableDataset):
    """Endless batches: pictures, corners (N, 12, 4, 2), state (N, 12) of `detector_loss`, complete.

    Every view of a batch has the same size; see BATCHES. Pictures stay in memory, decoded: they are
    small, and decoding them would keep the net waiting.
    """

    def __init__(
        self, data: Path, rendered: Path, seed: int, keep: Callable[[LabelledPicture], bool]
    ) -> None:
        self.pictures, self.weights = training_pictures(data, rendered, keep)
        self.seed = seed
        self._frames: dict[int, np.ndarray] = {}
        self._pool = PlatePool(POOL, RENEWED)
        self._pieces: list[np.ndarray] = []

    def __iter__(self):
        """Draw for ever; each worker and each start draws differently."""
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        chance = random.Random(int(rng.integers(1 << 31)))
        sizes, counts, shares = zip(*BATCHES, strict=True)
        while True:
            kind = int(rng.choice(len(BATCHES), p=shares))
            views = [self._view(sizes[kind], rng, chance) for _ in range(counts[kind])]
            yield tuple(torch.stack(parts) for parts in zip(*views, strict=True))

    def _view(self, size: int, rng: np.random.Generator, chance: random.Random):
        index = int(np.searchsorted(self.weights, rng.random()))
        picture = self.pictures[index]
        if index not in self._frames:
            self._frames[index] = cv2.imread(str(picture.path))
        view, targets = view_of(self._frames[index], targets_of(picture), size, rng)
        if rng.random() < 0.3:
            view, targets = swap_plates(view, targets, self._pool, chance, rng)
        if rng.random() < 0.45:
            view, targets = paste_plates(view, targets, self._pool, chance, rng)
        if picture.complete and rng.random() < 0.35:
            view = paste_lettering(view, targets, self._pieces, rng)
        return pack(degrade(view, rng), targets, picture.complete)


def pack(view: np.ndarray, targets: list[Target], complete: bool):
    """Tensors of one view; plates that are mostly outside or too small are ignored."""
    corners = np.zeros((MAX_PLATES, 4, 2), np.float32)
    state = np.zeros(MAX_PLATES, np.int64)
    shown = [_inside(t, view.shape[0]) for t in targets]
    kept = [pair for pair in zip(targets, shown, strict=True) if pair[1] > 0.05][:MAX_PLATES]
    for index, (target, inside) in enumerate(kept):
        corners[index] = target.corners
        size = np.ptp(target.corners, axis=0)
        judged = not target.ignore and inside > 0.75 and size[0] >= 14 and size[1] >= 5
        state[index] = (2 if target.exact else 1) if judged else 3
    return (
        torch.from_numpy(np.ascontiguousarray(view)),
        torch.from_numpy(corners),
        torch.from_numpy(state),
        torch.tensor(complete),
    )


def _inside(target: Target, size: int) -> float:
    low, high = target.corners.min(0), target.corners.max(0)
    shown = np.clip(np.minimum(high, size) - np.maximum(low, 0), 0, None)
    return float(shown.prod() / max(1e-6, (high - low).prod()))
