import os
from datetime import UTC, datetime
from fcntl import LOCK_NB, LOCK_SH, flock
from hashlib import sha256
from pathlib import Path

import pytest

from lpr.passages import Passage, parse_passage
from lpr.spool import PICTURES, SEGMENT_PATTERN, SpoolWriter, picture_path, write_picture

AT = datetime(2026, 1, 31, tzinfo=UTC)
JPEG = b"a picture"
NAME = sha256(JPEG).hexdigest()


def segments(spool: Path) -> list[Path]:
    return sorted(spool.glob(SEGMENT_PATTERN))


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_writer_that_nothing_was_given_leaves_an_empty_segment(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "data" / "spool"):
        pass
    (segment,) = segments(tmp_path / "data" / "spool")
    assert segment.read_bytes() == b""


def test_passages_are_lines_that_are_there_as_soon_as_append_returns(tmp_path: Path) -> None:
    passages = [Passage("C1", AT, "30A12345", 0.9, track=str(i)) for i in range(3)]
    with SpoolWriter(tmp_path) as spool:
        (segment,) = segments(tmp_path)
        for count, passage in enumerate(passages, 1):
            spool.append(passage)
            lines = segment.read_text("utf-8").splitlines()
            assert [parse_passage(line).id for line in lines] == [p.id for p in passages[:count]]


def test_a_segment_is_locked_while_it_is_written(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path):
        (segment,) = segments(tmp_path)
        with segment.open("rb") as file, pytest.raises(BlockingIOError):
            flock(file, LOCK_SH | LOCK_NB)
    with segment.open("rb") as file:
        flock(file, LOCK_SH | LOCK_NB)


def test_two_writers_have_segments_of_their_own(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path) as one, SpoolWriter(tmp_path) as other:
        one.append(Passage("C1", AT, "30A12345", 0.9))
        other.append(Passage("C2", AT, "29B11111", 0.9))
    cameras = [parse_passage(path.read_text()).camera for path in segments(tmp_path)]
    assert sorted(cameras) == ["C1", "C2"]


def test_a_picture_is_named_by_its_hash(tmp_path: Path) -> None:
    assert write_picture(tmp_path / "deep" / "folder", JPEG) == NAME
    path = picture_path(tmp_path / "deep" / "folder", NAME)
    assert path == tmp_path / "deep" / "folder" / NAME[:2] / f"{NAME}.jpg"
    assert path.read_bytes() == JPEG
    assert files(tmp_path / "deep") == [f"folder/{NAME[:2]}/{NAME}.jpg"]


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    write_picture(tmp_path, JPEG)
    os.utime(picture_path(tmp_path, NAME), (1, 1))
    assert write_picture(tmp_path, JPEG) == NAME
    assert picture_path(tmp_path, NAME).stat().st_mtime == 1


def test_pictures_of_the_spool_lie_in_its_folder(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path) as spool:
        name = spool.put_picture(JPEG)
    assert picture_path(tmp_path / PICTURES, name).read_bytes() == JPEG
