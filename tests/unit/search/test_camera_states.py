import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lpr.times import format_utc
from search.cameras import Camera
from search.health.cameras import CameraState, Counted, camera_states, count_conditions
from search.health.keeping import Machine
from search.health.said import SpoolSaid, read_health
from search.health.usual import Hours

NOW = datetime(2026, 1, 31, 12, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def camera(name: str) -> Camera:
    return Camera(name, f"Camera {name}", 21.0, 105.8, None, "route", "W")


def machine(
    name: str = "box", age: timedelta = MINUTE, ids: str = "", **conditions: str | dict[str, Any]
) -> Machine:
    """A machine that said how its cameras are so long ago; `ids`: further ones, one a letter."""
    cameras = [
        {"camera": one, **({"condition": how} if isinstance(how, str) else how)}
        for one, how in conditions.items()
    ]
    said = read_health(json.dumps({"at": format_utc(NOW - age), "cameras": cameras}))
    at = NOW - age
    return Machine(name, frozenset({*conditions, *ids}), said, sent_at=at, came_at=at, seen_at=at)


def counted(now: dict[str, int], usual: dict[str, int]) -> Counted:
    start = NOW.replace(minute=0) - timedelta(hours=1)
    return Counted(Hours(start, now, [usual, usual]), {})


def conditions(states: list[CameraState]) -> list[tuple[str, str]]:
    return [(state.id, state.condition) for state in states]


def test_without_cameras_there_is_nothing() -> None:
    assert camera_states({}, [], None, NOW) == []


def test_every_camera_is_there_and_the_worst_comes_first() -> None:
    slow = {"condition": "good", "troubles": ["slow"]}
    machines = [
        machine(A="good", B="blind", C="down", D="connecting", S=slow),
        machine("away", 4 * MINUTE, E="good"),
        machine("new", ids="N"),
    ]
    registered = {name: camera(name) for name in "ABCF"}
    states = camera_states(registered, machines, None, NOW)
    assert conditions(states) == [
        ("C", "down"),
        ("E", "silent"),
        ("B", "blind"),
        ("D", "connecting"),
        ("F", "unheard"),
        ("N", "unheard"),
        ("S", "good"),
        ("A", "good"),
    ]
    assert count_conditions(states) == {
        "down": 1,
        "silent": 1,
        "blind": 1,
        "connecting": 1,
        "unheard": 2,
        "good": 2,
    }
    by_id = {state.id: state for state in states}
    assert (by_id["E"].said, by_id["E"].heard_at) == (None, NOW - 4 * MINUTE)
    assert (by_id["A"].camera, by_id["E"].camera) == (camera("A"), None)
    assert [by_id[one].machine and by_id[one].machine.name for one in "NF"] == ["new", None]


def test_a_camera_that_sees_unusually_few_vehicles_is_told_apart() -> None:
    passed = counted({"A": 3, "B": 30, "C": 0}, {"A": 40, "B": 40, "C": 40, "F": 40})
    machines = [machine(A="good", B="good", C="down")]
    states = camera_states({"F": camera("F")}, machines, passed, NOW)
    assert conditions(states) == [("C", "down"), ("A", "few"), ("F", "few"), ("B", "good")]
    assert [(state.hour, state.usual) for state in states] == [(0, 40), (3, 40), (0, 40), (30, 40)]


@pytest.mark.parametrize(("oldest", "condition"), [(-40, "good"), (-15, "few"), (None, "few")])
def test_few_are_not_unusual_while_passages_of_that_hour_still_wait(
    oldest: int | None, condition: str
) -> None:
    said = machine(A="good")
    spool = SpoolSaid(waiting=9, oldest=None if oldest is None else NOW + oldest * MINUTE)
    late = Machine("box", said.cameras, said.said, spool, said.sent_at, said.came_at)
    assert conditions(camera_states({}, [late], counted({}, {"A": 40}), NOW)) == [("A", condition)]


def test_a_camera_that_another_device_may_send_is_shown_by_who_watches_it() -> None:
    machines = [machine("idle", ids="A"), machine("box", A="good")]
    (state,) = camera_states({"A": camera("A")}, machines, None, NOW)
    assert (state.condition, state.machine and state.machine.name) == ("good", "box")


def test_a_camera_that_two_machines_watch_stands_there_for_each() -> None:
    machines = [machine("one", A="good"), machine("other", A="down")]
    states = camera_states({"A": camera("A")}, machines, None, NOW)
    assert [(s.condition, s.machine and s.machine.name) for s in states] == [
        ("down", "other"),
        ("good", "one"),
    ]


def test_the_time_of_the_last_frame_is_by_our_clock() -> None:
    ahead = format_utc(NOW + timedelta(hours=1))
    said = read_health(
        json.dumps(
            {
                "at": ahead,
                "cameras": [{"camera": "A", "condition": "good", "last_frame": ahead}],
            }
        )
    )
    box = Machine("box", frozenset("A"), said, sent_at=said.at, came_at=NOW, seen_at=NOW)
    (state,) = camera_states({}, [box], None, NOW)
    assert state.last_frame == NOW
