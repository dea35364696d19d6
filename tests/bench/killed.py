"""Kills camera, sender, intake and ingest at fifty random moments, and counts lost and doubled.

python -m tests.bench.killed [SEED]
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.killing import kill_at_random_moments
from tests.machines import CameraMachine, Centre

KILLS, PASSAGES = 50, 2000


def main(seed: int) -> None:
    start = time.monotonic()
    with (
        TemporaryDirectory(prefix="platetrail-killed-") as folder,
        Centre(Path(folder) / "centre", "C1") as centre,
        CameraMachine(Path(folder) / "box", centre.url, centre.token("box", "C1")) as box,
    ):
        outcome = kill_at_random_moments(centre, box, PASSAGES, KILLS, seed)
    print(f"{PASSAGES} passages, {KILLS} SIGKILLs, seed {seed}: {outcome}")
    print(f"{time.monotonic() - start:.0f} s")
    if outcome.lost or outcome.doubled or outcome.unfinished or outcome.without_pictures:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
