import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from lpr.spool import SpoolWriter, spool_state
from lpr.spool.segments import good_lines, list_segments
from search.evidence import FolderEvidence
from search.intake.refusals import count_gone, is_gone
from search.invocation import closing_registry
from tests.camera_at_work import crop, reports
from tests.machines import CameraMachine, Centre, until

DISK_BYTES = 4_000_000
FRAME_BYTES = 100_000  # so that the disk is full after some eighty passages
PASSAGES = 300


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; needs root."""
    place = tmp_path / "disk"
    place.mkdir()
    size = f"size={DISK_BYTES}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_on_a_full_disk_pictures_give_way_and_every_text_arrives(
    tmp_path: Path, disk: Path
) -> None:
    with (
        Centre(tmp_path / "centre", "C1") as centre,
        CameraMachine(
            tmp_path / "box", centre.url, centre.token("box", "C1"), data=disk / "data"
        ) as box,
    ):
        box.start_writer(PASSAGES, 0.0, "0", str(FRAME_BYTES))  # no setting: the disk says no
        until(lambda: box.ended() == PASSAGES)
        state = spool_state(box.spool)
        assert state.waiting == 2 * PASSAGES
        assert state.losses.passages == {}
        assert state.losses.pictures["C1"] > PASSAGES // 3
        assert "lost" not in box.said("writer")

        centre.start_intake()
        centre.start_ingest()
        box.start_sender()
        until(lambda: box.is_drained() and centre.count() == PASSAGES)
        _check(centre, state.losses.pictures["C1"])


def _check(centre: Centre, given_up: int) -> None:
    """Every text is there, the newest pictures too, and what is missing is known to be gone."""
    evidence = FolderEvidence(centre.settings.evidence_dir)
    passages = {sighting.id: sighting.passage for sighting in centre.sightings()}
    missing = set()
    with closing_registry(centre.settings.registry) as registry:
        for number in range(PASSAGES):
            first, final = reports("C1", number)
            passage = passages[first.id]
            assert passage.text == final.text
            for name in (passage.frame or "", passage.crop or ""):
                if not evidence.has(name):
                    missing.add(name)
                    assert is_gone(registry, first.id, name)
        assert sum(count_gone(registry).values()) >= len(missing)
    assert len(missing) == given_up
    last = passages[next(reports("C1", PASSAGES - 1)).id]
    assert evidence.get(last.crop or "") == crop("C1", PASSAGES - 1)


def test_a_disk_that_others_have_filled_loses_no_half_line_and_counts_what_it_loses(
    tmp_path: Path, disk: Path
) -> None:
    spool, journal = disk / "spool", tmp_path / "journal"
    with SpoolWriter(spool) as writer:
        writer.append(next(reports("C1", 0)))
    fill = disk / "other"
    _fill(fill)
    free = subprocess.run(
        [sys.executable, "-m", "tests.camera_at_work", spool, journal, "C1", "300", "0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert free.stdout.count("lost ") > 0
    lost = json.loads((spool / "lost.json").read_text())
    assert lost["passages"] > 0
    for segment in list_segments(spool):
        assert len(good_lines(segment)) == segment.read_bytes().count(b"\n")
        assert segment.read_bytes()[-1:] in (b"", b"\n")

    fill.unlink()
    with SpoolWriter(spool) as writer:
        writer.append(next(reports("C1", 99)))
    tracks = [line.passage.track for s in list_segments(spool) for line in good_lines(s)]
    assert tracks[0] == "0"
    assert tracks[-1] == "99"


def _fill(file: Path) -> None:
    """Until the file system itself says ENOSPC."""
    with file.open("wb", buffering=0) as end, pytest.raises(OSError, match="No space left"):
        end.writelines(repeat(b"x" * 4096))


def test_a_spool_that_has_reached_its_setting_gives_pictures_up_and_goes_on(
    tmp_path: Path,
) -> None:
    with CameraMachine(tmp_path / "box", "http://127.0.0.1:9", "nobody") as box:
        box.start_writer(60, 0.0, "2", str(FRAME_BYTES))
        until(lambda: box.ended() == 60)
        state = spool_state(box.spool)
    assert state.waiting == 120
    assert state.bytes <= 2_000_000
    assert 10 <= state.losses.pictures["C1"] <= 45
    assert state.losses.passages == {}
