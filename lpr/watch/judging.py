"""Judges now and then how well a camera sees, and learns its view while the street is quiet."""

from dataclasses import replace

from lpr.watch.frames import Grey, LiveFrame
from lpr.watch.scene import Scene, Watched, learnt_edges, scene

JUDGE_S = 5.0  # between two looks at how well the camera sees
LEARN_S = 60.0  # between two pictures of the quiet street that its view is learnt from
LEARN_RATE = 0.02


class Judging:
    """Judges one camera.

    Attributes:
        scene: what its latest picture that was judged says about it; None before the first.
    """

    def __init__(self) -> None:
        self.scene: Scene | None = None
        self._watched: Watched | None = None
        self._judged = self._learnt = float("-inf")

    def judge(self, frame: LiveFrame, small: Grey, *, is_quiet: bool) -> None:
        """Judge a frame, if it is time to.

        Args:
            frame: to judge.
            small: its brightness, `frame.small_grey()`.
            is_quiet: whether nothing moves in it.
        """
        if frame.offset - self._judged < JUDGE_S:
            return
        self._judged = frame.offset
        sharp = frame.pixels.grey(1)
        self._watched, self.scene = seen = scene(self._watched, small, sharp, frame.offset)
        is_good = not (seen[1].is_dark or seen[1].is_covered or seen[1].is_moved)
        if is_quiet and is_good and frame.offset - self._learnt >= LEARN_S:
            edges = learnt_edges(self._watched.edges, small, LEARN_RATE)
            self._watched = replace(self._watched, edges=edges)
            self._learnt = frame.offset
