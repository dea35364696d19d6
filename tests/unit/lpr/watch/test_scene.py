import cv2
import numpy as np
import pytest

from lpr.watch.frames import Grey
from lpr.watch.scene import (
    FROZEN_S,
    Scene,
    Watched,
    compared,
    edges_of,
    learnt_edges,
    scene,
    sharpness_of,
)


def view(seed: int = 1, size: tuple[int, int] = (160, 90), dx: int = 0) -> Grey:
    """Something with edges; another seed looks elsewhere."""
    rng = np.random.default_rng(seed)
    picture = np.full((size[1], size[0] + 80), 110, np.uint8)
    for _ in range(40):
        x, y = int(rng.integers(0, size[0] + 60)), int(rng.integers(0, size[1] - 10))
        shade = int(rng.integers(20, 240))
        picture[y : y + int(rng.integers(4, 30)), x : x + int(rng.integers(4, 40))] = shade
    return picture[:, 40 + dx : 40 + dx + size[0]].copy()


def judged(picture: Grey, edges: np.ndarray | None = None) -> Scene:
    watched = Watched(np.zeros((90, 160), np.uint8), 0.0, edges)
    return scene(watched, picture, picture, 1.0)[1]


def test_a_good_picture_is_none_of_the_bad_ones() -> None:
    found = judged(view(), edges_of(view()))
    assert found.likeness == pytest.approx(1.0, abs=1e-4)
    wrong = (found.is_dark, found.is_covered, found.is_frozen, found.is_moved)
    assert wrong == (False, False, False, False)
    assert 0.3 < found.darkness < 0.8


def test_sharpness_falls_with_focus_and_does_not_rise_with_grain() -> None:
    sharp = np.asarray(cv2.resize(view(), (1920, 1080), interpolation=cv2.INTER_NEAREST), np.uint8)
    blurred = cv2.GaussianBlur(sharp, (0, 0), 4)
    grainy = np.clip(blurred + np.random.default_rng(1).normal(0, 4, blurred.shape), 0, 255)
    assert sharpness_of(sharp) > 10 * sharpness_of(blurred)  # type: ignore[arg-type]  # cv2's type
    assert sharpness_of(grainy.astype(np.uint8)) < 0.5 * sharpness_of(sharp)


@pytest.mark.parametrize(
    ("picture", "is_dark", "is_covered"),
    [
        (np.full((90, 160), 5, np.uint8), True, False),
        (np.full((90, 160), 128, np.uint8), False, True),
        (cv2.GaussianBlur(view(), (0, 0), 40), False, True),
        ((view() * 0.3).astype(np.uint8), False, False),
    ],
    ids=["night", "plastic bag", "spider's web", "dusk"],
)
def test_what_hides_the_street_is_told_apart(
    picture: Grey, is_dark: bool, is_covered: bool
) -> None:
    found = judged(picture, edges_of(view()))
    assert (found.is_dark, found.is_covered) == (is_dark, is_covered)
    assert not found.is_moved or not (is_dark or is_covered)


def test_a_picture_that_stays_the_same_to_the_last_level_is_frozen() -> None:
    watched, found = scene(None, view(), view(), 0.0)
    for offset in (20.0, FROZEN_S):
        watched, found = scene(watched, view(), view(), offset)
    assert (found.frozen_s, found.is_frozen) == (FROZEN_S, True)
    other = view()
    other[5, 5] += 1
    _, found = scene(watched, other, other, FROZEN_S + 1)
    assert (found.frozen_s, found.is_frozen) == (0.0, False)


def test_a_camera_that_was_turned_is_moved_and_by_how_much() -> None:
    found = judged(view(dx=16), edges_of(view()))
    assert found.shift == pytest.approx(0.1, abs=0.01)
    assert found.is_moved


def test_a_camera_that_looks_elsewhere_is_moved() -> None:
    assert judged(view(seed=2), edges_of(view())).is_moved


@pytest.mark.parametrize("gain", [0.4, 1.0, 1.6])
def test_another_light_is_no_other_view(gain: float) -> None:
    lit = np.clip(view() * gain, 0, 255).astype(np.uint8)
    assert not judged(lit, edges_of(view())).is_moved


def test_a_passing_vehicle_is_no_other_view() -> None:
    passed = view()
    passed[30:70, 40:90] = 200
    passed[50:55, 60:70] = 20
    assert not judged(passed, edges_of(view())).is_moved


def test_without_a_reference_nothing_is_said_about_the_view() -> None:
    found = judged(view(seed=2))
    assert (found.likeness, found.shift, found.is_moved) == (None, 0.0, False)


def test_the_view_is_learnt_slowly() -> None:
    edges = learnt_edges(None, view(), 0.1)
    assert np.allclose(edges, edges_of(view()), atol=1e-3)
    for _ in range(60):
        edges = learnt_edges(edges, view(seed=2), 0.1)
    assert compared(edges, edges_of(view(seed=2)))[0] > 0.95
