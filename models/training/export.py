"""Export trained weights to ONNX at 8 bits, and write their hash into the manifest.

python -m models.training.export detector|reader --data ../shared/data/train [--checkpoint FILE]
"""

import copy
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import click
import cv2
import numpy as np
import onnxruntime
import torch

from lpr import onnx_detector, onnx_reader
from lpr.onnx_detector import fit
from models.training.detector_data import SETS
from models.training.detector_net import DetectorNet
from models.training.folding import Folded
from models.training.held_out import is_held_out, is_held_out_text
from models.training.labels import read_labels
from models.training.not_plates import street_pieces
from models.training.quantise import quantise
from models.training.reader_crops import real_samples
from models.training.reader_data import ReaderStream
from models.training.reader_net import HEIGHT, WIDTH, ReaderNet

MODELS = Path(__file__).parents[1]
OPSET = 17
TOLERANCE = 1e-3  # of a logit, or of a pixel of a corner, before it goes down to 8 bits
SEEN = 64  # pictures, or batches of eight crops, that the scales are measured on
LONGEST = (640, 768, 960)  # pixels of the longer side of such a picture
EXACT = {"detector": ("/heads",), "reader": ("/maps/maps.1", "/edges")}  # stays at 32 bits


def export(kind: str, checkpoint: Path) -> Path:
    """Write `models/<kind>.onnx` and compare it with the net it was made from.

    Args:
        kind: detector or reader.
        checkpoint: of the run.

    Returns:
        The file.

    Raises:
        ValueError: the exported model answers otherwise than the net.
    """
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["average"]
    net = DetectorNet() if kind == "detector" else ReaderNet()
    net.load_state_dict(state)
    net.eval()
    folded = copy.deepcopy(net)
    folded.stem[0][0] = Folded(net.stem[0][0])
    rng = np.random.default_rng(0)
    shape = (1, 320, 448, 3) if kind == "detector" else (3, HEIGHT, WIDTH, 3)
    example = torch.from_numpy(rng.integers(0, 256, shape, np.uint8))
    names = list(onnx_detector.OUTPUTS if kind == "detector" else onnx_reader.OUTPUTS)
    moving = {1: "height", 2: "width"} if kind == "detector" else {0: "batch"}
    file = MODELS / f"{kind}.onnx"
    torch.onnx.export(
        folded,
        (example,),
        str(file),
        input_names=["pictures"],
        output_names=names,
        dynamic_axes={"pictures": moving, **({n: {0: "batch"} for n in names if kind == "reader"})},
        opset_version=OPSET,
        dynamo=False,
    )
    _compare(net, file, example)
    return file


def _compare(net: torch.nn.Module, file: Path, example: torch.Tensor) -> None:
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    answers = session.run(None, {"pictures": example.numpy()})
    with torch.no_grad():
        wanted = net(example)
    for answer, want in zip(answers, wanted, strict=True):
        away = float(np.abs(answer - want.numpy()).max())
        if away > TOLERANCE:
            raise ValueError(f"{file.name} differs from its net by {away}")


def views_of(kind: str, data: Path) -> Iterator[np.ndarray]:
    """Inputs such as the training sees, for the scales of the 8-bit model."""
    rng = np.random.default_rng(0)
    if kind == "detector":
        pictures = [p for name in SETS for p in read_labels(data / name) if not is_held_out(p)]
        for index in rng.choice(len(pictures), SEEN, replace=False):
            frame = cv2.imread(str(pictures[index].path))
            yield fit(frame, int(rng.choice(LONGEST))).picture
        return
    real = [s for s in real_samples(data) if not is_held_out_text(s.text)]
    pieces = (street_pieces(data, 300, 0, without_plates=alone) for alone in (False, True))
    stream = iter(ReaderStream(real, *pieces, seed=0))
    for _ in range(SEEN):
        yield np.stack([next(stream)[0].numpy() for _ in range(8)])


def write_hash(kind: str, file: Path) -> None:
    """Put the file's SHA-256 into its section of `models/manifest.toml`."""
    manifest = MODELS / "manifest.toml"
    digest = sha256(file.read_bytes()).hexdigest()
    section = re.compile(rf'(\[{kind}\][^\[]*?sha256 = ")[0-9a-f]*(")', re.DOTALL)
    manifest.write_text(section.sub(rf"\g<1>{digest}\g<2>", manifest.read_text("utf-8")), "utf-8")


@click.command()
@click.argument("kind", type=click.Choice(["detector", "reader"]))
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--checkpoint", type=click.Path(path_type=Path, exists=True))
def main(kind: str, data: Path, checkpoint: Path | None) -> None:
    """Export the average of a run."""
    file = export(kind, checkpoint or Path(".cache/training") / kind / "checkpoint.pt")
    quantise(file, views_of(kind, data), EXACT[kind])
    write_hash(kind, file)
    click.echo(f"{file} {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
