import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scipy.special import bdtrc

from lpr.passages import Passage
from search.at_work import DaysAtWork, whole_days
from search.audit import list_looks
from search.cameras import save_cameras
from search.local_time import HANOI
from search.opening import open_store
from search.registry.opening import open_registry
from search.regular.habits import Habit, Passed, Trip, Window, find_habits
from search.regular.nights import usual_nights
from search.roads.keeping import save_roads
from search.scenes import at_least
from search.testing import MemoryStore, Shell, camera_at, street
from tests.judge.habits import DAYS, MONDAY, Always, at, wanderer

AT_HOME = (DAYS[8], DAYS[24])  # the commuter is ill
DOWN = DAYS[15]  # no camera of the street works
STREET = tuple(
    f"C{i}" for i in range(6)
)  # home at C0, work at C5; 100 seconds from each to the next
COMMUTER, TAXI, MONDAYS = "30A12345", "30E67890", "29C22222"
SPAN = ("--from", "2026-09-07T00:00+07:00", "--to", "2026-10-19T00:00+07:00")


def along(text: str, start: datetime, cameras: Sequence[str]) -> list[Passage]:
    times = [start + timedelta(seconds=130 * i) for i in range(len(cameras))]
    return [seen(text, camera, when) for camera, when in zip(cameras, times, strict=True)]


def seen(text: str, camera: str, when: datetime) -> Passage:
    return Passage(camera, when, text, 0.95, track=f"{text} {when}")


def misread(passage: Passage) -> Passage:
    other = passage.text[:-1] + "0"
    candidates = ((other, 0.6), (passage.text, 0.35))
    return Passage(passage.camera, passage.at, other, 0.6, candidates, track=passage.track)


def town(chance: random.Random) -> list[Passage]:
    """Six weeks: a commuter, one who comes on Mondays, a taxi and all the others."""
    passages: list[Passage] = []
    for day in DAYS:
        if day.weekday() < 5 and day not in AT_HOME:
            passages += along(COMMUTER, at(day, chance.uniform(420, 430)), STREET)
            passages += along(COMMUTER, at(day, chance.gauss(1080, 25)), STREET[::-1])
        elif day.weekday() == 5:
            passages += along(COMMUTER, at(day, chance.uniform(500, 1200)), STREET[:2])
        if day.weekday() == 0:
            passages += along(MONDAYS, at(day, chance.gauss(1260, 4)), STREET[2:5])
        else:
            passages += along(MONDAYS, at(day, chance.uniform(360, 1200)), STREET[:2])
        for _ in range(12):
            cameras = chance.sample(STREET, chance.randint(1, 4))
            passages += along(TAXI, at(day, chance.uniform(0, 1440)), cameras)
        passages += [
            seen(f"51F{chance.randrange(90000):05}", camera, at(day, 60 * hour + chance.random()))
            for camera in STREET
            for hour in range(24)
            for _ in range(1 if hour < 5 else 4)
        ]
    kept = [p for p in passages if p.at.astimezone(HANOI).date() != DOWN and chance.random() > 0.15]
    return [misread(p) if p.text == COMMUTER and chance.random() < 0.05 else p for p in kept]


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return town(random.Random(1))


@pytest.fixture(scope="module")
def city(passages: list[Passage], tmp_path_factory: pytest.TempPathFactory) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("regular"))
    registry = open_registry(shell.settings.registry)
    save_cameras(registry, [camera_at(c, (1000 * i, 3)) for i, c in enumerate(STREET)])
    save_roads(registry, [street("long", (-500, 0), (5500, 0))])
    registry.dispose()
    with open_store(shell.settings.sightings) as store:
        store.add(passages)
    return shell


