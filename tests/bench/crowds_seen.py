"""What our models see in rendered crowds; it stays on the disk, so that trackers can be tried."""

import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cv2

from lpr.building import build_recogniser
from lpr.manifest import find_models, read_entry
from lpr.recognition import Recogniser, SeenPlate
from lpr.render.crowds import CrowdKind, CrowdTruth, film, make_crowd
from lpr.settings import RecognitionSettings

FPS = 5
JPEG_QUALITY = 70  # as a camera compresses


@dataclass(frozen=True, slots=True, eq=False)
class CrowdLook:
    """One frame of a crowd, looked at.

    Attributes:
        at_s: seconds since the crowd began.
        moves: whether anything moved since the frame before; otherwise nobody looked.
        seen: by our models.
        truths: plates that are whole and not covered.
    """

    at_s: float
    moves: bool
    seen: tuple[SeenPlate, ...]
    truths: tuple[CrowdTruth, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CrowdSeen:
    """One crowd, looked at.

    Attributes:
        end: of the vehicles that the camera sees.
        looks: in time order.
    """

    end: str
    looks: tuple[CrowdLook, ...]


def crowd_seen(kind: CrowdKind, vehicles: int, seed: int, kept: Path) -> CrowdSeen:
    """A crowd as our models see it; kept for the next time, as long as the models are the same.

    Args:
        kind, vehicles, seed: see `lpr.render.crowds.make_crowd`.
        kept: folder.
    """
    settings = RecognitionSettings(threads=1)
    models = find_models(settings.models_dir)
    weights = [read_entry(models, which).file.read_bytes() for which in ("detector", "reader")]
    digest = sha256(b"".join(weights)).hexdigest()[:8]
    name = f"{kind.replace(' ', '-')}-{vehicles}-{seed}-{digest}"
    path = kept / f"{name}.pickle"
    if not path.exists():
        seen = _look(kind, vehicles, seed, build_recogniser(settings))
        kept.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".part").write_bytes(pickle.dumps(seen))
        path.with_suffix(".part").rename(path)
    seen = pickle.loads(path.read_bytes())
    assert isinstance(seen, CrowdSeen)
    return seen


def _look(kind: CrowdKind, vehicles: int, seed: int, recogniser: Recogniser) -> CrowdSeen:
    crowd = make_crowd(kind, vehicles, seed)
    looks = []
    for frame in film(crowd, FPS, seed):
        seen: Iterable[SeenPlate] = ()
        if frame.picture is not None:
            jpeg = cv2.imencode(".jpg", frame.picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
            seen = recogniser.plates(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))
        looks.append(CrowdLook(frame.at_s, frame.moves, tuple(seen), frame.plates))
    return CrowdSeen(crowd.end, tuple(looks))
