"""Rendered traffic as a camera films it: every frame, H.264 without B-frames."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from lpr.boxes import Frame
from lpr.render.light import Hour
from lpr.render.scenario import Scale, make_scenario
from lpr.render.videos import Set, Visit, draw_frame, set_up

BEGIN = datetime(2026, 1, 31, 8, tzinfo=UTC)
HD = (1920, 1080)
_SCALE = Scale(cameras=6, followed=14, others=30, seconds=150.0)
_OPTIONS = {"preset": "veryfast", "crf": "26", "bf": "0"}


def a_stage(seed: int, hour: Hour = "day") -> Set:
    """A rendered camera past which vehicles drive."""
    scenario = make_scenario(_SCALE, seed)
    return set_up(scenario.cameras[1], scenario.trips, hour, False, seed)


def a_visit(stage: Set) -> Visit:
    """The first vehicle that has the street for itself."""
    for before, visit, after in zip(stage.visits, stage.visits[1:], stage.visits[2:], strict=False):
        if visit.at_s - before.at_s > 6 and after.at_s - visit.at_s > 6:
            return visit
    raise AssertionError("no vehicle is alone: choose another seed")


def film(
    path: Path,
    stage: Set,
    first_s: float,
    seconds: float,
    fps: int = 25,
    size: tuple[int, int] = HD,
) -> Path:
    """Film a stage from `first_s` on; ready to be served by `tests.rtsp`, a key frame a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options=_OPTIONS)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.gop_size = fps
        stream.codec_context.time_base = Fraction(1, fps)
        for number, frame in enumerate(_frames(stage, first_s, seconds, fps)):
            scaled = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
            picture = av.VideoFrame.from_ndarray(np.asarray(scaled, np.uint8), format="bgr24")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def _frames(stage: Set, first_s: float, seconds: float, fps: int) -> Iterator[Frame]:
    noise = np.random.default_rng(1)
    for number in range(round(seconds * fps)):
        offset = first_s + number / fps
        yield draw_frame(stage, offset, BEGIN + timedelta(seconds=offset), noise)[0]
