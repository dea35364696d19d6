from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lpr.anpr.events import Device, Event, Seen
from lpr.anpr.reporting import report_of
from lpr.anpr.vehicles import REMEMBERED, Vehicles
from lpr.passages import Direction, Passage
from lpr.reports import Report

AT = datetime(2026, 1, 31, 8, 15, 4, tzinfo=UTC)
SCENE, OTHER = b"one picture", b"another picture"


def report(
    key: str,
    plate: str = "30A12345",
    after_s: float = 0.0,
    surety: float = 0.9,
    scene: bytes | None = SCENE,
    direction: Direction | None = None,
) -> Report:
    at = AT + timedelta(seconds=after_s)
    event = Event(key, plate, (at,), surety, direction=direction)
    return report_of("C1", Seen(event, at, scene), at, Device(), "hikvision")


def taken(*reports: Report) -> list[Passage]:
    vehicles = Vehicles()
    found = [vehicles.take(one) for one in reports]
    return [one.passage for one in found if one is not None]


def test_the_same_event_again_is_nothing_new() -> None:
    assert taken(report("a"), report("a")) == [report("a").passage]


def test_the_same_event_again_after_a_restart_is_nothing_new() -> None:
    (known,) = taken(report("a"))
    assert Vehicles([known]).take(report("a")) is None


def test_an_event_whose_clock_is_not_believed_keeps_the_time_of_its_first_arrival() -> None:
    (known,) = taken(report("a"))
    again = Vehicles([known]).take(report("a", after_s=40))
    assert again is not None
    assert again.passage.id == known.id
    assert again.passage.at == AT
    assert again.passage.until == AT + timedelta(seconds=40)


def test_one_vehicle_that_is_told_of_several_times_is_one_passage() -> None:
    first, second, third = taken(report("a"), report("b", after_s=6), report("c", after_s=14))
    assert first.id == second.id == third.id
    assert third.until == AT + timedelta(seconds=14)


def test_a_vehicle_that_comes_back_is_another_passage() -> None:
    first, second = taken(report("a"), report("b", after_s=11))
    assert first.id != second.id


def test_a_vehicle_that_drives_the_other_way_is_another_passage() -> None:
    first, second = taken(
        report("a", direction="towards"), report("b", after_s=5, direction="away")
    )
    assert first.id != second.id


def test_another_plate_is_another_passage() -> None:
    assert len({p.id for p in taken(report("a"), report("b", "30A12346", 1))}) == 2


def test_two_plates_that_were_not_read_are_two_passages() -> None:
    assert len({p.id for p in taken(report("a", ""), report("b", "", 1))}) == 2


def test_of_two_events_of_one_vehicle_the_surer_one_counts() -> None:
    _, better = taken(report("a", surety=0.5), report("b", after_s=2, surety=0.9, scene=OTHER))
    assert better.score == report("b").passage.score
    assert better.frame == report("b", scene=OTHER).passage.frame
    (_, same) = taken(report("a"), report("b", after_s=2, surety=0.1, scene=OTHER))
    assert same.score == report("a").passage.score
    assert same.frame == report("a").passage.frame
    assert same.until == AT + timedelta(seconds=2)


def test_pictures_that_come_when_an_event_is_sent_again_are_added_by_a_later_report() -> None:
    first, second = taken(report("a", scene=None), report("a"))
    assert first.id == second.id
    assert (first.frame, second.frame) == (None, report("a").passage.frame)
    assert first.until is not None
    assert second.until is not None
    assert second.until > first.until


def test_a_plate_that_is_read_later_is_told_under_the_same_id() -> None:
    first, second = taken(report("a", ""), report("a", after_s=1))
    assert (first.text, second.text) == ("", "30A12345")
    assert first.id == second.id


def test_a_name_that_is_given_twice_does_not_make_one_vehicle_of_two() -> None:
    first, second = taken(report("a"), report("a", "30A12346"))
    assert (first.text, second.text) == ("30A12345", "30A12346")
    assert first.id != second.id
    assert Vehicles([first, second]).take(report("a", "30A12346")) is None


def test_a_name_that_is_given_again_much_later_is_of_another_vehicle() -> None:
    first, second = taken(report("a", ""), report("a", "", after_s=600))
    assert first.id != second.id


def test_only_the_first_report_of_a_vehicle_counts_as_a_passage() -> None:
    vehicles = Vehicles()
    found = [vehicles.take(one) for one in (report("a"), report("b", after_s=3))]
    assert [one.is_final for one in found if one] == [True, False]


def test_what_is_remembered_is_bounded() -> None:
    vehicles = Vehicles()
    for number in range(REMEMBERED + 10):
        vehicles.take(report(f"k{number}", f"30A{number:05}"))
    assert vehicles.take(report("k5", "30A00005")) is not None
    assert vehicles.take(report(f"k{REMEMBERED}", f"30A{REMEMBERED:05}")) is None


def test_passages_of_another_source_are_no_hindrance() -> None:
    passage = replace(report("a").passage, track=None)
    assert Vehicles([passage]).take(report("a")) is not None
