"""Batches at the speed of a graphics card: views drawn before, shown again a little otherwise.

Drawing a view takes a processor longer than a card takes to learn from it. While the next fresh
batch is not there yet, the card sees views that it kept, each moved, turned and lit a little.
"""

import queue
import threading
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor
from torch.nn import functional

from models.training.run import DEVICE

READY = 4  # fresh batches that wait
MOVED = 0.025  # deviation of a move, as a share of half a view, and of a change of size
TURNED = 0.03  # radians
LIT, NOISE = 0.12, 4.0  # share of the light; grey levels at most


class Replay:
    """Endless batches of `reader_data.tensors_of`, on the device.

    Args:
        fresh: endless batches, drawn by other processes.
        kept: how many views are kept; the oldest make room.
    """

    def __init__(self, fresh: Iterable, kept: int) -> None:
        self._fresh, self._kept = fresh, kept
        self._store: list[Tensor] = []
        self.fresh = self.again = 0  # views that were shown

    def __iter__(self) -> Iterator[list[Tensor]]:
        """A fresh batch whenever there is one, else one of kept views."""
        ready: queue.Queue = queue.Queue(READY)
        fresh = iter(self._fresh)  # forks here, before there are threads

        def fetch() -> None:
            for batch in fresh:
                ready.put(batch)

        threading.Thread(target=fetch, daemon=True).start()
        while True:
            if self.fresh < self._kept // 4 or not ready.empty():
                batch = [part.to(DEVICE) for part in ready.get()]
                self._keep(batch)
                yield batch
            else:
                self.again += len(batch[0])
                yield self._again(len(batch[0]))

    def _keep(self, batch: list[Tensor]) -> None:
        if not self._store:
            self._store = [torch.empty((self._kept, *p.shape[1:]), dtype=p.dtype, device=DEVICE)
                           for p in batch]  # fmt: skip
        places = (self.fresh + torch.arange(len(batch[0]), device=DEVICE)) % self._kept
        for store, part in zip(self._store, batch, strict=True):
            store[places] = part
        self.fresh += len(places)

    def _again(self, count: int) -> list[Tensor]:
        chosen = torch.randint(min(self.fresh, self._kept), (count,), device=DEVICE)
        views, slots, rows, colours, corners, known = (store[chosen] for store in self._store)
        views, corners = varied(views, corners)
        return [views, slots, rows, colours, corners, known]


def varied(views: Tensor, corners: Tensor) -> tuple[Tensor, Tensor]:
    """Views moved, turned, sized and lit a little.

    Args:
        views: (N, H, W, 3) uint8.
        corners: (N, 4, 2) shares of the view.

    Returns:
        The same of the varied views.
    """
    count, height, width, _ = views.shape
    shape = torch.tensor([width / height, 1.0], device=views.device)
    turn = torch.randn(count, 1, 1, device=views.device) * TURNED
    size = 1 + torch.randn(count, 2, device=views.device) * MOVED
    turned = torch.cat([torch.cat([turn.cos(), -turn.sin()], 2),
                        torch.cat([turn.sin(), turn.cos()], 2)], 1)  # fmt: skip
    # in the square of -1 to 1: from where each pixel comes
    matrix = turned * size[:, None] * shape[None, None] / shape[None, :, None]
    offset = torch.randn(count, 2, 1, device=views.device) * MOVED
    grid = functional.affine_grid(
        torch.cat([matrix, offset], 2), [count, 3, height, width], align_corners=False
    )
    pixels = views.permute(0, 3, 1, 2).float()
    pixels = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    light = 1 + torch.randn(count, 1, 1, 1, device=views.device) * LIT
    tint = 1 + torch.randn(count, 3, 1, 1, device=views.device) * LIT / 4
    noise = torch.randn_like(pixels) * NOISE * torch.rand(count, 1, 1, 1, device=views.device)
    pixels = (pixels * light * tint + noise).clamp(0, 255).round()
    centred = 2 * corners.float() - 1 - offset.transpose(1, 2)
    moved = torch.linalg.solve(matrix, centred.transpose(1, 2)).transpose(1, 2)
    return pixels.to(torch.uint8).permute(0, 2, 3, 1), ((moved + 1) / 2).to(corners.dtype)
