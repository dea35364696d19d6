"""What the detector is told: which cells are plates, and where the corners are."""

import torch
from torch import Tensor

from models.training.detector_net import STRIDES, middles

CORE = 0.25  # of the plate's width and height around its middle: cells there are the plate
RING = 0.36  # cells between core and ring are left out; the rest of the plate is background
LEAST_CORE = 0.75  # cells, so that the smallest plate has one
LARGEST = (40.0, 90.0, 200.0, 1e9)
"""Pixels: a plate up to this size (root of its box's area) belongs to the grid of that stride."""
NEAR = 1.4  # factor of the size within which the next grid may answer, too
DOUBTFUL = 0.25  # a cell this sure of a plate where not all plates are labelled is not punished
NONE, BOX, EXACT, IGNORE = range(4)


def loss_of(
    logits: Tensor, corners: Tensor, wanted: Tensor, state: Tensor, complete: Tensor, size: int
) -> Tensor:
    """Focal loss of the cells and scaled L1 of the corners.

    Args:
        logits: (N, M) of the cells of a square view.
        corners: (N, M, 8) pixels.
        wanted: (N, K, 4, 2) pixels of the labelled plates.
        state: (N, K) one of NONE, BOX, EXACT, IGNORE.
        complete: (N,) whether every plate is labelled.
        size: side of the view in pixels.

    Returns:
        A scalar.
    """
    owner, positive, ignored = assign(wanted, state, size)
    probability = torch.sigmoid(logits)
    doubtful = ~complete[:, None] & (probability > DOUBTFUL)
    negative = ~positive & ~ignored & ~doubtful
    count = positive.sum().clamp(min=1)
    cells = -(positive * (1 - probability) ** 2 * torch.nn.functional.logsigmoid(logits)).sum()
    cells = cells - (negative * probability**2 * torch.nn.functional.logsigmoid(-logits)).sum()
    return cells / count + 2.0 * _corner_loss(corners, wanted, state, owner, positive)


def assign(wanted: Tensor, state: Tensor, size: int) -> tuple[Tensor, Tensor, Tensor]:
    """Which plate each cell belongs to.

    Returns:
        Index of the plate, whether the cell is one, whether it is left out; each (N, M).
    """
    cells, strides, sizes = _cells(size, wanted.device)
    low, high = wanted.amin(2), wanted.amax(2)
    middle, extent = (low + high) / 2, high - low
    away = (cells - middle[:, :, None]).abs()
    least = LEAST_CORE * strides[:, None]
    core = (away <= torch.maximum(CORE * extent[:, :, None], least)).all(3)
    ring = (away <= torch.maximum(RING * extent[:, :, None], least + strides[:, None])).all(3)
    inside = (away <= (0.5 * extent + 2)[:, :, None]).all(3)
    root = extent.prod(2).clamp(min=1).sqrt()[:, :, None]
    ours = (root > sizes[:, 0]) & (root <= sizes[:, 1])
    near = (root > sizes[:, 0] / NEAR) & (root <= sizes[:, 1] * NEAR)
    core, ring = core & ours, (ring & ours) | (core & near)
    judged = ((state == BOX) | (state == EXACT))[:, :, None]
    area = extent.prod(2)[:, :, None] + torch.where(core & judged, 0.0, 1e9)
    smallest, owner = area.min(1)
    positive = smallest < 1e8
    left_out = (ring & judged) | (inside & (state == IGNORE)[:, :, None])
    ignored = left_out.any(1) & ~positive
    return owner, positive, ignored


def _cells(size: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Of every cell its middle (M, 2), its stride (M,) and the plate sizes of its grid (M, 2)."""
    grids = [middles(size // stride, size // stride, stride) for stride in STRIDES]
    least = (0.0, *LARGEST[:-1])
    strides = [torch.full((len(g),), float(s)) for g, s in zip(grids, STRIDES, strict=True)]
    sizes = [
        torch.tensor([pair]).expand(len(g), 2)
        for g, pair in zip(grids, zip(least, LARGEST, strict=True), strict=True)
    ]
    return tuple(torch.cat(part).to(device) for part in (grids, strides, sizes))


def _corner_loss(
    corners: Tensor, wanted: Tensor, state: Tensor, owner: Tensor, positive: Tensor
) -> Tensor:
    if not positive.any():
        return corners.sum() * 0
    batch, cell = positive.nonzero(as_tuple=True)
    plate = owner[batch, cell]
    guess = corners[batch, cell].reshape(-1, 4, 2)
    truth = wanted[batch, plate]
    exact = state[batch, plate] == EXACT
    scale = truth.amax(1) - truth.amin(1)
    by_corner = ((guess - truth).abs() / scale[:, None]).mean((1, 2))
    hull = torch.stack(
        [
            torch.minimum(guess[:, 0, 0], guess[:, 3, 0]),
            torch.minimum(guess[:, 0, 1], guess[:, 1, 1]),
            torch.maximum(guess[:, 1, 0], guess[:, 2, 0]),
            torch.maximum(guess[:, 2, 1], guess[:, 3, 1]),
        ],
        1,
    )
    box = torch.cat([truth.amin(1), truth.amax(1)], 1)
    by_box = ((hull - box).abs() / scale.repeat(1, 2)).mean(1)
    # where the box alone is known, a plate without tilt is the likeliest
    by_box = by_box + 0.05 * by_corner
    # every plate counts the same, however many cells it has
    cells = torch.zeros(state.shape, device=state.device)
    cells.index_put_((batch, plate), torch.ones(len(batch), device=state.device), True)
    weights = 1 / cells[batch, plate]
    return (torch.where(exact, by_corner, by_box) * weights).sum() / weights.sum() * 5
