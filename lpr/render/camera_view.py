"""What a camera on a pole sees: from metres on the road to pixels of its frame."""

from dataclasses import dataclass
from functools import cached_property
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

NEAR_M = 0.6  # nothing nearer can be projected


@dataclass(frozen=True)
class CameraView:
    """A pinhole camera above x = 0, z = 0, looking along z; x right, y up, in metres.

    Attributes:
        width, height: of its frames, in pixels.
        focal: in pixels.
        height_m: above the road.
        pitch: radians downwards.
        yaw: radians to the right.
        roll: radians clockwise.
    """

    width: int
    height: int
    focal: float
    height_m: float
    pitch: float
    yaw: float = 0.0
    roll: float = 0.0

    @cached_property
    def _turn(self) -> NDArray[np.float64]:
        """From road axes to the camera's (right, down, ahead), (3, 3)."""
        p, w, r = self.pitch, self.yaw, self.roll
        yaw = np.array([[cos(w), 0, -sin(w)], [0, 1, 0], [sin(w), 0, cos(w)]])
        pitch = np.array([[1, 0, 0], [0, -cos(p), -sin(p)], [0, -sin(p), cos(p)]])
        roll = np.array([[cos(r), -sin(r), 0], [sin(r), cos(r), 0], [0, 0, 1]])
        turn: NDArray[np.float64] = roll @ pitch @ yaw
        return turn

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels of points.

        Args:
            points: (N, 3) metres.

        Returns:
            (N, 2) pixels; points nearer than NEAR_M are taken as lying there.
        """
        seen = (points - (0.0, self.height_m, 0.0)) @ self._turn.T
        depth = np.maximum(seen[:, 2:], NEAR_M)
        middle = np.array((self.width / 2, self.height / 2))
        pixels: NDArray[np.float64] = seen[:, :2] / depth * self.focal + middle
        return pixels

    def foremost_m(self, height_m: float) -> float:
        """How far away the lower edge of the frame is, at a height above the road."""
        lowest = self.pitch + np.arctan(self.height / 2 / self.focal)
        return float((self.height_m - height_m) / np.tan(lowest))
