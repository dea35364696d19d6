import os
import random
import signal
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpr.spool import spool_state
from search.backup.taking import list_backups
from search.evidence import FolderEvidence
from search.invocation import closing_registry
from search.opening import open_store
from search.sightings import Sighting
from tests.camera_at_work import crop, frame, numbers, reports
from tests.machines import Machine, until
from tests.ports import free_port
from web.accounts import add_account
from web.app import create_app
from web.children import PLATETRAIL
from web.settings import Settings
from web.testing import PASSWORD, Visitor

CAMERA = "C1"
FIRST, MORE, BACKUPS, KILLS = 150, 80, 2, 3  # passages before the first backup, between two
PAUSE_S = 0.002  # between two passages: they come while backups are made


class Busy(Machine):
    """A machine that takes passages in, and a camera that reports them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {"PLATETRAIL_PORT": str(free_port())})
        self.journal, self.backups = folder / "journal", folder / "backups"
        with closing_registry(self.settings.registry) as registry:
            add_account(registry, "officer", "officer", PASSWORD, datetime.now(UTC))

    def begin(self) -> None:
        place = [str(self.spool), str(self.journal), CAMERA, "1000000", str(PAUSE_S)]
        self.start("writer", "-m", "tests.camera_at_work", *place)
        self.start("run", "-m", "web", "run")

    def ended(self) -> int:
        return len(numbers(self.journal))

    def back_up(self) -> "subprocess.Popen[bytes]":
        return platetrail(self.settings.data_dir, "backup", str(self.backups))

    def restore(self, backup: Path, into: Path) -> Settings:
        process = platetrail(into, "restore", str(backup))
        assert process.wait() == 0
        return Settings(data_dir=into)


def platetrail(data: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    variables = {**os.environ, "PLATETRAIL_DATA_DIR": str(data)}
    return subprocess.Popen([*PLATETRAIL, *arguments], env=variables, stderr=subprocess.PIPE)


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Busy]:
    with Busy(tmp_path / "machine") as machine:
        yield machine


def lacking_in_store(settings: Settings, expected: Sequence[int]) -> list[int]:
    """Numbers of passages whose sighting or pictures are not what was confirmed."""
    evidence = FolderEvidence(settings.evidence_dir)

    def is_whole(number: int, sighting: Sighting | None) -> bool:
        if sighting is None:
            return False
        passage = sighting.passage
        pictures = [evidence.get(name or "") for name in (passage.frame, passage.crop)]
        _, final = reports(CAMERA, number)
        return passage.text == final.text and pictures == [
            frame(CAMERA, number),
            crop(CAMERA, number),
        ]

    with open_store(settings.sightings) as store:
        found = {n: store.get(next(reports(CAMERA, n)).id) for n in expected}
    return [number for number, sighting in found.items() if not is_whole(number, sighting)]


def sightings_without_pictures(settings: Settings, expected: Sequence[int]) -> list[int]:
    """Of those that are in the sightings at once, before the spool is taken in."""
    evidence = FolderEvidence(settings.evidence_dir)
    with open_store(settings.sightings) as store:
        found = {n: store.get(next(reports(CAMERA, n)).id) for n in expected}
    return [
        number
        for number, sighting in found.items()
        if sighting and not all(map(evidence.has, (sighting.passage.frame, sighting.passage.crop)))
    ]


def test_what_was_confirmed_before_a_backup_began_is_in_it_whatever_goes_on(
    busy: Busy, tmp_path: Path
) -> None:
    busy.begin()
    taken: list[tuple[list[int], Path]] = []
    for number in range(BACKUPS):
        until(lambda number=number: busy.ended() >= FIRST + number * MORE)
        confirmed = numbers(busy.journal)
        assert busy.back_up().wait() == 0
        taken.append((confirmed, list_backups(busy.backups)[-1]))
    at_work = busy.ended()
    busy.close()
    assert at_work > len(taken[-1][0])  # passages came while the last one was made

    for number, (confirmed, backup) in enumerate(taken):
        settings = busy.restore(backup, tmp_path / f"restored-{number}")
        assert sightings_without_pictures(settings, range(at_work)) == []
        assert platetrail(settings.data_dir, "ingest").wait() == 0
        assert lacking_in_store(settings, confirmed) == []
        assert spool_state(settings.spool_dir).waiting == 0
        assert not (settings.data_dir / "refused.ndjson").exists()
    visitor = Visitor(create_app(settings).test_client())
    visitor.sign_in("officer", PASSWORD)
    visitor.state("trộm xe máy", "17/2026")
    last = f"30B{confirmed[-1]:05}"
    assert last in visitor.get(visitor.asked(last)).text
    with open_store(settings.sightings) as store:
        sighting = store.get(next(reports(CAMERA, confirmed[-1])).id)
    assert sighting
    picture = visitor.get(f"/sightings/{sighting.id}/frame.jpg")
    assert picture.data == frame(CAMERA, confirmed[-1])


def test_a_backup_killed_at_any_moment_leaves_the_last_good_one(busy: Busy, tmp_path: Path) -> None:
    busy.begin()
    until(lambda: busy.ended() >= FIRST)
    confirmed = numbers(busy.journal)
    assert busy.back_up().wait() == 0
    (good,) = list_backups(busy.backups)
    moments = random.Random(7)
    for _ in range(KILLS):
        known = set(busy.backups.iterdir())
        process = busy.back_up()
        until(lambda p=process, k=known: p.poll() is not None or set(busy.backups.iterdir()) != k)
        try:
            process.wait(moments.uniform(0.0, 0.1))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.wait()
    busy.close()
    settings = busy.restore(good, tmp_path / "restored")
    assert platetrail(settings.data_dir, "ingest").wait() == 0
    assert lacking_in_store(settings, confirmed) == []
    assert busy.back_up().wait() == 0
    assert [path.name for path in busy.backups.iterdir() if path.name.startswith(".")] == []
