"""A model file in an onnxruntime session."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import onnxruntime

from lpr.errors import ModelError


def load_session(file: Path, threads: int) -> onnxruntime.InferenceSession:
    """Load a model for the CPU, whatever it takes and gives.

    Args:
        file: the ONNX model.
        threads: of the session.

    Raises:
        ModelError: it cannot be loaded.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # threads that spin while they wait keep the other model and OpenCV from the cores
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own have no common root
        raise ModelError(f"{file} cannot be loaded: expected an ONNX model: {error}") from error


def open_session(file: Path, outputs: Sequence[str], threads: int) -> onnxruntime.InferenceSession:
    """Load one of our own models.

    Args:
        file: the ONNX model.
        outputs: names of the outputs that it must have, in order.
        threads: of the session.

    Raises:
        ModelError: it cannot be loaded, or has other outputs.
    """
    session = load_session(file, threads)
    names = [output.name for output in session.get_outputs()]
    if names != list(outputs):
        raise ModelError(
            f"{file}: expected a model with outputs {', '.join(outputs)}, got {', '.join(names)}: "
            "is it in the right section of the manifest?"
        )
    return session


@contextmanager
def first_look(file: Path | str, advice: str) -> Iterator[None]:
    """Around the first run of a model: one that does not fit is refused now, not at a plate.

    Args:
        file: the ONNX model.
        advice: what to set in its section of the manifest.

    Raises:
        ModelError: it cannot be run.
    """
    try:
        yield
    except ModelError:
        raise
    except Exception as error:  # onnxruntime's own have no common root
        said = " ".join(str(error).split())
        raise ModelError(f"{file} cannot be run: {said}: {advice}") from error
