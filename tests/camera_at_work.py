"""A camera machine's writer, started in a process of its own: it can be killed at any moment.

python -m tests.camera_at_work SPOOL JOURNAL CAMERA COUNT PAUSE_S [MAX_MB [PICTURE_BYTES]]

Each passage is reported first and finally, with a frame that it shares with its neighbour and a
crop of its own. Its number goes into the journal when it has ended, that is, when its final report
lies in the spool. Started again it goes on with the first number that is not in the journal.
"""

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lpr.errors import SpoolFullError
from lpr.passages import Passage
from lpr.spool import SpoolWriter

START = datetime(2026, 1, 31, tzinfo=UTC)
FRAME_BYTES, CROP_BYTES = 3000, 300


def picture(kind: str, camera: str, number: int, size: int) -> bytes:
    """Bytes as incompressible as those of a JPEG."""
    return random.Random(f"{kind} {camera} {number}").randbytes(size)


def frame(camera: str, number: int, size: int = FRAME_BYTES) -> bytes:
    return picture("frame", camera, number // 2, size)


def crop(camera: str, number: int) -> bytes:
    return picture("crop", camera, number, CROP_BYTES)


def reports(camera: str, number: int) -> Iterator[Passage]:
    """The first and the final report, without pictures."""
    at = START + timedelta(seconds=number)
    first = Passage(camera, at, f"30A{number % 100_000:05}", 0.7, track=str(number))
    text = f"30B{number % 100_000:05}"
    yield first
    yield replace(
        first, text=text, score=0.95, candidates=((text, 0.95),), until=at + timedelta(seconds=2)
    )


def numbers(journal: Path) -> list[int]:
    """Of the passages that have ended; a last line that its writer died in is none."""
    if not journal.exists():
        return []
    return [int(line) for line in journal.read_text().split("\n")[:-1]]


def main(spool: str, journal: str, camera: str, count: str, pause: str, *more: str) -> None:
    max_bytes = int(more[0]) * 1_000_000 if more and more[0] != "0" else None
    size = int(more[1]) if len(more) > 1 else FRAME_BYTES
    ended = len(numbers(Path(journal)))
    with SpoolWriter(Path(spool), max_bytes) as writer, Path(journal).open("a") as done:
        for number in range(ended, int(count)):
            names = {
                "frame": writer.put_picture(frame(camera, number, size)),
                "crop": writer.put_picture(crop(camera, number)),
            }
            try:
                for passage in reports(camera, number):
                    writer.append(replace(passage, **names))
            except SpoolFullError as error:
                print(f"lost {number}: {error}", flush=True)
            done.write(f"{number}\n")
            done.flush()
            time.sleep(float(pause))


if __name__ == "__main__":
    main(*sys.argv[1:])
