"""Fit the reader's temperature and the curve of its score on crops that it never saw.

They go into the manifest: python -m models.training.calibrate --data ../shared/data/train
"""

import re
from pathlib import Path

import click
import cv2
import numpy as np
import onnxruntime

from lpr.boxes import Frame, PlateBox
from lpr.onnx_reader import OnnxReader, ReaderShape
from lpr.recognition import Recogniser
from lpr.rectify import MARGIN
from models.training.export import MODELS
from models.training.held_out import is_held_out_text
from models.training.reader_crops import Sample, real_samples
from models.training.reader_data import encode
from models.training.reader_net import ALPHABET, HEIGHT, WIDTH
from models.training.reader_views import degrade

TRIED = np.round(np.arange(0.4, 3.0, 0.05), 2)
BATCH = 64
VIEWS = 3  # of each crop: as it is, and with what a bad camera does to it
OFF = 0.02  # of the plate's size: deviation of a corner that a detector gives
PULL = 0.5  # weight of the belief that scores are right as they are


def straight_view(sample: Sample) -> np.ndarray:
    """The crop as `lpr.rectify` gives it, (64, 160, 3) uint8 BGR."""
    inner = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]) * (1 - 2 * MARGIN) + MARGIN
    matrix = cv2.getPerspectiveTransform(sample.corners, inner * np.float32([WIDTH, HEIGHT]))
    return cv2.warpPerspective(sample.picture, matrix, (WIDTH, HEIGHT))


def logits_of(session: onnxruntime.InferenceSession, views: np.ndarray) -> np.ndarray:
    """Logits of every slot, (N, S, A + 1)."""
    parts = [views[i : i + BATCH] for i in range(0, len(views), BATCH)]
    return np.concatenate([session.run(["logits"], {"pictures": part})[0] for part in parts])


def mean_surprise(logits: np.ndarray, classes: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood of whole texts.

    Args:
        logits: (N, S, A + 1).
        classes: (N, S) that are right.
        temperature: divides the logits.
    """
    scaled = logits / temperature
    scaled = scaled - scaled.max(2, keepdims=True)
    logs = scaled - np.log(np.exp(scaled).sum(2, keepdims=True))
    right = np.take_along_axis(logs, classes[..., None], 2)[..., 0]
    return float(-right.sum(1).mean())


class _Known:
    """Detector that finds the plate where it is known to be, a little off as a real one is."""

    def __init__(self, sample: Sample, rng: np.random.Generator) -> None:
        size = np.ptp(sample.corners, axis=0)
        off = np.clip(rng.normal(0, OFF, (4, 2)), -0.09, 0.09) * size
        a, b, c, d = ((float(x), float(y)) for x, y in sample.corners + off)
        self._box = PlateBox((a, b, c, d), 1.0)

    def detect(self, frame: Frame) -> list[PlateBox]:
        return [self._box]


def outcomes(samples: list[Sample], reader: OnnxReader) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of the scores of several views of each crop, and whether the text was right."""
    rng = np.random.default_rng(0)
    odds, right = [], []
    for sample in samples:
        for number in range(VIEWS):
            picture = sample.picture if number == 0 else degrade(sample.picture, rng)
            reading = Recogniser(_Known(sample, rng), reader).plates(picture)[0].reading
            if reading.text:
                score = min(max(reading.score, 1e-6), 1 - 1e-6)
                odds.append(np.log(score / (1 - score)))
                right.append(reading.text == sample.text)
    return np.array(odds), np.array(right, float)


def fit_curve(odds: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Slope and bias of the logistic curve with the greatest likelihood (Newton's method)."""
    design = np.stack([odds, np.ones_like(odds)], 1)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (right - p) - PULL * (weights - (1.0, 0.0))
        curvature = (design * (p * (1 - p))[:, None]).T @ design + PULL * np.eye(2)
        weights = weights + np.linalg.solve(curvature, gradient)
    return float(weights[0]), float(weights[1])


def write_numbers(**numbers: float) -> None:
    """Put them into the reader's section of `models/manifest.toml`."""
    manifest = MODELS / "manifest.toml"
    text = manifest.read_text("utf-8")
    for key, value in numbers.items():
        text = re.sub(rf"(?m)^{key} = -?[\d.]+", f"{key} = {value:.2f}", text)
    manifest.write_text(text, "utf-8")


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
def main(data: Path) -> None:
    """Fit both by the likelihood of the texts of held-out plates."""
    samples = [s for s in real_samples(data) if is_held_out_text(s.text)]
    views = np.stack([straight_view(sample) for sample in samples])
    classes = np.array([encode(sample.text) for sample in samples])
    file = MODELS / "reader.onnx"
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    logits = logits_of(session, views)
    best = float(min(TRIED, key=lambda t: mean_surprise(logits, classes, t)))
    exact = float((logits.argmax(2) == classes).all(1).mean())
    click.echo(f"{len(samples)} held-out crops, {exact:.3f} read exactly, temperature {best}")
    reader = OnnxReader(file, ReaderShape("", ALPHABET, HEIGHT, WIDTH, best), 1)
    odds, right = outcomes(samples, reader)
    slope, bias = fit_curve(odds, right)
    write_numbers(temperature=best, score_slope=slope, score_bias=bias)
    click.echo(f"{len(odds)} views, {right.mean():.3f} right; slope {slope:.2f}, bias {bias:.2f}")


if __name__ == "__main__":
    main()
