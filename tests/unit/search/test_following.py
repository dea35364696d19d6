import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpr.passages import Passage
from lpr.spool import SpoolWriter
from search.drain import LOCK
from search.evidence import FolderEvidence
from search.following import follow_spool
from search.opening import open_store
from search.settings import StoreSettings
from search.terms import SearchTerms
from search.testing import Shell


class Looks(threading.Event):
    """Is set after some looks; before each further one something happens."""

    def __init__(self, *between: Callable[[], None]) -> None:
        super().__init__()
        self._between = list(between)

    def wait(self, timeout: float | None = None) -> bool:
        if self._between:
            self._between.pop(0)()
        else:
            self.set()
        return self.is_set()


def spool(settings: StoreSettings, text: str) -> None:
    with SpoolWriter(settings.spool_dir) as writer:
        writer.append(Passage("C1", datetime(2026, 1, 31, tzinfo=UTC), text, 0.9, track=text))


def texts(settings: StoreSettings) -> set[str]:
    with open_store(settings.sightings) as store:
        return {s.passage.text for s in store.find(SearchTerms(("*",))).sightings}


def follow(settings: StoreSettings, stopped: threading.Event) -> None:
    follow_spool(settings, FolderEvidence(settings.evidence_dir), stopped)


@pytest.fixture
def settings(tmp_path: Path) -> StoreSettings:
    return StoreSettings(data_dir=tmp_path)


def test_what_comes_later_is_taken_in_as_well(settings: StoreSettings) -> None:
    spool(settings, "30A00001")
    follow(settings, Looks(lambda: spool(settings, "30A00002")))
    assert texts(settings) == {"30A00001", "30A00002"}


def test_a_store_that_is_away_is_waited_for(
    settings: StoreSettings, caplog: pytest.LogCaptureFixture
) -> None:
    place = settings.data_dir / "sightings.db"
    place.mkdir()
    spool(settings, "30A00001")
    follow(settings, Looks(place.rmdir))
    assert "trying again" in caplog.text
    assert texts(settings) == {"30A00001"}


def test_each_look_can_be_seen_from_outside(settings: StoreSettings) -> None:
    settings.spool_dir.mkdir()
    follow(settings, Looks())
    first = (settings.spool_dir / LOCK).stat().st_mtime_ns
    follow(settings, Looks())
    assert (settings.spool_dir / LOCK).stat().st_mtime_ns > first


def test_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "passages.ndjson").write_text("")
    result = Shell(tmp_path).run("ingest", str(tmp_path / "passages.ndjson"), "--follow")
    assert result.exit_code == 2
    assert "--follow takes in the spool" in result.stderr
