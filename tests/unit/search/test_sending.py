import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from lpr.passages import Passage
from lpr.spool import PICTURES, SpoolWriter, picture_path, spool_state
from lpr.spool.lines import SpoolLine, parse_line
from lpr.spool.room import REFUSED
from lpr.spool.segments import list_segments
from search.cli import add_commands
from search.errors import BatchRefusedError, CentreError, TokenRefusedError
from search.ingest import Refusal, append_refusals
from search.sending.again import spool_again
from search.sending.batches import (
    FIRST_BYTES,
    LEAST_BYTES,
    MOST_BYTES,
    next_batch,
    next_budget,
    waiting_segments,
)
from search.sending.running import (
    LONGEST_PAUSE_S,
    Running,
    lock_spool,
    pause_after,
    sender_fault,
)
from search.sending.sender import Sender, Sent
from search.settings import StoreSettings
from search.transfer import Receipt, Refused
from tests.ports import free_port

NOW = datetime.now(UTC)  # the age of a segment is that of its file


def seen(track: int, camera: str = "C1", **more: str) -> Passage:
    return Passage(camera, NOW, "30A12345", 0.9, track=str(track), **more)


class MemoryCentre:
    """Takes everything but passages of the camera C2; may be away."""

    def __init__(self) -> None:
        self.lines: list[SpoolLine] = []
        self.pictures: dict[str, bytes] = {}
        self.sent_pictures: list[str] = []
        self.states: list[Mapping[str, Any]] = []
        self.fails: Callable[[Sequence[bytes]], None] = lambda lines: None

    def put_passages(self, lines: Sequence[bytes]) -> Receipt:
        self.fails(lines)
        refused, lacking = [], []
        for number, content in enumerate(lines, 1):
            line = parse_line(content.decode())
            missing = [name for name in line.pictures if name not in self.pictures]
            lacking += missing
            if line.passage.camera == "C2":
                refused.append(Refused(number, "not for camera C2"))
            elif not missing:
                self.lines.append(line)
        return Receipt(len(self.lines), tuple(refused), tuple(dict.fromkeys(lacking)))

    def put_pictures(self, pictures: Sequence[tuple[str, bytes]]) -> Receipt:
        self.pictures |= dict(pictures)
        self.sent_pictures += [name for name, _ in pictures]
        return Receipt(len(pictures))

    def put_state(self, state: Mapping[str, Any]) -> None:
        self.states.append(state)

    def tracks(self) -> list[str | None]:
        return [line.passage.track for line in self.lines]


class Box:
    """A camera machine whose clock can be set."""

    def __init__(self, folder: Path) -> None:
        self.spool = folder / "spool"
        self.centre = MemoryCentre()
        self.refused: list[Refusal] = []
        self.now = NOW
        self.sender = Sender(self.spool, self.centre, self.refused.extend, lambda: self.now)

    def write(self, *tracks: int, age_s: float = 0.0, camera: str = "C1") -> Path:
        with SpoolWriter(self.spool) as writer:
            for track in tracks:
                writer.append(seen(track, camera))
            path = list_segments(self.spool)[-1]
        age(path, age_s)
        return path

    def drain(self) -> Sent:
        total = Sent()
        while (sent := self.sender.send_round()).lines:
            total += sent
        return total


def age(segment: Path, seconds: float) -> None:
    os.utime(segment, (NOW.timestamp() - seconds,) * 2)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_a_spool_that_is_not_there_sends_nothing(box: Box) -> None:
    assert box.drain() == Sent()


def test_everything_is_sent_once(box: Box) -> None:
    box.write(1, 2)
    assert box.drain() == Sent(confirmed=2)
    box.write(3)
    assert box.drain() == Sent(confirmed=1)
    assert box.centre.tracks() == ["1", "2", "3"]
    assert spool_state(box.spool).waiting == 0


