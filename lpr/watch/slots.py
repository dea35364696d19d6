"""Frames from a decoder's process to the recogniser's, in memory that both see.

The recogniser makes it, hands its number to the decoder, and it is gone when both are, however they
end. Who may touch a slot is told by messages: the decoder fills a free one and names it, the
recogniser gives it back.
"""

import mmap
import os

import numpy as np

from lpr.boxes import Frame

COUNT = 3  # frames on their way from one camera; a fourth is dropped and counted
LARGEST = 3840 * 2160 * 3  # bytes of a frame; a larger one is made smaller by its decoder


class Slots:
    """Room for COUNT frames; only what is written takes memory.

    Args:
        number: file descriptor of the memory; None makes new memory.
    """

    def __init__(self, number: int | None = None) -> None:
        if number is None:
            number = os.memfd_create("platetrail-frames")
            os.ftruncate(number, COUNT * LARGEST)
        self.number = number
        self._memory = mmap.mmap(number, COUNT * LARGEST)

    def write(self, slot: int, frame: Frame) -> None:
        """Put a frame into a slot.

        Args:
            slot: 0 <= slot < COUNT.
            frame: (H, W, 3) uint8, at most LARGEST bytes.
        """
        self.view(slot, (frame.shape[0], frame.shape[1]))[:] = frame

    def view(self, slot: int, size: tuple[int, int]) -> Frame:
        """A frame of that height and width as it lies in a slot, (H, W, 3) uint8; not a copy."""
        height, width = size
        pixels = np.frombuffer(self._memory, np.uint8, height * width * 3, slot * LARGEST)
        return pixels.reshape(height, width, 3)

    def close(self) -> None:
        """Give it up on this side; the memory goes with the last view of it."""
        os.close(self.number)
