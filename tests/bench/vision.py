"""How quickly a picture is recognised; see `tests.bench.store` for the shape of the rows."""

import time
from collections.abc import Callable
from statistics import median

import cv2
import numpy as np
import onnxruntime

from lpr.boxes import Frame
from lpr.building import build_recogniser
from lpr.manifest import find_models, read_entry
from lpr.onnx_detector import fit
from lpr.recognition import Recogniser
from lpr.render.pictures import draw_street_picture
from lpr.settings import RecognitionSettings
from tests.bench.store import Row, memory_mb

SIZE = (1280, 720)
BATCH = 8  # crops read at once
ROUNDS = 30
SEEDS = 400  # of rendered pictures that are tried until one shows one plate


def vision_rows() -> list[Row]:
    """A rendered 1280x720 picture with one plate: decoding, finding, reading, memory."""
    before = memory_mb()
    start = time.perf_counter()
    recogniser = build_recogniser(RecognitionSettings())
    loading = time.perf_counter() - start
    frame = one_plate(recogniser)
    jpeg = cv2.imencode(".jpg", frame)[1]
    crops = [recogniser.plates(frame)[0].crop] * BATCH
    whole = _ms(lambda: recogniser.plates(frame))
    read = _ms(lambda: recogniser.reader.read(crops)) / BATCH
    floor = _ms(_bare_session(frame))
    return [
        ("loading detector and reader", loading, "s", None),
        ("decoding a 1280x720 JPEG", _ms(lambda: cv2.imdecode(jpeg, cv2.IMREAD_COLOR)), "ms", None),
        ("a 1280x720 picture with one plate", whole, "ms", 60.0),
        ("... against its detector's bare session", whole / floor, "times", None),
        ("a crop in batches of eight", read, "ms", None),
        ("memory of detector and reader", memory_mb() - before, "MB", None),
    ]


def one_plate(recogniser: Recogniser) -> Frame:
    """A rendered picture in which one plate is found."""
    for seed in range(SEEDS):
        frame, truths = draw_street_picture(np.random.default_rng(seed), SIZE)
        if len(truths) == 1 and len(recogniser.plates(frame)) == 1:
            return frame
    raise RuntimeError("the detector finds one plate in no picture: is it the right one?")


def _bare_session(frame: Frame) -> Callable[[], object]:
    """The same picture through a plain onnxruntime session of the detector."""
    settings = RecognitionSettings()
    entry = read_entry(find_models(settings.models_dir), "detector")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = settings.threads
    session = onnxruntime.InferenceSession(
        str(entry.file), options, providers=["CPUExecutionProvider"]
    )
    feed = {session.get_inputs()[0].name: fit(frame, entry.option("longest")).picture}
    return lambda: session.run(None, feed)


def _ms(job: Callable[[], object]) -> float:
    """Median milliseconds of a job."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        job()
        took.append(1000 * (time.perf_counter() - start))
    return median(took[2:])  # the first ones warm up
