"""With tiny models made on the spot: no real weights, but real sessions."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lpr.building import build_recogniser
from lpr.errors import ModelError
from lpr.foreign_reader import ForeignReader, fitted_picture
from lpr.manifest import ModelEntry, find_models
from lpr.reader_section import CtcSection, SlotsSection, probabilities_of
from lpr.readings import NOTHING_READ
from lpr.settings import RecognitionSettings
from tests.onnx_files import Tensor, write_constant, write_model

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KNOWN = {"name": "a reader", "file": "reader.onnx", "sha256": "0", "height": 32, "width": 64}
CROP = np.full((25, 100, 3), 200, np.uint8)
SQUARE = np.full((100, 140, 3), 200, np.uint8)


def slots(**keys: Any) -> SlotsSection:
    """As the section of a model of fast-plate-ocr."""
    own = {"format": "slots", "alphabet": ALPHABET + "_", "pad": "_", "probabilities": True}
    given = {"layout": "nhwc", "colour": "grey"}
    return SlotsSection.model_validate({**KNOWN, **own, **given, **keys})


def ctc(**keys: Any) -> CtcSection:
    own = {"format": "ctc", "alphabet": ALPHABET, "blank": "first"}
    given = {"layout": "nchw", "colour": "rgb", "scale": 255.0}
    return CtcSection.model_validate({**KNOWN, **own, **given, **keys})


def one_hot(text: str, classes: str, sure: float = 1.0) -> np.ndarray:
    """(1, len(text), C) probabilities of the classes that a text names."""
    said = np.full((len(text), len(classes)), (1 - sure) / (len(classes) - 1), np.float32)
    said[range(len(text)), [classes.index(c) for c in text]] = sure
    return said[None]


GREY_BORDER = 114
GREY = Tensor("input", (1, 32, 64, 1), "uint8")
RGB = Tensor("input", (1, 3, 32, 64))
PADDED = one_hot("30A12345_", ALPHABET + "_")
LINE = one_hot("*3*0A112*3345*", "*" + ALPHABET, 0.999)


def reader(
    folder: Path, given: Tensor, output: np.ndarray, section: SlotsSection | CtcSection
) -> ForeignReader:
    write_constant(folder / "reader.onnx", given, output)
    return ForeignReader(folder / "reader.onnx", section, 1)


def test_slots_are_read_until_the_pad(tmp_path: Path) -> None:
    (reading,) = reader(tmp_path, GREY, PADDED, slots()).read([CROP])
    assert (reading.text, reading.raw) == ("30A12345", "30A12345")
    assert reading.score == pytest.approx(1.0, abs=1e-4)
    assert (reading.rows, reading.colour, reading.kind) == (1, None, "car")
    assert reading.model == "a reader"


def test_readings_come_one_for_each_crop(tmp_path: Path) -> None:
    read = reader(tmp_path, GREY, PADDED, slots()).read
    assert read([]) == []
    assert [r.text for r in read([CROP] * 3)] == ["30A12345"] * 3


def test_slots_that_are_all_pad_are_nothing_read(tmp_path: Path) -> None:
    bare = one_hot("_________", ALPHABET + "_")
    assert reader(tmp_path, GREY, bare, slots()).read([CROP]) == [NOTHING_READ]


def test_slots_may_lie_behind_each_other(tmp_path: Path) -> None:
    flat = PADDED.reshape(1, -1)
    assert reader(tmp_path, GREY, flat, slots()).read([CROP])[0].text == "30A12345"


def test_logits_become_probabilities_by_their_temperature(tmp_path: Path) -> None:
    logits = np.log(one_hot("30A12345", ALPHABET + "_", 0.99)) + 3
    section = slots(probabilities=False)
    (sharp,) = reader(tmp_path, GREY, logits, section).read([CROP])
    assert sharp.score == pytest.approx(0.99**8, abs=1e-3)
    (soft,) = reader(tmp_path, GREY, logits, slots(probabilities=False, temperature=2.0)).read(
        [CROP]
    )
    assert soft.text == "30A12345"
    assert soft.score < sharp.score


def test_one_of_several_outputs_is_taken_by_name(tmp_path: Path) -> None:
    write_model(
        tmp_path / "reader.onnx",
        [GREY],
        [Tensor("region", (1, 2)), Tensor("plate", (1, 9, 37))],
        [("Identity", ("r",), "region"), ("Identity", ("p",), "plate")],
        {"r": np.zeros((1, 2), np.float32), "p": PADDED},
    )
    named = ForeignReader(tmp_path / "reader.onnx", slots(output="plate"), 1)
    assert named.read([CROP])[0].text == "30A12345"
    with pytest.raises(ModelError, match="the outputs region, plate, and the manifest takes none"):
        ForeignReader(tmp_path / "reader.onnx", slots(), 1)
    with pytest.raises(ModelError, match="takes text: set output to the one with the characters"):
        ForeignReader(tmp_path / "reader.onnx", slots(output="text"), 1)


@pytest.mark.parametrize(
    ("axes", "order"), [("ntc", (0, 1, 2)), ("tnc", (1, 0, 2)), ("nct", (0, 2, 1))]
)
def test_a_line_of_ctc_classes_is_read_whichever_way_it_lies(
    tmp_path: Path, axes: str, order: tuple[int, int, int]
) -> None:
    said = np.ascontiguousarray(LINE.transpose(order))
    (reading,) = reader(tmp_path, RGB, said, ctc(axes=axes, probabilities=True)).read([CROP])
    assert (reading.text, reading.raw) == ("30A12345", "30A12345")


def test_the_blank_may_be_the_last_class(tmp_path: Path) -> None:
    said = np.log(one_hot("3*0A112*345*", ALPHABET + "*", 0.999))
    (reading,) = reader(tmp_path, RGB, said, ctc(blank="last")).read([CROP])
    assert reading.text == "30A12345"


def test_rows_that_are_cut_are_joined(tmp_path: Path) -> None:
    said = one_hot("*2*9*B*1", "*" + ALPHABET, 0.999)
    section = ctc(rows="cut", probabilities=True)
    (reading,) = reader(tmp_path, RGB, said, section).read([SQUARE])
    assert (reading.raw, reading.rows) == ("29B129B1", 2)
    (reading,) = reader(tmp_path, RGB, said, ctc(probabilities=True)).read([SQUARE])
    assert (reading.raw, reading.rows) == ("29B1", 2)


def test_crops_fill_the_input_or_keep_their_proportions() -> None:
    white = np.full((20, 100, 3), 255, np.uint8)
    assert (fitted_picture(white, slots()) == np.full((32, 64, 3), 255)).all()
    kept = fitted_picture(white, slots(keep_aspect=True))
    assert kept.shape == (32, 64, 3)
    assert kept[:, 30, 1].tolist() == [GREY_BORDER] * 9 + [255] * 13 + [GREY_BORDER] * 10


@pytest.mark.parametrize(
    "given",
    [
        Tensor("input", (1, 1, 32, 64), "uint8"),
        Tensor("input", (1, 32, 64, 3), "uint8"),
        Tensor("input", (1, 64, 64, 1), "uint8"),
        Tensor("input", (4, 32, 64, 1), "uint8"),
        Tensor("input", (1, 32, 64, 1), "int64"),
        Tensor("input", (32, 64, 1), "uint8"),
    ],
)
def test_an_input_of_another_form_is_refused(tmp_path: Path, given: Tensor) -> None:
    with pytest.raises(ModelError) as refused:
        reader(tmp_path, given, PADDED, slots())
    assert str(refused.value) == (
        "reader.onnx: expected one input of any number of pictures or one, nhwc [1, 32, 64, 1] of "
        f"uint8 or float, got input {list(given.shape)} tensor({given.dtype}): set layout, colour, "
        "height and width in the manifest as the model wants them"
    )


@pytest.mark.parametrize(
    ("section", "shape", "expected"),
    [
        (slots(), (1, 9, 36), "(N, slots, 37) for 1 pictures and 37 classes"),
        (slots(), (2, 9, 37), "(N, slots, 37) for 1 pictures and 37 classes"),
        (slots(), (1, 36), "(N, slots, 37) for 1 pictures and 37 classes"),
        (ctc(), (1, 9, 36), "(N, columns, 37) for 1 pictures and 37 classes"),
        (ctc(axes="tnc"), (1, 9, 37), "(columns, N, 37) for 1 pictures and 37 classes"),
        (ctc(axes="nct"), (1, 9, 37), "(N, 37, columns) for 1 pictures and 37 classes"),
        (ctc(), (1, 37), "(N, columns, 37) for 1 pictures and 37 classes"),
    ],
)
def test_an_output_of_another_shape_is_refused(
    section: SlotsSection | CtcSection, shape: tuple[int, ...], expected: str
) -> None:
    with pytest.raises(ModelError) as refused:
        probabilities_of(np.zeros(shape, np.float32), 1, section)
    assert str(refused.value) == (
        f"reader.onnx: expected an output {expected}, got {shape}: set format, alphabet and axes "
        "in the manifest as the model was exported"
    )


def test_probabilities_that_are_none_are_refused_and_so_are_logits_that_are_some() -> None:
    with pytest.raises(ModelError, match=r"is not probabilities, .* set probabilities = false"):
        probabilities_of(np.log(PADDED + 1), 1, slots())
    with pytest.raises(ModelError, match=r"is probabilities, .* set probabilities = true"):
        probabilities_of(PADDED, 1, slots(probabilities=False))


def test_a_mean_for_whole_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="takes uint8, which is given as it is"):
        reader(tmp_path, GREY, PADDED, slots(mean=127.5))


@pytest.mark.parametrize("keys", [{"scale": 0.0}, {"mean": [1.0, 2.0]}, {"scale": [1.0, 0.0, 1.0]}])
def test_a_scale_that_fits_no_channels_is_refused(tmp_path: Path, keys: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="expected mean and scale as one number or 3 for rgb"):
        reader(tmp_path, RGB, LINE, ctc(probabilities=True, **keys))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"pad": None}, "has no 'pad': add it"),
        ({"pad": "#"}, "'pad' is '#', which is not in 'alphabet': list every class"),
        ({"blank": "first"}, "has 'blank', which its format does not know: take it out"),
        ({"colour": "gray"}, "'colour': Input should be 'grey', 'rgb' or 'bgr'"),
        ({"temperature": 0}, "'temperature': Input should be greater than 0"),
        ({"height": "32"}, "'height': Input should be a valid integer"),
    ],
)
def test_a_section_that_cannot_be_is_refused_by_key(keys: dict[str, Any], said: str) -> None:
    options = {**slots().model_dump(exclude_none=True), **keys}
    options = {key: value for key, value in options.items() if value is not None}
    with pytest.raises(ModelError) as refused:
        ModelEntry("reader", "a reader", Path("reader.onnx"), options).as_section(SlotsSection)
    assert str(refused.value).startswith(f"manifest.toml: [reader] {said}")


def manifest(folder: Path, keys: str) -> RecognitionSettings:
    """Settings with our detector and a foreign reader."""
    write_constant(folder / "reader.onnx", GREY, PADDED)
    own = find_models(None)
    (folder / "detector.onnx").symlink_to(own / "detector.onnx")
    detector = (own / "manifest.toml").read_text("utf-8").split("[reader]")[0]
    digest = sha256((folder / "reader.onnx").read_bytes()).hexdigest()
    known = f'[reader]\nname = "a reader"\nfile = "reader.onnx"\nsha256 = "{digest}"\n'
    (folder / "manifest.toml").write_text(detector + known + keys, "utf-8")
    return RecognitionSettings(models_dir=folder, threads=1)


def test_the_manifest_alone_puts_it_in_place(tmp_path: Path) -> None:
    keys = f'format = "slots"\nalphabet = "{ALPHABET}_"\npad = "_"\nprobabilities = true\n'
    given = 'height = 32\nwidth = 64\nlayout = "nhwc"\ncolour = "grey"\n'
    reading = build_recogniser(manifest(tmp_path, keys + given)).crop(CROP).reading
    assert (reading.text, reading.model) == ("30A12345", "a reader")


def test_a_format_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as refused:
        build_recogniser(manifest(tmp_path, 'format = "attention"\n'))
    assert str(refused.value) == (
        "manifest.toml: [reader] has format 'attention': expected slots or ctc, "
        "or none for a model of our own"
    )
