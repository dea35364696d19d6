"""What reads crops."""

from collections.abc import Sequence
from typing import Protocol

from lpr.boxes import Frame
from lpr.readings import Reading


class Reader(Protocol):
    """Reads plates."""

    def read(self, crops: Sequence[Frame]) -> list[Reading]:
        """Read rectified crops of any size, in order, one reading for each."""
        ...
