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
from lpr.watch.uploads import SETTLED_S, Uploads

TAKEN_S = 1_769_847_304.0  # 2026-01-31T08:15:04Z
EXIF_IFD, DATE_TIME_ORIGINAL = 0x8769, 0x9003


class Folder:
    """A folder that is looked into, on a clock that is set."""

    def __init__(self, place: Path) -> None:
        self.folder, self.state = place / "uploads", place / "data" / "C1.ndjson"
        self.folder.mkdir()
        self.now, self.written = 0.0, 0
        self.uploads = self.opened()

    def opened(self) -> Uploads:
        utc = lambda: datetime.fromtimestamp(TAKEN_S + self.now, UTC)  # noqa: E731
        return Uploads(self.folder, self.state, Timepiece(utc, lambda: self.now, self.wait))

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def put(self, name: str, content: bytes | None = None, shade: int = 0) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(a_jpeg(shade) if content is None else content)
        self.written += 1
        os.utime(path, (TAKEN_S, TAKEN_S + self.written))
        return path

    def new(self, *, is_done: bool = True) -> list[str]:
        """What a look gives, after what was put there has settled."""
        list(self.uploads.new())
        self.now += SETTLED_S
        frames = list(self.uploads.new())
        for frame in frames if is_done else ():
            self.uploads.done(frame)
        return [frame.name for frame in frames]


def a_jpeg(shade: int = 0) -> bytes:
    return cv2.imencode(".jpg", np.full((40, 60, 3), shade, np.uint8))[1].tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_an_empty_folder_gives_nothing(folder: Folder) -> None:
    assert folder.new() == []


def test_a_new_still_is_given_once_when_it_is_whole(folder: Folder) -> None:
    folder.put("b.jpg")
    assert list(folder.uploads.new()) == []
    folder.now += SETTLED_S
    (frame,) = folder.uploads.new()
    assert (frame.name, frame.size, frame.clock) == ("b.jpg", (60, 40), "file")
    assert list(folder.uploads.new()) == []


def test_a_still_that_grows_is_waited_for(folder: Folder) -> None:
    whole = a_jpeg()
    folder.put("a.jpg", whole[:300])
    list(folder.uploads.new())
    folder.now += SETTLED_S / 2
    folder.put("a.jpg", whole)
    assert list(folder.uploads.new()) == []
    folder.now += SETTLED_S / 2
    assert list(folder.uploads.new()) == []
    folder.now += SETTLED_S / 2
    assert [frame.name for frame in folder.uploads.new()] == ["a.jpg"]


def test_what_is_still_uploaded_by_its_name_is_no_still(folder: Folder) -> None:
    for name in (".a.jpg", "a.jpg.part", "a.jpg.tmp", ".trash/a.jpg", "notes.txt", "empty.jpg"):
        folder.put(name, b"" if name == "empty.jpg" else None)
    assert folder.new() == []


def test_stills_come_in_the_order_in_which_they_were_written(folder: Folder) -> None:
    for name in ("2026-01-31/b.jpg", "2026-01-31/a.jpg", "c.png"):
        folder.put(name)
    assert folder.new() == ["2026-01-31/b.jpg", "2026-01-31/a.jpg", "c.png"]
    assert sorted(folder.folder.rglob("*.*")) != []


def test_a_restart_gives_nothing_twice_and_loses_nothing(folder: Folder) -> None:
    folder.put("a.jpg")
    folder.put("b.jpg")
    list(folder.uploads.new())
    folder.now += SETTLED_S
    first, _ = folder.uploads.new()
    folder.uploads.done(first)
    with folder.state.open("a") as file:
        file.write('["b.jpg", 12')  # a crash cut this line off
    folder.uploads = folder.opened()
    assert folder.new() == ["b.jpg"]
    folder.uploads = folder.opened()
    assert folder.new() == []


def test_a_name_that_is_used_again_is_a_new_still(folder: Folder) -> None:
    folder.put("latest.jpg")
    assert folder.new() == ["latest.jpg"]
    folder.put("latest.jpg", a_jpeg(200))
    folder.put("other.jpg")
    assert folder.new() == ["latest.jpg", "other.jpg"]


def test_what_stays_damaged_is_told_and_not_tried_for_ever(folder: Folder) -> None:
    folder.put("a.jpg", b"dear colleague, this is a letter")
    assert folder.new() == []
    assert folder.uploads.refused == {}
    folder.now += 100
    assert folder.new() == []
    assert folder.uploads.refused == {
        "a.jpg": "not a picture: expected JPEG, PNG, WebP, BMP or TIFF"
    }
    assert folder.opened().refused == {}


def test_the_memory_forgets_files_that_are_gone(folder: Folder) -> None:
    gone = folder.put("a.jpg")
    folder.put("b.jpg")
    folder.new()
    gone.unlink()
    folder.uploads.forget_gone()
    assert [line.split('"')[1] for line in folder.state.read_text().splitlines()] == ["b.jpg"]
    folder.uploads = folder.opened()
    assert folder.new() == []


def test_the_time_is_that_of_exif_then_of_the_name_then_of_the_file(folder: Folder) -> None:
    exif = Image.Exif()
    exif.get_ifd(EXIF_IFD)[DATE_TIME_ORIGINAL] = "2025:12:24 18:00:00"
    folder.put("1")
    Image.new("RGB", (60, 40)).save(folder.folder / "20260101_120000.jpg", exif=exif)
    folder.put("20260102_120000.jpg")
    folder.put("other.jpg")
    list(folder.uploads.new())
    folder.now += SETTLED_S
    times = {frame.name: format_utc(frame.at) for frame in folder.uploads.new()}
    assert times["20260101_120000.jpg"] == "2025-12-24T11:00:00.000Z"
    assert times["20260102_120000.jpg"] == "2026-01-02T05:00:00.000Z"
    assert times["other.jpg"].startswith("2026-01-31T08:15:0")


def test_stills_come_for_ever(folder: Folder) -> None:
    frames = folder.uploads.frames()
    folder.put("a.jpg")
    assert next(frames).name == "a.jpg"
    folder.put("b.jpg")
    assert next(frames).name == "b.jpg"
    folder.uploads.close()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    timepiece = Timepiece(lambda: datetime.now(UTC), lambda: 0.0, lambda _: None)
    with pytest.raises(SourceError, match="no such file or folder") as refused:
        list(Uploads(tmp_path / "nowhere", tmp_path / "state", timepiece).new())
    assert refused.value.trouble == "not-found"
