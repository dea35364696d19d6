"""Builds the real detector and reader that the settings name; only the command line does this."""

from lpr.errors import SettingsError
from lpr.manifest import ModelEntry, find_models, read_entry
from lpr.onnx_detector import OnnxDetector
from lpr.onnx_reader import OnnxReader, ReaderShape
from lpr.reader import Reader
from lpr.recognition import Recogniser
from lpr.settings import RecognitionSettings


def build_recogniser(settings: RecognitionSettings) -> Recogniser:
    """The detector of the manifest, and the reader that `settings.reader` names.

    Raises:
        ModelError: a model is missing, was changed or does not fit.
        SettingsError: a setting that the chosen reader needs is missing.
    """
    folder = find_models(settings.models_dir)
    entry = read_entry(folder, "detector")
    detector = OnnxDetector(
        entry.file, entry.option("longest"), settings.detector_min_score, settings.threads
    )
    if settings.reader == "paddleocr":
        return Recogniser(detector, _paddle(settings))
    return Recogniser(detector, _own_reader(read_entry(folder, "reader"), settings.threads))


def _own_reader(entry: ModelEntry, threads: int) -> Reader:
    shape = ReaderShape(
        name=entry.name,
        alphabet=entry.option("alphabet"),
        height=entry.option("height"),
        width=entry.option("width"),
        temperature=entry.option("temperature"),
    )
    return OnnxReader(entry.file, shape, threads)


def _paddle(settings: RecognitionSettings) -> Reader:
    if settings.paddleocr_model_dir is None:
        raise SettingsError(
            "reader = paddleocr needs paddleocr_model_dir: "
            "a folder with inference.onnx and inference.yml"
        )
    from lpr.paddle import PaddleReader  # its import alone takes more than a second

    return PaddleReader(settings.paddleocr_model_dir, settings.threads)
