import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpr.watch.clocks import Timepiece
from lpr.watch.following import IDLE_S, FileTimes, GrowingFile
from lpr.watch.timing import Arrival

BEGIN = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Writer:
    """Writes to a file while its reader sleeps."""

    def __init__(self, path: Path, parts: list[bytes], every_s: float) -> None:
        self.path, self.parts, self.every_s = path, parts, every_s
        self.now = self.written_s = 0.0
        self.write(b"begin ")

    def write(self, part: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(part)
        os.utime(self.path, (BEGIN.timestamp() + self.now,) * 2)
        self.written_s = self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.parts and self.now - self.written_s >= self.every_s:
            self.write(self.parts.pop(0))

    @property
    def timepiece(self) -> Timepiece:
        return Timepiece(lambda: BEGIN + timedelta(seconds=self.now), lambda: self.now, self.sleep)


def read_all(file: GrowingFile) -> bytes:
    whole = b""
    while part := file.read(4):
        whole += part
    return whole


def test_a_file_is_followed_until_it_grows_no_more(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "a.ts", [b"middle ", b"end"], IDLE_S - 1)
    file = GrowingFile(writer.path, writer.timepiece)
    assert read_all(file) == b"begin middle end"
    assert writer.now == pytest.approx(3 * IDLE_S - 2, abs=1)
    file.close()


def test_a_file_that_was_finished_long_ago_is_not_waited_for(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "a.ts", [], 1.0)
    writer.now = 3600.0
    assert read_all(GrowingFile(writer.path, writer.timepiece)) == b"begin "
    assert writer.now == 3600.0


def test_a_file_can_be_read_from_any_place(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "a.ts", [], 1.0)
    file = GrowingFile(writer.path, writer.timepiece)
    assert (file.seek(0, 2), file.tell(), file.seek(2), file.read(3)) == (6, 6, 2, b"gin")


def test_times_of_a_file_begin_at_its_start_and_never_go_back() -> None:
    times = FileTimes(BEGIN)
    told = [times.of(Arrival(BEGIN, 50.0, stream_s)) for stream_s in (7.0, 7.5, 7.5, 6.0)]
    assert [(time.at - BEGIN).total_seconds() for time in told] == [0.0, 0.5, 0.5, 0.5]
    assert [time.offset for time in told] == pytest.approx([0.0, 0.5, 0.501, 0.502])
