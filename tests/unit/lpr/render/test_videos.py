from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from lpr.render.scenario import Scale, Scenario, make_scenario, shows_plate
from lpr.render.videos import (
    SIZE,
    Set,
    Visit,
    draw_frame,
    frame_numbers,
    hour_at,
    set_up,
    write_video,
)

START = datetime(2026, 1, 31, 3, 0, tzinfo=UTC)
FPS, SECONDS = 5, 40.0


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return make_scenario(Scale(2, 0, 8, 240.0), seed=2)


@pytest.fixture(scope="module")
def stage(scenario: Scenario) -> Set:
    busiest = max(scenario.cameras, key=lambda c: sum(_passes(scenario, c.id)))
    return set_up(busiest, scenario.trips, "day", False, scenario.seed)


def _passes(scenario: Scenario, camera: str) -> list[bool]:
    return [p.camera == camera for trip in scenario.trips for p in trip.passes]


def test_a_video_has_the_frames_and_times_that_were_recorded(stage: Set, tmp_path: Path) -> None:
    path = tmp_path / "C001.mp4"
    begin = stage.visits[0].at_s
    moved = Set(
        stage.view, stage.street, stage.light, tuple(_earlier(v, begin - 5) for v in stage.visits)
    )
    seen = write_video(path, moved, START, SECONDS, FPS, seed=1)
    wanted = frame_numbers(moved.visits, SECONDS, FPS)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        times = [frame.time for frame in container.decode(stream)]
        assert (stream.width, stream.height) == SIZE
        assert stream.codec_context.name == "h264"
    assert [round(t * FPS) for t in times] == wanted
    assert {plate.offset_s for plate in seen} <= {n / FPS for n in wanted}


def _earlier(visit: Visit, seconds: float) -> Visit:
    return replace(visit, at_s=visit.at_s - seconds)


def test_frames_are_recorded_around_visits_and_now_and_then(stage: Set) -> None:
    numbers = frame_numbers(stage.visits, 240.0, FPS)
    assert numbers[0] == 0
    assert all(a < b for a, b in pairwise(numbers))
    assert max(b - a for a, b in pairwise(numbers)) <= 15 * FPS
    for visit in stage.visits:
        assert round(visit.at_s * FPS) in numbers
    assert frame_numbers((), 30.0, FPS) == [0, 75]


def test_a_plate_is_whole_in_the_frame_when_its_vehicle_passes(
    scenario: Scenario,
) -> None:
    for camera in scenario.cameras:
        stage = set_up(camera, scenario.trips, "day", False, scenario.seed)
        passes = [
            (p.at_s, trip)
            for trip in scenario.trips
            for p in trip.passes
            if p.camera == camera.id and shows_plate(trip, camera)
        ]
        for at_s, trip in passes:
            _, seen = draw_frame(stage, at_s, START, np.random.default_rng(1))
            widths = {s.plate.text: np.ptp(s.corners[:, 0]) for s in seen}
            assert 50 <= widths[trip.plate.text] <= 215


def test_frames_with_the_same_seed_are_the_same(stage: Set) -> None:
    at = stage.visits[0].at_s
    one, _ = draw_frame(stage, at, START, np.random.default_rng(3))
    other, _ = draw_frame(stage, at, START, np.random.default_rng(3))
    assert (one == other).all()


@pytest.mark.parametrize(
    ("utc_hour", "light"), [(23, "day"), (3, "day"), (10, "dusk"), (11, "dusk"), (14, "night")]
)
def test_the_light_is_that_of_hanoi(utc_hour: int, light: str) -> None:
    assert hour_at(datetime(2026, 1, 31, utc_hour, 30, tzinfo=UTC)) == light
