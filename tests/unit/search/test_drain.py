from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpr.passages import Passage
from lpr.spool import PICTURES, SpoolWriter, picture_path
from lpr.spool.lines import SpoolLine, format_line
from search.drain import drain_spool
from search.errors import StoreError
from search.evidence import FolderEvidence
from search.ingest import Counts, Ingest, Refusal
from search.store import Added
from search.terms import SearchTerms
from search.testing import MemoryStore

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def seen(text: str, second: float = 0, **more: str) -> Passage:
    return Passage("C1", NOON + timedelta(seconds=second), text, 0.9, **more)


class Desk:
    """A spool and everything that it drains into."""

    def __init__(self, folder: Path) -> None:
        self.spool = folder / "spool"
        self.store = MemoryStore()
        self.evidence = FolderEvidence(folder / "evidence")
        self.refused: list[Refusal] = []
        self.warned: list[str] = []

    def drain(self, kept: timedelta = timedelta(0)) -> Counts:
        way = Ingest(
            self.store, self.evidence, self.refused.extend, self.warned.append, lambda: NOON
        )
        return drain_spool(self.spool, way, kept)

    def texts(self) -> list[str]:
        return sorted(s.passage.text for s in self.store.find(SearchTerms(("*",))).sightings)

    def left(self) -> list[str]:
        files = (path.name for path in self.spool.rglob("*") if path.is_file())
        return sorted(name for name in files if name not in (".drain", "lost.json"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_spool_that_is_not_there_is_empty(desk: Desk) -> None:
    assert desk.drain() == Counts()


def test_what_is_appended_between_drains_is_taken_once(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
        assert desk.drain() == Counts(new=1)
        assert desk.drain() == Counts()
        spool.append(seen("30A22222"))
        assert desk.drain() == Counts(new=1)
    assert desk.texts() == ["30A11111", "30A22222"]


def test_a_segment_goes_when_it_is_drained_and_its_writer_has_ended(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
        desk.drain()
        assert len(desk.left()) == 2
    assert desk.drain() == Counts()
    assert desk.left() == []


def test_a_drained_segment_stays_for_a_while_so_that_a_restart_can_look_at_it(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
    assert desk.drain(timedelta(hours=1)) == Counts(new=1)
    assert len(desk.left()) == 2
    assert desk.drain(timedelta(hours=1)) == Counts()


def test_a_line_that_was_damaged_on_the_disk_is_set_aside(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
        spool.append(seen("30A22222"))
    (segment,) = desk.spool.glob("passages-*.ndjson")
    segment.write_bytes(segment.read_bytes().replace(b"30A11111", b"30A11117"))
    assert desk.drain() == Counts(new=1, refused=1)
    assert desk.texts() == ["30A22222"]
    assert "damaged" in desk.refused[0].reason


def test_a_passage_whose_picture_was_given_up_is_taken_without_a_warning(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append_all([SpoolLine(seen("30A11111", frame="a" * 64), gone=("a" * 64,))])
    assert desk.drain() == Counts(new=1)
    assert desk.warned == []


def test_first_and_final_reports_are_one_sighting_with_the_final_text(desk: Desk) -> None:
    first, final = seen("30A11111", track="1"), seen("30A11112", track="1")
    final = replace(final, until=NOON + timedelta(seconds=2))
    with SpoolWriter(desk.spool) as spool:
        spool.append(first)
        assert desk.drain() == Counts(new=1)
        spool.append(final)
        assert desk.drain() == Counts(known=1)
        spool.append(first)
        assert desk.drain() == Counts(known=1)
    assert desk.texts() == ["30A11112"]


def test_pictures_move_from_the_spool_to_the_evidence(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        name = spool.put_picture(b"a picture")
        spool.append(seen("30A11111", frame=name))
        desk.drain()
        assert desk.evidence.get(name) == b"a picture"
        assert not picture_path(desk.spool / PICTURES, name).exists()
        spool.append(seen("30A22222", frame=name))
        desk.drain()
    assert desk.warned == []


def test_a_line_that_is_still_written_waits_for_its_end(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
        (segment,) = desk.spool.glob("passages-*.ndjson")
        line = format_line(SpoolLine(seen("30A22222"), NOON))
        with segment.open("ab") as end:
            end.write(line[:-10])
        assert desk.drain() == Counts(new=1)
        with segment.open("ab") as end:
            end.write(line[-10:])
        assert desk.drain() == Counts(new=1)
    assert desk.texts() == ["30A11111", "30A22222"]


def test_a_line_that_its_writer_died_in_is_set_aside(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
    (segment,) = desk.spool.glob("passages-*.ndjson")
    with segment.open("ab") as end:
        end.write(b'{"camera": "C1", "at"')
    assert desk.drain() == Counts(new=1, refused=1)
    assert [(r.source, r.line) for r in desk.refused] == [(segment.name, 2)]
    assert desk.left() == []


def test_line_numbers_go_on_from_one_drain_to_the_next(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
        spool.append(seen("30A22222"))
        desk.drain()
        (segment,) = desk.spool.glob("passages-*.ndjson")
        with segment.open("ab") as end:
            end.write(b"nonsense\n")
        desk.drain()
    assert [r.line for r in desk.refused] == [3]


@pytest.mark.parametrize("place", ["", "nonsense", "999999999 3", "-5 0"])
def test_a_spoilt_offset_means_from_the_beginning(desk: Desk, place: str) -> None:
    with SpoolWriter(desk.spool) as spool:
        spool.append(seen("30A11111"))
        desk.drain()
        (offset,) = desk.spool.glob("*.offset")
        offset.write_text(place)
        assert desk.drain() == Counts(known=1)


def test_nothing_is_lost_while_the_store_is_away(desk: Desk) -> None:
    class Away(MemoryStore):
        def add(self, passages: Sequence[Passage], can_wait: bool = False) -> Added:
            if not passages:
                return Added(0, 0)
            raise StoreError("the store is away")

    there, desk.store = desk.store, Away()
    with SpoolWriter(desk.spool) as spool:
        name = spool.put_picture(b"a picture")
        spool.append(seen("30A11111", crop=name))
        with pytest.raises(StoreError, match="away"):
            desk.drain()
    desk.store = there
    assert desk.drain() == Counts(new=1)
    assert desk.evidence.get(name) == b"a picture"


def test_segments_of_several_writers_are_all_drained(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as one, SpoolWriter(desk.spool) as other:
        one.append(seen("30A11111"))
        other.append(seen("30A22222"))
        assert desk.drain() == Counts(new=2)


def test_two_drains_at_once_take_turns(desk: Desk) -> None:
    with SpoolWriter(desk.spool) as spool:
        for number in range(20):
            spool.append(seen(f"30A{number:05}"))
    with ThreadPoolExecutor() as both:
        counts = [both.submit(desk.drain), both.submit(desk.drain)]
    assert sum((count.result() for count in counts), Counts()) == Counts(new=20)
