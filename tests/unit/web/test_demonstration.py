import socket
from datetime import UTC, datetime, timedelta

from lpr.passages import Passage
from lpr.render.scenario import Scale, make_scenario
from search.cameras import list_cameras
from search.registry.opening import open_registry
from search.roads.keeping import list_roads
from search.sightings import Sighting
from search.watchlists.keeping import list_entries
from web.accounts import list_accounts
from web.demonstration import Tried, begin_of, is_free, most_seen, prepare

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
SCENARIO = make_scenario(Scale(3, 1, 0, 300.0), seed=2)


def _seen(text: str, cameras: str, score: float = 0.9) -> list[Sighting]:
    passages = [
        Passage(camera, NOW + timedelta(seconds=i), text, score) for i, camera in enumerate(cameras)
    ]
    return [Sighting(p.id, p) for p in reversed(passages)]


def test_nothing_seen_gives_nothing_to_try() -> None:
    assert most_seen((), 3) == []


def test_the_plates_that_were_read_most_are_tried_in_the_order_of_cameras() -> None:
    sightings = (*_seen("30A12345", "AB"), *_seen("29B154321", "CAB"), *_seen("51F11111", "A"))
    assert most_seen(sightings, 2) == [
        Tried("29-B1 543.21", 3, ("C", "A", "B")),
        Tried("30A-123.45", 2, ("A", "B")),
    ]


def test_what_was_read_badly_or_is_no_plate_is_not_tried() -> None:
    assert most_seen((*_seen("30A12345", "AB", 0.2), *_seen("QQQ", "ABC")), 3) == []


def test_the_traffic_is_just_over() -> None:
    start = begin_of(SCENARIO, NOW)
    end = start + timedelta(seconds=SCENARIO.scale.seconds)
    assert timedelta(0) < NOW - end < timedelta(minutes=1)


def test_preparing_twice_gives_the_same_cameras_and_another_password() -> None:
    registry = open_registry("sqlite://")
    try:
        first, second = prepare(registry, SCENARIO), prepare(registry, SCENARIO)
        assert first != second
        assert [c.id for c in list_cameras(registry)] == ["C001", "C002", "C003"]
        assert [a.username for a in list_accounts(registry)] == ["demo"]
        assert len(list_roads(registry)) > 700
        assert {plate for _, plate in list_entries(registry)} == {SCENARIO.trips[0].plate.text}
    finally:
        registry.dispose()


def test_a_port_where_somebody_listens_is_not_free() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not is_free("127.0.0.1", server.getsockname()[1])
