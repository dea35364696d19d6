"""The detector's network: anchor-free, one class, four corners at each cell of eight pixels."""

import torch
from torch import Tensor, nn

from models.training.reader_net import Residual, _step

STRIDE = 8  # pixels of the input to a cell
REACH = 4.0  # a corner is predicted in units of REACH strides from the middle of its cell


class DetectorNet(nn.Module):
    """Finds plates of 14 to 600 pixels width in a picture whose sides are multiples of 64.

    A cell sees some 600 pixels around it, so that a plate is known by what carries it, too.

    `forward` takes (N, H, W, 3) uint8 BGR and gives for each cell, row by row: logits (N, h*w) of
    being in the middle of a plate, and corners (N, h*w, 8) in pixels of the input, x then y, from
    top left clockwise.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(_step(3, 16, 3, 2), _step(16, 24, 3, 2))
        self.eighth = nn.Sequential(_step(24, 48, 3, 2), Residual(48))
        self.sixteenth = nn.Sequential(_step(48, 72, 3, 2), Residual(72))
        self.thirtieth = nn.Sequential(_step(72, 96, 3, 2), Residual(96), Residual(96))
        self.sixtieth = nn.Sequential(_step(96, 128, 3, 2), Residual(128), Residual(128))
        self.across16 = nn.Conv2d(72, 64, 1)
        self.across32 = nn.Conv2d(96, 64, 1)
        self.across64 = nn.Conv2d(128, 64, 1)
        self.join32 = _step(64, 64)
        self.join16 = _step(64, 64)
        self.across8 = nn.Conv2d(48, 48, 1)
        self.down16 = nn.Conv2d(64, 48, 1)
        self.join8 = nn.Sequential(_step(48, 48), _step(48, 48))
        self.head = nn.Conv2d(48, 9, 1)
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.constant_(self.head.bias, 0.0)
        with torch.no_grad():
            self.head.bias[0] = -4.0  # few cells are plates: start there

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Look at a batch; see the class."""
        return self.answers(self.features(frames))

    def features(self, frames: Tensor) -> Tensor:
        """What is seen at each cell, (N, 48, h, w); half precision is enough for it."""
        x = (frames.permute(0, 3, 1, 2).float() - 127.5) / 64.0
        eighth = self.eighth(self.stem(x))
        sixteenth = self.sixteenth(eighth)
        thirtieth = self.thirtieth(sixteenth)
        low = self.across64(self.sixtieth(thirtieth))
        low = nn.functional.interpolate(low, scale_factor=2.0, mode="nearest")
        low = self.join32(self.across32(thirtieth) + low)
        low = nn.functional.interpolate(low, scale_factor=2.0, mode="nearest")
        middle = self.join16(self.across16(sixteenth) + low)
        middle = nn.functional.interpolate(self.down16(middle), scale_factor=2.0, mode="nearest")
        return self.join8(self.across8(eighth) + middle)

    def answers(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Logits and corners of each cell, from what is seen there in full precision."""
        out = self.head(features)
        rows, columns = out.shape[2], out.shape[3]
        ys = (torch.arange(rows, device=out.device, dtype=out.dtype) + 0.5) * STRIDE
        xs = (torch.arange(columns, device=out.device, dtype=out.dtype) + 0.5) * STRIDE
        grid = torch.stack(
            [xs[None, :].expand(rows, columns), ys[:, None].expand(rows, columns)], 2
        ).reshape(1, rows * columns, 2)
        flat = out.flatten(2).transpose(1, 2)
        corners = flat[..., 1:] * (REACH * STRIDE) + grid.repeat(1, 1, 4)
        return flat[..., 0], corners
