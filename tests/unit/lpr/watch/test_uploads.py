import os
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from lpr.errors import SourceError
from lpr.times import format_utc
from lpr.watch.clocks import Timepiece
from lpr.watch.frames import LiveFrame
from lpr.watch.messages import Kept
from lpr.watch.uploads import SETTLED_S, Uploads

TAKEN_S = 1_769_847_304.0  # 2026-01-31T08:15:04Z
EXIF_IFD, DATE_TIME_ORIGINAL = 0x8769, 0x9003


class Folder:
    """A folder that is looked into, on a clock that is set."""

    def __init__(self, place: Path) -> None:
        self.folder, self.state = place / "uploads", place / "data" / "C1.ndjson"
        self.folder.mkdir()
        self.now, self.step_s, self.written = 0.0, 0.0, 0
        self.uploads = self.opened()

    def opened(self) -> Uploads:
        utc = lambda: datetime.fromtimestamp(TAKEN_S + self.now, UTC)  # noqa: E731
        return Uploads(self.folder, self.state, Timepiece(utc, self.steady, lambda _: None))

    def steady(self) -> float:
        self.now += self.step_s
        return self.now

    def put(self, name: str, shade: int = 0, content: bytes | None = None) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(a_png(shade) if content is None else content)
        self.written += 1
        os.utime(path, (TAKEN_S, TAKEN_S + self.written))
        return path

    def frames(self) -> list[LiveFrame]:
        """What one look gives."""
        return list(self.uploads.new(lambda: None))

    def settled(self) -> list[LiveFrame]:
        """What a look gives, after what was put there has settled."""
        self.frames()
        self.now += SETTLED_S
        return self.frames()

    def shades(self, *, is_kept: bool = True) -> list[int]:
        """The grey of what a look gives, after what was put there has settled."""
        frames = self.settled()
        if frames and is_kept:
            self.uploads.keep(Kept(frames[-1].number))
        return [shade(frame) for frame in frames]


def a_png(shade: int = 0) -> bytes:
    return cv2.imencode(".png", np.full((40, 60, 3), shade, np.uint8))[1].tobytes()


def shade(frame: LiveFrame) -> int:
    return int(frame.picture()[0, 0, 0])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_an_empty_folder_gives_nothing(folder: Folder) -> None:
    assert folder.settled() == []


def test_a_new_still_is_given_once_when_it_is_whole(folder: Folder) -> None:
    folder.put("b.jpg")
    assert folder.frames() == []
    folder.now += SETTLED_S
    (frame,) = folder.frames()
    assert (frame.size, frame.clock, frame.number, len(frame.still)) == ((60, 40), "file", 1, 8)
    assert folder.frames() == []


def test_a_still_that_grows_is_waited_for(folder: Folder) -> None:
    whole = a_png()
    folder.put("a.jpg", content=whole[:70])
    folder.frames()
    folder.now += SETTLED_S / 2
    folder.put("a.jpg", content=whole)
    assert folder.frames() == []
    folder.now += SETTLED_S / 2
    assert folder.frames() == []
    folder.now += SETTLED_S / 2
    assert len(folder.frames()) == 1


def test_a_half_written_still_that_rests_is_no_still_until_it_is_whole(folder: Folder) -> None:
    folder.put("a.jpg", content=a_png(7)[:70])
    assert folder.settled() == []
    folder.put("a.jpg", 7)
    assert folder.shades() == [7]
    assert folder.uploads.refused == 0


def test_what_is_still_uploaded_by_its_name_is_no_still(folder: Folder) -> None:
    for name in (".a.jpg", "a.jpg.part", "a.jpg.tmp", ".trash/a.jpg", "notes.txt"):
        folder.put(name)
    folder.put("empty.jpg", content=b"")
    assert folder.settled() == []


def test_stills_come_in_the_order_of_their_times(folder: Folder) -> None:
    for number, name in enumerate(("2026-01-31/b.jpg", "20260130_120000.jpg", "2026-01-31/a.jpg")):
        folder.put(name, number)
    assert folder.shades() == [1, 0, 2]  # by its name, by their dates
    assert len(list(folder.folder.rglob("*.*"))) == 3


def test_what_is_not_kept_comes_again_after_a_restart_in_the_same_order(folder: Folder) -> None:
    folder.put("b.jpg", 1)
    folder.put("c.jpg", 2)
    first, second = folder.settled()
    folder.uploads.keep(Kept(first.number))
    folder.put("20200101_000000.jpg", 0)  # uploaded late
    (late,) = folder.settled()
    folder.uploads = folder.opened()
    again = folder.settled()
    assert [shade(frame) for frame in again] == [2, 0]
    assert [frame.still for frame in again] == [second.still, late.still]
    folder.uploads.keep(Kept(2))
    folder.uploads = folder.opened()
    assert folder.settled() == []


def test_a_name_that_is_used_again_is_a_new_still(folder: Folder) -> None:
    folder.put("latest.jpg", 1)
    assert folder.shades() == [1]
    folder.put("latest.jpg", 2)
    folder.put("other.jpg", 3)
    assert folder.shades() == [2, 3]


def test_what_stays_damaged_is_told_and_not_tried_for_ever(folder: Folder) -> None:
    folder.put("a.jpg", content=b"dear colleague, this is a letter")
    assert folder.settled() == []
    assert folder.uploads.refused == 0
    folder.now += 100
    assert folder.settled() == []
    assert folder.uploads.refused == 1
    assert folder.uploads.refused_for == (
        "a.jpg: not a picture: expected JPEG, PNG, WebP, BMP or TIFF"
    )
    folder.uploads = folder.opened()
    assert folder.settled() == []
    assert folder.uploads.refused == 0


def test_the_memory_forgets_files_that_are_gone(folder: Folder) -> None:
    gone = folder.put("a.jpg", 1)
    folder.put("b.jpg", 2)
    folder.shades()
    gone.unlink()
    folder.uploads.forget_gone()
    assert "a.jpg" not in folder.state.read_text()
    folder.uploads = folder.opened()
    assert folder.settled() == []
    folder.put("a.jpg", 3)
    assert folder.shades() == [3]


def test_the_time_is_that_of_exif_then_of_the_name_then_of_the_file(folder: Folder) -> None:
    exif = Image.Exif()
    exif.get_ifd(EXIF_IFD)[DATE_TIME_ORIGINAL] = "2025:12:24 18:00:00"
    Image.new("RGB", (60, 40)).save(folder.folder / "20260101_120000.jpg", exif=exif)
    folder.put("20260102_120000.jpg")
    folder.put("other.jpg")
    assert [format_utc(frame.at) for frame in folder.settled()] == [
        "2025-12-24T11:00:00.000Z",
        "2026-01-02T05:00:00.000Z",
        "2026-01-31T08:15:06.000Z",
    ]


def test_a_folder_that_takes_long_to_look_into_is_left_alone_for_longer(folder: Folder) -> None:
    folder.frames()
    assert folder.uploads.pause_s == 1.0
    folder.step_s = 2.0
    folder.frames()
    assert folder.uploads.pause_s == 18.0


def test_a_folder_that_is_not_there_is_told(folder: Folder) -> None:
    folder.folder.rmdir()
    with pytest.raises(SourceError, match="no such file or folder") as refused:
        folder.frames()
    assert refused.value.trouble == "not-found"
