import time
from pathlib import Path

from search.evidence import FolderEvidence
from tests.camera_at_work import reports
from tests.killing import kill_at_random_moments
from tests.machines import CameraMachine, Centre, until

KILLS = 50  # other seeds: python -m tests.bench.killed SEED
PASSAGES = 1500


def test_what_is_killed_at_fifty_random_moments_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with (
        Centre(tmp_path / "centre", "C1") as centre,
        CameraMachine(tmp_path / "box", centre.url, centre.token("box", "C1")) as box,
    ):
        outcome = kill_at_random_moments(centre, box, PASSAGES, KILLS, seed=6)
    assert outcome.lost == []
    assert outcome.doubled == 0
    assert outcome.unfinished == 0
    assert outcome.without_pictures == 0
    assert set(outcome.killed) == {"writer", "sender", "intake", "ingest"}


def test_a_centre_that_is_away_for_a_while_misses_nothing(tmp_path: Path) -> None:
    with (
        Centre(tmp_path / "centre", "C1") as centre,
        CameraMachine(tmp_path / "box", centre.url, centre.token("box", "C1")) as box,
    ):
        box.start_writer(150, 0.01)
        box.start_sender()
        until(lambda: box.ended() == 150)
        time.sleep(1)
        assert not box.is_drained()
        assert "cannot be reached" in box.said("sender")
        centre.start_intake()
        centre.start_ingest()
        until(lambda: box.is_drained() and centre.count() == 150)
        evidence = FolderEvidence(centre.settings.evidence_dir)
        found = {sighting.id: sighting.passage for sighting in centre.sightings()}
        for number in range(150):
            first, final = reports("C1", number)
            assert found[first.id].text == final.text
            assert evidence.get(found[first.id].crop or "")
    assert "the centre is there again" in box.said("sender")
