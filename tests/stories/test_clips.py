"""A clip's way: from a camera's stream to the page on which an officer plays it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest

from lpr.building import build_recogniser
from lpr.passages import Passage
from lpr.settings import RecognitionSettings
from lpr.spool import PICTURES, picture_path
from search.audit import list_looks
from search.invocation import closing_registry
from tests.chromium import open_page
from tests.demo import Demo
from tests.films import a_stage, a_visit, film
from tests.machines import CameraMachine, Centre, until
from tests.ports import free_port
from tests.rtsp import RtspServer
from tests.watch_process import Watching
from web.accounts import add_account

SIZE, FPS = (1280, 720), 8
CLIP_S = 5.0
GROUP_S = 1.0  # from key frame to key frame
PASSWORD = "mật khẩu để thử"


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A film of 16 seconds in which one vehicle passes, and its plate."""
    stage = a_stage(1)
    visit = a_visit(stage)
    path = tmp_path_factory.mktemp("films") / "passing.mp4"
    film(path, replace(stage, visits=(visit,)), visit.at_s - 3.0, 16.0, FPS, SIZE)
    return path, visit.vehicle.vehicle.plate.plate.text


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with Centre(tmp_path / "centre", "A") as one:
        one.variables["PLATETRAIL_PORT"] = str(free_port())
        with closing_registry(one.settings.registry) as registry:
            add_account(registry, "officer", "officer", PASSWORD, datetime.now(UTC))
        one.start_intake()
        one.start_ingest()
        one.start("pages", "-m", "web", "serve")
        yield one


def with_clips(watching: Watching) -> list[Passage]:
    return [passage for passage in watching.passages if passage.clip]


def texts_in(clip: Path) -> tuple[float, set[str]]:
    """How many seconds a clip has, and every text that is read in it."""
    recogniser = build_recogniser(RecognitionSettings())
    with av.open(str(clip)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
        seconds = (container.duration or 0) / av.time_base
    assert frames[0].shape == (SIZE[1], SIZE[0], 3)
    assert len(frames) == pytest.approx(seconds * FPS, abs=2)
    return seconds, {plate.reading.text for frame in frames for plate in recogniser.plates(frame)}


def test_a_passage_has_a_clip_that_an_officer_plays(
    tmp_path: Path, passing: tuple[Path, str], centre: Centre
) -> None:
    path, text = passing
    folder = tmp_path / "box"
    folder.mkdir()
    with (
        RtspServer({"a": path}) as server,
        Watching(folder, {"A": server.url("a")}, f"clip_s = {CLIP_S:g}\n") as one,
        CameraMachine(
            tmp_path / "sender", centre.url, centre.token("box", "A"), data=folder
        ) as box,
    ):
        one.until(lambda: with_clips(one))
        first = with_clips(one)[0]
        assert first.text == text
        reports = [p.clip for p in one.passages if (p.id, p.until) == (first.id, first.until)]
        assert reports[-2:] == [None, first.clip]  # the final one waits for nothing
        seconds, texts = texts_in(picture_path(folder / "spool" / PICTURES, first.clip or ""))
        assert CLIP_S - 0.5 <= seconds <= CLIP_S + GROUP_S + 0.5
        assert text in texts

        # the same vehicle is back, and the process ends before it is gone
        one.until(lambda: one.passages[-1].id != first.id)
        one.stop()
        last = one.passages[-1]
        assert (last.text, last.clip, last.until is None) == (text, None, False)

        box.start_sender()
        until(box.is_drained)
        until(lambda: centre.count() == 2)
        plays(centre, first.id, seconds)
        with closing_registry(centre.settings.registry) as registry:
            actions = [one.action for one in list_looks(registry)]
        assert set(actions) == {"sighting", "picture", "clip"}


def plays(centre: Centre, sighting: str, seconds: float) -> None:
    """Sign in at a browser, open a sighting, play its clip and wind on."""
    address = f"http://127.0.0.1:{centre.variables['PLATETRAIL_PORT']}"
    refused: list[str] = []
    with open_page(locale="vi-VN") as page:
        page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
        Demo(address, "officer", PASSWORD, ()).enter(page, "xem lại lúc xe qua")
        page.goto(f"{address}/sightings/{sighting}")
        video = page.locator("video").element_handle()
        assert page.evaluate("v => [v.paused, v.readyState, v.controls]", video) == [True, 0, True]
        page.evaluate("v => v.play()", video)
        page.wait_for_function("v => v.currentTime > 0.5", arg=video)
        assert page.evaluate("v => [v.videoWidth, v.videoHeight]", video) == list(SIZE)
        assert page.evaluate("v => v.duration", video) == pytest.approx(seconds, abs=0.1)
        page.evaluate("v => { v.currentTime = v.duration - 0.3 }", video)
        page.wait_for_function("v => v.ended", arg=video)
        assert page.evaluate("v => v.error", video) is None
        assert refused == []
