from datetime import timedelta

import pytest
from sqlalchemy import Engine

from lpr.passages import Passage
from search.alerts.clones import Clones
from search.alerts.keeping import list_alerts, list_hits
from search.alerts.states import AT_WORK
from search.alerts.watch import Watch
from search.cameras import parse_cameras, save_cameras
from search.confusing import any_reader
from search.testing import MemoryStore
from search.watchlists.entry import CLONES
from tests.unit.search.alerts import test_watch
from tests.unit.search.alerts.test_matcher import AT
from tests.unit.search.alerts.test_watch import seen

registry = test_watch.registry
at_once = test_watch.at_once
PLACES = {"A": (105.80, 21.0), "B": (105.80, 21.1), "NEAR": (105.80, 21.005)}  # B: 11.1 km on


def clones() -> Clones:
    made = Clones()
    made.places = PLACES
    return made


def meets(*passages: Passage) -> list[bool]:
    made = clones()
    return [made.look(passage) is not None for passage in passages]


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (seen("51F12345", "B", 2, 0.99), True),
        (seen("51F12345", "B", 0, 0.99), True),
        (seen("51F12345", "B", -2, 0.99), True),  # comes later
        (seen("51F12345", "B", 10, 0.99), False),  # 67 km/h
        (seen("51F12345", "NEAR", 0, 0.99), False),  # a clock may be wrong by so much
        (seen("51F12345", "A", 1, 0.99), False),
        (seen("51F12346", "B", 2, 0.99), False),
        (seen("51F12345", "B", 2, 0.94), False),  # may be misread
        (seen("51F12345", "NOWHERE", 2, 0.99), False),
    ],
)
def test_a_plate_in_two_places_at_once_is_found(other: Passage, is_one: bool) -> None:
    assert meets(seen("51F12345", "A", 0, 0.99), other) == [False, is_one]


def test_what_no_plate_says_is_no_clone() -> None:
    assert meets(seen("QQQQ", "A", 0, 0.99), seen("QQQQ", "B", 0, 0.99)) == [False, False]


def test_it_is_the_less_likely_the_less_sure_the_readings_are() -> None:
    def likelihood(score: float) -> float:
        made = clones()
        made.look(seen("51F12345", "A", 0, score))
        meeting = made.look(seen("51F12345", "B", 2, score))
        assert meeting
        return meeting.likelihood

    assert 0.5 < likelihood(0.97) < likelihood(0.99) < likelihood(0.999) < 1


def test_only_the_last_minutes_are_remembered() -> None:
    made = clones()
    made.look(seen("51F12345", "A", 0, 0.99))
    for number in range(10_000):
        made.look(seen(f"30A{number:05}", "A", 30, 0.99))
    assert "51F12345" not in made._last
    assert "30A00001" in made._last


def test_both_sightings_are_one_finding_that_is_told_apart(registry: Engine) -> None:
    header = "id,name,lat,lon,heading,area,ward,district\n"
    rows = "".join(f"{name},,{lat},{lon},,route,,\n" for name, (lon, lat) in PLACES.items())
    save_cameras(registry, parse_cameras(header + rows))
    store = MemoryStore()
    passages = [seen("51F12345", "A", 0, 0.99), seen("51F12345", "B", 2, 0.99)]
    store.add(passages)
    watch = Watch(registry, any_reader(), lambda: AT)
    for passage in (*passages, *passages):
        watch.look(store, [passage])
    (alert,) = list_alerts(registry, AT_WORK, 10)
    assert (alert.list, alert.vehicle, alert.reason) == (CLONES, "51F12345", "11.1 km / 2 min 00 s")
    assert [hit.camera for hit in alert.hits] == ["B", "A"]
    assert [hit.at for hit in list_hits(registry, name=CLONES)] == [AT, AT + timedelta(minutes=2)]
    assert list_hits(registry) == []
