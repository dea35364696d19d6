import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_NB, LOCK_SH, flock
from hashlib import sha256
from pathlib import Path

import pytest

from lpr.errors import SpoolFullError
from lpr.passage_lines import parse_passage
from lpr.passages import Passage
from lpr.spool import (
    PICTURES,
    SEGMENT_PATTERN,
    SpoolWriter,
    picture_path,
    recent,
    spool_state,
    write_picture,
)
from lpr.spool.lines import SpoolLine
from lpr.spool.losses import Losses, count_losses, read_losses
from lpr.spool.pictures import pictures_in
from lpr.spool.room import REFUSED
from lpr.spool.segments import Place, good_lines, lines_after, write_place
from lpr.spool.writer import SEGMENT_AGE, SEGMENT_BYTES

AT = datetime(2026, 1, 31, tzinfo=UTC)
JPEG = b"a picture"
BIG = 100_000  # bytes of a picture


class Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


def seen(track: int, camera: str = "C1", **more: str) -> Passage:
    return Passage(camera, AT, "30A12345", 0.9, track=str(track), **more)


def big(number: int) -> bytes:
    return bytes([number]) * BIG


def name_of(number: int) -> str:
    return sha256(big(number)).hexdigest()


def clip(number: int) -> bytes:
    return b"\0\0\0\x20ftyp" + big(number)


def clip_name(number: int) -> str:
    return f"{sha256(clip(number)).hexdigest()}.mp4"


def segments(spool: Path) -> list[Path]:
    return sorted(spool.glob(SEGMENT_PATTERN))


def tracks(spool: Path) -> list[str | None]:
    return [line.passage.track for segment in segments(spool) for line in good_lines(segment)]


def pictures(spool: Path) -> set[str]:
    return {path.stem for path in (spool / PICTURES).rglob("*.jpg")}


def confirm(segment: Path) -> None:
    write_place(segment, Place(segment.stat().st_size, lines_after(segment, 0)))


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


def test_pictures_of_the_spool_lie_in_its_folder(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path) as spool:
        name = spool.put_picture(JPEG)
    assert picture_path(tmp_path / PICTURES, name).read_bytes() == JPEG


