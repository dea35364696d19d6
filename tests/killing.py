"""Kills the processes between a camera and the store at random moments, and counts what is left."""

import random
import time
from collections import Counter
from dataclasses import dataclass

from lpr.spool import spool_state
from search.errors import EvidenceError
from search.evidence import FolderEvidence
from tests.camera_at_work import crop, frame, numbers, reports
from tests.machines import CameraMachine, Centre, until

PAUSE_S = 0.004  # between two passages: they come while things are killed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is at the centre in the end.

    Attributes:
        lost: numbers of passages that had ended and are not there.
        doubled: sightings that there are too many.
        unfinished: sightings that are still their first report.
        without_pictures: sightings whose frame or crop is missing or another one.
        killed: how often each process was.
    """

    lost: list[int]
    doubled: int
    unfinished: int
    without_pictures: int
    killed: dict[str, int]


def kill_at_random_moments(
    centre: Centre, box: CameraMachine, passages: int, kills: int, seed: int
) -> Outcome:
    """Run everything, kill one after the other, and let it end.

    Args:
        centre, box: not started yet.
        passages: written in all.
        kills: how many.
        seed: of the moments and victims.
    """
    dice = random.Random(seed)
    starts = {
        "writer": lambda: box.start_writer(passages, PAUSE_S),
        "sender": box.start_sender,
        "intake": centre.start_intake,
        "ingest": centre.start_ingest,
    }
    for start in starts.values():
        start()
    until(centre.is_up)
    victims = [name for _ in range(-(-kills // 4)) for name in dice.sample(sorted(starts), 4)]
    for name in victims[:kills]:
        time.sleep(dice.uniform(0.0, 1.0))  # most are at work by then, some just start
        (box if name in ("writer", "sender") else centre).kill(name)
        starts[name]()
    until(lambda: box.ended() == passages)
    until(box.is_drained)
    until(lambda: spool_state(centre.spool).waiting == 0)
    return _outcome(centre, box, Counter(victims[:kills]))


def _outcome(centre: Centre, box: CameraMachine, killed: Counter[str]) -> Outcome:
    evidence = FolderEvidence(centre.settings.evidence_dir)
    found = list(centre.sightings())
    ids = {sighting.id: sighting.passage for sighting in found}
    ended = numbers(box.journal)
    expected = {number: tuple(reports(box.camera, number)) for number in ended}
    unfinished = without = 0
    for number, (first, final) in expected.items():
        passage = ids.get(first.id)
        unfinished += passage is not None and passage.text != final.text
        if passage is not None:
            try:
                is_whole = evidence.get(passage.frame or "") == frame(box.camera, number)
                is_whole = is_whole and evidence.get(passage.crop or "") == crop(box.camera, number)
            except EvidenceError:
                is_whole = False
            without += not is_whole
    lost = [number for number, (first, _) in expected.items() if first.id not in ids]
    return Outcome(lost, len(found) - len(expected) + len(lost), unfinished, without, dict(killed))