def test_live_passages_go_before_what_waits_longest(box: Box) -> None:
    box.write(1, age_s=500)
    box.write(2, age_s=400)
    box.write(3)
    box.sender.send_round()
    assert box.centre.tracks() == ["3", "1"]
    box.write(4)
    box.sender.send_round()
    assert box.centre.tracks() == ["3", "1", "4", "2"]


def test_a_picture_is_sent_once_and_before_its_passages(box: Box) -> None:
    with SpoolWriter(box.spool) as writer:
        name = writer.put_picture(b"a picture")
        for track in (1, 2):
            writer.append(seen(track, frame=name))
    box.drain()
    with SpoolWriter(box.spool) as writer:
        writer.append(seen(3, frame=name))
    assert box.drain().gone == 0
    assert box.centre.sent_pictures == [name]
    assert box.centre.pictures == {name: b"a picture"}
    assert box.centre.tracks() == ["1", "2", "3"]


def test_a_clip_is_sent_as_pictures_are_and_goes_with_them(box: Box) -> None:
    clip = b"\0\0\0\x20ftypisom some seconds"
    with SpoolWriter(box.spool) as writer:
        name = writer.put_picture(clip)
        writer.append(seen(1, clip=name))
    assert box.drain() == Sent(confirmed=1)
    assert box.centre.pictures == {name: clip}
    box.now += timedelta(hours=1)
    box.sender.tidy()
    assert not picture_path(box.spool / PICTURES, name).exists()


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_a_passage_whose_picture_is_gone_or_damaged_goes_without_it(
    box: Box, content: bytes | None
) -> None:
    with SpoolWriter(box.spool) as writer:
        name = writer.put_picture(b"a picture")
        writer.append(seen(1, frame=name))
    path = picture_path(box.spool / PICTURES, name)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert box.drain() == Sent(confirmed=1, gone=1)
    (line,) = box.centre.lines
    assert (line.passage.frame, line.gone) == (name, (name,))


def test_what_the_centre_refuses_is_set_aside_with_its_picture_and_the_rest_goes_on(
    box: Box,
) -> None:
    with SpoolWriter(box.spool) as writer:
        name = writer.put_picture(b"a picture")
        writer.append(seen(1))
        writer.append(seen(2, "C2", frame=name))
        writer.append(seen(3))
    assert box.drain() == Sent(confirmed=2, refused=1)
    (refusal,) = box.refused
    assert (refusal.line, refusal.reason) == (2, "the centre: not for camera C2")
    assert parse_line(refusal.content).passage.track == "2"
    assert picture_path(box.spool / REFUSED, name).read_bytes() == b"a picture"


def test_damaged_and_half_lines_are_set_aside_here(box: Box) -> None:
    segment = box.write(1, 2)
    content = segment.read_bytes()
    segment.write_bytes(content.replace(b'"1"', b'"7"') + content[:40])
    assert box.drain() == Sent(confirmed=1, refused=2)
    assert [(r.source, r.line) for r in box.refused] == [(segment.name, 1), (segment.name, 3)]


def test_half_a_line_waits_while_its_writer_lives_and_holds_up_nothing(box: Box) -> None:
    with SpoolWriter(box.spool):
        segment = list_segments(box.spool)[-1]
        segment.write_bytes(b'{"camera": ')
        age(segment, 100)
        box.write(2, age_s=50)
        assert box.drain() == Sent(confirmed=1)
    assert box.drain() == Sent(refused=1)


def test_a_batch_that_is_refused_whole_is_halved_until_the_bad_line_is_found(box: Box) -> None:
    def fails(lines: Sequence[bytes]) -> None:
        if any(b'"track": "3"' in line for line in lines):
            raise BatchRefusedError("too large")

    box.centre.fails = fails
    box.write(1, 2, 3, 4, 5)
    assert box.drain() == Sent(confirmed=4, refused=1)
    assert box.centre.tracks() == ["1", "2", "4", "5"]
    assert [(r.line, r.reason) for r in box.refused] == [(3, "the centre: too large")]


