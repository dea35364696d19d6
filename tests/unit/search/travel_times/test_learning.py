import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp
from pathlib import Path

import pytest

from lpr.passages import Passage
from search.registry.opening import open_registry
from search.travel_times import keeping, learning
from search.travel_times.estimate import TravelTime
from search.travel_times.keeping import OFTEN, Key, TravelTimes, add_legs, forget
from search.travel_times.learning import Learner

AT = datetime(2026, 1, 26, 10, tzinfo=UTC)  # a Monday, 17 o'clock in Hanoi


def seen(camera: str, second: float, vehicle: int = 1, score: float = 0.97) -> Passage:
    at = AT + timedelta(seconds=second)
    return Passage(camera, at, f"30A{vehicle:05}", score, track=f"{vehicle}-{second}")


def drives(count: int, seconds: float, begin: float = 0.0) -> list[Passage]:
    """Vehicles that pass one camera and then the other."""
    return [
        seen(camera, begin + 10 * n + wait, vehicle=n)
        for n in range(count)
        for camera, wait in (("A", 0.0), ("B", seconds))
    ]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/registry.db"


def learn(url: str, *parts: list[Passage]) -> None:
    with Learner(url) as learner:
        for part in parts:
            learner.look(part)


def known(url: str, start: str = "A", end: str = "B", at: datetime = AT) -> list[TravelTime]:
    return list(TravelTimes(open_registry(url))(start, end, at))


def test_legs_between_sightings_that_follow_each_other_are_learnt(url: str) -> None:
    learn(url, drives(20, 240.0))
    all_hours, hour = known(url)
    assert (all_hours.count, hour.count) == (20, 20)
    assert exp(hour.middle) == pytest.approx(240.0)
    assert known(url, "B", "A") == []
    assert [one.count for one in known(url, at=AT + timedelta(hours=2))] == [20]


def test_passages_come_in_any_order_and_reports_twice(url: str) -> None:
    passages = drives(20, 240.0)
    learn(url, passages[::-1], passages)
    assert known(url)[0].count == 20


def test_a_vehicle_is_followed_over_what_is_looked_at_together(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "TOGETHER", 1)
    learn(url, *([passage] for passage in drives(1, 240.0)))
    assert known(url)[0].count == 1


@pytest.mark.parametrize(
    "second",
    [
        seen("B", 1801.0),  # it was elsewhere
        seen("B", 240.0, score=0.6),  # perhaps another one
        seen("A", 240.0),
        seen("B", 240.0, vehicle=2),
    ],
)
def test_what_is_no_leg_of_a_vehicle_is_not_learnt(url: str, second: Passage) -> None:
    learn(url, [seen("A", 0.0), second])
    assert known(url) == []


def test_what_is_written_on_several_vehicles_is_not_followed(url: str) -> None:
    learn(url, [replace(passage, text="TAXI") for passage in drives(1, 240.0)])
    assert known(url) == []


def test_hours_are_told_apart_once_a_pair_of_cameras_is_often_seen(url: str) -> None:
    learn(url, drives(OFTEN - 1, 240.0))
    assert len(known(url)) == 1
    learn(url, drives(1, 240.0, begin=1000.0))
    assert len(known(url)) == 2


def test_what_is_learnt_is_kept_after_a_while_without_an_end(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "EVERY_S", 0.05)
    learner = Learner(url)
    learner.look(drives(20, 240.0))
    time.sleep(0.06)
    learner.look([])
    assert known(url)[0].count == 20


def test_a_registry_that_is_away_is_told_later(url: str, tmp_path: Path) -> None:
    (tmp_path / "registry.db").mkdir()
    with Learner(url) as learner:
        learner.look(drives(20, 240.0))
        learner.keep()
        (tmp_path / "registry.db").rmdir()
        learner.keep()
        assert known(url)[0].count == 20


def test_what_was_not_told_for_long_is_forgotten(url: str) -> None:
    engine = open_registry(url)
    add_legs(engine, {Key("A", "B", 17): [240.0]}, AT)
    add_legs(engine, {Key("A", "C", 17): [240.0]}, AT + timedelta(days=1))
    forget(engine, AT + timedelta(hours=1))
    assert (known(url), len(known(url, end="C"))) == ([], 1)


def test_what_is_known_is_read_again_after_a_while(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = TravelTimes(open_registry(url))
    assert list(learnt("A", "B", AT)) == []
    learn(url, drives(20, 240.0))
    assert list(learnt("A", "B", AT)) == []
    monkeypatch.setattr(keeping, "READ_ANEW_S", 0.0)
    assert len(learnt("A", "B", AT)) == 2
