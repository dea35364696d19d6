"""Fit the reader's temperature on crops that it never saw, and write it into the manifest.

python -m models.training.calibrate --data ../shared/data/train
"""

import re
from pathlib import Path

import click
import cv2
import numpy as np
import onnxruntime

from lpr.rectify import MARGIN
from models.training.export import MODELS
from models.training.held_out import is_held_out_text
from models.training.reader_crops import Sample, real_samples
from models.training.reader_data import encode
from models.training.reader_net import HEIGHT, WIDTH

TRIED = np.round(np.arange(0.4, 3.0, 0.05), 2)
BATCH = 64


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


def write_temperature(temperature: float) -> None:
    """Put it into the reader's section of `models/manifest.toml`."""
    manifest = MODELS / "manifest.toml"
    text = re.sub(
        r"(?m)^temperature = [\d.]+", f"temperature = {temperature}", manifest.read_text()
    )
    manifest.write_text(text)


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
def main(data: Path) -> None:
    """Fit it by the likelihood of the texts of held-out plates."""
    samples = [s for s in real_samples(data) if is_held_out_text(s.text)]
    views = np.stack([straight_view(sample) for sample in samples])
    classes = np.array([encode(sample.text) for sample in samples])
    session = onnxruntime.InferenceSession(
        str(MODELS / "reader.onnx"), providers=["CPUExecutionProvider"]
    )
    logits = logits_of(session, views)
    best = float(min(TRIED, key=lambda t: mean_surprise(logits, classes, t)))
    exact = float((logits.argmax(2) == classes).all(1).mean())
    write_temperature(best)
    click.echo(f"{len(samples)} held-out crops, {exact:.3f} read exactly, temperature {best}")


if __name__ == "__main__":
    main()
