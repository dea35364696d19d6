"""Builds the real detector and reader that the settings name; only the command line does this."""

from pathlib import Path

from lpr.boxes import Detector
from lpr.calibration import Calibration
from lpr.errors import ModelError, SettingsError
from lpr.foreign_reader import ForeignReader
from lpr.manifest import MANIFEST, ModelEntry, find_models, read_entry
from lpr.onnx_detector import OnnxDetector
from lpr.onnx_reader import OnnxReader, ReaderShape
from lpr.reader import Reader
from lpr.reader_section import CtcSection, SlotsSection
from lpr.recognition import Recogniser
from lpr.second_opinion import SecondOpinion
from lpr.settings import RecognitionSettings
from lpr.tiling import TiledDetector
from lpr.yolo import YoloSection
from lpr.yolo_detector import YoloDetector


def build_recogniser(settings: RecognitionSettings) -> Recogniser:
    """The detector of the manifest, and the readers that the settings name.

    Raises:
        ModelError: a model is missing, was changed or does not fit.
        SettingsError: a setting that the chosen reader needs is missing.
    """
    detector = build_detector(settings, settings.detector_min_score)
    return Recogniser(detector, _reader(find_models(settings.models_dir), settings))


def build_detector(settings: RecognitionSettings, min_score: float) -> Detector:
    """The detector of the manifest, in tiles if `settings.detector_tile` says so.

    Args:
        settings: which models, and how they run.
        min_score: plate boxes below are dropped, whatever the settings say.

    Raises:
        ModelError: the model is missing, was changed or does not fit.
    """
    entry = read_entry(find_models(settings.models_dir), "detector")
    detector = _manifest_detector(entry, min_score, settings.threads)
    return TiledDetector(detector, settings.detector_tile) if settings.detector_tile else detector


def _manifest_detector(entry: ModelEntry, min_score: float, threads: int) -> Detector:
    match entry.options.get("format"):
        case None:
            return OnnxDetector(entry.file, entry.option("longest"), min_score, threads)
        case "yolo" | "yolo-end-to-end":
            return YoloDetector(entry.file, entry.as_section(YoloSection), min_score, threads)
    raise _unknown_format(entry, "yolo or yolo-end-to-end")


def _reader(folder: Path, settings: RecognitionSettings) -> Reader:
    """The reader that is asked first and, if the settings want it, the other one behind it."""
    below = settings.second_opinion_below
    if settings.reader == "paddleocr":
        first = _paddle(settings, "reader = paddleocr")
        return SecondOpinion(first, _manifest_reader(folder, settings), below) if below else first
    first = _manifest_reader(folder, settings)
    if not below:
        return first
    return SecondOpinion(first, _paddle(settings, "second_opinion_below"), below)


def _manifest_reader(folder: Path, settings: RecognitionSettings) -> Reader:
    entry = read_entry(folder, "reader")
    match entry.options.get("format"):
        case None:
            return _own_reader(entry, settings.threads)
        case "slots":
            return ForeignReader(entry.file, entry.as_section(SlotsSection), settings.threads)
        case "ctc":
            return ForeignReader(entry.file, entry.as_section(CtcSection), settings.threads)
    raise _unknown_format(entry, "slots or ctc")


def _unknown_format(entry: ModelEntry, known: str) -> ModelError:
    return ModelError(
        f"{MANIFEST}: [{entry.kind}] has format {entry.options['format']!r}: expected {known}, "
        "or none for a model of our own"
    )


def _own_reader(entry: ModelEntry, threads: int) -> Reader:
    shape = ReaderShape(
        name=entry.name,
        alphabet=entry.option("alphabet"),
        height=entry.option("height"),
        width=entry.option("width"),
        temperature=entry.option("temperature"),
        calibration=Calibration(entry.option("score_slope"), entry.option("score_bias")),
    )
    return OnnxReader(entry.file, shape, threads)


def _paddle(settings: RecognitionSettings, wanted_by: str) -> Reader:
    if settings.paddleocr_model_dir is None:
        raise SettingsError(
            f"{wanted_by} needs paddleocr_model_dir: a folder with inference.onnx and inference.yml"
        )
    from lpr.paddle import PaddleReader  # its import alone takes more than a second

    return PaddleReader(settings.paddleocr_model_dir, settings.threads)
