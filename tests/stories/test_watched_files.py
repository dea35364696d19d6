"""Folders and files that are still being written, watched by a process that is killed meanwhile."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr.passages import Passage
from lpr.render.videos import draw_frame
from lpr.watch.stills_memory import StillsMemory
from lpr.watch.uploads import POLL_S, SETTLED_S
from tests.films import BEGIN, a_stage, film
from tests.watch_process import Watching

SIZE = (1280, 720)
VEHICLES = 8  # some follow each other within a second or two
SHOWN_S = (-1.0, 0.0, 0.3, 0.6)  # when stills are taken, from when a plate is read best; first none
PIECES = 30  # that a file is written in


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[str]]:
    """Stills of vehicles, named by their times and in their order, and the plates."""
    folder, stage = tmp_path_factory.mktemp("stills"), a_stage(1)
    visits, noise = stage.visits[:VEHICLES], np.random.default_rng(1)
    for second in sorted(visit.at_s + shown for visit in visits for shown in SHOWN_S):
        at = BEGIN + timedelta(seconds=second)
        picture, _ = draw_frame(stage, second, at, noise)
        name = f"C1_{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03}Z.jpg"
        cv2.imwrite(str(folder / name), picture)
    plates = [visit.vehicle.vehicle.plate.plate.text for visit in visits]
    return sorted(folder.iterdir()), sorted(plates)


def last_reports(passages: list[Passage]) -> dict[str, Passage]:
    """The last report of each passage, by its id."""
    return {passage.id: passage for passage in passages}


def texts(passages: list[Passage]) -> list[str]:
    return sorted(passage.text for passage in last_reports(passages).values())


def uploading(stills: list[Path], folder: Path) -> Iterator[None]:
    """Upload one still after another, the first in two halves, and something that is no still."""
    folder.mkdir()
    first, *rest = stills
    content = first.read_bytes()
    (folder / first.name).write_bytes(content[: len(content) // 2])
    time.sleep(3.0)  # it rests for long enough to look whole
    (folder / first.name).write_bytes(content)
    damaged = folder / "20260131T081500000Z.jpg"
    damaged.write_bytes(content[: len(content) // 2])
    os.utime(damaged, (BEGIN.timestamp(),) * 2)  # nobody will write the rest any more
    for number, still in enumerate(rest):
        (folder / f"{number % 2}").mkdir(exist_ok=True)  # folders in it count as well
        (folder / f"{number % 2}" / still.name).write_bytes(still.read_bytes())
        time.sleep(0.5)
        yield


def test_stills_that_are_uploaded_are_one_passage_a_vehicle_over_power_cuts(
    tmp_path: Path, stills: tuple[list[Path], list[str]]
) -> None:
    paths, plates = stills
    with Watching(tmp_path, {"C1": "uploads"}) as one:
        one.until(lambda: one.health and one.health["C1"]["condition"] == "down")
        assert one.health["C1"]["trouble"] == "not-found"
        for number, _ in enumerate(uploading(paths, tmp_path / "uploads"), 1):
            if number == 3:
                one.until(lambda: one.health["C1"]["refused"] == 1)
                assert "20260131T081500000Z.jpg" in one.health["C1"]["refused_for"]
            if number in (9, 16, 25):
                one.kill_and_start()
        one.until(lambda: texts(one.passages) == plates)
        one.until(lambda: one.health["C1"]["condition"] == "good")
        memory = tmp_path / "stills/C1.ndjson"
        one.until(lambda: len(StillsMemory(memory).given) == len(paths) + 1)
        assert texts(one.passages) == plates
        ends = {passage.text: passage.until for passage in last_reports(one.passages).values()}
        assert all(ends.values())
        before = len(one.passages)
        one.kill_and_start()
        one.until(lambda: one.health["C1"]["condition"] == "connecting")
        one.until(lambda: one.children()["decoding"])
        time.sleep(SETTLED_S + 3 * POLL_S)
        assert len(one.passages) == before  # everything was remembered
        assert one.health["C1"]["looked"] == 0
        for passage in last_reports(one.passages).values():
            assert (
                tmp_path / "spool/pictures" / f"{passage.frame}"[:2] / f"{passage.frame}.jpg"
            ).exists()


def write_slowly(content: bytes, path: Path, seconds: float) -> threading.Thread:
    """Write a file as a recorder does."""

    def write() -> None:
        with path.open("wb") as file:
            for begin in range(0, len(content), len(content) // PIECES):
                file.write(content[begin : begin + len(content) // PIECES])
                file.flush()
                time.sleep(seconds / PIECES)

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_a_file_that_is_still_written_gives_the_same_passages_over_power_cuts(
    tmp_path: Path,
) -> None:
    stage = a_stage(1)
    first, second = stage.visits[:2]
    seconds = second.at_s - first.at_s + 4.0
    whole = film(tmp_path / "whole.mkv", stage, first.at_s - 2.0, seconds, 10, SIZE)
    name = f"{BEGIN + timedelta(seconds=first.at_s - 2.0):%Y%m%dT%H%M%SZ}.mkv"
    plates = sorted(visit.vehicle.vehicle.plate.plate.text for visit in (first, second))
    (tmp_path / "killed").mkdir()
    writer = write_slowly(whole.read_bytes(), tmp_path / "killed" / name, 12.0)
    with Watching(tmp_path / "killed", {"C1": name}) as one:
        one.until(lambda: one.passages)
        one.kill_and_start()
        one.until(lambda: one.health["C1"]["looked"] > 20)
        one.kill_and_start()
        one.until(lambda: one.health["C1"]["condition"] == "finished")
        writer.join()
        assert texts(one.passages) == plates
        assert one.health["C1"]["dropped"] == 0
        killed = last_reports(one.passages)
    (tmp_path / "calm").mkdir()
    (tmp_path / "calm" / name).write_bytes(whole.read_bytes())
    os.utime(tmp_path / "calm" / name, (BEGIN.timestamp(),) * 2)
    with Watching(tmp_path / "calm", {"C1": name}) as one:
        one.until(lambda: one.health and one.health["C1"]["condition"] == "finished")
        calm = last_reports(one.passages)
    assert {id: (p.text, p.until) for id, p in killed.items()} == {
        id: (p.text, p.until) for id, p in calm.items()
    }
