"""The reader's network: attention slots over a small convolutional picture of the plate."""

import torch
from torch import Tensor, nn

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLANK = len(ALPHABET)
SLOTS = 10  # the longest plate of docs/plates.md has ten characters
HEIGHT, WIDTH = 64, 160
COUNTED, COUNT_SCALE = 16, 0.1  # kinds of what is counted; keeps the counts near 1
COLOURS = ("white", "yellow", "blue", "red")


def _step(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two 3x3 convolutions added to their input; they begin by adding nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _step(width, width),
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            nn.BatchNorm2d(width),
        )
        nn.init.zeros_(self.body[-1].weight)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        return torch.relu(x + self.body(x))


class ReaderNet(nn.Module):
    """Reads one- and two-row plates of up to ten characters.

    `forward` takes (N, 64, 160, 3) uint8 BGR and gives logits: characters (N, 10, 37), rows (N, 2)
    for one and two, colour (N, 4) in the order of `COLOURS`; and where the plate's corners lie in
    the crop, (N, 4, 2) shares of its width and height, from top left clockwise.
    """

    def __init__(self, width: int = 96) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            _step(3, 24, 5, 2), _step(24, 32), _step(32, 48, 3, 2), Residual(48)
        )
        self.body = nn.Sequential(
            Residual(48), _step(48, width, 3, 2), *(Residual(width) for _ in range(3))
        )
        self.place = nn.Parameter(torch.randn(1, width, HEIGHT // 8, WIDTH // 8) * 0.02)
        self.down = nn.Sequential(_step(width, 64, 3, 2), _step(64, 64))
        self.across = nn.Conv2d(width, 64, 1)
        self.density = nn.Conv2d(width, COUNTED, 1)
        self.counted = nn.Conv2d(2 * COUNTED, 64, 1, bias=False)
        nn.init.zeros_(self.counted.weight)
        self.maps = nn.Sequential(_step(64, 64), nn.Conv2d(64, SLOTS, 1))
        self.value = nn.Conv2d(width, 128, 1)
        self.slot = nn.Parameter(torch.randn(1, SLOTS, 128) * 0.02)
        self.mix = nn.MultiheadAttention(128, 4, batch_first=True)
        self.norm = nn.LayerNorm(128)
        self.classify = nn.Linear(128, len(ALPHABET) + 1)
        self.bias = nn.Parameter(torch.zeros(1, SLOTS, len(ALPHABET) + 1))
        self.rows = nn.Linear(64, 2)
        self.colour = nn.Linear(3 + 24, len(COLOURS))
        self.edges = nn.Conv2d(64, 24, 1)
        self.corners = nn.Linear(24 * (HEIGHT // 16) * (WIDTH // 16), 8)

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Read a batch; see the class."""
        seen = (crops.permute(0, 3, 1, 2).float() - 127.5) / 64.0
        away = seen - seen.mean((1, 2, 3), keepdim=True)
        # a dark crop with little contrast comes to look like any other
        x = away / (away.square().mean((1, 2, 3), keepdim=True).sqrt() + 0.2)
        first = fine = self.stem[0](x)
        for step in self.stem[1:]:
            fine = step(fine)
        features = self.body(fine)
        placed = features + self.place
        low = self.down(placed)
        high = nn.functional.interpolate(low, scale_factor=2.0, mode="nearest")
        maps = self.maps(high + self.across(placed) + self._counts(placed)).flatten(2)
        weights = torch.softmax(maps, dim=2)
        values = self.value(features).flatten(2).transpose(1, 2)
        slots = weights @ values + self.slot
        mixed, _ = self.mix(slots, slots, slots, need_weights=False)
        logits = self.classify(self.norm(slots + mixed)) + self.bias
        look = torch.cat([seen.mean((2, 3)), first.mean((2, 3))], 1)
        whole = torch.tensor([0.0, 0, 1, 0, 1, 1, 0, 1], device=crops.device)
        corners = 0.25 * self.corners(torch.relu(self.edges(low)).flatten(1)) + whole
        return logits, self.rows(low.mean((2, 3))), self.colour(look), corners.unflatten(1, (4, 2))

    def _counts(self, placed: Tensor) -> Tensor:
        """How much of what characters are made of lies before each place, to its left and above.

        Without it a slot finds its character by where it usually stands, and a plate with wider
        gaps or fewer characters has some doubled and others left out.
        """
        density = torch.relu(self.density(placed))
        left = density.cumsum(3)
        above = density.sum(3, keepdim=True).cumsum(2).expand_as(left)
        return self.counted(COUNT_SCALE * torch.cat([left, above], 1))
