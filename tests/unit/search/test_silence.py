from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from lpr.passages import Passage
from search.errors import StoreError
from search.silence import MISSED, Silence
from search.testing import MemoryStore

NOON = datetime(2026, 1, 31, 5, tzinfo=UTC)
SPAN = NOON, NOON + timedelta(minutes=2)


def seen(camera: str, minutes: int) -> Passage:
    return Passage(camera, NOON + timedelta(minutes=minutes), "30A12345", 0.9)


def test_a_camera_that_shows_others_misses_few() -> None:
    store = MemoryStore([seen("C1", 1), seen("C2", 1)])
    assert Silence(store).missing("C1", *SPAN) == MISSED


def test_a_camera_that_shows_nobody_while_others_do_was_down() -> None:
    busy = [seen("C1", minutes) for minutes in range(-300, 301)]
    usual = [seen("C2", minutes) for minutes in range(-300, 301) if abs(minutes) > 60]
    silence = Silence(MemoryStore([*busy, *usual]))
    assert silence.missing("C2", *SPAN) > 0.99
    assert silence.missing("C1", *SPAN) == MISSED


def test_a_camera_that_never_shows_anybody_is_down_where_the_others_show_many() -> None:
    busy = [seen(f"C{i}", minutes) for i in range(3) for minutes in range(-300, 301)]
    assert Silence(MemoryStore(busy)).missing("C9", *SPAN) > 0.9


def test_a_camera_that_rarely_shows_anybody_may_well_have_been_at_work() -> None:
    busy = [seen("C1", minutes) for minutes in range(-300, 301)]
    assert Silence(MemoryStore([*busy, seen("C2", 200)])).missing("C2", *SPAN) < 0.2


def test_where_nothing_is_known_cameras_were_at_work() -> None:
    class Away(MemoryStore):
        def count_by_camera(self, start: datetime, end: datetime) -> Mapping[str, int]:
            raise StoreError("away")

    for store in (Away(), MemoryStore()):
        assert Silence(store).missing("C1", *SPAN) == pytest.approx(MISSED)
