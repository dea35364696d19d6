"""Texts for plates that have none, where two of three different readers agree on them.

python -m models.training.pseudo_labels --data ../shared/data/train

Written once into `.cache/training/pseudo-labels.jsonl`; `reader_data` takes them from there.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import click
import cv2
import yaml

from lpr.boxes import PlateBox
from lpr.building import build_recogniser
from lpr.paddle import PaddleReader
from lpr.readings import Reading
from lpr.rectify import rectify
from lpr.settings import RecognitionSettings
from models.training.labels import LabelledPicture, LabelledPlate, read_labels
from tests import prepare_paddle

SETS = (
    "intl-street",
    "intl-cars-quads",
    "asia-mixed",
    "eg-moto",
    "vn-plate-crops",
    "vn-street-kinds",
    "vn-traffic-camera",
)
FILE = Path(".cache/training/pseudo-labels.jsonl")
OLDER = Path(".cache/paddleocr-v4")
OLDER_PACKAGE = "rapidocr-onnxruntime==1.4.4"
OLDER_WEIGHTS = "rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx"
MARGINS = (0.02, 0.06)  # each reader looks twice, and has to say the same
LEAST_SURE = 0.75  # probability of the least sure character
SHORTEST, LONGEST = 4, 10  # characters
LEAST_HEIGHT = 11  # pixels of a plate


def make_older_reader() -> Path:
    """The model directory of PP-OCRv4, unless it is there; another net than PP-OCRv6."""
    if OLDER.exists():
        return OLDER
    OLDER.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=OLDER.parent) as scratch:
        package, made = Path(scratch, "package"), Path(scratch, "made")
        words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*words, "--target", str(package), OLDER_PACKAGE], check=True)
        made.mkdir()
        copyfile(package / OLDER_WEIGHTS, made / "inference.onnx")
        settings = prepare_paddle.settings_of(made / "inference.onnx", "PP-OCRv4_mobile_rec")
        (made / "inference.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
        made.rename(OLDER)
    return OLDER


def looks(frame, plate: LabelledPlate) -> list:
    """The crops of a plate that each reader reads."""
    x1, y1, x2, y2 = plate.box
    corners = plate.corners or ((x1, y1), (x2, y1), (x2, y2), (x1, y2))
    return [rectify(frame, PlateBox(tuple(corners), 1.0), margin) for margin in MARGINS]


def said_by(readings: Sequence[Reading]) -> str | None:
    """The text that a reader read surely in all of its looks at a plate, or None."""
    texts = {reading.raw for reading in readings}
    sure = all(slot[0][1] >= LEAST_SURE for reading in readings for slot in reading.chars)
    return texts.pop() if sure and len(texts) == 1 else None


def agreed(said: Sequence[str | None], label: str | None) -> str | None:
    """The text that two readers agree on, or None.

    Args:
        said: by each reader, None where it is not sure.
        label: text of an unreliable label, which has to say the same.
    """
    (text, voices), *_ = Counter(said).most_common(1)
    if text is None or voices < 2 or (label and label != text):
        return None
    if not SHORTEST <= len(text) <= LONGEST or not any(c.isdigit() for c in text):
        return None
    return text


def unlabelled(data: Path) -> Iterator[tuple[LabelledPicture, int]]:
    """Every plate of SETS without a text that can be relied on: its picture and its place there."""
    for name in SETS:
        for picture in read_labels(data / name):
            for index, plate in enumerate(picture.plates):
                unsure = name == "intl-cars-quads" or not plate.text
                tall = plate.box[3] - plate.box[1] >= LEAST_HEIGHT
                if unsure and not plate.ignore and tall:
                    yield picture, index


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
def main(data: Path) -> None:
    """Have all readers read every plate that has no text, and keep what two agree on."""
    if FILE.exists():
        return
    prepare_paddle.main()
    readers = [
        build_recogniser(RecognitionSettings()).reader,
        PaddleReader(prepare_paddle.FOLDER, 1),
        PaddleReader(make_older_reader(), 1),
    ]
    lines, seen = [], 0
    for picture, index in unlabelled(data):
        plate = picture.plates[index]
        seen += 1
        crops = looks(cv2.imread(str(picture.path)), plate)
        text = agreed([said_by(reader.read(crops)) for reader in readers], plate.text)
        if text:
            image = str(picture.path.relative_to(data))
            lines.append(json.dumps({"image": image, "plate": index, "text": text}) + "\n")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("".join(lines), "utf-8")
    click.echo(f"{len(lines)} of {seen} plates have a text that two readers agree on")


if __name__ == "__main__":
    main()