@pytest.mark.parametrize("error", [CentreError("away"), TokenRefusedError("revoked")])
def test_while_the_centre_is_away_or_says_no_nothing_is_thrown_away(
    box: Box, error: CentreError
) -> None:
    def fails(lines: Sequence[bytes]) -> None:
        raise error

    working, box.centre.fails = box.centre.fails, fails
    with SpoolWriter(box.spool) as writer:
        name = writer.put_picture(b"a picture")
        writer.append(seen(1, frame=name))
    for _ in range(3):
        with pytest.raises(CentreError):
            box.drain()
    assert (box.refused, spool_state(box.spool).waiting) == ([], 1)
    box.centre.fails = working
    assert box.drain() == Sent(confirmed=1)
    assert box.centre.pictures[name] == b"a picture"


def test_a_centre_that_asks_for_ever_is_left_for_later(box: Box) -> None:
    with SpoolWriter(box.spool) as writer:
        writer.append(seen(1, frame=writer.put_picture(b"a picture")))
    box.centre.put_pictures = lambda pictures: Receipt()  # type: ignore[method-assign]
    with pytest.raises(CentreError, match="again and again"):
        box.drain()


def test_confirmed_segments_go_with_their_pictures_when_they_are_old(box: Box) -> None:
    with SpoolWriter(box.spool) as writer:
        name = writer.put_picture(b"a picture")
        writer.append(seen(1, frame=name))
    box.drain()
    box.sender.tidy()
    assert picture_path(box.spool / PICTURES, name).exists()
    box.now += timedelta(hours=1)
    box.write(2)
    box.sender.tidy()
    assert not picture_path(box.spool / PICTURES, name).exists()
    assert spool_state(box.spool).waiting == 1


def test_a_batch_is_bounded_by_its_pictures_but_is_never_empty(box: Box) -> None:
    with SpoolWriter(box.spool) as writer:
        for track in range(4):
            writer.append(seen(track, frame=writer.put_picture(bytes([track]) * 1000)))
    (segment,) = list_segments(box.spool)
    batches = [next_batch(segment, most) for most in (1, 3000, 10**6)]
    assert [batch and len(batch.good) for batch in batches] == [1, 2, 4]


def test_the_backlog_s_batches_take_about_half_a_second() -> None:
    assert next_budget(FIRST_BYTES, 0.1) > FIRST_BYTES
    assert next_budget(FIRST_BYTES, 0.5) == FIRST_BYTES
    assert next_budget(FIRST_BYTES, 5.0) == FIRST_BYTES // 2
    assert next_budget(LEAST_BYTES, 5.0) == LEAST_BYTES
    assert next_budget(MOST_BYTES, 0.1) == MOST_BYTES


def test_segments_are_live_for_half_a_minute(box: Box) -> None:
    old, new = box.write(1, age_s=31), box.write(2, age_s=29)
    waiting = waiting_segments(box.spool, NOW)
    assert (waiting.live, waiting.backlog) == ((new,), (old,))