def regular(city: Shell, plate: str, *options: str) -> str:
    result = city.run("regular", plate, "--reason", "a test", *SPAN, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def as_json(city: Shell, plate: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(regular(city, plate, "--format", "json"))
    return fields


def mornings(passages: list[Passage], camera: str) -> int:
    """On how many mornings of working days the commuter was seen there, misread or not."""
    times = {
        p.at.astimezone(HANOI)
        for p in passages
        if p.camera == camera and COMMUTER in (p.text, *(text for text, _ in p.candidates))
    }
    return sum(when.weekday() < 5 and when.hour < 12 for when in times)


def test_a_commuter_is_found_with_its_days_its_times_and_its_way(
    city: Shell, passages: list[Passage]
) -> None:
    morning, evening = as_json(city, COMMUTER)["habits"]
    assert [habit["on"] for habit in (morning, evening)] == ["Monday to Friday"] * 2
    assert [point["camera"] for point in morning["way"]] == list(STREET)
    assert [point["camera"] for point in evening["way"]] == list(STREET[::-1])
    told = next(point for point in morning["way"] if point["camera"] == morning["camera"])
    assert morning["days"] == told["days"] == mornings(passages, morning["camera"])
    assert morning["of"] == evening["of"] == 29  # on one Monday to Friday no camera worked
    assert (
        "06:45" < told["earliest"] < "07:05" < told["middle"] < "07:10" < told["latest"] < "07:30"
    )
    assert evening["days"] > 29 / 2
    assert max(morning["by_chance"], evening["by_chance"]) < 1e-9


def test_a_vehicle_that_is_everywhere_at_all_hours_has_no_regular_time(city: Shell) -> None:
    found = as_json(city, TAXI)
    assert (found["seen_days"], found["habits"]) == (41, [])
    assert found["nights"]["last"] == found["nights"]["first"] == []
    written = regular(city, TAXI)
    assert "No regular time" in written
    assert "last seen by: no camera that is usual" in written


def test_what_happens_on_one_day_of_the_week_is_told_of_that_day(city: Shell) -> None:
    (habit,) = as_json(city, MONDAYS)["habits"]
    assert (habit["on"], habit["of"]) == ("Mondays", 6)
    assert habit["days"] >= 5
    assert [point["camera"] for point in habit["way"]] == list(STREET[2:5])


def test_where_it_is_over_night_is_told_by_the_cameras_before_and_after(city: Shell) -> None:
    nights = as_json(city, COMMUTER)["nights"]
    assert [place["camera"] for place in nights["last"]] == ["C0"]
    assert [place["camera"] for place in nights["first"]] == ["C0"]
    assert nights["last"][0]["nights"] > 0.7 * nights["count"]


def test_lines_for_people_say_the_same(city: Shell) -> None:
    (morning, _) = as_json(city, COMMUTER)["habits"]
    told = next(point for point in morning["way"] if point["camera"] == morning["camera"])
    written = regular(city, COMMUTER)
    camera = morning["camera"]
    assert (
        f"Monday to Friday, {morning['days']} of 29 days: {camera} Camera {camera} between "
        f"{told['earliest']} and {told['latest']}, from C0 towards C5\n"
    ) in written
    assert "by chance: less than once in a million vehicles without habits" in written
    assert "nobody saw it parked" in written


def test_a_plate_that_nobody_saw_and_spans_that_tell_nothing(city: Shell) -> None:
    assert "18/10/2026: not seen\n" in regular(city, "30A99999")
    week = ("--from", "2026-09-07T00:00+07:00", "--to", "2026-09-13T23:00+07:00")
    told = city.run("regular", COMMUTER, "--reason", "x", *week).stderr
    assert "expected 7 to 366 whole days in Hanoi, got 6" in told
    assert "one whole plate" in city.run("regular", "30A*", "--reason", "x").stderr


def test_a_plate_that_was_never_read_surely_is_not_said_to_be_unseen(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    with open_store(shell.settings.sightings) as store:
        store.add([Passage("C0", at(DAYS[3], 600), "30A99999", 0.3)])
    assert "18/10/2026: no reading is sure enough\n" in regular(shell, "30A99999")


def test_the_look_is_written_down_with_its_span(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    assert shell.run("regular", COMMUTER, "--reason", "case 7", *SPAN).exit_code == 0
    registry = open_registry(shell.settings.registry)
    (look,) = list_looks(registry)
    registry.dispose()
    assert (look.action, look.reason) == ("regular", "case 7")
    assert look.details["texts"] == [COMMUTER]
    assert look.details["from"] == "2026-09-06T17:00:00.000Z"


def habits(trips: Sequence[Trip]) -> list[Habit]:
    return find_habits(trips, Always())


@pytest.mark.parametrize(
    ("vehicles", "cameras", "trips"), [(150, 40, 2), (150, 3, 3), (20, 40, 12), (20, 5, 12)]
)
def test_of_vehicles_without_habits_hardly_one_in_a_hundred_has_a_finding(
    vehicles: int, cameras: int, trips: int
) -> None:
    found = at_night = 0
    for number in range(vehicles):
        driven = wanderer(random.Random(number), cameras, trips)
        found += bool(habits(driven))
        nights = usual_nights(driven)
        at_night += bool(nights.last or nights.first)
    assert found <= max(1, vehicles / 100)
    assert at_night <= max(1, vehicles / 100)


def test_a_time_around_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    driven = [(Passed("C0", at(day, 1430 + 7 * i % 20)),) for i, day in enumerate(DAYS)]
    (habit,) = habits(driven)
    assert (habit.kind, habit.days, habit.of) == ("every day", 42, 42)
    (point,) = habit.way
    assert (point.earliest, point.latest) == (1430, 1449)


def test_scenes_and_habits_mean_the_same_by_chance() -> None:
    for count in range(9):
        assert bdtrc(count - 1, 8, 0.3) == pytest.approx(at_least([0.3] * 8, count))


def test_twice_is_a_coincidence_and_no_trips_are_no_habit() -> None:
    assert habits([(Passed("C0", at(day, 300)),) for day in DAYS[:2]]) == []
    assert habits([]) == []


def test_a_camera_is_at_work_on_a_day_if_it_saw_somebody_about_that_time() -> None:
    store = MemoryStore(
        [seen(f"{n}", "busy", at(day, 425 + n)) for day in DAYS[:5] for n in range(4)]
        + [seen("x", "busy", at(DAYS[7], 700))]
        + [seen(f"{n}", "by day", at(DAYS[n], 600 + i)) for n in (2, 5) for i in range(3)]
        + [seen("y", "quiet", at(DAYS[6], 700)), seen("z", "quiet", at(DAYS[9], 430))]
    )
    at_work = DaysAtWork(store, DAYS)
    window = Window(420, 30)
    assert at_work.days("busy") == {*DAYS[:5], DAYS[7]}
    assert at_work.days_at("busy", window) == set(DAYS[:5])
    assert at_work.days_at("by day", window) == {DAYS[2], DAYS[5]}
    assert at_work.days_at("quiet", window) == set(DAYS[6:10])
    assert at_work.days("nowhere") == at_work.days_at("nowhere", window) == set()


def test_only_whole_days_of_hanoi_count() -> None:
    assert whole_days(at(MONDAY, 0), at(MONDAY, 2 * 1440)) == DAYS[:2]
    assert whole_days(at(MONDAY, 1), at(MONDAY, 2 * 1440 - 1)) == []
    assert whole_days(at(MONDAY, 1), at(MONDAY, 2 * 1440 + 30)) == DAYS[1:2]
