import json
import random
from datetime import UTC, datetime, timedelta
from itertools import product
from math import prod
from pathlib import Path

import pytest

from lpr.passages import Passage
from search.errors import TermsError
from search.opening import open_store
from search.scenes import Scene, at_least, find_present, trips_of
from search.terms import SearchTerms
from search.testing import MemoryStore, Shell

DAY = datetime(2026, 11, 20, 1, tzinfo=UTC)  # eight o'clock in Hanoi
CAMERAS = ("A", "B", "C")
SCENES = [
    Scene(
        frozenset((camera,)), DAY + timedelta(days=2 * i), DAY + timedelta(days=2 * i, minutes=20)
    )
    for i, camera in enumerate(CAMERAS)
]
THIEF, BUS = "51F12345", "29B11111"


def seen(text: str, camera: str, at: datetime, score: float = 0.97) -> Passage:
    return Passage(camera, at, text, score, track=f"{text} {at}")


def town() -> MemoryStore:
    """Random traffic, a bus that passes everywhere every day, and one who was at the scenes."""
    dice = random.Random(1)
    store = MemoryStore()
    for day, camera in product(range(-14, 6), CAMERAS):
        morning = DAY + timedelta(days=day)
        store.add([seen(BUS, camera, morning + timedelta(minutes=5))])
        store.add(
            [
                seen(f"30A{dice.randrange(3000):05}", camera, morning + timedelta(seconds=s))
                for s in range(0, 1800, 30)
            ]
        )
    store.add([seen(THIEF, s.camera, s.at) for s in _thefts()])
    return store


def _thefts() -> list[Passage]:
    return [
        seen(THIEF, next(iter(scene.cameras)), scene.start + timedelta(minutes=7))
        for scene in SCENES
    ]


def test_who_was_at_all_scenes_comes_before_who_is_there_every_day() -> None:
    first, second, *others = find_present(town(), [(scene,) for scene in SCENES])
    assert (first.text, first.occasions, first.sightings) == (THIEF, (0, 1, 2), 3)
    assert first.by_chance < 0.05
    assert second.by_chance > 20 * first.by_chance
    bus = next(one for one in (second, *others) if one.text == BUS)
    assert bus.by_chance > 1


def test_what_was_not_read_surely_or_is_left_out_does_not_count() -> None:
    store = MemoryStore()
    for scene in SCENES:
        at, camera = scene.start, next(iter(scene.cameras))
        store.add([seen("30A00001", camera, at, 0.4), seen("", camera, at), seen(BUS, camera, at)])
    assert find_present(store, [(scene,) for scene in SCENES], without=BUS) == []


def test_the_end_of_a_scene_is_not_in_it() -> None:
    store = MemoryStore()
    store.add([seen(THIEF, next(iter(scene.cameras)), scene.end) for scene in SCENES])
    assert find_present(store, [(scene,) for scene in SCENES]) == []


def test_a_scene_that_too_many_passed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.scenes.MOST", 10)
    with pytest.raises(TermsError, match="a shorter span"):
        find_present(town(), [(scene,) for scene in SCENES])


def test_a_companion_of_several_trips_is_found_and_one_trip_counts_once() -> None:
    store = town()
    for trip in range(3):
        begun = DAY + timedelta(days=trip, hours=3)
        for stop, camera in enumerate(CAMERAS):
            at = begun + timedelta(minutes=4 * stop)
            store.add([seen("29C22222", camera, at)])
            store.add([seen("29C33333", camera, at + timedelta(seconds=20))])
            if trip == 0:
                store.add([seen("29C44444", camera, at + timedelta(seconds=9))])
    trips, sightings = trips_of(store, SearchTerms(("29C22222",)), timedelta(seconds=60))
    assert (len(trips), sightings) == (3, 9)
    (companion,) = find_present(store, trips, without="29C22222")
    assert (companion.text, companion.occasions) == ("29C33333", (0, 1, 2))
    assert companion.by_chance < 0.01


@pytest.mark.parametrize("count", range(4))
def test_the_chance_of_so_many_or_more(count: int) -> None:
    chances = (0.5, 0.2, 0.9)
    exact = sum(
        prod(c if happens else 1 - c for c, happens in zip(chances, case, strict=True))
        for case in product((True, False), repeat=3)
        if sum(case) >= count
    )
    assert at_least(chances, count) == pytest.approx(exact)


def test_the_commands_print_lines_and_write_the_look_down(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with open_store(shell.settings.sightings) as store:
        store.add([*_thefts(), seen(BUS, "A", DAY), seen(BUS, "B", DAY + timedelta(days=2))])
    scenes = [f"{next(iter(s.cameras))} {s.start.isoformat()} {s.end.isoformat()}" for s in SCENES]
    given = [word for scene in scenes for word in ("--scene", scene)]
    result = shell.run("common", *given, "--reason", "a test")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["text"] for line in lines] == [THIEF, BUS]
    assert lines[0]["occasions"] == [0, 1, 2]
    assert "two scenes" in shell.run("common", *given[:2], "--reason", "x").stderr
    assert "expected 'CAMERA" in shell.run("common", "--scene", "A", "--reason", "x").stderr
    backwards = f"A {SCENES[0].end.isoformat()} {SCENES[0].start.isoformat()}"
    assert "backwards" in shell.run("common", "--scene", backwards, "--reason", "x").stderr
    told = shell.run("convoy", THIEF, "--reason", "a test")
    assert "3 sightings on 3 trips" in told.stderr
    assert "one whole plate" in shell.run("convoy", "51F*", "--reason", "x").stderr
