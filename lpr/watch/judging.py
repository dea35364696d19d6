"""Judges now and then how well a camera sees, and learns its view while the street is quiet."""

import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from lpr.reasons import reason_of
from lpr.watch.frames import Grey, LiveFrame
from lpr.watch.scene import Edges, Scene, Watched, learnt_edges, scene

JUDGE_S = 5.0  # between two looks at how well the camera sees
LEARN_S = 60.0  # between two pictures of the quiet street that its view is learnt from
LEARN_RATE = 0.02
_LOG = logging.getLogger("platetrail.watch")


class Judging:
    """Judges one camera.

    Args:
        view: file that remembers what it should see, so that a camera that was moved while nobody
            watched is noticed; None: it is learnt anew.

    Attributes:
        scene: what its latest picture that was judged says about it; None before the first.
    """

    def __init__(self, view: Path | None = None) -> None:
        self.scene: Scene | None = None
        self._view = view
        self._known = read_view(view) if view else None
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
        before = self._watched or Watched(small, frame.offset, self._known)
        self._watched, seen = scene(before, small, sharp, frame.offset)
        self.scene = seen
        is_good = not (seen.is_dark or seen.is_covered or seen.is_moved)
        if is_quiet and is_good and frame.offset - self._learnt >= LEARN_S:
            edges = learnt_edges(self._watched.edges, small, LEARN_RATE)
            self._watched = replace(self._watched, edges=edges)
            self._learnt = frame.offset
            if self._view:
                write_view(self._view, edges)


def read_view(file: Path) -> Edges | None:
    """The edges of the view that a camera should have; None if they are not known."""
    try:
        edges = np.load(file, allow_pickle=False)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError) as error:
        _LOG.warning("%s cannot be read (%s): the view is learnt anew", file, error)
        return None
    fits = isinstance(edges, np.ndarray) and edges.ndim == 2 and edges.dtype == np.float32
    return edges if fits else None


def write_view(file: Path, edges: Edges) -> None:
    """Remember them; a file that is there is whole at any moment."""
    temporary = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as part:
            np.save(part, edges)
        temporary.replace(file)
    except OSError as error:  # a full disk: watching goes on
        _LOG.error("%s cannot be written: %s", file, reason_of(error))
        with suppress(OSError):
            temporary.unlink()
