"""A first convolution over 2x2 pixels folded into channels, which answers the same.

Three channels do not fill the kernels of an 8-bit convolution, twelve do.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Folded(nn.Module):
    """A convolution of stride two, done at half the size with four times the channels.

    Args:
        convolution: 3x3 or 5x5 of stride two without bias, padded by half its size.
    """

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        outputs, inputs, size, _ = convolution.weight.shape
        self.blocks = 2 if size == 3 else 3  # pairs of pixels that it reaches over
        first = 2 - size // 2  # of its pixels, in the three pairs around the pair that it answers
        spread = torch.zeros(outputs, inputs, 6, 6)
        spread[:, :, first : first + size, first : first + size] = convolution.weight.data
        pairs = spread.view(outputs, inputs, 3, 2, 3, 2).permute(0, 3, 5, 1, 2, 4)
        weight = pairs.reshape(outputs, 4 * inputs, 3, 3)[..., : self.blocks, : self.blocks]
        self.weight = nn.Parameter(weight.contiguous())

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) with even H and W to (N, outputs, H / 2, W / 2)."""
        folded = torch.cat([x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)], 1)
        return functional.conv2d(functional.pad(folded, (1, self.blocks - 2) * 2), self.weight)


def unfolded(weight: Tensor, size: int) -> Tensor:
    """The weights of the convolution that a `Folded` of three blocks was made from.

    Args:
        weight: (outputs, 4 * inputs, 3, 3).
        size: of its kernel.
    """
    outputs, folded, _, _ = weight.shape
    pairs = weight.view(outputs, 2, 2, folded // 4, 3, 3).permute(0, 3, 4, 1, 5, 2)
    return pairs.reshape(outputs, folded // 4, 6, 6)[..., :size, :size].contiguous()
