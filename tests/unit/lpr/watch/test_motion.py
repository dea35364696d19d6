from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from lpr.render.light import Hour
from lpr.render.scenario import Scale, make_scenario
from lpr.render.videos import Set, draw_frame, set_up
from lpr.watch.frames import Grey, LiveFrame, Still
from lpr.watch.motion import LEARNING_S, Background, Motion, motion
from lpr.watch.regions import Mask, Zone

NOON = datetime(2026, 1, 31, 5, tzinfo=UTC)
FPS = 5.0
Change = Callable[[Grey, float], Grey]


def street() -> Grey:
    """Empty, with some detail."""
    rng = np.random.default_rng(3)
    rough = rng.uniform(40, 200, (12, 20)).astype(np.float32)
    return cv2.resize(rough, (160, 90), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)  # type: ignore[union-attr]  # cv2 does not tell what it gives


def grain(picture: Grey, rng: np.random.Generator, level: float = 2.0) -> Grey:
    return np.clip(picture + rng.normal(0, level, picture.shape), 0, 255).astype(np.uint8)


def with_vehicle(picture: Grey, x: int, width: int = 14, height: int = 10) -> Grey:
    drawn = picture.copy()
    drawn[40 : 40 + height, x : x + width] = 30
    drawn[43 : 40 + height - 3, x + 3 : x + width - 3] = 220
    return drawn


def followed(pictures: Iterator[Grey] | list[Grey], zone: Mask | None = None) -> list[Motion]:
    background: Background | None = None
    found = []
    for number, picture in enumerate(pictures):
        background, one = motion(background, picture, zone, number / FPS)
        found.append(one)
    return found


def after_learning(found: list[Motion]) -> list[Motion]:
    return found[int(LEARNING_S * FPS) + 1 :]


@pytest.mark.parametrize("level", [0.0, 2.0, 6.0])
def test_an_empty_street_does_not_move_for_all_its_grain(level: float) -> None:
    rng = np.random.default_rng(1)
    found = followed([grain(street(), rng, level) for _ in range(100)])
    assert all(one.has_moved for one in found[: int(LEARNING_S * FPS)])
    assert [one.pixels for one in after_learning(found) if one.has_moved] == []


@pytest.mark.parametrize("level", [0.0, 2.0, 6.0])
def test_a_vehicle_moves(level: float) -> None:
    rng = np.random.default_rng(1)
    quiet = [grain(street(), rng, level) for _ in range(60)]
    passing = [grain(with_vehicle(street(), x), rng, level) for x in range(5, 140, 6)]
    found = followed([*quiet, *passing, *quiet])
    assert all(one.has_moved for one in found[60 : 60 + len(passing)])
    assert not any(one.has_moved for one in found[60 + len(passing) + 15 :])


@pytest.mark.parametrize(
    "light",
    [
        lambda picture, at: picture * (1 + 0.25 * np.sin(at / 4)),  # the exposure breathes
        lambda picture, at: picture * 0.6 + at,  # dusk
        lambda picture, at: picture * (1 - 0.3 / (1 + np.exp((np.arange(160) - 8 * at) / 25))),
    ],
    ids=["exposure", "dusk", "cloud"],
)
def test_light_that_changes_is_no_motion(light: Callable[[Grey, float], np.ndarray]) -> None:
    lit = [light(street().astype(float), n / FPS).clip(0, 255).astype(np.uint8) for n in range(120)]
    assert sum(one.has_moved for one in after_learning(followed(lit))) <= 5


def test_motion_counts_within_the_zone_only() -> None:
    quiet = [street()] * 40
    passing = [with_vehicle(street(), x) for x in range(90, 140, 6)]
    left = Zone(((((0, 0), (0.5, 0), (0.5, 1), (0, 1))),)).mask(160, 90)
    assert not any(one.has_moved for one in followed([*quiet, *passing], left)[40:])
    assert all(one.has_moved for one in followed([*quiet, *passing], ~left)[40:])


def test_who_stands_becomes_part_of_the_street() -> None:
    found = followed([*[street()] * 40, *[with_vehicle(street(), 60)] * 1000])
    assert found[41].has_moved
    assert not found[-1].has_moved


def test_a_new_view_is_learnt_quickly() -> None:
    found = followed([*[street()] * 40, *[street()[::-1].copy()] * 40])
    assert found[40].share > 0.5
    assert not any(one.has_moved for one in found[55:])


def test_a_picture_of_another_size_begins_anew() -> None:
    background, _ = motion(None, street(), None, 0.0)
    background, found = motion(background, street()[:80], None, 10.0)
    assert (found, background.since) == (Motion(True, 0, 1.0), 10.0)


def test_arguments_are_not_changed() -> None:
    background, _ = motion(None, street(), None, 0.0)
    before = background.detail.copy(), background.noise.copy()
    motion(background, with_vehicle(street(), 50), None, 1.0)
    assert np.array_equal(background.detail, before[0])
    assert np.array_equal(background.noise, before[1])


def rendered(stage: Set, first_s: float, seconds: float) -> Iterator[tuple[Grey, bool, bool]]:
    """Small pictures, and whether a plate is seen, and whether the street is empty."""
    noise = np.random.default_rng(1)
    for number in range(int(seconds * FPS)):
        offset = first_s + number / FPS
        frame, plates = draw_frame(stage, offset, NOON, noise)
        is_empty = not any(1.0 < visit.z(offset) < 80.0 for visit in stage.visits)
        small = LiveFrame(Still(frame), NOON, "file", offset).small_grey()
        yield small, bool(plates), is_empty


@pytest.mark.parametrize("hour", ["day", "night"])
def test_no_vehicle_of_rendered_traffic_is_missed_and_its_empty_street_is_still(
    hour: Hour,
) -> None:
    scenario = make_scenario(Scale(6, 14, 30, 150.0), 1)
    stage = set_up(scenario.cameras[1], scenario.trips, hour, False, 1)
    shown = list(rendered(stage, 12.0, 30.0))
    found = followed([small for small, _, _ in shown])
    judged = list(zip(shown, found, strict=True))[int(LEARNING_S * FPS) + 1 :]
    seen = [one.has_moved for (_, has_plate, _), one in judged if has_plate]
    empty = [one.has_moved for (_, _, is_empty), one in judged if is_empty]
    assert len(seen) > 10
    assert all(seen)
    assert len(empty) > 30
    assert sum(empty) <= len(empty) // 50
