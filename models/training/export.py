"""Export trained weights to ONNX and write their place in the manifest.

python -m models.training.export detector|reader [--checkpoint FILE]
"""

import re
from hashlib import sha256
from pathlib import Path

import click
import numpy as np
import onnxruntime
import torch

from models.training.detector_net import DetectorNet
from models.training.reader_net import HEIGHT, WIDTH, ReaderNet

MODELS = Path(__file__).parents[1]
OPSET = 17
TOLERANCE = 1e-3  # of a logit, or of a pixel of a corner


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
    net: torch.nn.Module = DetectorNet() if kind == "detector" else ReaderNet()
    net.load_state_dict(state)
    net.eval()
    rng = np.random.default_rng(0)
    shape = (1, 320, 448, 3) if kind == "detector" else (3, HEIGHT, WIDTH, 3)
    example = torch.from_numpy(rng.integers(0, 256, shape, np.uint8))
    names = ["logits", "corners"] if kind == "detector" else ["logits", "rows", "colours"]
    moving = {1: "height", 2: "width"} if kind == "detector" else {0: "batch"}
    file = MODELS / f"{kind}.onnx"
    torch.onnx.export(
        net,
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


def write_hash(kind: str, file: Path) -> None:
    """Put the file's SHA-256 into its section of `models/manifest.toml`."""
    manifest = MODELS / "manifest.toml"
    digest = sha256(file.read_bytes()).hexdigest()
    section = re.compile(rf'(\[{kind}\][^\[]*?sha256 = ")[0-9a-f]*(")', re.DOTALL)
    manifest.write_text(section.sub(rf"\g<1>{digest}\g<2>", manifest.read_text("utf-8")), "utf-8")


@click.command()
@click.argument("kind", type=click.Choice(["detector", "reader"]))
@click.option("--checkpoint", type=click.Path(path_type=Path, exists=True))
def main(kind: str, checkpoint: Path | None) -> None:
    """Export the average of a run."""
    file = export(kind, checkpoint or Path(".cache/training") / kind / "checkpoint.pt")
    write_hash(kind, file)
    click.echo(f"{file} {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
