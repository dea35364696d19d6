"""How well a camera sees: values for the health page. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr.watch.frames import Grey

SHARP_WIDTH = 960  # pixels
FROZEN_S = 60.0  # pictures that are the same to the last grey level: no lens sees that
COVERED = 4.0  # grey levels; a picture whose detail is less shows nothing
DARK = 0.92  # mean darkness of a night without any light
MOVED_SHIFT = 0.03  # of the width: wind moves a mast less
SURE_SHIFT = 0.08  # response of phase correlation (Kuglin and Hines 1975), 0..1
Edges = NDArray[np.float32]
ALIKE, UNLIKE = 0.6, 0.2  # likeness to the reference that is the same view, and another one


@dataclass(frozen=True, slots=True)
class Scene:
    """What one picture says about its camera.

    Attributes:
        sharpness: variance of the Laplacian, grey levels squared; below 40 is blurred.
        darkness: 0 white .. 1 black.
        detail: spread of the brightness about its neighbourhood, grey levels.
        frozen_s: for how long the picture has been exactly the same.
        likeness: of its edges to those of the reference, -1..1; None without a reference.
        shift: how far they have moved, as share of the width; 0 if they have not, or not surely.
    """

    sharpness: float
    darkness: float
    detail: float
    frozen_s: float = 0.0
    likeness: float | None = None
    shift: float = 0.0

    @property
    def is_dark(self) -> bool:
        """Whether nothing can be seen for want of light."""
        return self.darkness >= DARK

    @property
    def is_covered(self) -> bool:
        """Whether something is in front of the lens: no detail, and not for want of light."""
        return self.detail < COVERED and not self.is_dark

    @property
    def is_frozen(self) -> bool:
        """Whether the camera shows the same picture again and again."""
        return self.frozen_s >= FROZEN_S

    @property
    def is_moved(self) -> bool:
        """Whether the camera looks somewhere else than it did."""
        if self.likeness is None or self.is_dark or self.is_covered:
            return False
        return self.likeness < UNLIKE or (self.likeness < ALIKE and self.shift >= MOVED_SHIFT)


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What is remembered of a camera's pictures.

    Attributes:
        last: small picture.
        since: offset from which on it has been exactly the same, in seconds.
        edges: (h, w) float32 of the view that the camera should have; None until it is learnt.
    """

    last: Grey
    since: float
    edges: Edges | None = None


def scene(
    watched: Watched | None, small: Grey, sharp: Grey, offset: float
) -> tuple[Watched, Scene]:
    """Judge a picture.

    Args:
        watched: what is remembered, None at first.
        small: (h, w) uint8, about 160 pixels wide.
        sharp: the picture in its own size, for sharpness; (H, W) uint8.
        offset: seconds.

    Returns:
        What is remembered now, and what was found.
    """
    is_same = watched is not None and np.array_equal(watched.last, small)
    since = watched.since if watched and is_same else offset
    fits = watched is not None and watched.edges is not None and watched.edges.shape == small.shape
    reference = watched.edges if watched and fits else None
    likeness, shift = (None, 0.0) if reference is None else compared(reference, edges_of(small))
    found = Scene(
        sharpness=sharpness_of(sharp),
        darkness=1 - float(small.mean()) / 255,
        detail=float(np.std(_detail(small))),
        frozen_s=offset - since,
        likeness=likeness,
        shift=shift,
    )
    return Watched(small, since, reference), found


def sharpness_of(grey: Grey) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al., ICPR 2000); grey levels squared.

    Args:
        grey: (H, W) uint8; a wider one is made SHARP_WIDTH wide, so that it is detail that counts
            and not the sensor's grain.
    """
    height, width = grey.shape
    if width > SHARP_WIDTH:
        size = (SHARP_WIDTH, round(height * SHARP_WIDTH / width))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())


def edges_of(small: Grey) -> Edges:
    """How strong the edges are, whatever the light: (h, w) float32, mean 0."""
    picture = cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)
    strength = cv2.magnitude(
        cv2.Sobel(picture, cv2.CV_32F, 1, 0), cv2.Sobel(picture, cv2.CV_32F, 0, 1)
    )
    strength = np.log1p(strength)
    return np.asarray(strength - strength.mean(), np.float32)


def learnt_edges(edges: Edges | None, small: Grey, rate: float) -> Edges:
    """The edges of the view that a camera should have, with one more picture of it.

    Args:
        edges: until now, None at first.
        small: (h, w) uint8; of a quiet street, again and again over hours.
        rate: share that it counts, 0..1.
    """
    new = edges_of(small)
    if edges is None or edges.shape != new.shape:
        return new
    return np.asarray(edges + (new - edges) * np.float32(rate), np.float32)


def compared(reference: Edges, edges: Edges) -> tuple[float, float]:
    """How like two views are, -1..1, and how far one is shifted as share of the width."""
    norm = float(np.linalg.norm(reference) * np.linalg.norm(edges))
    likeness = float((reference * edges).sum()) / norm if norm else 0.0
    height, width = reference.shape
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    # it writes the window into its arguments
    (x, y), response = cv2.phaseCorrelate(reference.copy(), edges.copy(), window)
    shift = float(np.hypot(x, y)) / width if response >= SURE_SHIFT else 0.0
    return likeness, shift


def _detail(small: Grey) -> NDArray[np.float32]:
    picture = small.astype(np.float32)
    return np.asarray(cv2.subtract(picture, cv2.blur(picture, (21, 21))), np.float32)
