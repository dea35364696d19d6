import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from lpr.times import format_utc
from search.devices import add_device, note_state, revoke_device
from search.errors import HealthError
from search.health.keeping import THIS, Machine, list_machines, note_health
from search.health.said import LONGEST, MOST_CAMERAS, health_fields, read_health, read_spool
from search.health.telling import with_health
from search.registry.opening import open_registry
from search.transfer import MOST_STATE

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CAMERA: dict[str, Any] = {"camera": "C1", "condition": "good", "troubles": ["slow"], "fps": 25}
SAID: dict[str, Any] = {"at": "2026-01-31T12:00:00Z", "machine": "box", "cameras": [CAMERA]}


def text(**changes: Any) -> str:
    return json.dumps({**SAID, **changes})


def with_camera(**changes: Any) -> str:
    return text(cameras=[{**CAMERA, **changes}])


def test_what_a_machine_says_is_read_and_what_is_not_known_left_out() -> None:
    said = read_health(with_camera(last_frame="2026-01-31T18:59:58+07:00", news=[1], clock=None))
    (camera,) = said.cameras
    assert (camera.camera, camera.condition, camera.troubles, camera.fps) == (
        "C1",
        "good",
        ("slow",),
        25.0,
    )
    assert camera.last_frame == NOW - 2 * SECOND
    assert (said.at, said.spool.waiting) == (NOW, None)
    assert read_health(json.dumps(health_fields(said))) == said


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ("", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ("[" * 100_000, "Invalid JSON"),
        (text(at="2026-01-31T12:00:00"), "at"),
        (text(at="9999-12-31T23:59:59-14:00"), "at"),
        (text(at="1970-01-01T00:00:00Z"), "at"),
        (text(cameras={}), "cameras"),
        (text(cameras=[CAMERA] * (MOST_CAMERAS + 1)), "cameras"),
        (with_camera(camera=""), "cameras.0.camera"),
        (with_camera(camera="C\n1"), "cameras.0.camera"),
        (with_camera(camera="x" * 65), "cameras.0.camera"),
        (with_camera(camera=7), "cameras.0.camera"),
        (with_camera(condition="splendid"), "cameras.0.condition"),
        (with_camera(troubles="dark"), "cameras.0.troubles"),
        (with_camera(troubles=["<script>"]), "cameras.0.troubles.0"),
        (with_camera(troubles=["dark"] * 17), "cameras.0.troubles"),
        (with_camera(fps="25"), "cameras.0.fps"),
        (with_camera(fps=True), "cameras.0.fps"),
        (with_camera(fps=float("nan")), "cameras.0.fps"),
        (with_camera(fps=1e300), "cameras.0.fps"),
        (with_camera(darkness=1.5), "cameras.0.darkness"),
        (with_camera(hour=-1), "cameras.0.hour"),
        (with_camera(hour=10**30), "cameras.0.hour"),
        (with_camera(hour=2.5), "cameras.0.hour"),
        (with_camera(message=5), "cameras.0.message"),
        (with_camera(message="\ud800"), ""),
        (with_camera(last_frame=5), "cameras.0.last_frame"),
        (text(spool={"waiting": "many"}), "spool.waiting"),
        (text(spool={"lost": {"pictures": None}}), "spool.lost.pictures"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key_and_without_its_value(bad: str, place: str) -> None:
    with pytest.raises(HealthError) as refused:
        read_health(bad)
    assert str(refused.value).startswith(f"health: {place}")
    assert "<script>" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_a_frame_of_an_impossible_time_does_not_hide_the_rest() -> None:
    (camera,) = read_health(with_camera(last_frame="1970-01-01T00:00:00Z")).cameras
    assert (camera.last_frame, camera.fps) == (None, 25.0)


def test_a_message_is_one_line_of_text() -> None:
    (camera,) = read_health(with_camera(message=" 401\r\n\x1b[2J denied \u202e")).cameras
    assert camera.message == "401 [2J denied"
    (long,) = read_health(with_camera(message="x" * 10_000)).cameras
    assert long.message == "x" * LONGEST


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
_KEYS = ("condition", "troubles", "message", "last_frame", "clock_offset_s", "fps", "hour", "spool")


@given(st.dictionaries(st.sampled_from(_KEYS), _json), _json)
def test_whatever_comes_is_read_or_refused(camera: dict[str, Any], spool: Any) -> None:
    try:
        said = read_health(text(cameras=[{**CAMERA, **camera}], spool=spool))
    except HealthError:
        return
    assert said.cameras[0].camera == "C1"


def test_a_spool_is_read_with_the_same_care() -> None:
    fields = {"waiting": 3, "oldest": "2026-01-31T11:00:00Z", "lost": {"pictures": 2}, "gone": 7}
    spool = read_spool(fields)
    assert (spool.waiting, spool.oldest, spool.lost.pictures) == (3, NOW - 3600 * SECOND, 2)
    with pytest.raises(HealthError, match=r"^state: waiting: "):
        read_spool({"waiting": -1})


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Engine]:
    engine = open_registry(f"sqlite:///{tmp_path}/registry.db")
    yield engine
    engine.dispose()


def machines(registry: Engine, folder: Path) -> dict[str, Machine]:
    return {one.name: one for one in list_machines(registry, folder / "health.json", NOW)}


def test_devices_and_this_machine_are_known_alike(registry: Engine, tmp_path: Path) -> None:
    for name in ("box", "gone", "new"):
        add_device(registry, name, ["C1"], NOW)
    note_health(registry, "box", read_health(text()), NOW, NOW)
    note_state(registry, "box", {"waiting": 4}, NOW)
    revoke_device(registry, "gone", NOW)
    (tmp_path / "health.json").write_text(text(machine="centre", spool={"waiting": 1}))
    found = machines(registry, tmp_path)
    assert set(found) == {"centre", "box", "new"}
    assert {name: one.state(NOW) for name, one in found.items()} == {
        "centre": "watching",
        "box": "watching",
        "new": "unheard",
    }
    assert [one.spool and one.spool.waiting for one in found.values()] == [1, 4, None]


def test_the_newest_word_of_a_device_takes_the_place_of_the_one_before(
    registry: Engine, tmp_path: Path
) -> None:
    add_device(registry, "box", ["C1"], NOW)
    for fps in (25.0, 12.5):
        note_health(registry, "box", read_health(with_camera(fps=fps)), NOW, NOW)
    said = machines(registry, tmp_path)["box"].said
    assert said is not None
    assert [camera.fps for camera in said.cameras] == [12.5]


def test_a_health_file_that_cannot_be_read_is_said_and_the_rest_goes_on(
    registry: Engine, tmp_path: Path
) -> None:
    add_device(registry, "box", ["C1"], NOW)
    (tmp_path / "health.json").write_text('{"at": ')
    found = machines(registry, tmp_path)
    assert set(found) == {THIS, "box"}
    assert found[THIS].fault.startswith("health: Invalid JSON")


@pytest.mark.parametrize(
    ("sent_after_s", "came_s_ago", "state"),
    [
        (1, 170, "watching"),
        (1, 190, "silent"),
        (16, 0, "idle"),
        (3600, 190, "silent"),
    ],
)
def test_a_machine_that_stopped_is_told_from_one_on_which_nobody_watches(
    sent_after_s: int, came_s_ago: int, state: str
) -> None:
    came = NOW - came_s_ago * SECOND
    sent = NOW + sent_after_s * SECOND  # by a clock of its own
    machine = Machine(
        "box", frozenset({"C1"}), read_health(text()), sent_at=sent, came_at=came, seen_at=came
    )
    assert machine.state(NOW) == state


def test_times_of_a_machine_whose_clock_is_wrong_are_put_right() -> None:
    said = read_health(text(at=format_utc(NOW + 3599 * SECOND)))
    machine = Machine(
        "box", frozenset(), said, sent_at=NOW + 3600 * SECOND, came_at=NOW, seen_at=NOW
    )
    assert (machine.ahead, machine.heard_at) == (3600 * SECOND, NOW - SECOND)


def test_health_goes_with_the_state_if_it_fits(tmp_path: Path) -> None:
    state, file = {"waiting": 1}, tmp_path / "health.json"
    assert with_health(state, None) == with_health(state, file) == state
    file.write_text(text())
    assert with_health(state, file) == {"waiting": 1, "health": SAID}
    file.write_text("{nonsense")
    assert with_health(state, file) == state
    file.write_text(text(machine="x" * MOST_STATE))
    assert with_health(state, file) == state
