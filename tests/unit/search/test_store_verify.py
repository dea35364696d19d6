"""Spool, store and evidence compared; tests/contract has Elasticsearch and S3."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lpr.passages import Passage, format_passage
from lpr.spool import SpoolWriter, picture_path
from lpr.spool.segments import Place, list_segments, size_of, write_place
from search.copying import everything
from search.evidence import FolderEvidence
from search.ingest import Refusal, append_refusals
from search.opening import open_sightings
from search.settings import StoreSettings
from search.store_verify_cli import verify_store
from search.terms import SearchTerms
from search.testing import MemoryStore
from search.verifying import Places, Verified, verify

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
FIRST = Passage("C1", NOW - HOUR, "30A12345", 0.9, track="7")
FINAL = replace(FIRST, text="30A12346", until=NOW)


class Machine:
    """A machine with a data folder, and `platetrail store verify` on it."""

    def __init__(self, folder: Path) -> None:
        self.settings = StoreSettings(data_dir=folder)
        self.evidence = FolderEvidence(self.settings.evidence_dir)

    def store(self, *passages: Passage) -> None:
        with open_sightings(self.settings) as store:
            store.add(passages)

    def spool(self, *passages: Passage, confirmed: bool = True) -> str:
        """Lines of a segment of their own; its name."""
        with SpoolWriter(self.settings.spool_dir) as writer:
            for passage in passages:
                writer.append(passage)
        segment = list_segments(self.settings.spool_dir)[-1]
        if confirmed:
            write_place(segment, Place(size_of(segment), len(passages)))
        return segment.name

    def put(self, content: bytes, age: timedelta = timedelta()) -> str:
        name = self.evidence.put(content)
        seconds = time.time() - age.total_seconds()
        os.utime(self.file(name), (seconds, seconds))
        return name

    def file(self, name: str) -> Path:
        return picture_path(self.settings.evidence_dir, name)

    def verify(self, *arguments: str) -> Result:
        return CliRunner().invoke(verify_store, arguments, obj=self.settings)

    def lacking(self, *arguments: str) -> list[dict[str, Any]]:
        result = self.verify(*arguments)
        lacks = [json.loads(line) for line in result.stdout.splitlines()]
        assert result.exit_code == bool(lacks), result.output
        return lacks


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr("search.spool_check.SOON_S", 0.1)
    return Machine(tmp_path)


def test_of_an_empty_folder_nothing_is_missing(machine: Machine) -> None:
    result = machine.verify()
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "0 passages of the spool, 0 more wait; 0 sightings; 0 pictures, 0 more that nobody names: "
        "nothing is missing\n"
    )


def test_what_is_whole_is_counted(machine: Machine) -> None:
    frame, crop, clip = (machine.put(c) for c in (b"frame", b"crop", b"\0\0\0\x18ftypmp42"))
    machine.put(b"of a report that was bettered", age=2 * HOUR)
    machine.put(b"of a sighting that is not there yet")
    final = replace(FINAL, frame=frame, crop=crop, clip=clip)
    machine.store(final, replace(final, track="8", at=NOW))
    machine.spool(FIRST, final)
    machine.spool(replace(FIRST, track="9"), confirmed=False)
    for arguments in ((), ("--pictures",)):
        result = machine.verify(*arguments)
        assert result.stdout == ""
        assert result.stderr == (
            "1 passages of the spool, 1 more wait; 2 sightings; 3 pictures, 1 more that nobody "
            "names: nothing is missing\n"
        )


def test_a_passage_that_was_taken_in_and_is_not_there_is_named(machine: Machine) -> None:
    segment = machine.spool(replace(FIRST, track="8"), FIRST, FINAL)
    machine.store(replace(FIRST, track="8"))
    missing = {"lacking": "sighting", "sighting": FIRST.id, "camera": "C1"}
    missing |= {"at": FIRST.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    assert machine.lacking() == [missing | {"line": f"{segment}:3"}]
    machine.store(FIRST)
    assert machine.lacking() == [missing | {"line": f"{segment}:3"}]
    assert machine.verify().stderr.endswith(": 1 missing\n")
    machine.store(FINAL)
    assert machine.lacking() == []


def test_what_was_refused_or_may_have_been_let_go_of_is_not_missing(machine: Machine) -> None:
    old = replace(FIRST, at=NOW - timedelta(days=400))
    segment = machine.spool(FIRST, old)
    append_refusals(
        machine.settings.data_dir / "refused.ndjson",
        [Refusal(segment, 1, "a reason", format_passage(FIRST))],
    )
    assert machine.lacking() == []


def test_each_sighting_whose_picture_is_missing_is_named(machine: Machine) -> None:
    frame, crop = machine.put(b"frame"), machine.put(b"crop", age=2 * HOUR)
    both = [replace(FIRST, track=track, frame=frame, crop=crop) for track in ("1", "2")]
    machine.store(*both)
    machine.file(frame).unlink()
    for arguments in ((), ("--pictures",), ("--from", "2000-01-01T00:00:00Z")):
        lacks = machine.lacking(*arguments)
        assert {lack["sighting"] for lack in lacks} == {passage.id for passage in both}
        assert [(lack["lacking"], lack["picture"]) for lack in lacks] == [("picture", frame)] * 2
    assert "30A12345" not in machine.verify().output


def test_a_picture_that_was_changed_is_found_by_reading_it(machine: Machine) -> None:
    frame = machine.put(b"frame")
    machine.store(replace(FIRST, frame=frame))
    machine.file(frame).write_bytes(b"another")
    assert machine.lacking() == []
    (lack,) = machine.lacking("--pictures")
    assert (lack["lacking"], lack["picture"]) == ("content", frame)


def test_only_the_span_is_looked_at_and_then_nothing_is_counted_as_unnamed(
    machine: Machine,
) -> None:
    early, late = (replace(FIRST, at=NOW - hours * HOUR, frame=f"{hours}" * 64) for hours in (5, 2))
    machine.store(early, late)
    machine.spool(replace(early, track="8"), replace(late, track="8"))
    lacks = machine.lacking("--from", (NOW - 3 * HOUR).isoformat())
    assert [lack["sighting"] for lack in lacks] == [replace(late, track="8").id, late.id]
    lacks = machine.lacking("--to", (NOW - 3 * HOUR).isoformat())
    assert [lack["sighting"] for lack in lacks] == [replace(early, track="8").id, early.id]
    assert "nobody names" not in machine.verify("--to", NOW.isoformat()).stderr


def test_where_the_spool_is_sent_to_a_centre_there_is_nothing_to_compare(tmp_path: Path) -> None:
    settings = StoreSettings(data_dir=tmp_path, intake_url="https://centre:8443")
    result = CliRunner().invoke(verify_store, obj=settings)
    assert (result.exit_code, "verify there" in result.stderr) == (2, True)


Change = Callable[[MemoryStore, FolderEvidence], object]


class Lively(MemoryStore):
    """Something happens when all sightings have been read."""

    def __init__(self, passage: Passage, change: Callable[[MemoryStore], object]) -> None:
        super().__init__([passage])
        self._change = change

    def find(self, terms: SearchTerms) -> Any:
        page = super().find(terms)
        self._change(self)
        return page


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("change", ["comes", "is bettered", "is let go of"])
def test_what_happens_meanwhile_is_not_told_as_missing(
    tmp_path: Path, change: str, reads: bool
) -> None:
    evidence = FolderEvidence(tmp_path / "evidence")
    first = replace(FIRST, frame=evidence.put(b"first"))

    def happen(store: MemoryStore) -> None:
        if change == "comes":
            store.add([replace(first, track="8", frame="f" * 64)])
        elif change == "is bettered":
            store.add([replace(FINAL, frame="f" * 64)])
            evidence.remove(first.frame or "")
        else:
            store.drop_before(NOW)
            evidence.remove(first.frame or "")

    store = Lively(first, happen)
    places = Places(tmp_path / "spool", tmp_path / "refused.ndjson", store, evidence)
    told: list[object] = []
    look = partial(verify, places, everything(), NOW, NOW - 999 * HOUR, told.append, told.append)
    assert look(reads_pictures=reads) == Verified(0, 0, 1, 1, 0)
    assert told == [1]
