"""How long a day's backlog of one camera takes, and how soon live passages are searched meanwhile.

Real processes, HTTP on this machine.

python -m tests.bench.sending [PASSAGES]
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from lpr.passages import Passage
from lpr.spool import PICTURES, SpoolWriter, picture_path
from lpr.spool.lines import SpoolLine, format_line
from search.opening import open_store
from search.sending.batches import waiting_segments
from tests.machines import CameraMachine, Centre

FRAME_BYTES, CROP_BYTES = 300_000, 5_000
SHARED = 10  # passages of the backlog to a frame, so that the bench needs no 6 GB
LINES = 500  # of a segment
LIVE_S = 0.5  # between two live passages
MOST_S = 900.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured.

    Attributes:
        seconds: until the backlog was at the centre.
        live: seconds from `append` to searchable of each live passage meanwhile.
    """

    seconds: float
    live: list[float]


def backlog(spool: Path, count: int) -> None:
    """What a camera machine holds after a day without its centre, made without syncing."""
    dice = random.Random(5)
    frame = ""
    for begin in range(0, count, LINES):
        lines = []
        for number in range(begin, min(begin + LINES, count)):
            if number % SHARED == 0:
                frame = _put(spool, dice.randbytes(FRAME_BYTES))
            crop = _put(spool, dice.randbytes(CROP_BYTES))
            lines.append(format_line(SpoolLine(_passage(number, frame, crop), _day(number))))
        segment = spool / f"passages-{_day(begin):%Y%m%dT%H%M%S}.ndjson"
        segment.write_bytes(b"".join(lines))
        os.utime(segment, (time.time() - 3600,) * 2)


def measure(folder: Path, count: int) -> Measured:
    """Let it drain, with a live passage every LIVE_S."""
    with (
        Centre(folder / "centre", "C1") as centre,
        CameraMachine(folder / "box", centre.url, centre.token("box", "C1")) as box,
    ):
        backlog(box.spool, count)
        centre.start_intake()
        centre.start_ingest()
        while not centre.is_up():
            time.sleep(0.1)
        box.start_sender()
        start = time.monotonic()
        with SpoolWriter(box.spool) as writer, open_store(centre.settings.sightings) as store:
            live: list[float] = []
            pending: dict[str, float] = {}
            due = start
            for number in _numbers(count):
                if time.monotonic() >= due:
                    due += LIVE_S
                    frame, crop = (random.randbytes(n) for n in (FRAME_BYTES, CROP_BYTES))
                    names = writer.put_picture(frame), writer.put_picture(crop)
                    passage = _passage(number, *names)
                    writer.append(passage)
                    pending[passage.id] = time.monotonic()
                found = [name for name in pending if store.get(name)]
                live += [time.monotonic() - pending.pop(name) for name in found]
                if not pending and _is_drained(box.spool):
                    return Measured(time.monotonic() - start, live)
                time.sleep(0.05)
                if time.monotonic() - start > MOST_S:
                    raise TimeoutError(f"not drained after {MOST_S} s")
    raise AssertionError


def _is_drained(spool: Path) -> bool:
    waiting = waiting_segments(spool, datetime.now(UTC))
    return not waiting.live and not waiting.backlog


def _numbers(count: int) -> Iterator[int]:
    while True:
        yield count
        count += 1


def _passage(number: int, frame: str, crop: str) -> Passage:
    text = f"30A{number % 100_000:05}"
    chars = tuple(((character, 0.98), ("8", 0.01)) for character in text)
    at = _day(number)
    return Passage(
        "C1", at, text, 0.97, ((text, 0.91), (text[:-1] + "0", 0.04)), track=str(number),
        until=at + timedelta(seconds=3), raw=text, chars=chars, rows=2, colour="white",
        frame=frame, crop=crop, model="reader-1",
    )  # fmt: skip


def _day(number: int) -> datetime:
    return datetime(2026, 1, 31, tzinfo=UTC) + timedelta(seconds=4 * number)


def _put(spool: Path, jpeg: bytes) -> str:
    name = sha256(jpeg).hexdigest()
    path = picture_path(spool / PICTURES, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg)
    return name


def main(count: int) -> None:
    with TemporaryDirectory(prefix="platetrail-sending-") as folder:
        measured = measure(Path(folder), count)
    cuts = quantiles(measured.live, n=20)
    print(
        f"{count:,} passages with pictures in {measured.seconds:.0f} s; {len(measured.live)} live "
        f"ones meanwhile: p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, "
        f"longest {max(measured.live):.2f} s"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