def test_pauses_grow_to_a_limit_and_differ() -> None:
    longest = [pause_after(failures, 1.0) for failures in (1, 2, 3, 20, 5000)]
    assert longest == [0.5, 1.0, 2.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    assert pause_after(3, 0.0) == 1.0


def test_a_sender_says_clearly_that_its_token_is_refused(
    box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()

    def fails(lines: Sequence[bytes]) -> None:
        stop.set()
        raise TokenRefusedError("the centre refuses this device: revoked")

    box.centre.fails = fails
    box.write(1)
    Running(box.spool, box.sender, box.centre, lambda: NOW).until(stop)
    status = json.loads((box.spool / "sending.json").read_text())
    assert (status["state"], status["waiting"]) == ("token refused", 1)
    assert "refuses this device" in status["reason"]
    assert "nothing is thrown away" in caplog.text


def test_a_sender_tells_the_centre_how_its_spool_stands(box: Box) -> None:
    box.write(1)
    running = Running(box.spool, box.sender, box.centre, lambda: NOW)
    assert running.step() == 1
    (state,) = box.centre.states
    assert (state["waiting"], state["confirmed"], state["lost"]["pictures"]) == (0, 1, 0)


def test_a_sender_tells_the_centre_how_the_cameras_are(box: Box, tmp_path: Path) -> None:
    health = tmp_path / "health.json"
    health.write_text('{"cameras": []}')
    Running(box.spool, box.sender, box.centre, lambda: NOW, health).step()
    (state,) = box.centre.states
    assert (state["waiting"], state["health"]) == (0, {"cameras": []})


def test_a_state_that_the_centre_refuses_holds_no_passage_up(
    box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(state: Mapping[str, Any]) -> None:
        raise BatchRefusedError("the centre does not take this: too large")

    box.centre.put_state = refuses  # type: ignore[method-assign]
    running = Running(box.spool, box.sender, box.centre, lambda: NOW)
    for track in (1, 2):
        box.write(track)
        assert running.step() == 1
    assert box.centre.tracks() == ["1", "2"]
    assert caplog.text.count("passages are sent all the same") == 1


def test_one_process_sends_a_spool(tmp_path: Path) -> None:
    with lock_spool(tmp_path), pytest.raises(CentreError, match="another process"):
        lock_spool(tmp_path)
    lock_spool(tmp_path).close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "is not set"),
        ({"intake_url": "centre"}, "expected https"),
        ({"intake_url": "http://centre:8443", "intake_token": "t"}, "in the clear"),
        ({"intake_url": "https://centre:8443"}, "either"),
        ({"intake_url": "https://c", "intake_token": "t", "intake_token_file": "f"}, "either"),
        ({"intake_url": "https://centre:8443", "intake_token": "t"}, None),
        ({"intake_url": "http://127.0.0.1:8443", "intake_token": "t"}, None),
    ],
)
def test_what_is_missing_for_sending_is_said(settings: dict[str, str], said: str | None) -> None:
    fault = sender_fault(StoreSettings(**settings))
    assert (fault is None) if said is None else (said in (fault or ""))


def test_refused_lines_are_put_back_with_their_pictures(tmp_path: Path) -> None:
    settings = StoreSettings(data_dir=tmp_path)
    box = Box(tmp_path)
    with SpoolWriter(box.spool) as writer:
        name = writer.put_picture(b"a picture")
        writer.append(seen(2, "C2", frame=name))
    box.drain()
    picture_path(box.spool / PICTURES, name).unlink()
    file = tmp_path / "refused.ndjson"
    append_refusals(file, [*box.refused, Refusal("a", 1, "not JSON", "nonsense")])
    assert spool_again(settings) == 1
    assert picture_path(box.spool / PICTURES, name).read_bytes() == b"a picture"
    assert spool_state(box.spool).waiting == 1
    assert [json.loads(line)["content"] for line in file.read_text().splitlines()] == ["nonsense"]
    assert spool_again(settings) == 0


def command(tmp_path: Path, *arguments: str, **settings: str) -> Result:
    group = click.Group()
    add_commands(group)
    given = StoreSettings(data_dir=tmp_path, **settings)
    return CliRunner().invoke(group, arguments, obj=given)


def test_sending_without_a_centre_is_refused_in_one_line(tmp_path: Path) -> None:
    result = command(tmp_path, "send", "--once")
    assert result.exit_code == 2
    assert "intake_url: is not set" in result.stderr


def test_a_spool_that_is_sent_is_not_taken_in_here(tmp_path: Path) -> None:
    result = command(tmp_path, "ingest", intake_url="https://centre:8443")
    assert result.exit_code == 2
    assert "platetrail send drains this spool" in result.stderr


def test_sending_once_to_a_centre_that_is_away_says_so_and_loses_nothing(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "spool") as writer:
        writer.append(seen(1))
    url = f"http://127.0.0.1:{free_port()}"
    result = command(tmp_path, "send", "--once", intake_url=url, intake_token="pt_x")
    assert result.exit_code == 1
    assert "cannot be reached" in result.stderr
    assert "pt_x" not in result.output
    assert spool_state(tmp_path / "spool").waiting == 1
