"""The detector's network: anchor-free, one class, four corners at each cell of four grids."""

import torch
from torch import Tensor, nn

from models.training.reader_net import Residual, _step

STRIDES = (8, 16, 32, 64)  # pixels of the input to a cell of each grid
REACH = 4.0  # a corner is predicted in units of REACH strides from the middle of its cell


class DetectorNet(nn.Module):
    """Finds plates of 14 to 600 pixels width in a picture whose sides are multiples of 64.

    The larger a plate, the coarser the grid that answers for it, and the wider it looks around, so
    that a plate is known by what carries it, too.

    `forward` takes (N, H, W, 3) uint8 BGR and gives for each cell, grid by grid and row by row:
    logits (N, M) of being in the middle of a plate, and corners (N, M, 8) in pixels of the input,
    x then y, from top left clockwise.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(_step(3, 16, 3, 2), _step(16, 24, 3, 2))
        self.eighth = nn.Sequential(_step(24, 48, 3, 2), Residual(48))
        self.sixteenth = nn.Sequential(_step(48, 72, 3, 2), Residual(72), Residual(72))
        self.thirtieth = nn.Sequential(_step(72, 96, 3, 2), Residual(96), Residual(96))
        self.sixtieth = nn.Sequential(_step(96, 128, 3, 2), Residual(128), Residual(128))
        self.across = nn.ModuleList([nn.Conv2d(c, o, 1) for c, o in _ACROSS])
        self.down = nn.ModuleList([nn.Conv2d(64, o, 1) for o in (48, 64, 64)])
        self.join = nn.ModuleList([_step(o, o) for _, o in _ACROSS])
        self.heads = nn.ModuleList([nn.Conv2d(o, 9, 1) for _, o in _ACROSS])
        for head in self.heads:
            nn.init.normal_(head.weight, std=0.01)
            nn.init.constant_(head.bias, 0.0)
            with torch.no_grad():
                head.bias[0] = -4.0  # few cells are plates: start there

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Look at a batch; see the class."""
        return self.answers(self.features(frames))

    def features(self, frames: Tensor) -> list[Tensor]:
        """What is seen at each cell of each grid; half precision is enough for it."""
        x = (frames.permute(0, 3, 1, 2).float() - 127.5) / 64.0
        eighth = self.eighth(self.stem(x))
        sixteenth = self.sixteenth(eighth)
        thirtieth = self.thirtieth(sixteenth)
        seen = (eighth, sixteenth, thirtieth, self.sixtieth(thirtieth))
        found = [self.join[3](self.across[3](seen[3]))]
        for grid in (2, 1, 0):
            coarser = self.down[grid](found[0])
            coarser = nn.functional.interpolate(coarser, scale_factor=2.0, mode="nearest")
            found.insert(0, self.join[grid](self.across[grid](seen[grid]) + coarser))
        return found

    def answers(self, features: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Logits and corners of each cell, from what is seen there in full precision."""
        answers = [self._grid(i, seen.float()) for i, seen in enumerate(features)]
        return torch.cat([a for a, _ in answers], 1), torch.cat([c for _, c in answers], 1)

    def _grid(self, index: int, seen: Tensor) -> tuple[Tensor, Tensor]:
        stride = STRIDES[index]
        flat = self.heads[index](seen).flatten(2).transpose(1, 2)
        cells = middles(seen.shape[2], seen.shape[3], stride).to(flat)
        return flat[..., 0], flat[..., 1:] * (REACH * stride) + cells.repeat(1, 4)


_ACROSS = ((48, 48), (72, 64), (96, 64), (128, 64))
"""Channels of each grid, from what is seen there to what is said there."""


def middles(rows: int, columns: int, stride: int) -> Tensor:
    """Middles of the cells of a grid in pixels, (rows * columns, 2), x then y, row by row."""
    ys = (torch.arange(rows, dtype=torch.float32) + 0.5) * stride
    xs = (torch.arange(columns, dtype=torch.float32) + 0.5) * stride
    return torch.stack(
        [xs[None, :].expand(rows, columns), ys[:, None].expand(rows, columns)], 2
    ).reshape(rows * columns, 2)
