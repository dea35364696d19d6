"""Pictures of sightings, made small enough for paper."""

import io
from dataclasses import dataclass

from PIL import Image

from search.errors import EvidenceAwayError, EvidenceError
from search.evidence import EvidenceStore

FRAME = (720, 480)  # pixels at most: sharp at half the width of a sheet
CROP = (480, 240)
_QUALITY = 80  # of the JPEG


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture.

    Attributes:
        jpeg: encoded.
        size: width and height, in pixels.
    """

    jpeg: bytes
    size: tuple[int, int]


def small_picture(evidence: EvidenceStore, name: str, most: tuple[int, int]) -> Picture | None:
    """A picture of the evidence, made smaller.

    Args:
        evidence: where it is.
        name: of it.
        most: width and height that it may have, in pixels.

    Returns:
        None if it is gone, was changed, or cannot be decoded.

    Raises:
        EvidenceAwayError: nobody can say whether it is there.
    """
    try:
        content = evidence.get(name)
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as whole:
            whole.draft("RGB", most)  # decodes no more than is wanted
            small = whole.convert("RGB")
    except EvidenceAwayError:
        raise
    except (EvidenceError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    small.thumbnail(most, Image.Resampling.BILINEAR)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY)
    return Picture(out.getvalue(), small.size)
