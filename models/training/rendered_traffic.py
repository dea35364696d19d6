"""Rendered pictures of streets as one more labelled set, drawn once."""

import json
from pathlib import Path

import cv2
import numpy as np

from lpr.render.pictures import draw_street_picture
from lpr.render.scene import PlateTruth

LEAST_WIDTH = 14  # pixels; narrower plates are neither plate nor background
QUALITY = 95  # of the JPEG; the picture is compressed as a camera does already
TELL_EVERY = 100  # pictures


def rendered_set(folder: Path, count: int, seed: int) -> Path:
    """Draw pictures with their `labels.jsonl`, unless they lie there.

    Args:
        folder: for the set.
        count: of pictures.
        seed: of the rendering.

    Returns:
        The folder, as `models.training.labels.read_labels` takes it.
    """
    labels = folder / "labels.jsonl"
    if labels.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(count):
        picture, truths = draw_street_picture(np.random.default_rng([seed, number]))
        name = f"{number:05}.jpg"
        cv2.imwrite(str(folder / name), picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        lines.append(json.dumps({"image": name, "plates": [_label(t) for t in truths]}) + "\n")
        if number % TELL_EVERY == 0:
            print(f"drawn {number} of {count} pictures", flush=True)
    labels.write_text("".join(lines), "utf-8")  # last: it says that the set is whole
    return folder


def _label(truth: PlateTruth) -> dict[str, object]:
    low, high = truth.corners.min(0), truth.corners.max(0)
    return {
        "box": [*low.tolist(), *high.tolist()],
        "corners": truth.corners.tolist(),
        "text": truth.plate.text,
        "ignore": bool(high[0] - low[0] < LEAST_WIDTH),
    }
