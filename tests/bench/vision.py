"""How quickly a picture is recognised; see `tests.bench.store` for the shape of the rows."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import onnxruntime

from lpr.boxes import Frame
from lpr.building import build_recogniser
from lpr.manifest import find_models, read_entry
from lpr.onnx_detector import fit
from lpr.paddle import PaddleReader
from lpr.recognition import Recogniser
from lpr.render.pictures import draw_street_picture
from lpr.session import load_session
from lpr.settings import RecognitionSettings
from tests.bench.fresh import FRAMES, FreshCosts
from tests.bench.store import Row
from tests.bench.timing import medians
from tests.prepare_paddle import FOLDER

SMALL, FULL, LARGE = (1280, 720), (1920, 1080), (3840, 2160)
BATCH = 8  # crops read at once
ROUNDS = 20  # with their rests they take two minutes
SEEDS = 400  # of rendered pictures that are tried until one shows one plate
Job = Callable[[], object]


@dataclass(frozen=True, slots=True)
class BareSessions:
    """Our two models in plain onnxruntime sessions with our options: nothing but the networks.

    Attributes:
        detector, reader: the sessions.
        longest: longer side of the detector's input in pixels.
    """

    detector: onnxruntime.InferenceSession
    reader: onnxruntime.InferenceSession
    longest: int

    def detecting(self, frame: Frame) -> Job:
        """One frame, scaled beforehand, through the detector."""
        return _run(self.detector, fit(frame, self.longest).picture)

    def reading(self, crops: list[Frame]) -> Job:
        """Crops, scaled beforehand, through the reader in one batch."""
        _, height, width, _ = self.reader.get_inputs()[0].shape
        return _run(self.reader, np.stack([cv2.resize(crop, (width, height)) for crop in crops]))


def vision_rows() -> list[Row]:
    """Rendered pictures with one plate: decoding, finding, reading, loading, memory."""
    settings = RecognitionSettings()
    recogniser, bare = build_recogniser(settings), _bare_sessions(settings)
    frames = {size: one_plate(recogniser, size) for size in (SMALL, FULL, LARGE)}
    crop = recogniser.plates(frames[FULL])[0].crop
    paddle = PaddleReader(FOLDER, settings.threads)
    took = medians(
        {**_frame_jobs(frames, recogniser, bare), **_crop_jobs(crop, recogniser, paddle, bare)},
        ROUNDS,
    )
    return [*_frame_rows(took), *_crop_rows(took), *_fresh_rows(frames[FULL])]


def one_plate(recogniser: Recogniser, size: tuple[int, int]) -> Frame:
    """A rendered picture in which one plate is found."""
    for seed in range(SEEDS):
        frame, truths = draw_street_picture(np.random.default_rng(seed), size)
        if len(truths) == 1 and len(recogniser.plates(frame)) == 1:
            return frame
    raise RuntimeError("the detector finds one plate in no picture: is it the right one?")


def _frame_jobs(
    frames: Mapping[tuple[int, int], Frame], recogniser: Recogniser, bare: BareSessions
) -> dict[str, Job]:
    full = frames[FULL]
    jpeg = cv2.imencode(".jpg", full)[1]
    detecting, reading = bare.detecting(full), bare.reading([recogniser.plates(full)[0].crop])
    return {
        "decoding": lambda: cv2.imdecode(jpeg, cv2.IMREAD_COLOR),
        "small": lambda: recogniser.plates(frames[SMALL]),
        "full": lambda: recogniser.plates(full),
        "large": lambda: recogniser.plates(frames[LARGE]),
        "floor": lambda: (detecting(), reading()),
    }


def _crop_jobs(
    crop: Frame, recogniser: Recogniser, paddle: PaddleReader, bare: BareSessions
) -> dict[str, Job]:
    batch = [crop] * BATCH
    return {
        "crop": lambda: recogniser.reader.read([crop]),
        "crop, paddle": lambda: paddle.read([crop]),
        "batch": lambda: recogniser.reader.read(batch),
        "batch, paddle": lambda: paddle.read(batch),
        "batch, floor": bare.reading(batch),
    }


def _frame_rows(took: Mapping[str, float]) -> list[Row]:
    return [
        ("decoding a 1920x1080 JPEG", took["decoding"], "ms", None),
        ("a 1280x720 frame with one plate", took["small"], "ms", 60.0),
        ("a 1920x1080 frame with one plate", took["full"], "ms", 20.0),
        ("... plain sessions of both models, scaled beforehand", took["floor"], "ms", None),
        ("... ours against them", took["full"] / took["floor"], "times", None),
        ("a 3840x2160 frame with one plate", took["large"], "ms", None),
    ]


def _crop_rows(took: Mapping[str, float]) -> list[Row]:
    ours, paddle, floor = (
        took[name] / BATCH for name in ("batch", "batch, paddle", "batch, floor")
    )
    return [
        ("reading its crop", took["crop"], "ms", None),
        ("... by PaddleOCR", took["crop, paddle"], "ms", None),
        ("... PaddleOCR against ours", took["crop, paddle"] / took["crop"], "times", None),
        ("reading that crop in a batch of eight, each", ours, "ms", 1.0),
        ("... by a plain session, scaled beforehand", floor, "ms", None),
        ("... ours against it", ours / floor, "times", None),
        ("... by PaddleOCR", paddle, "ms", None),
        ("... PaddleOCR against ours", paddle / ours, "times", None),
    ]


def _fresh_rows(frame: Frame) -> list[Row]:
    """Measured in a process of its own."""
    with TemporaryDirectory(prefix="platetrail-bench-") as folder:
        path = Path(folder, "frame.png")
        cv2.imwrite(str(path), frame)
        command = [sys.executable, "-m", "tests.bench.fresh", str(path)]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
    costs = FreshCosts(**json.loads(said.stdout))
    return [
        ("a fresh process: imports", costs.imports, "s", None),
        ("... from building the recogniser to the first reading", costs.loading, "s", 1.0),
        (f"... resident memory after {FRAMES} frames of 1920x1080", costs.memory, "MB", 400.0),
    ]


def _bare_sessions(settings: RecognitionSettings) -> BareSessions:
    folder = find_models(settings.models_dir)
    detector, reader = (read_entry(folder, kind) for kind in ("detector", "reader"))
    longest = detector.option("longest")
    threads = settings.threads
    sessions = (load_session(entry.file, threads) for entry in (detector, reader))
    return BareSessions(*sessions, longest)


def _run(session: onnxruntime.InferenceSession, batch: np.ndarray) -> Job:
    feed = {session.get_inputs()[0].name: batch}
    return lambda: session.run(None, feed)