def test_another_segment_is_begun_when_one_is_old_or_large(tmp_path: Path) -> None:
    clock = Clock()
    with SpoolWriter(tmp_path, clock=clock) as spool:
        spool.append(seen(1))
        clock.now += SEGMENT_AGE
        spool.append(seen(2))
        assert len(segments(tmp_path)) == 2
        for track in range(3, 3 + SEGMENT_BYTES // len(segments(tmp_path)[0].read_bytes())):
            spool.append(seen(track))
        spool.append(seen(9999))
        assert len(segments(tmp_path)) == 3
        with segments(tmp_path)[0].open("rb") as file:
            flock(file, LOCK_SH | LOCK_NB)  # so what is confirmed of it can go
    assert tracks(tmp_path)[:2] == ["1", "2"]
    assert tracks(tmp_path)[-1] == "9999"


def test_a_crash_in_a_line_spoils_no_other(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path) as spool:
        spool.append(seen(1))
    with segments(tmp_path)[0].open("ab") as file:
        file.write(b'{"camera": "C1", "at": "2026')
    with SpoolWriter(tmp_path) as spool:
        spool.append(seen(2))
    assert tracks(tmp_path) == ["1", "2"]


def test_what_cannot_be_written_whole_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def half(file: int, content: memoryview) -> int:
        if len(content) > 100:
            return write(file, content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with SpoolWriter(tmp_path) as spool:
        spool.append(seen(1))
        with monkeypatch.context() as full:
            full.setattr(os, "write", half)
            with pytest.raises(SpoolFullError, match="disk of the spool"):
                spool.append(seen(2))
        spool.append(seen(3))
    lines = segments(tmp_path)[0].read_text().splitlines()
    assert [parse_passage(line).track for line in lines] == ["1", "3"]
    assert read_losses(tmp_path).passages == {"C1": 1}


def test_an_error_that_is_no_want_of_room_is_told_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with SpoolWriter(tmp_path) as spool:
        monkeypatch.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="Input/output"):
            spool.append(seen(1))


def fill(spool: SpoolWriter, count: int, camera: str = "C1") -> None:
    for number in range(count):
        spool.append(seen(number, camera, frame=spool.put_picture(big(number))))


def test_pictures_of_the_oldest_confirmed_go_first_and_that_loses_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with SpoolWriter(tmp_path, 1_000_000, clock=clock) as spool:
        fill(spool, 5)
        confirm(segments(tmp_path)[0])
        clock.now += SEGMENT_AGE
        for number in range(5, 12):
            spool.append(seen(number, frame=spool.put_picture(big(number))))
    left = pictures(tmp_path)
    assert name_of(0) not in left
    assert left >= {name_of(number) for number in range(5, 12)}
    assert not read_losses(tmp_path)
    assert len(tracks(tmp_path)) == 12


def test_then_go_pictures_of_the_oldest_that_wait_and_are_counted(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path, 1_000_000) as spool:
        fill(spool, 14, "C7")
    left = pictures(tmp_path)
    lost = 14 - len(left)
    assert left == {name_of(number) for number in range(lost, 14)}
    assert 5 <= lost < 8
    assert read_losses(tmp_path).pictures == {"C7": lost}
    assert tracks(tmp_path) == [str(number) for number in range(14)]
    told = json.loads((tmp_path / "lost.json").read_text())
    assert (told["pictures"], told["passages"]) == (lost, 0)


def test_a_picture_that_a_waiting_passage_names_too_is_no_confirmed_one(tmp_path: Path) -> None:
    clock = Clock()
    with SpoolWriter(tmp_path, 1_000_000, clock=clock) as spool:
        spool.append(seen(100, frame=spool.put_picture(big(0))))
        spool.append(seen(101, frame=spool.put_picture(big(1))))
        confirm(segments(tmp_path)[0])
        clock.now += SEGMENT_AGE
        spool.append(seen(102, frame=name_of(0)))
        for number in range(2, 10):
            spool.append(seen(number, frame=spool.put_picture(big(number))))
    assert name_of(1) not in pictures(tmp_path)
    assert name_of(0) in pictures(tmp_path)


def test_pictures_of_refused_passages_go_before_all_others(tmp_path: Path) -> None:
    write_picture(tmp_path / REFUSED, big(99))
    with SpoolWriter(tmp_path, 1_000_000) as spool:
        fill(spool, 9)
    assert list((tmp_path / REFUSED).rglob("*.jpg")) == []
    assert len(pictures(tmp_path)) == 9


def test_clips_go_before_pictures_of_what_waits_as_well_and_after_what_is_confirmed(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with SpoolWriter(tmp_path, 1_000_000, clock=clock) as spool:
        old = seen(100, frame=spool.put_picture(big(100)), clip=spool.put_picture(clip(100)))
        spool.append(old)
        confirm(segments(tmp_path)[0])
        clock.now += SEGMENT_AGE
        for number in range(3):
            names = {
                "frame": spool.put_picture(big(number)),
                "clip": spool.put_picture(clip(number)),
            }
            spool.append(seen(number, **names))
        left = pictures_in(tmp_path / PICTURES)
        assert [old.clip in left, old.frame in left] == [True, True]
        clips = [spool.put_picture(clip(number)) for number in range(3, 8)]
        for number, name in enumerate(clips, 3):
            spool.append(seen(number, clip=name))
    left = pictures_in(tmp_path / PICTURES)
    assert [old.clip in left, old.frame in left] == [False, False]
    assert left.keys() >= {name_of(number) for number in range(3)}
    assert [clip_name(number) in left for number in range(8)] == [False, False, *[True] * 6]
    assert read_losses(tmp_path).pictures == {"C1": 2}


def test_texts_go_last_the_oldest_first_and_are_counted(tmp_path: Path) -> None:
    clock = Clock()
    with SpoolWriter(tmp_path, 1_000_000, clock=clock) as spool:
        for begin in range(0, 6000, 100):
            spool.append_all([SpoolLine(seen(n, "C7")) for n in range(begin, begin + 100)])
    left = tracks(tmp_path)
    lost = 6000 - len(left)
    assert lost > 0
    assert left == [str(number) for number in range(lost, 6000)]
    assert read_losses(tmp_path).passages == {"C7": lost}


def test_a_spool_that_gives_nothing_up_says_that_it_is_full(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path, 1_000_000, gives_up=False) as spool:
        with pytest.raises(SpoolFullError, match="spool_max_mb"):
            fill(spool, 11)
        for path in (tmp_path / PICTURES).rglob("*.jpg"):
            path.unlink()
        spool.append(seen(20, frame=spool.put_picture(big(20))))
    assert not read_losses(tmp_path)
    assert tracks(tmp_path) == [*map(str, range(9)), "20"]


def test_a_picture_without_room_is_named_and_counted_all_the_same(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path, 1_000_000) as spool:
        name = spool.put_picture(b"x" * 2_000_000)
        spool.append(seen(1, frame=name))
    assert name == sha256(b"x" * 2_000_000).hexdigest()
    assert pictures(tmp_path) == set()
    assert sum(read_losses(tmp_path).pictures.values()) == 1


def test_losses_add_up_and_a_spoilt_record_is_begun_anew(tmp_path: Path) -> None:
    count_losses(tmp_path, Losses(pictures={"C1": 2}), AT)
    count_losses(tmp_path, Losses(pictures={"C1": 1}, passages={"C2": 3}), AT)
    losses = read_losses(tmp_path)
    assert (losses.pictures["C1"], losses.passages["C2"]) == (3, 3)
    assert losses.last == "2026-01-31T00:00:00.000Z"
    (tmp_path / "lost.json").write_text("nonsense")
    assert not read_losses(tmp_path)


def test_what_killed_processes_left_is_removed_when_it_is_old(tmp_path: Path) -> None:
    old, new = (tmp_path / PICTURES / "ab" / f".{letter * 64}.1.2" for letter in "ab")
    stray = tmp_path / "passages-1.ndjson.offset"
    old.parent.mkdir(parents=True)
    for path in (old, new, stray):
        path.write_text("0 0")
    os.utime(old, (1, 1))
    with SpoolWriter(tmp_path):
        pass
    assert [path.exists() for path in (old, new, stray)] == [False, True, False]


def test_the_state_of_a_spool_tells_what_waits_and_since_when(tmp_path: Path) -> None:
    assert spool_state(tmp_path / "none").waiting == 0
    clock = Clock()
    with SpoolWriter(tmp_path, clock=clock) as spool:
        spool.append(seen(1))
        confirm(segments(tmp_path)[0])
        assert (spool_state(tmp_path).waiting, spool_state(tmp_path).oldest) == (0, None)
        clock.now += timedelta(seconds=5)
        spool.append(seen(2))
        spool.append(seen(3))
    state = spool_state(tmp_path)
    assert (state.waiting, state.oldest) == (2, AT + timedelta(seconds=5))
    assert state.to_fields()["lost"]["pictures"] == 0


@pytest.fixture
def since() -> Callable[[float], datetime]:
    return lambda seconds: AT + timedelta(seconds=seconds)


def test_recent_passages_of_a_camera_are_its_last_reports(
    tmp_path: Path, since: Callable[[float], datetime]
) -> None:
    assert recent(tmp_path / "none", "C1", AT) == []
    clock = Clock()
    with SpoolWriter(tmp_path, clock=clock) as spool:
        spool.append(seen(1))
        clock.now = since(10)
        spool.append(seen(2))
        spool.append(seen(3, "C2"))
        clock.now = since(80)  # in another segment
        final = Passage("C1", AT, "30A12346", 0.95, track="2", until=since(75))
        spool.append(final)
        confirm(segments(tmp_path)[0])
    assert [p.track for p in recent(tmp_path, "C1", since(0))] == ["1", "2"]
    assert recent(tmp_path, "C1", since(5))[0].text == "30A12346"
    assert recent(tmp_path, "C1", since(81)) == []
    assert [p.track for p in recent(tmp_path, "C2", since(5))] == ["3"]
